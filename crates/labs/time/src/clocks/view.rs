//! How both labs look: nodes, messages, the last events, and a table of how they stand to each other.

use sim::frame::{Cell, CellState, Field, Frame, LegendRow, MessageKind, Panel, Shape, Sign, Tone};
use sim::order::{pair, sort_by_key};
use sim::{Look, MessageLook, NodeId, System, Text, View, WorldOf, t};

use super::process::{Event, Message, Process, Timer, What};
use super::stamp::{Kind, Stamp};
use super::{Clocks, Timekeeping};

/// At most so many events stand in the table of the total order; the last ones.
const ROWS_OF_THE_ORDER: usize = 12;

/// At most so many events are compared with each other; the last ones.
const EVENTS_COMPARED: usize = 8;

impl<K: Timekeeping> View for Clocks<K> {
    /// How a node looks.
    fn look(_node: NodeId, state: Option<&Process>) -> Look {
        let (role, badge) = match state {
            None => (t!("crashed"), Text::default()),
            Some(process) => (t!("node"), process.clock.badge()),
        };
        Look { shape: Shape::Circle, tone: Tone::Plain, role, badge }
    }

    /// What its clock shows.
    fn stamp(process: &Process) -> Option<Text> {
        Some(process.clock.badge())
    }

    /// How a message looks.
    fn message_look(message: &Message) -> MessageLook {
        let stamp = message.stamp.text();
        MessageLook {
            kind: MessageKind::Other,
            reply: false,
            label: t!("{label} · {stamp}", label = message.label.clone(), stamp = stamp.clone()),
            fields: vec![
                field(t!("label"), Text::verbatim(message.label.clone())),
                field(t!("stamp"), stamp),
                field(t!("sent as the sender's event number"), t!("{number}", number = message.event)),
            ],
        }
    }

    fn timer_name(timer: &Timer) -> Text {
        match timer {
            Timer::Workload => t!("next event"),
        }
    }

    fn legend() -> Vec<LegendRow> {
        let row = LegendRow::new;
        let (word, clock) = match K::KIND {
            Kind::Lamport => ("Lamport clock", t!("the number at which its clock stands")),
            Kind::Vector => ("vector clock", t!("how many events of each node it knows of")),
        };
        let stamp = K::KIND.zero(3).ticked(NodeId(0));
        vec![
            row(Sign::Node(Shape::Circle, Tone::Plain), t!("a node that counts events")).of("event"),
            row(Sign::Badge(stamp.badge()), clock).of(word),
            row(
                Sign::Cell(CellState::Plain, stamp.text()),
                t!("one of its last events, with the time that it gave it"),
            )
            .of("event"),
            row(Sign::Message(MessageKind::Other), t!("a message, with the time of its sending")).of("timestamp"),
        ]
    }

    /// Adds to a frame what only these labs know.
    fn view(world: WorldOf<'_, Clocks<K>>, frame: &mut Frame) {
        nodes(world, frame);
        frame.panels.push(match K::KIND {
            Kind::Lamport => total_order(world),
            Kind::Vector => comparison(world),
        });
    }
}

/// Adds fields and cells to the nodes of a frame.
fn nodes<L: System<Protocol = Process>>(world: WorldOf<'_, L>, frame: &mut Frame) {
    for node in &mut frame.nodes {
        let Some(process) = process(world, node.id) else { continue };
        node.fields = fields(world, node.id, process);
        // A node's stage has room for a few numbers, and a vector is long.
        let shown = match process.clock {
            Stamp::Lamport(_) => 6,
            Stamp::Vector(_) => 2,
        };
        let hidden = process.events.len().saturating_sub(shown);
        node.cells = process.events[hidden..].iter().map(|event| cell(world, node.id, event)).collect();
    }
}

/// The table of the Lamport lab: the last events in the total order.
fn total_order<L: System<Protocol = Process>>(world: WorldOf<'_, L>) -> Panel {
    let mut events = events(world);
    sort_by_key(&mut events, |(node, event)| pair(event.stamp.weight(), node.0.into()));
    let hidden = events.len().saturating_sub(ROWS_OF_THE_ORDER);
    let row = |(node, event): &(NodeId, &Event)| {
        vec![event.stamp.text(), label(world, *node), name(world, *node, event), happened(world, event)]
    };
    Panel::Table {
        title: if hidden > 0 {
            t!("The last {count} events in the total order", count = ROWS_OF_THE_ORDER)
        } else {
            t!("All events in the total order")
        },
        head: vec![t!("time"), t!("node"), t!("event"), t!("what happened")],
        rows: events[hidden..].iter().map(row).collect(),
    }
}

/// The table of the vector lab: how each of the last events stands to each other one, as their vectors say.
fn comparison<L: System<Protocol = Process>>(world: WorldOf<'_, L>) -> Panel {
    let mut events = events(world);
    // By the wall clocks of the nodes; the numbers order what happened at one node at the same moment.
    sort_by_key(&mut events, |(node, event)| {
        pair(event.at_us.wrapping_sub(i64::MIN) as u64, event.number << 16 | u64::from(node.0))
    });
    let hidden = events.len().saturating_sub(EVENTS_COMPARED);
    let last = &events[hidden..];
    let row = |(node, event): &(NodeId, &Event)| {
        let named = t!("{name} {stamp}", name = name(world, *node, event), stamp = event.stamp.text());
        let cells = last.iter().map(|(other_node, other)| {
            if (node, event.number) == (other_node, other.number) { t!("·") } else { relation(event, other) }
        });
        std::iter::once(named).chain(cells).collect()
    };
    Panel::Table {
        title: t!("The event of a row came … the event of a column"),
        head: std::iter::once(t!("event")).chain(last.iter().map(|(node, event)| name(world, *node, event))).collect(),
        rows: last.iter().map(row).collect(),
    }
}

/// How an event stands to another one, as their stamps say.
fn relation(event: &Event, other: &Event) -> Text {
    if event.stamp.is_before(&other.stamp) {
        t!("before")
    } else if other.stamp.is_before(&event.stamp) {
        t!("after")
    } else if event.stamp == other.stamp {
        t!("not to be told from")
    } else {
        t!("concurrent with")
    }
}

/// The events that the nodes remember.
fn events<L: System<Protocol = Process>>(world: WorldOf<'_, L>) -> Vec<(NodeId, &Event)> {
    let of_node = |id: NodeId| process(world, id).map(|process| process.events.iter().map(move |event| (id, event)));
    world.nodes().ids().filter_map(of_node).flatten().collect()
}

/// What a node knows; of one that is down, what is on its disk.
pub(super) fn process<L: System<Protocol = Process>>(world: WorldOf<'_, L>, id: NodeId) -> Option<&Process> {
    world.nodes().state(id).or(world.nodes().disk(id).as_ref())
}

fn fields<L: System<Protocol = Process>>(world: WorldOf<'_, L>, id: NodeId, process: &Process) -> Vec<Field> {
    let mut fields = vec![field(t!("clock"), process.clock.text()), field(t!("events so far"), count(process.count))];
    if let Some(event) = process.events.last() {
        fields.push(field(t!("last event"), happened(world, event)));
    }
    if let Stamp::Vector(counts) = process.clock {
        for other in world.nodes().ids().filter(|other| *other != id) {
            let name = t!("knows of {other}", other = label(world, other));
            fields.push(field(name, count(counts.of(other).into())));
        }
    }
    fields
}

fn count(events: u64) -> Text {
    match events {
        0 => t!("no event"),
        1 => t!("1 event"),
        _ => t!("{count} events", count = events),
    }
}

fn cell<L: System<Protocol = Process>>(world: WorldOf<'_, L>, node: NodeId, event: &Event) -> Cell {
    let detail = t!(
        "{event} at time {time}: {what}",
        event = name(world, node, event),
        time = event.stamp.text(),
        what = happened(world, event)
    );
    Cell { era: None, label: event.stamp.text(), state: CellState::Plain, detail }
}

fn happened<L: System<Protocol = Process>>(world: WorldOf<'_, L>, event: &Event) -> Text {
    match &event.what {
        What::Local { name } => t!("“{name}” happens", name = name.clone()),
        What::Send { to, label: sent } => {
            t!("sends {message} to {to}", message = sent.clone(), to = label(world, *to))
        }
        What::Receive { from, label: sent, .. } => {
            t!("receives {message} from {from}", message = sent.clone(), from = label(world, *from))
        }
    }
}

/// The name of an event: `A3`.
fn name<L: System<Protocol = Process>>(world: WorldOf<'_, L>, node: NodeId, event: &Event) -> Text {
    t!("{node}{number}", node = label(world, node), number = event.number)
}

fn label<L: System<Protocol = Process>>(world: WorldOf<'_, L>, node: NodeId) -> Text {
    Text::verbatim(world.label(node).to_string())
}

fn field(name: Text, value: Text) -> Field {
    Field { name, value, before: None }
}
