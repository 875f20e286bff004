//! How the lab looks: intervals beside the true time, who waits for its timestamp and for how long, and what was told when.

use sim::frame::{
    Axis, Cell, CellState, Chart, ChartKind, Field, Frame, Gauge, LegendRow, MessageKind, Moment, Panel, Series, Shape,
    Sign, Span, SpanRow, Spans, Tone,
};
use sim::{Look, MessageLook, NodeId, Text, View, WorldOf, t, time_us};

use super::client::{Client, Stage as Doing};
use super::interval::Interval;
use super::leader::Leader;
use super::locks::{Lock, Stage};
use super::settings::Part;
use super::transaction::{Key, Version};
use super::words::stamp;
use super::{Message, Node, Timer, TrueTime};

/// How many versions of a key are drawn at a node.
const DRAWN: usize = 2;

/// The room beside the intervals, in microseconds.
const MARGIN_US: i64 = 1_000;

/// The colours of the lines of leaders.
const COLOURS: [MessageKind; 3] = [MessageKind::Client, MessageKind::Election, MessageKind::Replication];

impl View for TrueTime {
    const ESSENTIAL_FIELDS: usize = 3;

    /// How a node looks.
    fn look(_node: NodeId, state: Option<&Node>) -> Look {
        let look = |shape, tone, role| Look { shape, tone, role, badge: Text::default() };
        match state {
            None => look(Shape::Circle, Tone::Plain, t!("crashed")),
            Some(Node::Master(_)) => look(Shape::Box, Tone::Plain, t!("time master")),
            Some(Node::Leader(leader)) if decided(leader).is_some() => {
                look(Shape::Hexagon, Tone::Candidate, t!("waiting leader"))
            }
            Some(Node::Leader(_)) => look(Shape::Hexagon, Tone::Plain, t!("leader")),
            Some(Node::Replica(_)) => look(Shape::Circle, Tone::Plain, t!("replica")),
            Some(Node::Client(_)) => look(Shape::Client, Tone::Plain, t!("client")),
        }
    }

    /// How a message looks.
    fn message_look(message: &Message) -> MessageLook {
        use MessageKind::{Client as Locked, Election as Look, Other as Time, Replication as Commit};
        let of = |txn: &super::Txn| field(t!("transaction"), t!("{number}", number = txn.number));
        let at = |at_us: &i64| field(t!("as of"), stamp(*at_us));
        let (kind, reply, label, fields) = match message {
            Message::Ask(_) => (Time, false, t!("time?"), vec![]),
            Message::Tell { told_us, error_us, .. } => {
                let error = t!("{error}", error = time_us(*error_us));
                (Time, true, stamp(*told_us), vec![field(t!("off by at most"), error)])
            }
            Message::Read { txn, .. } => (Locked, false, t!("lock and read"), vec![of(txn)]),
            Message::Value { txn, key, value, .. } => {
                let value = value.clone().map_or_else(|| t!("nothing"), Text::verbatim);
                (Locked, true, t!("{key} = {value}", key = key.name(), value = value), vec![of(txn)])
            }
            Message::Alive { txn } => (Locked, false, t!("still there"), vec![of(txn)]),
            Message::Release { txn } => (Locked, false, t!("free the lock"), vec![of(txn)]),
            Message::Gone { txn } => (Locked, true, t!("lock gone"), vec![of(txn)]),
            Message::Commit(request) => {
                let label = match &request.write {
                    Some(value) => t!("commit {value}", value = value.clone()),
                    None => t!("commit"),
                };
                (Locked, false, label, vec![of(&request.txn)])
            }
            Message::Done { txn, stamp_us: Some(stamp_us) } => {
                (Locked, true, t!("done at {at}", at = stamp(*stamp_us)), vec![of(txn)])
            }
            Message::Done { txn, stamp_us: None } => (Locked, true, t!("aborted"), vec![of(txn)]),
            Message::Prepared { txn, at_us, asks, is_in_the_way } => {
                let label = match (asks, is_in_the_way) {
                    (false, _) => t!("prepared at {at}", at = stamp(*at_us)),
                    (true, false) => t!("what became of it?"),
                    (true, true) => t!("somebody older waits"),
                };
                (Commit, false, label, vec![of(txn), field(t!("prepare timestamp"), stamp(*at_us))])
            }
            Message::Refused { txn } => (Commit, false, t!("refused"), vec![of(txn)]),
            Message::Outcome { txn, stamp_us: Some(stamp_us) } => {
                (Commit, true, t!("commit at {at}", at = stamp(*stamp_us)), vec![of(txn)])
            }
            Message::Outcome { txn, stamp_us: None } => (Commit, true, t!("abort"), vec![of(txn)]),
            Message::Known { txn } => (Commit, false, t!("applied"), vec![of(txn)]),
            Message::Look { txn, at_us } => {
                let label = at_us.map_or_else(|| t!("read"), |at_us| t!("read as of {at}", at = stamp(at_us)));
                (Look, false, label, vec![of(txn)])
            }
            Message::Seen { txn, key, at_us, found } => (Look, true, found_text(*key, found), vec![of(txn), at(at_us)]),
            Message::Entries(entries) => {
                let last = entries.versions.last().map(|version| Text::verbatim(version.value.clone()));
                let fields = vec![
                    field(t!("versions"), t!("{count}", count = entries.versions.len())),
                    field(t!("promised up to"), stamp(entries.safe_us)),
                ];
                (Commit, false, last.unwrap_or_else(|| t!("promise {at}", at = stamp(entries.safe_us))), fields)
            }
            Message::Have { count } => (Commit, true, t!("has {count}", count = *count), vec![]),
            Message::NeedSafe { at_us } => (Commit, false, t!("promise?"), vec![at(at_us)]),
        };
        MessageLook { kind, reply, label, fields }
    }

    fn timer_name(timer: &Timer) -> Text {
        match timer {
            Timer::Poll => t!("ask the time masters"),
            Timer::Collect => t!("enough answers"),
            Timer::Logged(_) => t!("logged"),
            Timer::Wait(_) => t!("timestamp has passed"),
            Timer::Tend => t!("say it again"),
            Timer::Promise => t!("next promise"),
            Timer::Retry => t!("ask again"),
            Timer::Workload => t!("next transaction"),
        }
    }

    fn legend() -> Vec<LegendRow> {
        use Sign::{Badge, Cell as Entry, Message as Mark, Node};
        let row = LegendRow::new;
        vec![
            row(Node(Shape::Box, Tone::Plain), t!("a time master: a satellite receiver or an atomic clock")),
            row(Node(Shape::Hexagon, Tone::Plain), t!("the leader of a group, which keeps one key")).of("leader"),
            row(Node(Shape::Hexagon, Tone::Candidate), t!("it has chosen a timestamp, and tells nobody yet"))
                .of("commit wait"),
            row(Node(Shape::Hexagon, Tone::Violation), t!("its interval misses the true time")).of("TrueTime"),
            row(Node(Shape::Circle, Tone::Plain), t!("a replica, which answers reads of the past")).of("replica"),
            row(Node(Shape::Client, Tone::Plain), t!("a client, which does one transaction at a time")).of("client"),
            row(Node(Shape::Client, Tone::Violation), t!("a client whose interval misses the true time")),
            row(Badge(t!("± {epsilon}", epsilon = time_us(4_000))), t!("how far its clock may be off: ε"))
                .of("TrueTime"),
            row(Badge(t!("no time")), t!("it has forgotten the time, and asks")),
            row(Sign::Gauge(Tone::Candidate), t!("how much of the wait is over")).of("commit wait"),
            row(Entry(CellState::Committed, Text::verbatim("x=7")), t!("a value that all may read")).of("commit"),
            row(Entry(CellState::Uncommitted, Text::verbatim("x=7")), t!("a value whose commit is not told yet")),
            row(Mark(MessageKind::Client), t!("a transaction: reads with locks, and the commit")),
            row(Mark(MessageKind::Replication), t!("leaders agree on a commit, or tell their replicas"))
                .of("two-phase commit"),
            row(Mark(MessageKind::Election), t!("a read as of a moment, without a lock")).of("snapshot read"),
            row(Mark(MessageKind::Other), t!("asks a time master; the answer has the time")),
        ]
    }

    /// Adds to a frame what only this lab knows.
    fn view(world: WorldOf<'_, TrueTime>, frame: &mut Frame) {
        let sees_truth = frame.knower.is_none();
        for node in &mut frame.nodes {
            let id = node.id;
            let interval = interval(world, id);
            if let Some(interval) = interval {
                node.badge = doubt(interval);
                if sees_truth && !interval.has(world.now_us() as i64) {
                    node.tone = Tone::Violation;
                }
            }
            match world.nodes().state(id) {
                Some(Node::Master(_)) => {
                    node.badge = t!("± {epsilon}", epsilon = time_us(world.config().master_us));
                    node.fields =
                        vec![field(t!("off by at most"), t!("{error}", error = time_us(world.config().master_us)))];
                }
                Some(Node::Leader(leader)) => show_leader(world, id, leader, interval, node),
                Some(Node::Replica(replica)) => {
                    node.cells = cells(replica.key, &replica.kept.versions);
                    node.fields = vec![
                        field(t!("key"), Text::verbatim(replica.key.name())),
                        field(t!("has all up to"), stamp(replica.kept.floor_us)),
                        field(t!("versions so far"), t!("{count}", count = replica.kept.count)),
                        field(t!("reads that wait"), t!("{count}", count = replica.looks.len())),
                    ];
                }
                Some(Node::Client(client)) => show_client(client, interval, node),
                None => {
                    if let Part::Leader(key) | Part::Replica(key) = world.config().part(id) {
                        let newest = world.nodes().disk(id).newest().map(|version| version.value.clone());
                        let value = newest.map_or_else(|| t!("nothing"), Text::verbatim);
                        node.fields = vec![field(t!("{key} on disk", key = key.name()), value)];
                    }
                }
            }
        }
        if sees_truth {
            frame.panels.extend(intervals(world));
            frame.panels.extend(transactions(world));
        }
        frame.panels.extend(epsilon_chart(world));
    }
}

/// What `TT.now()` is at a node now; none where there is none.
pub(super) fn interval(world: WorldOf<'_, TrueTime>, node: NodeId) -> Option<Interval> {
    let local_us = world.nodes().clock(node).shows(world.now_us());
    world.nodes().state(node)?.daemon()?.shows(node, local_us, world.config())
}

/// A commit that has its timestamp: that, and when it was chosen.
fn decided(leader: &Leader) -> Option<(i64, i64, bool)> {
    leader.trans.iter().find_map(|trans| match trans.stage {
        Stage::Deciding { at_us, chosen_us, is_logged, .. } => Some((at_us, chosen_us, is_logged)),
        _ => None,
    })
}

/// How much longer a leader has to wait until the timestamp that it has chosen has certainly passed, in microseconds.
pub(super) fn wait(world: WorldOf<'_, TrueTime>, node: NodeId) -> Option<u64> {
    let (at_us, ..) = decided(world.nodes().state(node).and_then(Node::leader)?)?;
    let interval = interval(world, node)?;
    Some((at_us + 1 - interval.earliest_us).max(0) as u64)
}

fn show_leader(
    world: WorldOf<'_, TrueTime>,
    id: NodeId,
    leader: &Leader,
    interval: Option<Interval>,
    node: &mut sim::frame::Node,
) {
    node.cells = cells(leader.key, &leader.kept.versions);
    let open = leader.trans.iter().filter(|trans| trans.pending_us().is_some());
    let value = open.filter_map(|trans| trans.request.as_ref()?.write.clone()).next();
    node.cells.extend(value.map(|value| Cell {
        era: None,
        label: t!("{key}={value}", key = leader.key.name(), value = value.clone()),
        state: CellState::Uncommitted,
        detail: t!("{key} = {value}, not told yet", key = leader.key.name(), value = value),
    }));
    if let (Some((_, chosen_us, is_logged)), Some(wait_us)) = (decided(leader), wait(world, id)) {
        let passed_us = (world.nodes().clock(id).shows(world.now_us()) - chosen_us).max(0) as u64;
        let permille = (passed_us * 1_000 / (passed_us + wait_us).max(1)) as u16;
        let text = t!("waits {wait} more", wait = time_us(wait_us));
        node.tag =
            Some(if is_logged { text.clone() } else { t!("logs, and waits {wait} more", wait = time_us(wait_us)) });
        node.gauge = Some(Gauge { permille, text, tone: Tone::Candidate });
    } else if !leader.looks.is_empty() {
        node.tag = Some(t!("a read waits"));
    } else if leader.trans.iter().any(|trans| matches!(trans.stage, Stage::Prepared { .. })) {
        node.tag = Some(t!("prepared"));
    } else if interval.is_none() {
        node.badge = t!("no time");
    }
    let timestamp = decided(leader).map_or_else(|| t!("none"), |(at_us, ..)| stamp(at_us));
    let names = |texts: Vec<Text>| {
        texts
            .into_iter()
            .reduce(|first, next| t!("{first}, {next}", first = first, next = next))
            .unwrap_or_else(|| t!("nobody"))
    };
    let held = leader.trans.iter().filter(|trans| trans.read == Lock::Held || trans.pending_us().is_some());
    node.fields = vec![
        field(t!("TT.now()"), interval_text(interval)),
        field(t!("timestamp that it waits for"), timestamp),
        field(t!("locks of"), names(held.map(|trans| name(world, trans.txn)).collect())),
        field(t!("key"), Text::verbatim(leader.key.name())),
        field(t!("no new commit up to"), stamp(leader.kept.floor_us)),
        field(t!("can answer up to"), stamp(leader.safe_us())),
        field(t!("reads that wait"), t!("{count}", count = leader.looks.len())),
        field(t!("answers of time masters"), t!("{count}", count = leader.daemon.polls)),
    ];
}

fn show_client(client: &Client, interval: Option<Interval>, node: &mut sim::frame::Node) {
    let open = client.open.as_ref().map(|open| open.wanted.text());
    if interval.is_none() {
        node.badge = t!("no time");
    }
    node.tag = open.clone();
    let doing = match client.open.as_ref().map(|open| &open.stage) {
        None => t!("nothing"),
        Some(Doing::Reading { .. }) => t!("reads with locks"),
        Some(Doing::Committing { .. }) => t!("waits for the commit"),
        Some(Doing::Looking { .. }) => t!("reads without locks"),
        Some(Doing::Timeless) => t!("waits for a time master"),
    };
    node.fields = vec![
        field(t!("transaction"), open.unwrap_or_else(|| t!("none"))),
        field(t!("it"), doing),
        field(t!("TT.now()"), interval_text(interval)),
        field(t!("for later"), t!("{count}", count = client.waiting.len())),
    ];
    if let Some(last) = &client.last {
        let result = last.stamp_us.map_or_else(|| t!("given up"), |at_us| t!("at {at}", at = stamp(at_us)));
        node.fields.push(field(t!("last"), t!("{what}: {result}", what = last.wanted.text(), result = result)));
        for seen in &last.seen {
            node.fields.push(field(t!("{key} was", key = seen.key.name()), found_text(seen.key, &seen.found)));
        }
    }
}

/// The name of a transaction, for what stands in fields.
fn name(world: WorldOf<'_, TrueTime>, txn: super::Txn) -> Text {
    t!("{client}’s {number}", client = world.label(txn.client).to_string(), number = txn.number)
}

fn doubt(interval: Interval) -> Text {
    t!("± {epsilon}", epsilon = time_us(interval.epsilon_us()))
}

fn interval_text(interval: Option<Interval>) -> Text {
    interval.map_or_else(
        || t!("unknown"),
        |interval| {
            t!("{earliest} to {latest}", earliest = stamp(interval.earliest_us), latest = stamp(interval.latest_us))
        },
    )
}

fn found_text(key: Key, found: &Result<Option<Version>, super::Forgotten>) -> Text {
    match found {
        Ok(Some(version)) => t!("{key} = {value}", key = key.name(), value = version.value.clone()),
        Ok(None) => t!("no {key}", key = key.name()),
        Err(_) => t!("{key} is forgotten", key = key.name()),
    }
}

fn cells(key: Key, versions: &[Version]) -> Vec<Cell> {
    let cell = |version: &Version| Cell {
        era: None,
        label: t!("{key}={value}", key = key.name(), value = version.value.clone()),
        state: CellState::Committed,
        detail: t!(
            "{key} = {value}, committed at {at}",
            key = key.name(),
            value = version.value.clone(),
            at = stamp(version.stamp_us)
        ),
    };
    versions[versions.len().saturating_sub(DRAWN)..].iter().map(cell).collect()
}

/// What `TT.now()` is at each node, beside the true time and the timestamps that are waited for.
fn intervals(world: WorldOf<'_, TrueTime>) -> Option<Panel> {
    let now_us = world.now_us() as i64;
    let all: Vec<(NodeId, Interval)> = world.nodes().ids().filter_map(|id| Some((id, interval(world, id)?))).collect();
    let leaders = world.nodes().ids().filter_map(|id| Some((id, world.nodes().state(id)?.leader()?)));
    let stamps: Vec<(NodeId, i64)> = leaders.filter_map(|(id, leader)| Some((id, decided(leader)?.0))).collect();
    let ends = || all.iter().flat_map(|(_, interval)| [interval.earliest_us, interval.latest_us]);
    let shown = || ends().chain(stamps.iter().map(|(_, at_us)| *at_us)).chain([now_us]);
    let from_us = (shown().min()? - MARGIN_US).max(0) as u64;
    let to_us = (shown().max()? + MARGIN_US).max(1) as u64;
    let row = |(id, interval): &(NodeId, Interval)| {
        let waits = stamps.iter().any(|(node, _)| node == id);
        let bar = Span {
            from_us: interval.earliest_us.max(0) as u64,
            to_us: Some(interval.latest_us.max(0) as u64),
            label: doubt(*interval),
            kind: if waits { MessageKind::Election } else { MessageKind::Replication },
            failed: !interval.has(now_us),
        };
        SpanRow { label: Text::verbatim(world.label(*id).to_string()), depth: 0, bars: vec![bar] }
    };
    let mark = |(id, at_us): &(NodeId, i64)| {
        let text = t!("{node} waits for this", node = world.label(*id).to_string());
        Moment { at_us: (*at_us).max(0) as u64, text }
    };
    let truth = Moment { at_us: world.now_us(), text: t!("true time") };
    Some(Panel::Spans(Spans {
        title: t!("Intervals: TT.now() at each node"),
        from_us,
        to_us,
        rows: all.iter().map(row).collect(),
        marks: [truth].into_iter().chain(stamps.iter().map(mark)).collect(),
    }))
}

/// The last transactions, in the order in which clients were told.
fn transactions(world: WorldOf<'_, TrueTime>) -> Option<Panel> {
    let time = |us: u64| stamp(us as i64);
    let rows: Vec<Vec<Text>> = world
        .monitor()
        .rows()
        .map(|row| {
            let client = Text::verbatim(world.label(row.client).to_string());
            vec![client, row.wanted.text(), time(row.begun_us), time(row.told_us), stamp(row.stamp_us)]
        })
        .collect();
    let head = vec![t!("client"), t!("transaction"), t!("begun"), t!("told"), t!("timestamp")];
    (!rows.is_empty()).then(|| Panel::Table { title: t!("Transactions"), head, rows })
}

/// How ε has grown between answers of the time masters.
fn epsilon_chart(world: WorldOf<'_, TrueTime>) -> Option<Panel> {
    let line = |key: Key| {
        let id = world.config().leader(key);
        let leader = world.nodes().state(id)?.leader()?;
        let clock = world.nodes().clock(id);
        let offset_us = clock.offset_us(world.now_us());
        let past = leader.daemon.past.iter().map(|reading| (reading.local_us - offset_us, reading.epsilon_us as i64));
        let now = interval(world, id).map(|interval| (world.now_us() as i64, interval.epsilon_us() as i64));
        let points = past.chain(now).collect();
        Some(Series { name: Text::verbatim(world.label(id).to_string()), kind: COLOURS[usize::from(key.0)], points })
    };
    let series: Vec<Series> = Key::all().filter_map(line).collect();
    (!series.is_empty()).then(|| {
        Panel::Chart(Chart {
            title: t!("ε of the leaders"),
            kind: ChartKind::Lines,
            x: Axis::new(t!("time"), "s", 1_000_000),
            y: Axis::new(t!("ε"), "ms", 1_000),
            series,
            marks: Vec::new(),
        })
    })
}

fn field(name: Text, value: Text) -> Field {
    Field { name, value, before: None }
}
