//! How the lab looks: the watched node, the watchers, how their suspicion grows, and the intervals that they have seen.

use sim::frame::{
    Along, Axis, Chart, ChartKind, Field, Frame, LegendRow, Mark, MessageKind, Panel, Series, Shape, Sign, Status, Tone,
};
use sim::{Look, MessageLook, NodeId, Text, View, WorldOf, t, time_us};

use super::phi;
use super::settings::{Config, Detector, ONE_PHI};
use super::watcher::{Opinion, Watcher, decimal};
use super::{Beat, HeartbeatNode, Heartbeats, Timer};

/// One colour a watcher.
const COLOURS: [MessageKind; 4] =
    [MessageKind::Replication, MessageKind::Election, MessageKind::Client, MessageKind::Other];

/// At how many moments of a silence its curve is computed.
const POINTS: u64 = 16;

/// About how many bars show the intervals.
const BARS: i64 = 12;

impl View for Heartbeats {
    /// How a node looks.
    fn look(_node: NodeId, state: Option<&HeartbeatNode>) -> Look {
        let (tone, role, badge) = match state {
            None => (Tone::Plain, t!("crashed"), Text::default()),
            Some(HeartbeatNode::Watched(watched)) => {
                (Tone::Plain, t!("watched node"), t!("♥ {number}", number = watched.last.number))
            }
            Some(HeartbeatNode::Watcher(watcher)) => match watcher.opinion {
                Opinion::Trusts => (Tone::Committed, t!("trusting watcher"), Text::default()),
                Opinion::Doubts => (Tone::Candidate, t!("doubting watcher"), Text::default()),
                Opinion::Suspects => (Tone::Violation, t!("suspecting watcher"), Text::default()),
            },
        };
        Look { shape: Shape::Circle, tone, role, badge }
    }

    /// How a message looks.
    fn message_look(beat: &Beat) -> MessageLook {
        MessageLook {
            kind: MessageKind::Replication,
            reply: false,
            label: t!("heartbeat {number}", number = beat.number),
            fields: vec![field(t!("number"), number(beat.number)), field(t!("life of the sender"), number(beat.life))],
        }
    }

    fn timer_name(timer: &Timer) -> Text {
        match timer {
            Timer::Beat => t!("next heartbeat"),
            Timer::Doubt => t!("half of the wait"),
            Timer::Suspect => t!("suspicion"),
        }
    }

    fn legend() -> Vec<LegendRow> {
        use Sign::{Badge, Message as Mark, Node};
        let row = LegendRow::new;
        vec![
            row(Node(Shape::Circle, Tone::Plain), t!("the watched node, which sends heartbeats")).of("heartbeat"),
            row(Node(Shape::Circle, Tone::Committed), t!("a watcher that takes the node for alive"))
                .of("failure detector"),
            row(Node(Shape::Circle, Tone::Candidate), t!("a watcher that has waited for half of its time")),
            row(Node(Shape::Circle, Tone::Violation), t!("a watcher that takes the node for dead")).of("suspicion"),
            row(Badge(t!("♥ {number}", number = 12)), t!("how many heartbeats it has sent")),
            row(Badge(t!("{silence}", silence = time_us(150_000))), t!("how long the watcher has heard nothing"))
                .of("timeout"),
            row(Badge(t!("φ {phi}", phi = decimal(ONE_PHI * 3 / 2))), t!("how surprising that silence is")).of("phi"),
            row(Mark(MessageKind::Replication), t!("a heartbeat with its number")).of("heartbeat"),
        ]
    }

    /// Adds to a frame what only this lab knows.
    fn view(world: WorldOf<'_, Heartbeats>, frame: &mut Frame) {
        let config = world.config();
        for node in &mut frame.nodes {
            match world.nodes().state(node.id) {
                Some(HeartbeatNode::Watcher(watcher)) => {
                    let silence_us = watcher.silence_us(node.clock_us);
                    node.badge = match config.detector {
                        Detector::Timeout => t!("{silence}", silence = time_us(silence_us)),
                        detector => t!("φ {phi}", phi = decimal(watcher.estimate.phi(silence_us, detector))),
                    };
                    node.tag = tag(world, watcher);
                    node.fields = watcher_fields(config, watcher, silence_us);
                }
                Some(HeartbeatNode::Watched(watched)) => {
                    node.fields = vec![
                        field(t!("heartbeats sent"), number(watched.last.number)),
                        field(t!("a heartbeat every"), t!("{time}", time = time_us(config.interval_us))),
                        field(t!("life"), number(watched.last.life)),
                    ];
                }
                None if node.id == NodeId(0) => {
                    node.fields = vec![field(t!("lives so far"), number(world.nodes().disk(node.id).lives))];
                }
                None => {}
            }
        }
        let watchers: Vec<(NodeId, &Watcher)> =
            world.nodes().ids().filter_map(|id| Some((id, world.nodes().state(id)?.watcher()?))).collect();
        frame.panels.push(Panel::Chart(suspicion_chart(world, &watchers)));
        frame.panels.push(Panel::Chart(interval_chart(world, &watchers)));
    }
}

/// What the watcher does not know: whether it is right.
fn tag(world: WorldOf<'_, Heartbeats>, watcher: &Watcher) -> Option<Text> {
    let watched = || world.label(NodeId(0)).to_string();
    match (world.nodes().status(NodeId(0)), watcher.trusts()) {
        (Status::Crashed, true) => Some(t!("trusts a dead node")),
        (Status::Crashed, false) | (_, true) => None,
        (_, false) => Some(t!("wrong: {watched} lives", watched = watched())),
    }
}

fn watcher_fields(config: &Config, watcher: &Watcher, silence_us: u64) -> Vec<Field> {
    let opinion = match watcher.opinion {
        Opinion::Trusts => t!("trusts"),
        Opinion::Doubts => t!("trusts, half of the wait is over"),
        Opinion::Suspects => t!("suspects"),
    };
    let newest = watcher.newest.map_or_else(|| t!("none yet"), |newest| number(newest.number));
    let mut fields = vec![
        field(t!("opinion"), opinion),
        field(t!("newest heartbeat"), newest),
        field(t!("silence"), t!("{time}", time = time_us(silence_us))),
        field(t!("waits at most"), t!("{time}", time = time_us(watcher.wait_us))),
    ];
    if config.detector != Detector::Timeout {
        let phi = decimal(watcher.estimate.phi(silence_us, config.detector));
        fields.push(field(t!("phi"), t!("{phi} of {threshold}", phi = phi, threshold = decimal(config.threshold))));
    }
    let (mean, deviation) = (time_us(watcher.estimate.mean_us), time_us(watcher.estimate.deviation_us));
    fields.push(field(t!("intervals"), t!("{mean} ± {deviation}", mean = mean, deviation = deviation)));
    fields.push(field(t!("intervals in the window"), number(watcher.window.len() as u64)));
    fields
}

/// How suspicious each watcher has been over time: its phi, or for a fixed timeout the silence itself.
fn suspicion_chart(world: WorldOf<'_, Heartbeats>, watchers: &[(NodeId, &Watcher)]) -> Chart {
    let config = world.config();
    let is_timeout = config.detector == Detector::Timeout;
    let limit = if is_timeout { config.timeout_us } else { config.threshold };
    let level = |silence_us: u64, estimate: &phi::Estimate| {
        let level = if is_timeout { silence_us } else { estimate.phi(silence_us, config.detector) };
        // What is far beyond the limit would make all else look flat.
        level.min(2 * limit) as i64
    };
    let points = |id: NodeId, watcher: &Watcher| {
        let clock = world.nodes().clock(id);
        let (now_us, ahead_us) = (clock.shows(world.now_us()), clock.offset_us(world.now_us()));
        let ends = watcher.past.iter().skip(1).map(|next| next.from_us).chain([now_us]);
        let silences = watcher.past.iter().zip(ends);
        let of_one = |(silence, end_us): (&super::Silence, i64)| {
            let (from_us, estimate) = (silence.from_us - ahead_us, silence.estimate);
            let length_us = u64::try_from(end_us - silence.from_us).unwrap_or(0);
            (0..=POINTS).map(move |place| {
                let silence_us = length_us * place / POINTS;
                (from_us + silence_us as i64, silence_us, estimate)
            })
        };
        silences.flat_map(of_one).map(|(at_us, silence_us, estimate)| (at_us, level(silence_us, &estimate))).collect()
    };
    let name = if is_timeout { t!("timeout") } else { t!("threshold") };
    Chart {
        title: if is_timeout { t!("Silence over time") } else { t!("Phi over time") },
        kind: ChartKind::Lines,
        x: Axis::new(t!("time"), "ms", 1_000),
        y: match is_timeout {
            true => Axis::new(t!("silence"), "ms", 1_000),
            false => Axis::new(t!("phi"), "", ONE_PHI as u32),
        },
        series: series(world, watchers, points),
        marks: vec![Mark { along: Along::Y, at: limit as i64, text: name }],
    }
}

/// The intervals in the windows.
fn interval_chart(world: WorldOf<'_, Heartbeats>, watchers: &[(NodeId, &Watcher)]) -> Chart {
    let all = || watchers.iter().flat_map(|(_, watcher)| &watcher.window).map(|interval| *interval as i64);
    let (least, most) = (all().min().unwrap_or(0), all().max().unwrap_or(0));
    let width = round_up((most - least) / BARS + 1);
    let first = least / width;
    let bars = |_: NodeId, watcher: &Watcher| {
        let count = |bar: i64| watcher.window.iter().filter(|interval| **interval as i64 / width == bar).count() as i64;
        (first..=most / width).map(|bar| (bar * width, count(bar))).collect()
    };
    Chart {
        title: t!("Intervals in the window"),
        kind: ChartKind::Bars { width },
        x: Axis::new(t!("interval"), "ms", 1_000),
        y: Axis::new(t!("how many"), "", 1),
        series: series(world, watchers, bars),
        marks: vec![Mark { along: Along::X, at: world.config().interval_us as i64, text: t!("sent every") }],
    }
}

fn series(
    world: WorldOf<'_, Heartbeats>,
    watchers: &[(NodeId, &Watcher)],
    points: impl Fn(NodeId, &Watcher) -> Vec<(i64, i64)>,
) -> Vec<Series> {
    let one = |(&(id, watcher), kind): (&(NodeId, &Watcher), MessageKind)| Series {
        name: Text::verbatim(world.label(id).to_string()),
        kind,
        points: points(id, watcher),
    };
    watchers.iter().zip(COLOURS).map(one).collect()
}

/// The next of 1, 2, 5, 10, 20, 50, … that is not less.
fn round_up(number: i64) -> i64 {
    let mut power = 1;
    loop {
        if let Some(round) = [1, 2, 5].map(|digit| digit * power).into_iter().find(|round| *round >= number) {
            return round;
        }
        power *= 10;
    }
}

fn field(name: Text, value: Text) -> Field {
    Field { name, value, before: None }
}

fn number(number: u64) -> Text {
    t!("{number}", number = number)
}
