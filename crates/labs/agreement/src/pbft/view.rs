//! How the lab looks: replicas with what they have carried out, clients, and a table of who has got how far.

use sim::frame::{Cell, CellState, Field, Frame, Group, LegendRow, MessageKind, Shape, Sign, Status, Tally, Tone};
use sim::{Look, MessageLook, NodeId, Text, View, WorldOf, t};

use super::client::{Client, told};
use super::slot::voters;
use super::{Config, Digest, Message, Node, Pbft, Replica, Timer, Vote, panel};

/// So many cells have room beside a replica.
const MOST_CELLS: usize = 5;

impl View for Pbft {
    const ESSENTIAL_FIELDS: usize = 4;

    fn look(node: NodeId, state: Option<&Node>) -> Look {
        let look = |shape, tone, role, badge| Look { shape, tone, role, badge };
        match state {
            None => look(Shape::Circle, Tone::Plain, t!("crashed"), Text::default()),
            Some(Node::Client(_)) => look(Shape::Client, Tone::Plain, t!("client"), Text::default()),
            Some(Node::Replica(replica)) => {
                let badge = t!("view {view}", view = replica.view);
                if replica.is_changing {
                    look(Shape::Circle, Tone::Candidate, t!("between two views"), badge)
                } else if replica.primary() == node {
                    look(Shape::Hexagon, Tone::Leader, t!("primary"), badge)
                } else {
                    look(Shape::Circle, Tone::Plain, t!("backup"), badge)
                }
            }
        }
    }

    fn message_look(message: &Message) -> MessageLook {
        use MessageKind::{Client, Election, Other, Replication};
        let of = |vote: &Vote| {
            let Vote { view, number, digest } = vote;
            vec![
                field(t!("number"), t!("{number}", number = *number)),
                field(t!("digest of"), digest.text()),
                field(t!("view"), t!("{view}", view = *view)),
            ]
        };
        let look = |kind, reply, label, fields| MessageLook { kind, reply, label, fields };
        let named = |vote: &Vote| (vote.number, vote.digest.text());
        match message {
            Message::Request(request) => look(Client, false, request.command.text(), Vec::new()),
            Message::Reply { result, view, .. } => {
                let fields = vec![field(t!("view"), t!("{view}", view = *view))];
                look(Client, true, t!("answer {value}", value = result.to_string()), fields)
            }
            Message::PrePrepare(vote, _) => {
                let (number, command) = named(vote);
                look(Replication, false, t!("{number} is {command}", number = number, command = command), of(vote))
            }
            Message::Prepare(vote) => {
                let (number, command) = named(vote);
                look(Replication, false, t!("prepare {number} {command}", number = number, command = command), of(vote))
            }
            Message::Commit(vote) => {
                let (number, command) = named(vote);
                look(Replication, true, t!("commit {number} {command}", number = number, command = command), of(vote))
            }
            Message::Checkpoint { number, hash } => {
                let fields = vec![field(t!("digest of the state"), t!("{hash}", hash = short(*hash)))];
                look(Other, false, t!("checkpoint {number}", number = *number), fields)
            }
            Message::ViewChange(change) => {
                let prepared = change.prepared.iter().map(|(number, certificate)| (*number, &certificate.digest));
                let fields = vec![
                    field(t!("stable checkpoint"), t!("{number}", number = change.stable)),
                    field(t!("prepared"), list(prepared)),
                ];
                look(Election, true, t!("view {view}, please", view = change.view), fields)
            }
            Message::NewView(new) => {
                let order = new.order.iter().map(|(number, digest)| (*number, digest));
                let fields = vec![
                    field(t!("view changes"), t!("{count}", count = new.changes.len())),
                    field(t!("order"), list(order)),
                ];
                look(Election, false, t!("begin view {view}", view = new.view), fields)
            }
            Message::Ask(ask) => {
                let fields = vec![field(t!("carried out"), t!("{number}", number = ask.executed))];
                look(Other, false, t!("what do I lack?"), fields)
            }
            Message::Transfer(transfer) => {
                let stable = transfer.stable.as_ref();
                let stable = stable.map_or_else(|| t!("none"), |stable| t!("{number}", number = stable.number));
                let committed = transfer.committed.iter().map(|(number, certificate)| (*number, &certificate.digest));
                let fields = vec![field(t!("checkpoint"), stable), field(t!("settled"), list(committed))];
                look(Other, true, t!("you lack this"), fields)
            }
        }
    }

    fn timer_name(timer: &Timer) -> Text {
        match timer {
            Timer::View => t!("wait for the primary"),
            Timer::Repeat => t!("say it again"),
            Timer::Workload => t!("next command"),
        }
    }

    fn legend() -> Vec<LegendRow> {
        let row = LegendRow::new;
        let node = |shape, tone, meaning| row(Sign::Node(shape, tone), meaning);
        let cell = |state, label, meaning| row(Sign::Cell(state, label), meaning);
        vec![
            node(Shape::Client, Tone::Plain, t!("a client")),
            node(Shape::Hexagon, Tone::Leader, t!("the primary: it hands out the numbers")).of("primary"),
            node(Shape::Circle, Tone::Plain, t!("a backup: it watches the primary")),
            node(Shape::Circle, Tone::Candidate, t!("it has left its view and waits for another primary"))
                .of("view change"),
            node(Shape::Circle, Tone::Violation, t!("a replica that lies")),
            node(Shape::Hexagon, Tone::Violation, t!("a primary that lies")),
            row(Sign::Badge(t!("view 0")), t!("the view that a replica is in")),
            cell(CellState::Plain, t!("1 x=3"), t!("the primary's word for a number, taken by this replica"))
                .of("pre-prepare"),
            cell(CellState::Uncommitted, t!("1 x=3"), t!("prepared: enough have taken the same")),
            cell(CellState::Committed, t!("1 x=3"), t!("carried out")),
            row(Sign::Group(Tone::Committed), t!("this part of a split network can settle something")).of("quorum"),
            row(Sign::Group(Tone::Violation), t!("this part cannot")),
            row(Sign::Tally, t!("prepares, and then commits, that a replica has")),
            row(Sign::Message(MessageKind::Client), t!("a request; hollow: an answer")),
            row(Sign::Message(MessageKind::Replication), t!("a number for a request, or a prepare; hollow: a commit")),
            row(Sign::Message(MessageKind::Election), t!("a new view; hollow: somebody wants one")),
            row(Sign::Message(MessageKind::Other), t!("a checkpoint, or what somebody lacks")),
        ]
    }

    fn view(world: WorldOf<'_, Pbft>, frame: &mut Frame) {
        let config = world.config();
        for node in &mut frame.nodes {
            match world.nodes().state(node.id) {
                Some(Node::Replica(replica)) => {
                    if replica.is_changing {
                        node.tag = Some(t!("wants view {view}", view = replica.view));
                    }
                    node.fields = fields(replica, config);
                    node.cells = cells(replica);
                    node.tally = tally(replica, config);
                }
                Some(Node::Client(client)) => {
                    node.fields = client_fields(world, client);
                    node.tag = tag(client);
                    node.tally = client_tally(client, config);
                }
                None if config.is_replica(node.id) => {
                    if let Some(replica) = &world.nodes().disk(node.id).0 {
                        (node.fields, node.cells) = (fields(replica, config), cells(replica));
                    }
                }
                None => node.shape = Shape::Client,
            }
        }
        frame.groups.iter_mut().for_each(|group| name(world, group));
        frame.panels.push(panel::table(world));
    }
}

/// Says of a part of a split network whether it can settle anything.
fn name(world: WorldOf<'_, Pbft>, group: &mut Group) {
    let config = world.config();
    let up = group.nodes.iter().filter(|node| world.nodes().status(**node) == Status::Up).count() as u32;
    let all = config.replicas;
    (group.tag, group.tone) = if up >= config.quorum() {
        (t!("{up} of {all} · enough", up = up, all = all), Tone::Committed)
    } else {
        (t!("{up} of {all} · too few", up = up, all = all), Tone::Violation)
    };
}

fn cells(replica: &Replica) -> Vec<Cell> {
    let null = || t!("null");
    let label = |number: u64, command: Text| t!("{number} {command}", number = number, command = command);
    let done = replica.journal.iter().map(|(number, request)| {
        let command = request.as_ref().map_or_else(null, |request| request.command.text());
        Cell {
            era: None,
            label: label(*number, command.clone()),
            state: CellState::Committed,
            detail: t!("number {number}, {command}: carried out", number = *number, command = command),
        }
    });
    let open = replica.slots.iter().filter(|(number, _)| **number > replica.executed).filter_map(|(number, slot)| {
        let (_, digest) = slot.accepted.as_ref()?;
        let (view, command) = (replica.view, digest.text());
        let (state, detail) = if slot.has_prepared(view, digest) {
            (
                CellState::Uncommitted,
                t!("number {number}, {command}: prepared", number = *number, command = command.clone()),
            )
        } else {
            (
                CellState::Plain,
                t!("number {number}, {command}: pre-prepared", number = *number, command = command.clone()),
            )
        };
        Some(Cell { era: None, label: label(*number, command), state, detail })
    });
    let all: Vec<Cell> = done.chain(open).collect();
    let first = all.len().saturating_sub(MOST_CELLS);
    all.into_iter().skip(first).collect()
}

/// Prepares or commits for the next number.
fn tally(replica: &Replica, config: &Config) -> Option<Tally> {
    let slot = replica.slot(replica.executed + 1).filter(|_| !replica.is_changing)?;
    let (view, digest) = slot.accepted.as_ref().filter(|(view, _)| *view == replica.view)?;
    if slot.has_prepared(*view, digest) {
        let (got, needed) = (voters(&slot.commits, *view, digest).count(), config.quorum());
        return Some(Tally { got, needed, text: t!("commits: {got} of {needed} needed", got = got, needed = needed) });
    }
    let got = voters(&slot.prepares, *view, digest).without(config.primary(*view)).count();
    let needed = config.prepares();
    Some(Tally { got, needed, text: t!("prepares: {got} of {needed} needed", got = got, needed = needed) })
}

fn fields(replica: &Replica, config: &Config) -> Vec<Field> {
    let state = match replica.is_changing {
        true => t!("has left view {view}", view = replica.view.saturating_sub(1)),
        false => t!("takes part"),
    };
    let pairs = replica
        .state
        .store
        .values()
        .map(|(key, value)| t!("{key}={value}", key = key.to_string(), value = value.to_string()));
    let waiting = replica.waiting.values().map(|waiting| waiting.request.command.text());
    vec![
        field(t!("view"), t!("{view}", view = replica.view)),
        field(t!("carried out up to"), t!("{number}", number = replica.executed)),
        field(t!("data"), joined(pairs).unwrap_or_else(|| t!("empty"))),
        field(t!("requests that wait"), joined(waiting).unwrap_or_else(|| t!("none"))),
        field(t!("state"), state),
        field(t!("stable checkpoint (h)"), t!("{number}", number = replica.stable.number)),
        field(t!("highest number taken (H)"), t!("{number}", number = replica.stable.number + config.window())),
        field(t!("digest of the state"), t!("{hash}", hash = short(replica.state.hash()))),
    ]
}

fn client_fields(world: WorldOf<'_, Pbft>, client: &Client) -> Vec<Field> {
    let open = client.open.as_ref().map_or_else(|| t!("nothing"), |open| open.request.command.text());
    let last = client.last.as_ref().map_or_else(|| t!("nothing"), |(command, answer)| told(command, answer));
    let mut fields = vec![field(t!("waits for"), open), field(t!("believes"), last)];
    for (replica, value) in client.open.iter().flat_map(|open| &open.replies) {
        let label = Text::verbatim(world.label(*replica).to_string());
        fields.push(field(t!("{replica} says", replica = label), t!("{value}", value = value.to_string())));
    }
    fields
}

fn tag(client: &Client) -> Option<Text> {
    match (&client.open, &client.last) {
        (Some(open), _) => Some(t!("waits for {command}", command = open.request.command.text())),
        (None, Some((command, answer))) => Some(told(command, answer)),
        (None, None) => None,
    }
}

fn client_tally(client: &Client, config: &Config) -> Option<Tally> {
    let replies = &client.open.as_ref()?.replies;
    let same = |reply: &sim::history::Value| replies.iter().filter(|(_, other)| other == reply).count() as u32;
    let got = replies.iter().map(|(_, reply)| same(reply)).max()?;
    let needed = if config.rules.f_plus_one { config.one_honest() } else { 1 };
    Some(Tally { got, needed, text: t!("equal answers: {got} of {needed} needed", got = got, needed = needed) })
}

/// Numbers with what they are for.
fn list<'a>(numbers: impl Iterator<Item = (u64, &'a Digest)>) -> Text {
    let texts = numbers.map(|(number, digest)| t!("{number} {command}", number = number, command = digest.text()));
    joined(texts).unwrap_or_else(|| t!("nothing"))
}

fn joined(texts: impl Iterator<Item = Text>) -> Option<Text> {
    texts.reduce(|all, next| t!("{all}, {next}", all = all, next = next))
}

/// The last four digits of a digest.
fn short(hash: u64) -> String {
    format!("{:04x}", hash & 0xFFFF)
}

fn field(name: Text, value: Text) -> Field {
    Field { name, value, before: None }
}
