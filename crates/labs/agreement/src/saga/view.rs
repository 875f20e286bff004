//! How the lab looks.

use parts::shop::OrderId;
use sim::frame::{Cell, CellState, Field, Frame, LegendRow, MessageKind, Shape, Sign, Tone};
use sim::{Look, MessageLook, NodeId, Text, View, WorldOf, t};

use super::conductor::{Row, Stage};
use super::message::{Fate, What};
use super::service::Entry;
use super::settings::{ORDER, PAY, Part, SHIP, STOCK, Style, V, part};
use super::{Message, Node, Saga, Timer, panels};

impl View for Saga {
    const ESSENTIAL_FIELDS: usize = 3;

    /// How a node looks.
    fn look(node: NodeId, state: Option<&Node>) -> Look {
        let plain = Tone::Plain;
        let (shape, tone, role, badge) = match state {
            None => (shape_of(node), plain, Text::default(), Text::default()),
            Some(Node::Order(conductor)) => {
                let open = conductor.orders.0.iter().filter(|row| row.is_open()).count();
                (Shape::Hexagon, Tone::Leader, t!("keeps the orders"), count(open))
            }
            Some(Node::Service(service)) => {
                let is_open = |entry: &&Entry| entry.is_in_effect() && !entry.finished && node != SHIP;
                let open = service.books.entries.iter().filter(is_open).count();
                let (tone, role) = match open {
                    0 => (plain, t!("service")),
                    _ => (Tone::Candidate, t!("service that can still undo")),
                };
                (Shape::Store, tone, role, count(open))
            }
            Some(Node::Customer(_)) => (Shape::Client, plain, t!("customer"), Text::default()),
            Some(Node::Viewer(_)) => (Shape::Client, plain, t!("viewer"), Text::default()),
        };
        Look { shape, tone, role, badge }
    }

    /// How a message looks.
    fn message_look(message: &Message) -> MessageLook {
        use MessageKind::{Client, Election, Other, Replication};
        let (kind, reply, label) = match message {
            Message::Letter { letter, .. } => {
                let order = letter.order.text();
                match letter.what {
                    What::Place => (Client, false, t!("order {order}", order = order)),
                    What::Cancel => (Client, false, t!("cancel {order}", order = order)),
                    What::Told(_) => (Client, true, t!("{order} ended", order = order)),
                    What::Supply(_) => (Client, false, t!("supply")),
                    What::Do(act) => {
                        let kind = if act.is_compensation() { Election } else { Replication };
                        (kind, false, t!("{act} {order}", act = act.text(), order = order))
                    }
                    What::Did { act, done } => {
                        let kind = if act.is_compensation() || !done { Election } else { Replication };
                        (kind, true, t!("{order} {act}", act = act.past(done), order = order))
                    }
                }
            }
            Message::Ack { .. } => (Other, true, t!("got it")),
            Message::Read { .. } => (Other, false, t!("look")),
            Message::State { .. } => (Other, true, t!("books")),
        };
        MessageLook { kind, reply, label, fields: Vec::new() }
    }

    fn timer_name(timer: &Timer) -> Text {
        match timer {
            Timer::Relay => t!("send what is in the outbox"),
            Timer::Retry(_) => t!("ask again"),
            Timer::Next => t!("next"),
        }
    }

    fn legend() -> Vec<LegendRow> {
        use Sign::{Badge, Cell as Mark, Message as Sent, Node};
        let row = LegendRow::new;
        vec![
            row(
                Node(Shape::Client, Tone::Plain),
                t!("customers A and B, whose orders are A1, B1 and so on; V only looks"),
            ),
            row(
                Node(Shape::Hexagon, Tone::Leader),
                t!("Order: it keeps the orders, and in an orchestration says what comes next"),
            ),
            row(
                Node(Shape::Store, Tone::Plain),
                t!("a service: Pay has the accounts, Stock the pieces, Ship places in the van"),
            ),
            row(Node(Shape::Store, Tone::Candidate), t!("it has done a step that may still be undone")),
            row(Badge(t!("{count} open", count = 1)), t!("so many orders have not come to an end here")),
            row(Mark(CellState::Uncommitted, t!("A1")), t!("an order that is under way: its step can be undone")),
            row(Mark(CellState::Committed, t!("A1 ✓")), t!("an order that is done here")),
            row(Mark(CellState::Plain, t!("A1 ✗")), t!("✗: refused; ↩: undone")),
            row(Sent(MessageKind::Client), t!("an order, or a wish to cancel; hollow: how it ended")),
            row(Sent(MessageKind::Replication), t!("a step; hollow: it is done")),
            row(
                Sent(MessageKind::Election),
                t!("the way back: a compensation; hollow: it is done, or a step was refused"),
            ),
            row(
                Sent(MessageKind::Other),
                t!("a look at the books; hollow: what is in them, or that a letter has come"),
            ),
        ]
    }

    /// Adds to a frame what only this lab knows.
    fn view(world: WorldOf<'_, Saga>, frame: &mut Frame) {
        // Which nodes can still talk with each other says nothing here.
        frame.groups.clear();
        let is_conducted = world.config().style == Style::Orchestration;
        for link in &mut frame.links {
            let is_of_services = link.a != ORDER && link.b != V;
            link.is_used = if is_of_services { !is_conducted } else { link.b != V || link.a == PAY || link.a == STOCK };
            if !is_conducted && link.a == ORDER && link.b == SHIP {
                link.is_used = false;
            }
        }
        let labels: Vec<String> = world.nodes().ids().map(|node| world.label(node).to_string()).collect();
        for node in &mut frame.nodes {
            let disk = world.nodes().disk(node.id);
            match part(node.id) {
                Part::Order => {
                    node.cells = last(disk.orders.0.iter().map(order_cell));
                    node.fields = vec![
                        field(
                            t!("pending"),
                            list(disk.orders.0.iter().filter(|row| row.is_open()).map(|row| row.order.text())),
                        ),
                        field(t!("letters in the outbox"), t!("{count}", count = disk.outbox.letters.len())),
                    ];
                }
                Part::Service(_) => {
                    node.cells = last(disk.books.entries.iter().map(|entry| entry_cell(entry, node.id)));
                    let has = disk.books.shelves.iter().map(|(good, shelf)| good.amount(shelf.amount));
                    node.fields = vec![
                        field(t!("has"), list(has)),
                        field(t!("put aside"), t!("{count}", count = disk.books.held)),
                        field(t!("gone for good"), t!("{count}", count = disk.books.taken)),
                        field(t!("letters in the outbox"), t!("{count}", count = disk.outbox.letters.len())),
                    ];
                }
                Part::Customer => {
                    let memory = &disk.customer;
                    let order = OrderId { customer: node.id, number: memory.number };
                    let told = memory.told.filter(|(told, ..)| *told == order);
                    node.tag = match (memory.is_open, told) {
                        (true, _) => Some(t!("waits for {order}", order = order.text())),
                        (_, Some((_, Fate::Confirmed, _))) => Some(t!("{order} is confirmed", order = order.text())),
                        (_, Some((_, Fate::Rejected, _))) => Some(t!("{order} is rejected", order = order.text())),
                        (_, Some((_, Fate::Cancelled, _))) => Some(t!("{order} is cancelled", order = order.text())),
                        _ => None,
                    };
                }
                Part::Viewer => {
                    if let Some(Node::Viewer(viewer)) = world.nodes().state(node.id) {
                        let sees = |place: usize| {
                            let orders = viewer.seen[place].as_ref();
                            orders.map_or(t!("nothing"), |orders| list(orders.iter().map(|order| order.text())))
                        };
                        node.fields = vec![field(t!("saw at Pay"), sees(0)), field(t!("saw at Stock"), sees(1))];
                    }
                }
            }
            node.tag.iter_mut().for_each(|tag| *tag = std::mem::take(tag).with_labels(&labels));
            node.fields
                .iter_mut()
                .for_each(|field| field.value = std::mem::take(&mut field.value).with_labels(&labels));
            for cell in &mut node.cells {
                cell.label = std::mem::take(&mut cell.label).with_labels(&labels);
                cell.detail = std::mem::take(&mut cell.detail).with_labels(&labels);
            }
        }
        if frame.knower.is_none() {
            frame.panels.extend(panels::all(world, &labels));
        }
    }
}

fn shape_of(node: NodeId) -> Shape {
    match part(node) {
        Part::Order => Shape::Hexagon,
        Part::Service(_) => Shape::Store,
        Part::Customer | Part::Viewer => Shape::Client,
    }
}

fn count(open: usize) -> Text {
    if open == 0 { Text::default() } else { t!("{count} open", count = open) }
}

/// The last ones.
fn last(cells: impl Iterator<Item = Cell>) -> Vec<Cell> {
    let cells: Vec<Cell> = cells.collect();
    cells[cells.len().saturating_sub(6)..].to_vec()
}

fn order_cell(row: &Row) -> Cell {
    let order = row.order.text();
    let (label, state, detail) = match row.stage {
        Stage::Begun(act) => (
            t!("{order} {act}", order = order.clone(), act = act.number()),
            CellState::Uncommitted,
            t!("{order}: {act}", order = order, act = act.text()),
        ),
        Stage::Stuck(act) => (
            t!("{order} {act} ✗", order = order.clone(), act = act.number()),
            CellState::Uncommitted,
            t!("{order}: given up at {act}, half is left", order = order, act = act.text()),
        ),
        Stage::Lost => (order.clone(), CellState::Uncommitted, t!("{order}: pending", order = order)),
        Stage::Confirmed => {
            (t!("{order} ✓", order = order.clone()), CellState::Committed, t!("{order}: confirmed", order = order))
        }
        Stage::Rejected => {
            (t!("{order} ✗", order = order.clone()), CellState::Plain, t!("{order}: rejected", order = order))
        }
    };
    Cell { era: None, label, state, detail }
}

fn entry_cell(entry: &Entry, node: NodeId) -> Cell {
    let order = entry.order.text();
    let (label, state) = if entry.is_in_effect() && (entry.finished || node == SHIP) {
        (t!("{order} ✓", order = order.clone()), CellState::Committed)
    } else if entry.is_in_effect() {
        (order.clone(), CellState::Uncommitted)
    } else if entry.step == Some(false) {
        (t!("{order} ✗", order = order.clone()), CellState::Plain)
    } else {
        (t!("{order} ↩", order = order.clone()), CellState::Plain)
    };
    Cell { era: None, label, state, detail: t!("{order}: {state}", order = order, state = said(Some(entry), node)) }
}

/// What a service has done for an order, in words.
pub fn said(entry: Option<&Entry>, node: NodeId) -> Text {
    match entry {
        None => t!("–"),
        Some(entry) if entry.times.iter().any(|times| *times > 1) => t!("done twice"),
        Some(entry) if entry.is_in_effect() => match (node, entry.finished) {
            (SHIP, _) => t!("booked"),
            (PAY, true) => t!("money taken"),
            (PAY, false) => t!("money held"),
            (_, true) => t!("handed over"),
            (_, false) => t!("put aside"),
        },
        Some(entry) if entry.step == Some(false) => t!("refused"),
        Some(_) => t!("undone"),
    }
}

/// All of them, with commas.
fn list(texts: impl Iterator<Item = Text>) -> Text {
    texts.reduce(|first, next| t!("{first}, {next}", first = first, next = next)).unwrap_or_else(|| t!("nothing"))
}

fn field(name: Text, value: Text) -> Field {
    Field { name, value, before: None }
}
