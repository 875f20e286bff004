//! How the lab looks: processes with what they have and what they have recorded, messages and markers, the table of a snapshot
//! beside what is, the states that the system went through, and snapshots as lines through the lanes.

use std::iter::once;

use sim::frame::{Cell, CellState, Cut, CutPoint, Field, Frame, LegendRow, MessageKind, Panel, Shape, Sign, Tone};
use sim::{Look, MessageLook, NodeId, Text, View, WorldOf, t};

use super::application::{expected, list};
use super::channel::Content;
use super::global::Global;
use super::letters::Body;
use super::line::Line;
use super::monitor::ROWS;
use super::recording::{Complete, Recording, SnapshotId};
use super::settings::Algorithm;
use super::{Holding, Load, Message, Process, Snapshot, Timer};

/// So many messages that were under way to a process have a cell each.
const MOST_CELLS: usize = 3;

impl View for Snapshot {
    const ESSENTIAL_FIELDS: usize = 3;

    /// How a process looks.
    fn look(_node: NodeId, state: Option<&Process>) -> Look {
        let (tone, role, badge) = match state {
            None => (Tone::Plain, t!("crashed"), Text::default()),
            Some(process) => {
                let (tone, role) = match (process.recordings.is_empty(), process.done.is_empty()) {
                    (false, _) => (Tone::Candidate, t!("recording process")),
                    (true, false) => (Tone::Committed, t!("recorded process")),
                    (true, true) => (Tone::Plain, t!("process")),
                };
                (tone, role, badge(process))
            }
        };
        Look { shape: Shape::Circle, tone, role, badge }
    }

    /// How a message looks.
    fn message_look(message: &Message) -> MessageLook {
        let (kind, reply, label, fields) = match message {
            Message::Packet(packet) => {
                let (kind, label) = match packet.content {
                    Content::Load(load) => (MessageKind::Client, load.label()),
                    Content::Marker(id) => (MessageKind::Other, t!("marker {snapshot}", snapshot = id.text())),
                };
                let mut fields = vec![field(t!("number in its channel"), number(packet.number))];
                let red = packet.red.iter().enumerate().filter(|(_, number)| **number > 0);
                let red =
                    red.map(|(place, number)| SnapshotId { initiator: NodeId::at(place), number: *number }.text());
                if let Some(red) = red.reduce(|first, next| t!("{first}, {next}", first = first, next = next)) {
                    fields.push(field(t!("red for"), red));
                }
                (kind, false, label, fields)
            }
            Message::Acknowledge(acknowledged) => {
                let fields = vec![field(t!("number in its channel"), number(*acknowledged))];
                (MessageKind::Client, true, t!("has come"), fields)
            }
            Message::Letter { body, .. } => {
                let (label, fields) = letter(body);
                (MessageKind::Replication, false, label, fields)
            }
            Message::Received(_) => (MessageKind::Replication, true, t!("has come"), Vec::new()),
        };
        MessageLook { kind, reply, label, fields }
    }

    fn timer_name(timer: &Timer) -> Text {
        match timer {
            Timer::Act => t!("next act"),
            Timer::Snapshot => t!("next snapshot"),
            Timer::Repeat(_) => t!("repeat messages"),
            Timer::Letters => t!("repeat letters"),
            Timer::Appointment => t!("agreed moment"),
        }
    }

    fn legend() -> Vec<LegendRow> {
        use Sign::{Badge, Cell as Entry, Message as Mark, Node};
        let row = LegendRow::new;
        vec![
            row(Node(Shape::Circle, Tone::Plain), t!("a process that has recorded nothing yet")),
            row(
                Node(Shape::Circle, Tone::Candidate),
                t!("it takes part in a snapshot: some channel is still recorded"),
            )
            .of("distributed snapshot"),
            row(Node(Shape::Circle, Tone::Committed), t!("it has done its part of the last snapshot that it knows of")),
            row(Badge(t!("{amount}", amount = 80)), t!("what it has")),
            row(Badge(t!("works")), t!("it has the baton; or whether it works")),
            row(
                Entry(CellState::Committed, t!("{amount}", amount = 80)),
                t!("recorded: first its state, then what was under way to it"),
            ),
            row(
                Entry(CellState::Uncommitted, t!("{amount}", amount = 20)),
                t!("recorded as under way, in a channel that is still recorded"),
            )
            .of("channel"),
            row(Mark(MessageKind::Client), t!("money, the baton or work; hollow: it has come")),
            row(Mark(MessageKind::Other), t!("a marker: what its sender sent before it belongs before the snapshot"))
                .of("marker"),
            row(Mark(MessageKind::Replication), t!("a letter about a snapshot, outside of the channels")),
            row(Sign::Cut { is_right: true }, t!("a snapshot: where each process recorded its state"))
                .of("distributed snapshot"),
            row(Sign::Cut { is_right: false }, t!("a snapshot with something received that was not sent yet"))
                .of("consistent cut"),
        ]
    }

    /// Adds to a frame what only this lab knows.
    fn view(world: WorldOf<'_, Snapshot>, frame: &mut Frame) {
        for node in &mut frame.nodes {
            let Some(process) = process(world, node.id) else { continue };
            node.fields = fields(world, node.id, process);
            node.cells = process.newest().map(|part| cells(world, part)).unwrap_or_default();
            node.tag = process.recordings.last().map(|part| tag(world, part));
        }
        // What all is together, nobody knows.
        if frame.knower.is_some() {
            return;
        }
        frame.cuts = cuts(world);
        let tables = newest(world).map(|id| table(world, id)).into_iter().chain(states(world));
        frame.panels.extend(tables);
        // Where the state never was and nothing is missing, the list of states is the story.
        if is_right_and_never_was(world) {
            frame.panels.reverse();
        }
    }
}

/// What a letter says.
fn letter(body: &Body) -> (Text, Vec<Field>) {
    match body {
        Body::Part(part) => {
            let state = part.holding.map(Holding::text).unwrap_or_default();
            let under_way = list(part.loads()).unwrap_or_else(|| t!("nothing"));
            let fields = vec![field(t!("state"), state), field(t!("under way to it"), under_way)];
            (t!("part of {snapshot}", snapshot = part.id.text()), fields)
        }
        Body::Record(id) => (t!("record {snapshot}", snapshot = id.text()), Vec::new()),
        Body::Appointment(id, at_us) => {
            let moment = t!("{time}", time = sim::time_us(at_us.unsigned_abs()));
            (t!("when {snapshot}", snapshot = id.text()), vec![field(t!("when its clock shows"), moment)])
        }
        Body::White(id, sent) => (
            t!("white for {snapshot}: {count}", snapshot = id.text(), count = *sent),
            vec![field(t!("messages sent before"), number(*sent))],
        ),
    }
}

/// What it has; who has no token has nothing.
fn badge(process: &Process) -> Text {
    match process.holding {
        Holding::Token(false) => Text::default(),
        holding => holding.text(),
    }
}

fn tag(world: WorldOf<'_, Snapshot>, part: &Recording) -> Text {
    let (closed, all) = part.progress();
    match (part.holding, world.config().algorithm) {
        (None, _) => t!("to record later, markers: {closed} of {all}", closed = closed, all = all),
        (_, Algorithm::Markers) => t!("recording, markers: {closed} of {all}", closed = closed, all = all),
        _ => t!("recording, channels: {closed} of {all}", closed = closed, all = all),
    }
}

/// What a process has recorded: its state, and what was under way to it.
fn cells(world: WorldOf<'_, Snapshot>, part: &Recording) -> Vec<Cell> {
    let Some(holding) = part.holding else { return Vec::new() };
    let own = Cell {
        era: None,
        label: holding.text(),
        state: CellState::Committed,
        detail: t!("{snapshot}: its own state was {state}", snapshot = part.id.text(), state = holding.text())
            .with_labels(&labels(world)),
    };
    let loads = part.channels.iter().enumerate().flat_map(|(from, channel)| {
        let loads = channel.iter().flat_map(|channel| channel.loads.iter().map(|(_, load)| (channel.is_closed, *load)));
        loads.map(move |(is_closed, load)| (NodeId::at(from), is_closed, load))
    });
    let cell = |(from, is_closed, load): (NodeId, bool, Load)| Cell {
        era: None,
        label: load.label(),
        state: if is_closed { CellState::Committed } else { CellState::Uncommitted },
        detail: t!(
            "{snapshot}: {load} was under way from {from}",
            snapshot = part.id.text(),
            load = load.text(),
            from = from
        )
        .with_labels(&labels(world)),
    };
    let count = part.loads().count();
    if count <= MOST_CELLS {
        return once(own).chain(loads.map(cell)).collect();
    }
    // Too many to draw: the state would be cut off.
    let sum = part.loads().map(Load::count).fold(0, u64::saturating_add);
    let all = Cell {
        era: None,
        label: t!("+{amount}", amount = sum),
        state: if part.is_done() { CellState::Committed } else { CellState::Uncommitted },
        detail: t!("{snapshot}: messages under way to it: {count}", snapshot = part.id.text(), count = count)
            .with_labels(&labels(world)),
    };
    vec![own, all]
}

fn fields(world: WorldOf<'_, Snapshot>, me: NodeId, process: &Process) -> Vec<Field> {
    let mut fields = vec![field(t!("has"), process.holding.text())];
    if let Some(part) = process.newest() {
        let recorded = part.holding.map_or_else(|| t!("not yet"), Holding::text);
        fields.push(field(t!("snapshot"), named(world, part.id)));
        fields.push(field(t!("recorded state"), recorded));
        for (from, channel) in part.channels.iter().enumerate() {
            let Some(channel) = channel else { continue };
            let name = t!("recorded from {node}", node = label(world, NodeId::at(from)));
            fields.push(field(name, content(channel.loads.iter().map(|(_, load)| *load), channel.is_closed)));
        }
    }
    for to in world.config().outgoing(me) {
        let waiting = process.out[to.index()].waiting.len();
        fields.push(field(t!("queue to {node}", node = label(world, to)), number(waiting as u64)));
    }
    fields.push(field(t!("complete snapshots"), number(process.completed)));
    fields
}

/// What is in a channel, as it is recorded.
fn content(loads: impl Iterator<Item = Load>, is_closed: bool) -> Text {
    match (list(loads), is_closed) {
        (None, true) => t!("nothing"),
        (None, false) => t!("nothing so far"),
        (Some(loads), true) => loads,
        (Some(loads), false) => t!("{loads} so far", loads = loads),
    }
}

/// The snapshots as lines through the lanes.
fn cuts(world: WorldOf<'_, Snapshot>) -> Vec<Cut> {
    let labels = labels(world);
    let cut = |line: &Line| Cut {
        name: line.id.text().with_labels(&labels),
        points: line.points().map(|(node, point)| CutPoint { node, event: point.event, at_us: point.at_us }).collect(),
        wrong: line.backwards.map(|backwards| backwards.text().with_labels(&labels)),
    };
    world.monitor().lines().map(cut).filter(|cut| !cut.points.is_empty()).collect()
}

/// The snapshot that began last.
fn newest(world: WorldOf<'_, Snapshot>) -> Option<SnapshotId> {
    world.monitor().lines().last().map(|line| line.id)
}

/// A snapshot as far as it is recorded, beside what is now.
fn table(world: WorldOf<'_, Snapshot>, id: SnapshotId) -> Panel {
    let now = world.monitor().now();
    let parts: Vec<Option<&Recording>> = world.nodes().ids().map(|node| part(world, node, id)).collect();
    let total: u64 = parts.iter().flatten().map(|part| part.count()).sum();
    let is_whole = parts.iter().all(|part| part.is_some_and(|part| part.is_done()));
    let total = match (expected(world.config()), is_whole) {
        (Some(all), true) => t!("{total} of {all}", total = total, all = all),
        (Some(all), false) => t!("{total} so far, of {all}", total = total, all = all),
        (None, true) => t!("{total}", total = total),
        (None, false) => t!("{total} so far", total = total),
    };
    // The sum first: it is what the table is for, and a low window shows little more.
    let mut rows = vec![vec![t!("together"), total, number(now.total())]];
    for (node, part) in world.nodes().ids().zip(&parts) {
        let recorded = part.and_then(|part| part.holding).map_or_else(|| t!("–"), Holding::text);
        let has = now.holdings.get(node.index()).map(|holding| holding.text()).unwrap_or_default();
        rows.push(vec![label(world, node), recorded, has]);
    }
    for from in world.config().nodes() {
        for to in world.config().outgoing(from) {
            let channel = parts[to.index()].and_then(|part| Some((part, part.channels[from.index()].as_ref()?)));
            let recorded = match channel {
                Some((part, channel)) if part.holding.is_some() => {
                    content(channel.loads.iter().map(|(_, load)| *load), channel.is_closed)
                }
                _ => t!("–"),
            };
            let under_way = &now.channels[from.index()][to.index()];
            rows.push(vec![channel_name(world, from, to), recorded, content(under_way.iter().copied(), true)]);
        }
    }
    Panel::Table {
        title: t!("Snapshot {name}", name = named(world, id)),
        head: vec![t!("what"), t!("recorded"), t!("now")],
        rows,
    }
}

/// The states that the whole system went through since the last complete snapshot began, and what it has recorded.
fn states(world: WorldOf<'_, Snapshot>) -> Option<Panel> {
    let judged = world.monitor().judged()?;
    if judged.passed > ROWS {
        return None;
    }
    let channels: Vec<(NodeId, NodeId)> = {
        let nodes = || world.config().nodes();
        let all = nodes().flat_map(|from| nodes().map(move |to| (from, to)));
        let is_used = |(from, to): &(NodeId, NodeId)| {
            let states = judged.rows.iter().map(|row| &**row).chain([&judged.recorded]);
            states.into_iter().any(|state| !state.channels[from.index()][to.index()].is_empty())
        };
        all.filter(is_used).collect()
    };
    let row = |name: Text, state: &Global| {
        let held = state.holdings.iter().map(|holding| holding.text());
        let loads =
            |(from, to): &(NodeId, NodeId)| content(state.channels[from.index()][to.index()].iter().copied(), true);
        once(name).chain(held).chain(channels.iter().map(loads)).collect::<Vec<Text>>()
    };
    let is_recorded = |state: &Global| *state == judged.recorded;
    let mut rows: Vec<Vec<Text>> = Vec::new();
    for (place, state) in judged.rows.iter().enumerate() {
        let name = match is_recorded(state) {
            true => t!("{number}, as recorded", number = place + 1),
            false => number(place as u64 + 1),
        };
        rows.push(row(name, state));
    }
    rows.push(row(t!("recorded"), &judged.recorded));
    let nodes = world.config().nodes().map(|node| label(world, node));
    let channels = channels.iter().map(|(from, to)| channel_name(world, *from, *to));
    Some(Panel::Table {
        title: t!("All states while {name} was taken, and what it recorded", name = named(world, judged.id)),
        head: once(t!("state")).chain(nodes).chain(channels).collect(),
        rows,
    })
}

/// Whether the last complete snapshot has lost nothing, and recorded none of the states that there were.
fn is_right_and_never_was(world: WorldOf<'_, Snapshot>) -> bool {
    world.monitor().judged().is_some_and(|judged| {
        let all = judged.rows.first().map(|row| row.total());
        judged.passed <= ROWS
            && judged.rows.iter().all(|row| **row != judged.recorded)
            && Some(judged.recorded.total()) == all
    })
}

/// What a process has recorded for a snapshot.
fn part(world: WorldOf<'_, Snapshot>, node: NodeId, id: SnapshotId) -> Option<&Recording> {
    let process = process(world, node)?;
    let mut parts = process.recordings.iter().chain(process.done.iter().map(|done| &**done));
    parts.find(|part| part.id == id)
}

/// The snapshot that was completed last, as far as the processes remember: of the one with the highest numbers.
pub(super) fn last_complete(world: WorldOf<'_, Snapshot>) -> Option<&Complete> {
    let judged = world.monitor().judged().map(|judged| judged.id);
    let all = world.nodes().ids().filter_map(|node| process(world, node)).flat_map(|process| process.complete.iter());
    let all = all.map(|complete| &**complete);
    match judged {
        Some(id) => all.into_iter().find(|complete| complete.id == id),
        None => all.max_by_key(|complete| (complete.id.number, complete.id.initiator)),
    }
}

/// A process, or what is on its disk while it is down.
pub(super) fn process(world: WorldOf<'_, Snapshot>, id: NodeId) -> Option<&Process> {
    world.nodes().state(id).or(world.nodes().disk(id).as_deref())
}

fn labels(world: WorldOf<'_, Snapshot>) -> Vec<String> {
    world.nodes().ids().map(|node| world.label(node).to_string()).collect()
}

fn named(world: WorldOf<'_, Snapshot>, id: SnapshotId) -> Text {
    t!("{node}{number}", node = label(world, id.initiator), number = id.number)
}

fn channel_name(world: WorldOf<'_, Snapshot>, from: NodeId, to: NodeId) -> Text {
    t!("{from} → {to}", from = label(world, from), to = label(world, to))
}

fn label(world: WorldOf<'_, Snapshot>, node: NodeId) -> Text {
    Text::verbatim(world.label(node).to_string())
}

fn number(number: u64) -> Text {
    t!("{number}", number = number)
}

fn field(name: Text, value: Text) -> Field {
    Field { name, value, before: None }
}
