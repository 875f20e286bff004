//! How the lab looks: customers, the coordinator and the services in columns, with the logs of those that keep one.

use parts::shop::OrderId;
use sim::frame::{
    Cell, CellState, Field, Frame, LegendRow, MessageKind, Node as Drawn, Shape, Sign, Tally, Tone, use_only,
};
use sim::{Look, MessageLook, NodeId, Text, View, WorldOf, t};

use super::coordinator::{Case, Coordinator, Stage as Decided};
use super::customer::Customer;
use super::journal::{Journal, Record, What};
use super::message::Vote;
use super::panels;
use super::portion::{Part, Stage};
use super::service::Service;
use super::settings::{Part as Role, TM};
use super::{Message, Node, Timer, TwoPhaseCommit};

impl View for TwoPhaseCommit {
    const ESSENTIAL_FIELDS: usize = 3;

    /// How a node looks.
    fn look(node: NodeId, state: Option<&Node>) -> Look {
        let (shape, tone, role, badge) = match state {
            None if node == TM => (Shape::Hexagon, Tone::Plain, t!("coordinator"), Text::default()),
            None => (Shape::Store, Tone::Plain, Text::default(), Text::default()),
            Some(Node::Coordinator(_)) => (Shape::Hexagon, Tone::Leader, t!("coordinator"), Text::default()),
            Some(Node::Service(service)) => {
                let is = |of: fn(&Part) -> bool| service.parts.iter().any(of);
                let (tone, role, badge) = if is(Part::is_in_doubt) {
                    (Tone::Candidate, t!("service in doubt"), t!("in doubt"))
                } else if is(Part::is_ready) {
                    (Tone::Candidate, t!("service that knows of all votes"), t!("ready"))
                } else if is(Part::is_prepared) {
                    (Tone::Candidate, t!("service that promised"), t!("promised"))
                } else if is(|part| part.stage != Stage::Waiting) {
                    (Tone::Plain, t!("service"), t!("working"))
                } else {
                    (Tone::Plain, t!("service"), Text::default())
                };
                (Shape::Store, tone, role, badge)
            }
            Some(Node::Customer(_)) => (Shape::Client, Tone::Plain, t!("customer"), Text::default()),
        };
        Look { shape, tone, role, badge }
    }

    /// How a message looks.
    fn message_look(message: &Message) -> MessageLook {
        use MessageKind::{Client, Election, Other, Replication};
        let of = |order: &OrderId| order.text();
        let why = |why: &super::Why| vec![field(t!("because"), why.text())];
        let (kind, reply, label, fields) = match message {
            Message::Order { order, wish, .. } => {
                (Client, false, t!("order {order}", order = of(order)), vec![field(t!("wants"), wish.text())])
            }
            Message::Told { order, done: Ok(_), .. } => {
                (Client, true, t!("{order} done", order = of(order)), Vec::new())
            }
            Message::Told { order, done: Err(reason), .. } => {
                (Client, true, t!("{order} not done", order = of(order)), why(reason))
            }
            Message::Work { order, change, .. } => {
                let what = if change.writes() { change.text() } else { t!("look only") };
                (Other, false, t!("work {order}", order = of(order)), vec![field(t!("part"), what)])
            }
            Message::Done { order, .. } => (Other, true, t!("can do {order}", order = of(order)), Vec::new()),
            Message::Refused { order, why: reason } => {
                (Other, true, t!("cannot {order}", order = of(order)), why(reason))
            }
            Message::Prepare { order, .. } => (Election, false, t!("promise {order}?", order = of(order)), Vec::new()),
            Message::Vote { order, vote: Vote::Yes } => {
                (Election, true, t!("yes {order}", order = of(order)), Vec::new())
            }
            Message::Vote { order, vote: Vote::No(reason) } => {
                (Election, true, t!("no {order}", order = of(order)), why(reason))
            }
            Message::Vote { order, vote: Vote::ReadOnly } => {
                (Election, true, t!("only looked {order}", order = of(order)), Vec::new())
            }
            Message::Outcome { order, commit: true } => {
                (Replication, false, t!("commit {order}", order = of(order)), Vec::new())
            }
            Message::Outcome { order, commit: false } => {
                (Replication, false, t!("abort {order}", order = of(order)), Vec::new())
            }
            Message::Ack { order, mixed } => {
                let fields =
                    if *mixed { vec![field(t!("outcome here"), t!("another one, by hand"))] } else { Vec::new() };
                (Replication, true, t!("knows {order}", order = of(order)), fields)
            }
            Message::Ask { order } => (Other, false, t!("what of {order}?", order = of(order)), Vec::new()),
            Message::Unsure { order, has_crashed } => {
                let fields =
                    if *has_crashed { vec![field(t!("since its promise"), t!("it has crashed"))] } else { Vec::new() };
                (Other, true, t!("no idea of {order}", order = of(order)), fields)
            }
            Message::PreCommit { order } => {
                (Replication, false, t!("pre-commit {order}", order = of(order)), Vec::new())
            }
            Message::Ready { order } => (Replication, true, t!("ready {order}", order = of(order)), Vec::new()),
            Message::Poll { order } => (Other, false, t!("where are you? {order}", order = of(order)), Vec::new()),
            Message::State { order, is_ready } => {
                let label = match is_ready {
                    true => t!("ready {order}", order = of(order)),
                    false => t!("promised {order}", order = of(order)),
                };
                (Other, true, label, Vec::new())
            }
        };
        MessageLook { kind, reply, label, fields }
    }

    fn timer_name(timer: &Timer) -> Text {
        match timer {
            Timer::Disk => t!("the disk has written"),
            Timer::Votes(_) => t!("answers are late"),
            Timer::Again(_) => t!("tell again"),
            Timer::Patience(_) => t!("give up"),
            Timer::Ask(_) => t!("ask"),
            Timer::Lead(_) => t!("answers are late"),
            Timer::Repeat => t!("ask again"),
            Timer::Workload => t!("next order"),
        }
    }

    fn legend() -> Vec<LegendRow> {
        use Sign::{Badge, Cell as Entry, Message as Mark, Node};
        let row = LegendRow::new;
        vec![
            row(Node(Shape::Client, Tone::Plain), t!("a customer; its orders are A1, A2 and so on")),
            row(Node(Shape::Hexagon, Tone::Leader), t!("TM, the coordinator: it asks, decides and tells"))
                .of("coordinator"),
            row(
                Node(Shape::Store, Tone::Plain),
                t!("a service: Pay has the accounts, Stock the pieces, Ship places in the van"),
            ),
            row(
                Node(Shape::Store, Tone::Candidate),
                t!("it has promised its part, and waits for the outcome with its lock"),
            )
            .of("in doubt"),
            row(Badge(t!("in doubt")), t!("it has asked what the outcome is, and has not heard")).of("in doubt"),
            row(Badge(t!("ready")), t!("three phases: it has promised, and has heard that all have")).of("in doubt"),
            row(Sign::Tally, t!("yes votes that the coordinator has")),
            row(
                Entry(CellState::Plain, t!("A1 P")),
                t!("a record of a log: V asked for votes, P promised, A aborted, E ended"),
            ),
            row(Entry(CellState::Committed, t!("A1 C")), t!("C, a commit that is on disk")),
            row(Entry(CellState::Unwritten, t!("A1 P")), t!("a record in memory only: a crash takes it away")),
            row(Mark(MessageKind::Client), t!("an order; hollow: what became of it")),
            row(Mark(MessageKind::Other), t!("a part of the work, or a question; hollow: the answer")),
            row(Mark(MessageKind::Election), t!("phase 1: do you promise? hollow: the vote")),
            row(
                Mark(MessageKind::Replication),
                t!("the outcome, or that all said yes (pre-commit); hollow: it is known"),
            ),
        ]
    }

    /// Adds to a frame what only this lab knows.
    fn view(world: WorldOf<'_, TwoPhaseCommit>, frame: &mut Frame) {
        // Which nodes can still talk with each other says nothing here.
        frame.groups.clear();
        let config = world.config();
        let customers: Vec<NodeId> = config.customers().collect();
        for customer in &customers {
            use_only(&mut frame.links, *customer, &[TM]);
        }
        for link in frame.links.iter_mut().filter(|link| link.a != TM) {
            link.is_used = false;
        }
        let labels = panels::labels(world);
        for node in &mut frame.nodes {
            match world.nodes().state(node.id) {
                Some(Node::Coordinator(coordinator)) => show_coordinator(coordinator, node),
                Some(Node::Service(service)) => show_service(service, config.rules.hold_locks, node),
                Some(Node::Customer(customer)) => show_customer(customer, node),
                None => show_crashed(world, node),
            }
            let labelled = |text: &mut Text| *text = std::mem::take(text).with_labels(&labels);
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

fn show_service(service: &Service, hold_locks: bool, node: &mut Drawn) {
    node.cells = cells(&service.journal);
    let has = service.ledger.shelves.iter().map(|(good, shelf)| good.amount(shelf.amount));
    let held = service.parts.iter().filter(|part| part.has_lock(hold_locks));
    let held = list(held.map(|part| t!("{what} for {order}", what = part.change.text(), order = part.order.text())));
    let waits = list(service.parts.iter().filter(|part| part.stage == Stage::Waiting).map(|part| part.order.text()));
    node.fields = vec![
        field(t!("has"), list(has).unwrap_or_default()),
        field(t!("locked"), held.unwrap_or_else(|| t!("nothing"))),
        field(t!("orders that wait"), waits.unwrap_or_else(|| t!("none"))),
        field(t!("records not on disk"), t!("{count}", count = service.journal.waiting.len())),
    ];
    let mut promised = service.parts.iter().filter(|part| part.is_prepared());
    node.tag = if let Some(part) = promised.next() {
        Some(t!("holds {what} for {order}", what = part.change.text(), order = part.order.text()))
    } else {
        let waiting = service.parts.iter().find(|part| part.stage == Stage::Waiting);
        waiting.map(|part| t!("{order} waits", order = part.order.text()))
    };
}

fn show_coordinator(coordinator: &Coordinator, node: &mut Drawn) {
    node.cells = cells(&coordinator.journal);
    let stage = |case: &Case| {
        let order = case.order.text();
        match &case.stage {
            Decided::Working => t!("{order}: services work", order = order),
            Decided::Collecting { .. } => t!("{order}: writes whom it asks", order = order),
            Decided::Voting => t!("{order}: services vote", order = order),
            Decided::Precommitting { missing } => {
                t!("{order}: all said yes, {count} do not know that yet", order = order, count = missing.len())
            }
            Decided::Asking { .. } => t!("{order}: asks what became of it", order = order),
            Decided::Writing { commit: true, .. } => t!("{order}: writes commit", order = order),
            Decided::Writing { .. } => t!("{order}: writes abort", order = order),
            Decided::Telling { missing, .. } => {
                t!("{order}: told, not acknowledged by {count}", order = order, count = missing.len())
            }
        }
    };
    let orders = list(coordinator.cases.iter().map(stage));
    node.fields = vec![
        field(t!("orders that it remembers"), orders.unwrap_or_else(|| t!("none"))),
        field(t!("life"), t!("{number}", number = coordinator.journal.life())),
        field(t!("records not on disk"), t!("{count}", count = coordinator.journal.waiting.len())),
    ];
    if let Some(case) = coordinator.cases.iter().find(|case| case.stage == Decided::Voting) {
        let (got, needed) = (case.yes(), case.votes.len());
        let text = t!("{got} of {needed} yes", got = got, needed = needed);
        node.tally = Some(Tally { got: got as u32, needed: needed as u32, text });
    }
}

fn show_customer(customer: &Customer, node: &mut Drawn) {
    let open =
        customer.open.as_ref().map(|open| t!("{order}: {what}", order = open.order.text(), what = open.wish.text()));
    let last = customer.last.as_ref().map(|told| match told.why {
        None => t!("{order}: done", order = told.order.text()),
        Some(why) => t!("{order}: not done, {why}", order = told.order.text(), why = why.text()),
    });
    node.fields = vec![
        field(t!("waits for"), open.clone().unwrap_or_else(|| t!("nothing"))),
        field(t!("was told last"), last.unwrap_or_else(|| t!("nothing"))),
    ];
    node.tag = match (&customer.open, &customer.last) {
        (Some(open), _) => Some(t!("waits for {order}", order = open.order.text())),
        (None, Some(told)) if told.why.is_none() => Some(t!("{order} is done", order = told.order.text())),
        (None, Some(told)) => Some(t!("{order} is not done", order = told.order.text())),
        (None, None) => None,
    };
}

fn show_crashed(world: WorldOf<'_, TwoPhaseCommit>, node: &mut Drawn) {
    let disk = world.nodes().disk(node.id);
    match world.config().part(node.id) {
        Role::Coordinator => {
            let open = list(disk.decisions.open.iter().map(|decision| decision.order.text()));
            node.fields = vec![field(t!("decided on disk, not ended"), open.unwrap_or_else(|| t!("none")))];
        }
        Role::Service(_) => {
            let promised = list(disk.ledger.prepared.iter().map(|prepared| prepared.order.text()));
            node.role = t!("service");
            node.fields = vec![field(t!("promised on disk"), promised.unwrap_or_else(|| t!("none")))];
        }
        Role::Customer => {
            node.shape = Shape::Client;
            node.role = t!("customer");
            return;
        }
    }
    node.cells = disk.log.iter().map(|record| cell(record, true)).collect();
}

fn cells(journal: &Journal) -> Vec<Cell> {
    let on_disk = journal.on_disk().map(|record| cell(record, true));
    on_disk.chain(journal.waiting.iter().map(|record| cell(record, false))).collect()
}

fn cell(record: &Record, is_on_disk: bool) -> Cell {
    let order = record.order.text();
    let (label, detail) = match &record.what {
        What::Collecting { .. } => {
            (t!("{order} V", order = order.clone()), t!("{order}: asked for votes", order = order))
        }
        What::Prepared { .. } => (t!("{order} P", order = order.clone()), t!("{order}: promised", order = order)),
        What::Commit { by_hand: true, .. } => {
            (t!("{order} C", order = order.clone()), t!("{order}: committed by hand", order = order))
        }
        What::Commit { .. } => (t!("{order} C", order = order.clone()), t!("{order}: committed", order = order)),
        What::Abort { by_hand: true, .. } => {
            (t!("{order} A", order = order.clone()), t!("{order}: aborted by hand", order = order))
        }
        What::Abort { .. } => (t!("{order} A", order = order.clone()), t!("{order}: aborted", order = order)),
        What::End => (t!("{order} E", order = order.clone()), t!("{order}: all have acknowledged", order = order)),
    };
    let state = match (is_on_disk, record.what.outcome()) {
        (false, _) => CellState::Unwritten,
        (true, Some(true)) => CellState::Committed,
        (true, _) => CellState::Plain,
    };
    Cell { era: None, label, state, detail }
}

/// All of them, with commas.
pub(super) fn list(texts: impl Iterator<Item = Text>) -> Option<Text> {
    texts.reduce(|first, next| t!("{first}, {next}", first = first, next = next))
}

fn field(name: Text, value: Text) -> Field {
    Field { name, value, before: None }
}
