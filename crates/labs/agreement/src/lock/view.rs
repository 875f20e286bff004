//! How the lab looks: customers, whoever keeps the lock, and the stock in columns.

use sim::frame::{
    Cell, CellState, Field, Frame, LegendRow, MessageKind, Node as Drawn, Queue, Shape, Sign, Tally, Tone,
};
use sim::{Look, MessageLook, NodeId, Text, View, WorldOf, t};

use super::customer::Ending;
use super::panels;
use super::settings::{Part, Scheme};
use super::stock::{Shelf, Write};
use super::{Customer, Key, Lease, Lock, Message, Node, Step, Timer, name, token_text};

impl View for Lock {
    const ESSENTIAL_FIELDS: usize = 3;

    /// How a node looks.
    fn look(_node: NodeId, state: Option<&Node>) -> Look {
        let (shape, tone, role, badge) = match state {
            None => (Shape::Circle, Tone::Plain, t!("crashed"), Text::default()),
            Some(Node::Customer(customer)) => match customer.hold {
                Some(hold) => {
                    (Shape::Person, Tone::Leader, t!("holder"), hold.token.map_or_else(|| t!("holds"), token_text))
                }
                None if customer.is_waiting() => (Shape::Person, Tone::Plain, t!("waiting customer"), t!("waits")),
                None => (Shape::Person, Tone::Plain, t!("customer"), Text::default()),
            },
            Some(Node::Lease(lease)) => {
                let badge = match lease.sessions.holder {
                    Some(holder) => {
                        t!("{customer}: {token}", customer = holder.attempt.customer, token = token_text(holder.token))
                    }
                    None if lease.sessions.is_shut => t!("shut"),
                    None => t!("free"),
                };
                (Shape::Box, Tone::Plain, t!("lock service"), badge)
            }
            Some(Node::Key(_)) => (Shape::Box, Tone::Plain, t!("lock server"), Text::default()),
            Some(Node::Stock(stock)) => (Shape::Store, Tone::Plain, t!("stock"), stock_badge(&stock.shelf)),
        };
        Look { shape, tone, role, badge }
    }

    /// How a message looks.
    fn message_look(message: &Message) -> MessageLook {
        use MessageKind::{Client, Election, Other, Replication};
        let mut fields = vec![field(t!("attempt"), name(message.attempt()))];
        let mut with_token = |token: &Option<u64>| {
            let text = token.map_or_else(|| t!("none"), token_text);
            fields.push(field(t!("token"), text.clone()));
            text
        };
        let (kind, reply, label) = match message {
            Message::Acquire { .. } => (Election, false, t!("lock?")),
            Message::Granted { token: Some(token), .. } => {
                (Election, true, t!("yours, {token}", token = with_token(&Some(*token))))
            }
            Message::Granted { token: None, .. } => (Election, true, t!("yours")),
            Message::Queued { .. } => (Election, true, t!("wait")),
            Message::Taken { .. } => (Election, true, t!("taken")),
            Message::KeepAlive { .. } => (Other, false, t!("still there")),
            Message::Alive { token, .. } => {
                with_token(token);
                (Other, true, t!("renewed"))
            }
            Message::Over { .. } => (Other, true, t!("over")),
            Message::Release { .. } => (Election, false, t!("release")),
            Message::Read { token: None, .. } => (Client, false, t!("read")),
            Message::Read { token, .. } => (Client, false, t!("read, {token}", token = with_token(token))),
            Message::Left { piece: Some(piece), .. } => (Client, true, t!("piece {piece} is left", piece = *piece)),
            Message::Left { piece: None, .. } => (Client, true, t!("sold out")),
            Message::Write { token: None, piece, .. } => {
                (Replication, false, t!("piece {piece} is mine", piece = *piece))
            }
            Message::Write { token, piece, .. } => {
                (Replication, false, t!("piece {piece} is mine, {token}", piece = *piece, token = with_token(token)))
            }
            Message::Written { .. } => (Replication, true, t!("written")),
            Message::Refused { seen, .. } => {
                (Replication, true, t!("refused, seen {token}", token = token_text(*seen)))
            }
        };
        MessageLook { kind, reply, label, fields }
    }

    fn timer_name(timer: &Timer) -> Text {
        match timer {
            Timer::Answer => t!("ask again"),
            Timer::Retry => t!("try again"),
            Timer::KeepAlive => t!("say that it is there"),
            Timer::Over => t!("its time is over"),
            Timer::Work => t!("has thought"),
            Timer::Workload => t!("next purchase"),
            Timer::Expiry(_) => t!("a session ends"),
            Timer::Delay => t!("the lock opens"),
            Timer::Restock => t!("a piece comes"),
        }
    }

    fn legend() -> Vec<LegendRow> {
        use Sign::{Badge, Cell as Entry, Message as Mark, Node};
        let row = LegendRow::new;
        vec![
            row(Node(Shape::Person, Tone::Plain), t!("a customer")),
            row(Node(Shape::Person, Tone::Leader), t!("a customer that holds the lock; it and the lock service agree")),
            row(
                Node(Shape::Person, Tone::Candidate),
                t!("a customer that thinks it holds the lock, and is alone with that"),
            ),
            row(Node(Shape::Box, Tone::Plain), t!("who keeps the lock: a service, or a server of Redlock")),
            row(Node(Shape::Box, Tone::Committed), t!("a server of Redlock that has given its key away")),
            row(Node(Shape::Store, Tone::Plain), t!("the stock of the shop")),
            row(Node(Shape::Store, Tone::Violation), t!("the stock, with a piece that was sold twice")),
            row(
                Badge(t!("#34")),
                t!("the token that came with the lock; at the stock: the highest one that it has seen"),
            )
            .of("fencing"),
            row(Badge(t!("C1: #34")), t!("who has the lock and its token, as far as its keeper knows")),
            row(Badge(t!("free")), t!("how it stands with the lock or the stock, in a word")),
            row(Badge(t!("1 left")), t!("how many pieces are left")),
            row(Entry(CellState::Committed, t!("C2 #34")), t!("a write that was taken: who, and with which token")),
            row(Entry(CellState::Plain, t!("C1")), t!("a write that sold a piece which was sold already")),
            row(Entry(CellState::Conflicting, t!("C1 #33")), t!("a write that was refused")),
            row(Sign::Queue(MessageKind::Election), t!("customers that wait for the lock")),
            row(Sign::Tally, t!("servers that gave the lock to this customer")),
            row(Mark(MessageKind::Election), t!("the lock is asked for or released; hollow: the answer")),
            row(Mark(MessageKind::Other), t!("a keep-alive; hollow: the answer")),
            row(Mark(MessageKind::Client), t!("what is left? hollow: the answer")),
            row(Mark(MessageKind::Replication), t!("a write; hollow: the answer")),
        ]
    }

    /// Adds to a frame what only this lab knows.
    fn view(world: WorldOf<'_, Lock>, frame: &mut Frame) {
        // Which nodes can still talk with each other says nothing here.
        frame.groups.clear();
        let labels = panels::labels(world);
        for node in &mut frame.nodes {
            match world.nodes().state(node.id) {
                Some(Node::Customer(customer)) => show_customer(world, customer, node),
                Some(Node::Lease(lease)) => show_lease(lease, node),
                Some(Node::Key(key)) => show_key(world, key, node),
                Some(Node::Stock(stock)) => show_shelf(&stock.shelf, node),
                None => show_crashed(world, node),
            }
            let labelled = |text: &mut Text| *text = std::mem::take(text).with_labels(&labels);
            labelled(&mut node.badge);
            node.tag.iter_mut().for_each(labelled);
            node.fields.iter_mut().for_each(|field| labelled(&mut field.value));
            for cell in &mut node.cells {
                labelled(&mut cell.label);
                labelled(&mut cell.detail);
            }
        }
        if frame.knower.is_none() {
            frame.panels.extend(panels::all(world));
        }
    }
}

fn stock_badge(shelf: &Shelf) -> Text {
    let left = match shelf.left() {
        0 => t!("sold out"),
        left => t!("{left} left", left = left),
    };
    match shelf.seen {
        Some(seen) => t!("{token} · {left}", token = token_text(seen), left = left),
        None => left,
    }
}

/// What a customer does, in a few words.
pub(super) fn doing(customer: &Customer) -> Text {
    match (&customer.step, customer.last) {
        (Step::Asking { is_queued: true, .. }, _) => t!("waits in the queue"),
        (Step::Asking { .. }, _) => t!("asks for the lock"),
        (Step::Backing, _) => t!("tries again soon"),
        (Step::Keeping, _) => t!("keeps the lock"),
        (Step::Reading, _) => t!("reads what is left"),
        (Step::Thinking { piece }, _) => t!("wants piece {piece}", piece = *piece),
        (Step::Writing { piece }, _) => t!("writes piece {piece}", piece = *piece),
        (Step::Idle, Some(Ending::Bought)) => t!("owns piece {piece}", piece = customer.piece.unwrap_or_default()),
        (Step::Idle, Some(Ending::SoldOut)) => t!("found it sold out"),
        (Step::Idle, Some(Ending::Refused)) => t!("was refused"),
        (Step::Idle, Some(Ending::GaveUp)) => t!("gave up in time"),
        (Step::Idle, Some(Ending::Released)) => t!("released it"),
        (Step::Idle, None) => t!("does nothing"),
    }
}

fn show_customer(world: WorldOf<'_, Lock>, customer: &Customer, node: &mut Drawn) {
    let attempt = customer.attempt(node.id);
    let is_right = world.monitor().holder() == Some(attempt);
    if customer.hold.is_some() && !is_right {
        node.tone = Tone::Candidate;
        node.role = t!("mistaken holder");
    }
    let lock = match customer.hold {
        Some(_) if is_right => t!("holds it"),
        Some(hold) if hold.is_over => t!("lost it, and goes on"),
        Some(_) => t!("thinks that it holds it"),
        None if customer.is_waiting() => t!("waits for it"),
        None => t!("not needed"),
    };
    let until = customer.until_us.map_or_else(
        || t!("unknown"),
        |until_us| {
            let now_us = world.nodes().clock(node.id).counts(world.now_us());
            match until_us.checked_sub(now_us).filter(|left_us| *left_us > 0) {
                Some(left_us) => t!("{time} more", time = sim::time_us(left_us)),
                None => t!("over"),
            }
        },
    );
    let token = customer.hold.and_then(|hold| hold.token);
    node.fields = vec![
        field(t!("lock"), lock),
        field(t!("it"), doing(customer)),
        field(t!("time by its clock"), until),
        field(t!("token"), token.map_or_else(|| t!("none"), token_text)),
        field(t!("attempt"), name(attempt)),
        field(t!("pieces bought"), t!("{count}", count = customer.bought)),
    ];
    if customer.step != Step::Idle || customer.last.is_some() {
        node.tag = Some(doing(customer));
    }
    if let (Step::Asking { answers, .. }, Scheme::Redlock) = (&customer.step, world.config().scheme) {
        let got = answers.iter().filter(|answer| **answer == Some(true)).count();
        let needed = world.config().majority();
        let text = t!("{got} of {needed} needed", got = got, needed = needed);
        node.tally = Some(Tally { got: got as u32, needed: needed as u32, text });
    }
}

fn show_lease(lease: &Lease, node: &mut Drawn) {
    let sessions = &lease.sessions;
    let queue = list(sessions.queue.iter().map(|attempt| name(*attempt)));
    node.fields = vec![
        field(
            t!("lock"),
            match sessions.holder {
                Some(holder) => name(holder.attempt),
                None if sessions.is_shut => t!("shut"),
                None => t!("free"),
            },
        ),
        field(t!("queue"), queue.unwrap_or_else(|| t!("empty"))),
        field(t!("last token"), token_text(sessions.token)),
        field(t!("sessions that ran out"), t!("{count}", count = lease.expired)),
    ];
    if !sessions.queue.is_empty() {
        node.queue = Some(Queue { waiting: sessions.queue.len() as u32, kind: MessageKind::Election });
    }
}

fn show_key(world: WorldOf<'_, Lock>, key: &Key, node: &mut Drawn) {
    let clock = world.nodes().clock(node.id);
    let now_us = clock.shows(world.now_us());
    let is_silent = clock.counts(world.now_us()) < key.silent_until_us;
    let owner = key.owner(now_us, world.config().rules.expiry);
    node.badge = match owner {
        _ if is_silent => t!("silent"),
        Some(owner) => t!("{customer}", customer = owner.customer),
        None => t!("free"),
    };
    if owner.is_some() && world.config().scheme == Scheme::Redlock {
        node.tone = Tone::Committed;
    }
    let left = key.value.filter(|_| owner.is_some()).map(|value| value.until_us - now_us);
    node.fields = vec![
        field(t!("lock"), owner.map_or_else(|| t!("free"), name)),
        field(
            t!("runs out in"),
            left.map_or_else(|| t!("–"), |left_us| t!("{time}", time = sim::time_us(left_us.max(0).unsigned_abs()))),
        ),
        field(t!("answers"), if is_silent { t!("not yet") } else { t!("yes") }),
    ];
}

fn show_shelf(shelf: &Shelf, node: &mut Drawn) {
    node.badge = stock_badge(shelf);
    let resold = shelf.writes.iter().any(|write| write.is_second);
    if resold {
        node.tone = Tone::Violation;
    }
    node.cells = shelf.writes.iter().map(cell).collect();
    node.fields = vec![
        field(t!("pieces left"), t!("{count}", count = shelf.left())),
        field(t!("highest token seen"), shelf.seen.map_or_else(|| t!("none"), token_text)),
        field(t!("writes taken"), t!("{count}", count = shelf.taken)),
        field(t!("writes refused"), t!("{count}", count = shelf.refused)),
    ];
}

fn cell(write: &Write) -> Cell {
    let customer = write.attempt.customer;
    let label = match write.token {
        Some(token) => t!("{customer} {token}", customer = customer, token = token_text(token)),
        None => t!("{customer}", customer = customer),
    };
    let (state, detail) = match (write.is_refused, write.is_second) {
        (true, _) => (CellState::Conflicting, t!("{customer}’s write was refused", customer = customer)),
        (false, true) => (
            CellState::Plain,
            t!("piece {piece} is {customer}’s too: it was sold already", piece = write.piece, customer = customer),
        ),
        (false, false) => {
            (CellState::Committed, t!("piece {piece} is {customer}’s", piece = write.piece, customer = customer))
        }
    };
    Cell { era: None, label, state, detail }
}

fn show_crashed(world: WorldOf<'_, Lock>, node: &mut Drawn) {
    match world.config().part(node.id) {
        Part::Customer => (node.shape, node.role) = (Shape::Person, t!("customer")),
        Part::Lock => {
            node.shape = Shape::Box;
            node.role = match world.config().scheme {
                Scheme::Lease => t!("lock service"),
                _ => t!("lock server"),
            };
        }
        Part::Stock => {
            (node.shape, node.role) = (Shape::Store, t!("stock"));
            show_shelf(&world.nodes().disk(node.id).stock, node);
        }
    }
}

/// All of them, with commas.
fn list(texts: impl Iterator<Item = Text>) -> Option<Text> {
    texts.reduce(|first, next| t!("{first}, {next}", first = first, next = next))
}

fn field(name: Text, value: Text) -> Field {
    Field { name, value, before: None }
}
