//! How the lab looks: nodes with the coordinator that each has, the common disk with its last writes, what an election costs, and who held
//! whom for the coordinator.

use sim::frame::{
    Cell, CellState, Field, Frame, Group, LegendRow, MessageKind, Moment, Panel, Shape, Sign, Span, SpanRow, Spans,
    Tally, Tone, use_only,
};
use sim::{Look, MessageLook, NodeId, Text, View, WorldOf, t};

use super::counts::Kind;
use super::member::{Member, Stage, Standing};
use super::messages::{Message, Token};
use super::settings::Guard;
use super::store::Page;
use super::{Elections, Node, Timer};

/// So much of the past the panel of coordinators shows, in microseconds.
const PAST_US: u64 = 800_000;

/// So many writes have a cell.
const CELLS: usize = 5;

impl View for Elections {
    const ESSENTIAL_FIELDS: usize = 3;

    /// How a node looks.
    fn look(node: NodeId, state: Option<&Node>) -> Look {
        let (shape, tone, role) = match state {
            None => (Shape::Circle, Tone::Plain, t!("crashed")),
            Some(Node::Store(_)) => (Shape::Store, Tone::Plain, t!("common disk")),
            Some(Node::Member(member)) if member.leads(node) => (Shape::Hexagon, Tone::Leader, t!("coordinator")),
            Some(Node::Member(member)) => match (member.standing, member.stage) {
                (_, Stage::Asking | Stage::Halting | Stage::Naming | Stage::Starting) => {
                    (Shape::Diamond, Tone::Candidate, t!("candidate"))
                }
                (Standing::Normal, _) => (Shape::Circle, Tone::Plain, t!("member")),
                _ if member.takes_part => (Shape::Diamond, Tone::Candidate, t!("candidate")),
                _ => (Shape::Circle, Tone::Candidate, t!("waiting node")),
            },
        };
        Look { shape, tone, role, badge: Text::default() }
    }

    /// How a message looks.
    fn message_look(message: &Message) -> MessageLook {
        use MessageKind::{Client, Election, Other, Replication};
        let (kind, reply, label) = match message {
            Message::AreYouUp(_) => (Election, false, t!("Are you up?")),
            Message::Up(_) => (Election, true, t!("up")),
            Message::Halt { .. } => (Election, false, t!("Halt")),
            Message::Halted { .. } => (Election, true, t!("halted")),
            Message::Busy { .. } => (Election, true, t!("not for you")),
            Message::NewCoordinator { .. } => (Replication, false, t!("New coordinator")),
            Message::Taken(_) => (Replication, true, t!("taken")),
            Message::Ready(_) => (Replication, false, t!("Ready")),
            Message::Working(_) => (Replication, true, t!("at work")),
            Message::Election(_) => (Election, false, t!("Election")),
            Message::Ok(_) => (Election, true, t!("OK")),
            Message::Coordinator(_) => (Replication, false, t!("Coordinator")),
            Message::Pass { token: Token { owner, is_elected: false, .. }, .. } => {
                (Election, false, t!("{node}", node = *owner))
            }
            Message::Pass { token: Token { owner, .. }, .. } => {
                (Replication, false, t!("Elected {node}", node = *owner))
            }
            Message::Receipt(_) => (Other, true, t!("has come")),
            Message::AreYouThere(_) => (Other, false, t!("Are you there?")),
            Message::There { leads: true, .. } => (Other, true, t!("here")),
            Message::There { .. } => (Other, true, t!("no coordinator")),
            Message::AreYouNormal(_) => (Other, false, t!("Under me?")),
            Message::Normal { yes: true, .. } => (Other, true, t!("yes")),
            Message::Normal { .. } => (Other, true, t!("no")),
            Message::Write(_) => (Client, false, t!("write")),
            Message::Written => (Client, true, t!("written")),
            Message::Refused { .. } => (Client, true, t!("refused")),
        };
        MessageLook { kind, reply, label, fields: message_fields(message) }
    }

    fn timer_name(timer: &Timer) -> Text {
        match timer {
            Timer::Answers => t!("answers"),
            Timer::Winner => t!("a winner"),
            Timer::Beat => t!("next look"),
            Timer::Coordinator => t!("answer of the coordinator"),
            Timer::Members => t!("answers to the coordinator"),
            Timer::Work => t!("next write"),
            Timer::Hop(_) => t!("receipt of the neighbour"),
        }
    }

    fn legend() -> Vec<LegendRow> {
        use Sign::{Badge, Cell as Entry, Message as Mark, Node};
        let row = LegendRow::new;
        vec![
            row(Node(Shape::Hexagon, Tone::Leader), t!("a node that works as coordinator")).of("coordinator"),
            row(Node(Shape::Diamond, Tone::Candidate), t!("a node that holds an election")).of("election"),
            row(Node(Shape::Circle, Tone::Candidate), t!("a node without a coordinator: it waits for one")),
            row(Node(Shape::Circle, Tone::Plain), t!("a node that works under a coordinator")),
            row(Node(Shape::Store, Tone::Plain), t!("D, a disk that every coordinator writes to")),
            row(Badge(t!("→ N5")), t!("whom it holds for the coordinator")),
            row(Badge(t!("T{term}", term = 3)), t!("its term, where elections have terms")).of("term"),
            row(Entry(CellState::Plain, t!("N5")), t!("a write on the disk: whose it was")),
            row(Entry(CellState::Conflicting, t!("N4")), t!("a write between two writes of another coordinator")),
            row(Sign::Tally, t!("how many have halted for it")),
            row(Sign::Group(Tone::Plain), t!("nodes that still reach each other")),
            row(Sign::Group(Tone::Committed), t!("the same, and more than half of all")).of("majority"),
            row(Sign::Group(Tone::Violation), t!("the same, and too few to have a coordinator")),
            row(Mark(MessageKind::Election), t!("a message of an election; hollow: an answer")).of("election"),
            row(Mark(MessageKind::Replication), t!("who the coordinator is; hollow: an answer")).of("coordinator"),
            row(Mark(MessageKind::Other), t!("a look whether a node is there; hollow: its answer, or a receipt")),
            row(Mark(MessageKind::Client), t!("a write of a coordinator; hollow: the answer of the disk")),
        ]
    }

    /// Adds to a frame what only this lab knows.
    fn view(world: WorldOf<'_, Elections>, frame: &mut Frame) {
        let store = world.config().store();
        let mut leaders = Vec::new();
        for node in &mut frame.nodes {
            let id = node.id;
            match world.nodes().state(id) {
                Some(Node::Member(member)) => {
                    if member.leads(id) {
                        leaders.push(id);
                    }
                    node.badge = badge(world, member);
                    node.tag = tag(world, member);
                    node.tally = tally(world, id, member);
                    node.fields = fields(world, member);
                }
                Some(Node::Store(page)) => {
                    node.cells = cells(world, page);
                    node.fields = page_fields(world, page);
                }
                None if id == store => {
                    node.shape = Shape::Store;
                    let page = &world.nodes().disk(id).page;
                    node.cells = cells(world, page);
                    node.fields = page_fields(world, page);
                }
                None => {
                    let disk = world.nodes().disk(id);
                    node.fields = vec![field(t!("times started"), number(disk.lives))];
                }
            }
        }
        use_only(&mut frame.links, store, &leaders);
        groups(world, &mut frame.groups);
        // What all is together, nobody knows.
        if frame.knower.is_none() {
            frame.panels.push(messages(world));
            frame.panels.push(Panel::Spans(reigns(world)));
        }
    }
}

fn message_fields(message: &Message) -> Vec<Field> {
    let call = match message {
        Message::Pass { hop, token } => {
            return vec![
                field(t!("number of the message"), number(*hop)),
                field(t!("nodes that it came past"), number(token.hops.into())),
            ];
        }
        Message::Write(write) => {
            return vec![field(t!("write"), number(write.call.number)), field(t!("term"), number(write.term))];
        }
        Message::Refused { term } => return vec![field(t!("term that has written"), number(*term))],
        Message::Receipt(hop) => return vec![field(t!("number of the message"), number(*hop))],
        Message::Written => return Vec::new(),
        Message::AreYouUp(call)
        | Message::Up(call)
        | Message::Halt { call, .. }
        | Message::Halted { call, .. }
        | Message::Busy { call, .. }
        | Message::NewCoordinator { call, .. }
        | Message::Taken(call)
        | Message::Ready(call)
        | Message::Working(call)
        | Message::Election(call)
        | Message::Ok(call)
        | Message::Coordinator(call)
        | Message::AreYouThere(call)
        | Message::There { call, .. }
        | Message::AreYouNormal(call)
        | Message::Normal { call, .. } => call,
    };
    let mut fields = vec![
        field(t!("life of who asks"), number(call.life)),
        field(t!("number of the question"), number(call.number)),
    ];
    match message {
        Message::Halt { term, .. } | Message::Busy { term, .. } if *term > 0 => {
            fields.push(field(t!("term"), number(*term)));
        }
        Message::Halted { life, .. } | Message::NewCoordinator { life, .. } => {
            fields.push(field(t!("life of who answers"), number(*life)));
        }
        _ => {}
    }
    fields
}

/// Whom it holds for the coordinator, and where there are terms, its term.
fn badge(world: WorldOf<'_, Elections>, member: &Member) -> Text {
    if world.config().guard == Guard::Terms {
        return t!("T{term}", term = member.term);
    }
    member.follows().map(|coordinator| t!("→ {node}", node = world.label(coordinator).to_string())).unwrap_or_default()
}

fn tag(world: WorldOf<'_, Elections>, member: &Member) -> Option<Text> {
    let label = |node: NodeId| world.label(node).to_string();
    let by = member.halted_by.map(|(by, _)| by);
    match (member.standing, member.stage) {
        (Standing::Election, Stage::Idle) if member.lacks => Some(t!("no majority")),
        (Standing::Election, Stage::Idle) => by.map(|by| t!("halted by {node}", node = label(by))),
        (Standing::Reorganizing, Stage::Idle) => by.map(|by| t!("waits for {node}", node = label(by))),
        _ => None,
    }
}

/// The answers to its `Halt`.
fn tally(world: WorldOf<'_, Elections>, me: NodeId, member: &Member) -> Option<Tally> {
    if member.stage != Stage::Halting {
        return None;
    }
    let (got, needed) = (member.up.len() as u32, world.config().lower(me).len() as u32);
    Some(Tally { got, needed, text: t!("{got} of {needed} have halted", got = got, needed = needed) })
}

/// The last writes; what stands between two of another reign is at odds with them.
fn cells(world: WorldOf<'_, Elections>, page: &Page) -> Vec<Cell> {
    let skipped = page.entries.len().saturating_sub(CELLS);
    let entries: Vec<_> = page.entries.iter().collect();
    let is_torn = |place: usize| {
        let reign = |entry: &super::store::Entry| (entry.writer, entry.reign);
        let before = entries[..place].iter().rev().find(|entry| reign(entry) != reign(entries[place]));
        let after = entries[place + 1..].iter().find(|entry| reign(entry) != reign(entries[place]));
        before.is_some_and(|before| after.is_some_and(|after| reign(before) == reign(after)))
    };
    let has_terms = world.config().guard == Guard::Terms;
    let cell = |(place, entry): (usize, &&super::store::Entry)| {
        let writer = world.label(entry.writer).to_string();
        Cell {
            era: None,
            label: Text::verbatim(writer.clone()),
            state: if is_torn(place) { CellState::Conflicting } else { CellState::Plain },
            detail: match has_terms {
                true => t!("a write of {node}, in term {term}", node = writer, term = entry.term),
                false => t!("a write of {node}", node = writer),
            },
        }
    };
    entries.iter().enumerate().skip(skipped).map(cell).collect()
}

fn fields(world: WorldOf<'_, Elections>, member: &Member) -> Vec<Field> {
    let named =
        |node: Option<NodeId>| node.map_or_else(|| t!("none"), |node| Text::verbatim(world.label(node).to_string()));
    let standing = match member.standing {
        Standing::Election => t!("election"),
        Standing::Reorganizing => t!("reorganizing"),
        Standing::Normal => t!("normal"),
    };
    let up = member.up.iter().map(|(node, _)| Text::verbatim(world.label(*node).to_string()));
    let up = up.reduce(|first, next| t!("{first}, {next}", first = first, next = next));
    let mut fields = vec![
        field(t!("state"), standing),
        field(t!("coordinator"), named(member.coordinator)),
        field(t!("halted by"), named(member.halted_by.map(|(by, _)| by))),
        field(t!("has halted"), up.unwrap_or_else(|| t!("nobody"))),
        field(t!("elections that it has started"), number(member.elections)),
        field(t!("times started"), number(member.life)),
    ];
    if world.config().guard == Guard::Terms {
        fields.push(field(t!("term"), number(member.term)));
        fields.push(field(t!("has answered in it"), named(member.voted)));
    }
    fields
}

fn page_fields(world: WorldOf<'_, Elections>, page: &Page) -> Vec<Field> {
    let mut fields = vec![field(t!("writes"), number(page.taken))];
    if world.config().guard == Guard::Terms {
        fields.push(field(t!("highest term"), number(page.term)));
    }
    fields
}

/// Says of the parts of a split network whether they can have a coordinator.
fn groups(world: WorldOf<'_, Elections>, groups: &mut [Group]) {
    let (majority, all) = (world.config().majority(), world.config().numbers.len());
    if world.config().guard == Guard::None {
        return;
    }
    for group in groups {
        let up = group.nodes.iter().filter(|node| world.nodes().state(**node).is_some()).count();
        (group.tag, group.tone) = match up >= majority {
            true => (t!("{up} of {all} · a majority", up = up, all = all), Tone::Committed),
            false => (t!("{up} of {all} · no majority", up = up, all = all), Tone::Violation),
        };
    }
}

/// What the election that is going on, or was the last, has cost; and whether all is in time.
fn messages(world: WorldOf<'_, Elections>) -> Panel {
    let counts = world.monitor().counts();
    let kinds = Kind::ALL.into_iter().filter(|kind| counts.get(*kind) > 0);
    let row = |kind: Kind| vec![name(kind), number(counts.get(kind).into())];
    let mut rows = vec![vec![t!("together"), number(counts.sum().into())]];
    rows.extend(kinds.map(row));
    let labels: Vec<String> = world.nodes().ids().map(|node| world.label(node).to_string()).collect();
    let in_time = world.monitor().breach().map_or_else(|| t!("yes"), |breach| breach.text().with_labels(&labels));
    rows.push(vec![t!("everything in time so far?"), in_time]);
    Panel::Table { title: t!("Messages of this election"), head: vec![t!("what"), t!("how many")], rows }
}

fn name(kind: Kind) -> Text {
    match kind {
        Kind::AreYouUp => t!("Are you up?"),
        Kind::Up => t!("up"),
        Kind::Halt => t!("Halt"),
        Kind::Halted => t!("halted"),
        Kind::NewCoordinator => t!("New coordinator"),
        Kind::Taken => t!("taken"),
        Kind::Ready => t!("Ready"),
        Kind::Working => t!("at work"),
        Kind::Election => t!("Election"),
        Kind::Ok => t!("OK"),
        Kind::Coordinator => t!("Coordinator"),
        Kind::Token => t!("a number"),
        Kind::Elected => t!("Elected"),
    }
}

/// Who held whom for the coordinator.
fn reigns(world: WorldOf<'_, Elections>) -> Spans {
    let now_us = world.now_us();
    let bars = |node: NodeId| {
        let reigns = world.monitor().reigns().get(node.index());
        let reigns = reigns.into_iter().flat_map(|reigns| reigns.iter());
        let recent = reigns.filter(|reign| reign.to_us.is_none_or(|to_us| to_us + PAST_US > now_us));
        let bar = |reign: &super::reigns::Reign| Span {
            from_us: reign.from_us,
            to_us: Some(reign.to_us.unwrap_or(now_us)),
            label: Text::verbatim(world.label(reign.coordinator).to_string()),
            kind: MessageKind::ALL[reign.coordinator.index() % MessageKind::ALL.len()],
            failed: false,
        };
        recent.map(bar).collect()
    };
    let row =
        |node: NodeId| SpanRow { label: Text::verbatim(world.label(node).to_string()), depth: 0, bars: bars(node) };
    Spans {
        title: t!("Whom each node held for the coordinator"),
        from_us: now_us.saturating_sub(PAST_US),
        to_us: now_us.max(1),
        rows: world.config().members().map(row).collect(),
        marks: vec![Moment { at_us: now_us, text: t!("now") }],
    }
}

fn field(name: Text, value: Text) -> Field {
    Field { name, value, before: None }
}

fn number(number: u64) -> Text {
    t!("{number}", number = number)
}
