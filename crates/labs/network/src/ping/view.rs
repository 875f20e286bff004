//! How the lab looks: what clocks show, what servers have measured, and what that could mean.

use parts::words::{exact, standing, time_of_day};
use sim::frame::{
    Along, Axis, Chart, ChartKind, Field, Frame, Layout, LegendRow, Mark, MessageKind, Panel, Series, Shape, Sign, Tone,
};
use sim::order::sort_by_key;
use sim::{Look, MessageLook, NodeId, Text, View, WorldOf, decimal, t, time_us};

use super::line::{Line, World};
use super::pair::Pair;
use super::places::{self, REGIONS};
use super::settings::Places;
use super::{DistributedPing, Message, Server, Timer};

/// How many lines of a log are shown.
const SHOWN_LINES: usize = 8;

/// How many bars the chart of round trips has.
const BARS: i64 = 40;

/// By how much longer round trips belong to the next bar, where the axis is logarithmic.
const BAR_PER_MILLE: i64 = 100;

/// The colours of the lines and bars, one a server as far as they go.
const COLOURS: [MessageKind; 4] =
    [MessageKind::Replication, MessageKind::Election, MessageKind::Client, MessageKind::Other];

impl View for DistributedPing {
    /// How a server looks.
    fn look(_node: NodeId, state: Option<&Server>) -> Look {
        let role = if state.is_some() { t!("server") } else { t!("crashed") };
        Look { shape: Shape::Box, tone: Tone::Plain, role, badge: Text::default() }
    }

    /// How a message looks.
    fn message_look(message: &Message) -> MessageLook {
        let time = |name: Text, us: i64| field(name, Text::verbatim(time_of_day(us)));
        let (reply, label, life, number, times) = match *message {
            Message::Ping { life, number, t1_us } => {
                (false, t!("ping {number}", number = number), life, number, vec![time(t!("T1, ping sent"), t1_us)])
            }
            Message::Pong { life, number, t1_us, t2_us, t3_us } => (
                true,
                t!("answer {number}", number = number),
                life,
                number,
                vec![
                    time(t!("T1, ping sent"), t1_us),
                    time(t!("T2, ping came"), t2_us),
                    time(t!("T3, answer sent"), t3_us),
                ],
            ),
        };
        let fields =
            [field(t!("number"), t!("{number}", number = number)), field(t!("life"), t!("{life}", life = life))];
        MessageLook { kind: MessageKind::Replication, reply, label, fields: fields.into_iter().chain(times).collect() }
    }

    fn timer_name(timer: &Timer) -> Text {
        match timer {
            Timer::Ping(peer) => t!("next ping to server {number}", number = peer.0 + 1),
            Timer::Lost(peer) => t!("ping to server {number} is lost", number = peer.0 + 1),
            Timer::Answer(_) => t!("an answer is ready"),
            Timer::Adjust => t!("time service"),
        }
    }

    fn legend() -> Vec<LegendRow> {
        let row = LegendRow::new;
        vec![
            row(Sign::Node(Shape::Box, Tone::Plain), t!("a server, which pings all others")),
            row(Sign::Badge(badge(3_412_000)), t!("what its clock shows, in seconds of the minute")).of("wall clock"),
            row(Sign::Message(MessageKind::Replication), t!("a ping; hollow: its answer")).of("ping"),
        ]
    }

    /// Adds to a frame what only this lab knows.
    fn view(world: WorldOf<'_, DistributedPing>, frame: &mut Frame) {
        let sees_truth = frame.knower.is_none();
        for node in &mut frame.nodes {
            let Some(server) = world.nodes().state(node.id) else {
                let lives = world.nodes().disk(node.id).lives;
                node.fields = vec![field(t!("lives so far, on disk"), t!("{count}", count = lives))];
                continue;
            };
            node.badge = badge(node.clock_us);
            node.tag = tag(world, server);
            node.fields = fields(server, node.clock_us);
            if sees_truth {
                let offset_us = world.nodes().clock(node.id).offset_us(world.now_us());
                node.fields.push(field(t!("its clock, in truth"), standing(-offset_us)));
            }
        }
        if world.config().places == Places::SixRegions {
            frame.layout = Layout::Map;
            for (node, region) in frame.nodes.iter_mut().zip(REGIONS) {
                node.place = Some(region.place);
            }
            frame.panels.push(distances(world));
        }
        let first = servers(world).next();
        if let Some((me, server)) = first
            && let Some(line) = server.log.back()
        {
            frame.panels.push(meanings(world, me, line, sees_truth));
        }
        for (me, server) in servers(world).take(2).filter(|(_, server)| !server.log.is_empty()) {
            frame.panels.push(log(world, me, server));
        }
        frame.panels.push(matrix(world));
        if let Some((me, server)) = first.filter(|(_, server)| !server.log.is_empty()) {
            frame.panels.push(Panel::Chart(over_time(world)));
            frame.panels.push(Panel::Chart(bars(world, me, server)));
        }
    }
}

/// The servers that are running.
pub(super) fn servers(world: WorldOf<'_, DistributedPing>) -> impl Iterator<Item = (NodeId, &Server)> {
    world.nodes().ids().filter_map(move |id| Some((id, world.nodes().state(id)?)))
}

/// The remark beside a server: its last line where there are two servers, else what its round trips come to.
fn tag(world: WorldOf<'_, DistributedPing>, server: &Server) -> Option<Text> {
    let line = server.log.back()?;
    if world.nodes().len() == 2 && server.all.count < 20 {
        return Some(t!("forth {forth}, back {back}", forth = exact(line.forth_us()), back = exact(line.back_us())));
    }
    let ms = |percent| whole_ms(server.all.percentile_us(percent).unwrap_or(0));
    let (lost, decided) = server
        .pairs
        .values()
        .fold((0, 0), |(lost, decided), pair| (lost + pair.lost, decided + pair.lost + pair.answered));
    Some(match lost {
        0 => t!("p50 {p50}, p99 {p99}", p50 = ms(50), p99 = ms(99)),
        _ => t!(
            "p50 {p50}, p99 {p99}, lost {loss}",
            p50 = ms(50),
            p99 = ms(99),
            loss = percent(lost * 1_000_000 / decided.max(1))
        ),
    })
}

fn fields(server: &Server, clock_us: i64) -> Vec<Field> {
    let all = &server.all;
    let time = |us: Option<i64>| us.map_or_else(|| t!("not known yet"), exact);
    let percentile = |percent| all.percentile_us(percent).map_or_else(|| t!("not known yet"), whole_ms);
    let sum = |read: fn(&Pair) -> u64| t!("{count}", count = server.pairs.values().map(read).sum::<u64>());
    let known = |us: i64| (all.count > 0).then_some(us);
    vec![
        field(t!("its clock"), Text::verbatim(time_of_day(clock_us))),
        field(t!("half of its round trips take at most"), percentile(50)),
        field(t!("99 % of them take at most"), percentile(99)),
        field(t!("mean"), time(all.mean_us())),
        field(t!("pings lost"), sum(|pair| pair.lost)),
        field(
            t!("least and most"),
            t!("{least} to {most}", least = time(known(all.least_us)), most = time(known(all.most_us))),
        ),
        field(t!("95 % take at most"), percentile(95)),
        field(t!("deviation (mdev)"), time(all.mdev_us().map(|us| us as i64))),
        field(t!("jitter"), time(known(all.jitter_us() as i64))),
        field(t!("pings sent"), sum(|pair| pair.sent)),
        field(t!("pings answered in time"), sum(|pair| pair.answered)),
        field(t!("pings that wait"), sum(|pair| pair.waiting.len() as u64)),
        field(t!("pings skipped"), sum(|pair| pair.skipped)),
        field(t!("answers that came again"), sum(|pair| pair.duplicates)),
        field(t!("answers that came too late"), sum(|pair| pair.late)),
        field(t!("answers out of order"), sum(|pair| pair.reordered)),
        field(t!("answers to an earlier life"), sum(|pair| pair.stale)),
        field(t!("life"), t!("{life}", life = server.life)),
    ]
}

/// What the last line of a log could mean.
fn meanings(world: WorldOf<'_, DistributedPing>, me: NodeId, line: &Line, sees_truth: bool) -> Panel {
    let (mine, other) = (world.label(me).to_string(), world.label(line.peer).to_string());
    let row = |name: Text, meant: World| {
        let clock = if meant.is_possible() { standing(-meant.ahead_us) } else { t!("impossible") };
        vec![name, in_ms(meant.forth_us), in_ms(meant.back_us), clock]
    };
    let mut rows = vec![
        row(t!("both clocks are right"), line.if_clocks_are_right()),
        row(t!("both ways are equal"), line.if_ways_are_equal()),
        row(t!("the ping took it all"), line.if_all_is_forth()),
        row(t!("the answer took it all"), line.if_all_is_back()),
    ];
    let truth = sees_truth.then(|| truth(world, me, line)).flatten();
    rows.extend(truth.map(|meant| row(t!("in truth"), meant)));
    Panel::Table {
        title: t!("What the last line of {node} could mean: ping {number}", node = mine, number = line.number),
        head: vec![t!("if"), t!("forth, ms"), t!("back, ms"), t!("the clock of {node} is", node = other)],
        rows,
    }
}

/// What really happened, as long as nobody has set one of the two clocks since.
fn truth(world: WorldOf<'_, DistributedPing>, me: NodeId, line: &Line) -> Option<World> {
    let (now_us, nodes) = (world.now_us(), world.nodes());
    let (mine, other) = (nodes.clock(me), nodes.clock(line.peer));
    let age_us = mine.counts(now_us).saturating_sub(line.at_us);
    let since_us = mine.since_us().max(other.since_us());
    let ahead_us = other.offset_us(now_us) - mine.offset_us(now_us);
    (now_us.saturating_sub(age_us + line.round_us.unsigned_abs()) >= since_us).then(|| line.if_ahead(ahead_us))
}

/// The last lines of a log.
fn log(world: WorldOf<'_, DistributedPing>, me: NodeId, server: &Server) -> Panel {
    let row = |line: &Line| {
        let times = line.times;
        let number = match world.nodes().len() {
            2 => t!("{number}", number = line.number),
            _ => t!("{number} to {node}", number = line.number, node = world.label(line.peer).to_string()),
        };
        vec![
            number,
            badge(times.t1_us),
            badge(times.t2_us),
            badge(times.t3_us),
            badge(times.t4_us),
            in_ms(line.forth_us()),
            in_ms(line.back_us()),
            in_ms(line.round_us),
        ]
    };
    Panel::Table {
        title: t!("The log of {node}", node = world.label(me).to_string()),
        head: vec![
            t!("ping"),
            t!("T1 sent"),
            t!("T2 came"),
            t!("T3 answered"),
            t!("T4 back"),
            t!("forth, ms"),
            t!("back, ms"),
            t!("there and back, ms"),
        ],
        rows: server.log.iter().rev().take(SHOWN_LINES).map(row).collect(),
    }
}

/// Half of the round trips and the loss, from each server to each other one.
fn matrix(world: WorldOf<'_, DistributedPing>) -> Panel {
    let name = |id: NodeId| {
        let place = (world.config().places == Places::SixRegions).then(|| places::name(id)).flatten();
        place.unwrap_or_else(|| Text::verbatim(world.label(id).to_string()))
    };
    let cell = |from: NodeId, to: NodeId| {
        let Some(pair) = world.nodes().state(from).and_then(|server| server.pairs.get(&to)) else {
            return Text::default();
        };
        let half = pair.statistics.percentile_us(50).map(whole_ms);
        match (half, pair.loss_ppm()) {
            (Some(half), None | Some(0)) => half,
            (Some(half), Some(loss)) => t!("{half}, lost {loss}", half = half, loss = percent(loss)),
            (None, Some(loss)) => t!("lost {loss}", loss = percent(loss)),
            (None, None) => t!("not known yet"),
        }
    };
    let row = |from: NodeId| [name(from)].into_iter().chain(world.nodes().ids().map(|to| cell(from, to))).collect();
    Panel::Table {
        title: t!("Half of the round trips take at most, and what was lost"),
        head: [t!("from, to")]
            .into_iter()
            .chain(world.nodes().ids().map(|id| Text::verbatim(world.label(id).to_string())))
            .collect(),
        rows: world.nodes().ids().map(row).collect(),
    }
}

/// What light needs, and what a cable needs, from the first server to the others.
fn distances(world: WorldOf<'_, DistributedPing>) -> Panel {
    let row = |(from, to): (NodeId, NodeId)| {
        let name = |id| places::name(id).unwrap_or_default();
        let ms = |us: u64| t!("{count}", count = (us + 500) / 1_000);
        let least = world.nodes().state(from).and_then(|server| server.pairs.get(&to)).map(|pair| &pair.statistics);
        let least = least.filter(|statistics| statistics.count > 0).map(|statistics| statistics.least_us as u64);
        vec![
            t!("{one} – {other}", one = name(from), other = name(to)),
            t!("{count}", count = places::km(from, to)),
            ms(places::light_us(from, to) * 2 / 3),
            ms(places::light_us(from, to)),
            least.map_or_else(|| t!("not known yet"), ms),
        ]
    };
    let ids: Vec<NodeId> = world.nodes().ids().collect();
    let pairs = ids.iter().flat_map(|from| ids.iter().filter(move |to| *to > from).map(move |to| (*from, *to)));
    Panel::Table {
        title: t!("There and back, at best"),
        head: vec![
            t!("between"),
            t!("along the ground, km"),
            t!("light in the open, ms"),
            t!("in a straight cable, ms"),
            t!("measured, ms"),
        ],
        rows: pairs.map(row).collect(),
    }
}

/// Round trips by the time at which their pings left: to each other server, as far as colours go.
fn over_time(world: WorldOf<'_, DistributedPing>) -> Chart {
    let label = |id: NodeId| world.label(id).to_string();
    let line = |((me, server, peer), kind): ((NodeId, &Server, NodeId), MessageKind)| {
        let lines = server.log.iter().filter(|line| line.peer == peer);
        let mut points: Vec<(i64, i64)> =
            lines.map(|line| (line.at_us as i64 - line.round_us.max(0), line.round_us)).collect();
        sort_by_key(&mut points, |(left_us, _)| (*left_us).max(0) as u128);
        Series { name: t!("{node} to {peer}", node = label(me), peer = label(peer)), kind, points }
    };
    let pairs =
        servers(world).take(2).flat_map(|(me, server)| server.pairs.iter().map(move |(peer, _)| (me, server, *peer)));
    let series: Vec<Series> = pairs.zip(COLOURS).map(line).filter(|series| !series.points.is_empty()).collect();
    Chart {
        title: t!("Round trips, by when the ping left"),
        kind: ChartKind::Lines,
        x: Axis::new(t!("time since the start"), "s", 1_000_000),
        y: times_axis(series.iter().flat_map(|series| &series.points).map(|(_, us)| *us)),
        series,
        marks: Vec::new(),
    }
}

/// How many round trips of a server took how long.
fn bars(world: WorldOf<'_, DistributedPing>, me: NodeId, server: &Server) -> Chart {
    let times = || server.log.iter().map(|line| line.round_us).filter(|us| *us >= 0);
    let axis = times_axis(times());
    let (least_us, most_us) = (times().min().unwrap_or(0), times().max().unwrap_or(0));
    // On a logarithmic axis each bar is as wide as the others if it begins a fixed share above them.
    let even_us = (most_us / BARS / 1_000 + 1) * 1_000;
    let (width, end): (i64, fn(i64, i64) -> i64) = match axis.is_logarithmic {
        true => (BAR_PER_MILLE, |start, per_mille| start + (start * per_mille / 1_000).max(1)),
        false => (even_us, |start, width| start + width),
    };
    let mut bars = vec![(if axis.is_logarithmic { least_us } else { 0 }, 0)];
    let mut sorted: Vec<i64> = times().collect();
    sort_by_key(&mut sorted, |us| us.unsigned_abs().into());
    for us in sorted {
        while us >= end(bars[bars.len() - 1].0, width) {
            bars.push((end(bars[bars.len() - 1].0, width), 0));
        }
        let last = bars.len() - 1;
        bars[last].1 += 1;
    }
    // Where the mean stands beside the median, one word is enough.
    let is_apart = |one: i64, other: i64| match axis.is_logarithmic {
        true => one.max(other) * 3 > one.min(other) * 4,
        false => (one - other).abs() > most_us / 8,
    };
    let (all, mut marks) = (&server.all, Vec::<Mark>::new());
    let percentile = |percent| all.percentile_us(percent).map(|us| us as i64);
    for (at, text) in [(all.mean_us(), t!("mean")), (percentile(50), t!("p50")), (percentile(99), t!("p99"))] {
        if let Some(at) = at.filter(|at| marks.iter().all(|mark| is_apart(mark.at, *at))) {
            marks.push(Mark { along: Along::X, at, text });
        }
    }
    bars.retain(|(_, count)| *count > 0);
    Chart {
        title: t!("How long the last round trips of {node} took", node = world.label(me).to_string()),
        kind: ChartKind::Bars { width },
        x: axis,
        y: Axis::new(t!("pings"), "", 1),
        series: vec![Series { name: Text::verbatim(world.label(me).to_string()), kind: COLOURS[0], points: bars }],
        marks,
    }
}

/// The axis of round trips: where they are tens of times apart, a logarithmic one.
fn times_axis(times_us: impl Iterator<Item = i64> + Clone) -> Axis {
    let axis = Axis::new(t!("there and back"), "ms", 1_000);
    let (least_us, most_us) = (times_us.clone().min().unwrap_or(0), times_us.max().unwrap_or(0));
    if least_us > 0 && most_us > 10 * least_us { axis.logarithmic() } else { axis }
}

/// A time in whole milliseconds; in microseconds where it is less than one.
fn whole_ms(us: u64) -> Text {
    let us = if us < 1_000 { us } else { (us + 500) / 1_000 * 1_000 };
    t!("{time}", time = time_us(us))
}

/// What a clock shows, in seconds of the minute: more has no room in a node.
fn badge(clock_us: i64) -> Text {
    Text::verbatim(time_of_day(clock_us)[6..].to_string())
}

/// A time in milliseconds, without the unit.
fn in_ms(us: i64) -> Text {
    let tenths = (us.unsigned_abs() + 50) / 100;
    let sign = if us < 0 && tenths > 0 { "−" } else { "" };
    Text::verbatim(format!("{sign}{}.{}", tenths / 10, tenths % 10))
}

fn percent(ppm: u64) -> Text {
    t!("{percent} %", percent = decimal(ppm / 10_000, ppm % 10_000 / 1_000, 1))
}

fn field(name: Text, value: Text) -> Field {
    Field { name, value, before: None }
}
