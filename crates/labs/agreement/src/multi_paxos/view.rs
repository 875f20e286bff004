//! How the lab looks: servers, messages, and the parts of a split network.

use parts::store::Command;
use sim::frame::{CellState, Field, Frame, Group, LegendRow, MessageKind, Shape, Sign, Status, Tally, Tone, use_only};
use sim::history::Value;
use sim::{Look, MessageLook, NodeId, Text, View, WorldOf, t, time_us};

use super::ReadMode;
use super::panels::{self, Row};
use super::server::{Part, Server};
use super::{LogNode, Message, MultiPaxos, Timer};
use crate::client::Client;
use crate::paxos::Ballot;

/// At most so many slots stand below a node; the last ones.
const CELLS_BELOW_A_NODE: u64 = 8;

impl View for MultiPaxos {
    /// How a node looks.
    fn look(_node: NodeId, state: Option<&LogNode>) -> Look {
        let (shape, tone, role, badge) = match state {
            None => (Shape::Circle, Tone::Plain, t!("crashed"), Text::default()),
            Some(LogNode::Client(_)) => (Shape::Client, Tone::Plain, t!("client"), Text::default()),
            Some(LogNode::Server(server)) if server.is_silent => {
                (Shape::Circle, Tone::Plain, t!("listening server"), t!("lost disk"))
            }
            Some(LogNode::Server(server)) => {
                let badge = server.promised.0.map(Ballot::text).unwrap_or_default();
                match server.part {
                    Part::Follower => (Shape::Circle, Tone::Plain, t!("follower"), badge),
                    Part::Candidate(_) => (Shape::Diamond, Tone::Candidate, t!("candidate"), badge),
                    Part::Leader(_) => (Shape::Hexagon, Tone::Leader, t!("leader"), badge),
                }
            }
        };
        Look { shape, tone, role, badge }
    }

    /// How a message looks.
    fn message_look(message: &Message) -> MessageLook {
        let of = |ballot: &Ballot| field(t!("ballot"), ballot.text());
        let slot_field = |slot: u64| field(t!("slot"), number(slot));
        let (kind, reply, label, fields) = match message {
            Message::Prepare { ballot, first } => (
                MessageKind::Election,
                false,
                t!("Prepare {ballot}, {first}…", ballot = ballot.text(), first = *first),
                vec![of(ballot), field(t!("for all slots from"), number(*first))],
            ),
            Message::Promise { ballot, accepted } => {
                let slots: Vec<String> = accepted.iter().map(|(slot, _)| slot.to_string()).collect();
                let label = match slots.as_slice() {
                    [] => t!("Promise {ballot}", ballot = ballot.text()),
                    [one] => t!("Promise {ballot}, has {slot}", ballot = ballot.text(), slot = one.clone()),
                    [first, .., last] => t!(
                        "Promise {ballot}, has {first}…{last}",
                        ballot = ballot.text(),
                        first = first.clone(),
                        last = last.clone()
                    ),
                };
                let in_slot = |(slot, vote): &(u64, crate::paxos::Vote<super::Decree>)| {
                    let value =
                        t!("{value} in ballot {ballot}", value = vote.value.text(), ballot = vote.ballot.text());
                    field(t!("accepted in slot {slot}", slot = *slot), value)
                };
                let fields = std::iter::once(of(ballot)).chain(accepted.iter().take(8).map(in_slot)).collect();
                (MessageKind::Election, true, label, fields)
            }
            Message::Nack { ballot, promised } => (
                MessageKind::Other,
                true,
                t!("No, {ballot} ✗", ballot = promised.text()),
                vec![of(ballot), field(t!("promised"), promised.text())],
            ),
            Message::Accept { ballot, slot, decree, chosen_to } => (
                MessageKind::Replication,
                false,
                t!("Accept {slot}: {decree}", slot = *slot, decree = decree.text()),
                vec![
                    of(ballot),
                    slot_field(*slot),
                    field(t!("decree"), decree.text()),
                    field(t!("chosen up to"), number(*chosen_to)),
                ],
            ),
            Message::Accepted { ballot, slot } => (
                MessageKind::Replication,
                true,
                t!("Accepted {slot}", slot = *slot),
                vec![of(ballot), slot_field(*slot)],
            ),
            Message::Heartbeat { ballot, beat, chosen_to } => (
                MessageKind::Replication,
                false,
                t!("heartbeat"),
                vec![
                    of(ballot),
                    field(t!("chosen up to"), number(*chosen_to)),
                    field(t!("heartbeats so far"), number(*beat)),
                ],
            ),
            Message::Heard { ballot, beat } => (
                MessageKind::Replication,
                true,
                t!("nothing higher"),
                vec![of(ballot), field(t!("heartbeats so far"), number(*beat))],
            ),
            Message::Ask { first } => (
                MessageKind::Other,
                false,
                t!("what is in {slot}…?", slot = *first),
                vec![field(t!("from slot"), number(*first))],
            ),
            Message::Chosen { first, decrees, chosen_to } => (
                MessageKind::Other,
                true,
                t!("chosen in {slot}…", slot = *first),
                vec![
                    field(t!("from slot"), number(*first)),
                    field(t!("slots told"), number(decrees.len() as u64)),
                    field(t!("chosen up to"), number(*chosen_to)),
                ],
            ),
            Message::Request(request) => (
                MessageKind::Client,
                false,
                request.command.text(),
                vec![
                    field(t!("command"), request.command.text()),
                    field(t!("client"), t!("{client}", client = request.client.node)),
                    field(t!("serial number"), number(request.serial)),
                ],
            ),
            Message::Answer { serial, result, .. } => (
                MessageKind::Client,
                true,
                match result {
                    Value::Nil => t!("done"),
                    Value::Bool(true) => t!("done ✓"),
                    Value::Bool(false) => t!("not so ✗"),
                    value => t!("is {value}", value = value.to_string()),
                },
                vec![
                    field(t!("result"), Text::verbatim(result.to_string())),
                    field(t!("serial number"), number(*serial)),
                ],
            ),
            Message::Redirect { serial, leader, .. } => (
                MessageKind::Client,
                true,
                match leader {
                    Some(leader) => t!("ask {leader}", leader = *leader),
                    None => t!("no leader"),
                },
                vec![field(t!("serial number"), number(*serial))],
            ),
        };
        MessageLook { kind, reply, label, fields }
    }

    fn timer_name(timer: &Timer) -> Text {
        match timer {
            Timer::Suspect => t!("leader overdue"),
            Timer::Beat => t!("heartbeat timer"),
            Timer::Repeat => t!("ask once more"),
            Timer::Retry => t!("retry timer"),
            Timer::Workload => t!("workload timer"),
        }
    }

    fn legend() -> Vec<LegendRow> {
        use Sign::{Badge, Cell as Entry, Group, Message as Mark, Node};
        let row = LegendRow::new;
        let put = || Text::verbatim("x=1");
        vec![
            row(
                Node(Shape::Circle, Tone::Plain),
                t!("a follower: it promises and accepts; or one that has lost its disk, and only listens"),
            )
            .of("follower"),
            row(Node(Shape::Diamond, Tone::Candidate), t!("a candidate: it asks for promises, once for all slots"))
                .of("candidate"),
            row(
                Node(Shape::Hexagon, Tone::Leader),
                t!("a leader: it has promises of a majority, and proposes slot after slot"),
            )
            .of("leader"),
            row(Node(Shape::Client, Tone::Plain), t!("a client: it gives commands, and waits for answers"))
                .of("client"),
            row(
                Badge(Text::verbatim("2.1")),
                t!("the ballot that it has promised: round 2 of S1; each round has a colour"),
            )
            .in_era(2)
            .of("ballot"),
            row(
                Entry(CellState::Committed, put()),
                t!("accepted in a ballot of round 2, and chosen, whoever knows it"),
            )
            .in_era(2)
            .of("chosen value"),
            row(Entry(CellState::Uncommitted, put()), t!("accepted, and not chosen as far as anybody can tell"))
                .in_era(2),
            row(Entry(CellState::Conflicting, put()), t!("accepted, and something else is chosen in this slot"))
                .in_era(1),
            row(Entry(CellState::Plain, Text::verbatim("–")), t!("a gap: nothing is accepted in this slot"))
                .of("log gap"),
            row(Sign::Tally, t!("the promises, or the acceptances of a slot, that it has, of those that it needs")),
            row(Mark(MessageKind::Election), t!("asks for a promise, or gives one")).of("ballot"),
            row(Mark(MessageKind::Replication), t!("asks to accept a decree in a slot, or says so; or a heartbeat"))
                .of("replication"),
            row(
                Mark(MessageKind::Other),
                t!("a refusal: a higher ballot is promised; or asks for slots that it lacks"),
            ),
            row(Mark(MessageKind::Client), t!("a command of a client, or the answer")),
            row(Group(Tone::Committed), t!("this part has a majority and can choose")).of("quorum"),
            row(Group(Tone::Violation), t!("this part has no majority: nothing is chosen here")).of("quorum"),
        ]
    }

    /// Adds to a frame what only this lab knows.
    fn view(world: WorldOf<'_, MultiPaxos>, frame: &mut Frame) {
        groups(world, &mut frame.groups);
        // What is chosen, no server can see.
        let ledger = frame.knower.is_none().then(|| &world.monitor().ledger);
        for node in &mut frame.nodes {
            let id = node.id;
            if id.0 >= world.config().servers {
                node.shape = Shape::Client;
                if let Some(LogNode::Client(client)) = world.nodes().state(id) {
                    node.fields = client_fields(world, client);
                    use_only(&mut frame.links, id, &[client.server]);
                }
                continue;
            }
            let server = world.nodes().state(id).and_then(LogNode::server);
            let disk = world.nodes().disk(id);
            let row = Row { log: server.map_or(&disk.log, |server| &server.log), ledger };
            node.cells = row.cells(row.log.last().saturating_sub(CELLS_BELOW_A_NODE) + 1, row.log.last());
            match server {
                Some(server) => {
                    node.era = Some(server.promised.0.map_or(0, |ballot| ballot.round));
                    node.tally = tally(world, server);
                    node.fields = server_fields(world, id, server);
                    node.tag = tag(world, id, server, &frame.groups);
                }
                None => {
                    node.fields = vec![
                        field(t!("promised"), disk.promised.0.map_or_else(|| t!("nothing"), Ballot::text)),
                        field(t!("chosen up to"), number(disk.log.chosen_to())),
                    ];
                }
            }
        }
        if let Some(ledger) = ledger {
            frame.panels.push(panels::logs(world, ledger));
            frame.panels.extend(panels::slots(world, ledger));
        }
    }
}

/// Says of each part of a split network whether it can choose.
fn groups(world: WorldOf<'_, MultiPaxos>, groups: &mut [Group]) {
    let (servers, majority) = (world.config().servers, world.config().majority() as usize);
    for group in groups {
        let up = up_in(world, group);
        (group.tag, group.tone) = if up >= majority {
            (t!("{up} of {all} · a majority", up = up, all = servers), Tone::Committed)
        } else {
            (t!("{up} of {all} · no majority", up = up, all = servers), Tone::Violation)
        };
    }
}

fn up_in(world: WorldOf<'_, MultiPaxos>, group: &Group) -> usize {
    group.nodes.iter().filter(|node| world.nodes().status(**node) != Status::Crashed).count()
}

/// The promises of a candidate; the acceptances of the lowest slot of a leader that is not chosen.
fn tally(world: WorldOf<'_, MultiPaxos>, server: &Server) -> Option<Tally> {
    let needed = world.config().majority();
    match &server.part {
        Part::Follower => None,
        Part::Candidate(candidacy) => {
            let got = candidacy.promises.count();
            Some(Tally { got, needed, text: t!("promises: {got} of {needed} needed", got = got, needed = needed) })
        }
        Part::Leader(leadership) => {
            let (slot, proposal) = leadership.proposals.iter().next()?;
            let got = proposal.accepted.count();
            let text = t!("slot {slot}: {got} of {needed} needed", slot = *slot, got = got, needed = needed);
            Some(Tally { got, needed, text })
        }
    }
}

/// A remark beside a leader.
fn tag(world: WorldOf<'_, MultiPaxos>, id: NodeId, server: &Server, groups: &[Group]) -> Option<Text> {
    let own = server.leadership()?.ballot;
    let nodes = world.nodes();
    let mut others = nodes.ids().filter_map(|other| nodes.state(other)?.server()?.leadership());
    let is_overtaken = others.any(|other| other.ballot > own);
    let reached = groups.iter().find(|group| group.nodes.contains(&id)).map(|group| up_in(world, group));
    match reached {
        Some(reached) if reached < world.config().majority() as usize => {
            Some(t!("leader of {count}, can choose nothing", count = reached))
        }
        _ if is_overtaken => Some(t!("leads with an old ballot, and does not know")),
        _ => None,
    }
}

fn server_fields(world: WorldOf<'_, MultiPaxos>, id: NodeId, server: &Server) -> Vec<Field> {
    let pairs: Vec<String> = server.store.values().map(|(key, value)| format!("{key}={value}")).take(8).collect();
    let store = if pairs.is_empty() { t!("empty") } else { Text::verbatim(pairs.join(" ")) };
    let mut fields = vec![
        field(t!("promised"), server.promised.0.map_or_else(|| t!("nothing"), Ballot::text)),
        field(t!("leader"), server.leader().map_or_else(|| t!("unknown"), |node| named(world, node))),
        field(t!("chosen up to"), number(server.log.chosen_to())),
        field(t!("store"), store),
        field(t!("highest round used"), number(server.round)),
        field(t!("highest round heard of"), number(server.seen)),
    ];
    if let Some(leadership) = server.leadership() {
        let slots: Vec<String> = leadership.proposals.iter().map(|(slot, _)| slot.to_string()).collect();
        let proposed = if slots.is_empty() { t!("nothing") } else { Text::verbatim(slots.join(" ")) };
        fields.push(field(t!("proposed, not chosen yet"), proposed));
        fields.push(field(t!("commands for later"), number(leadership.waiting.len() as u64)));
        if world.config().read_mode == ReadMode::Lease {
            let left_us = leadership.lease_until_us.saturating_sub(world.nodes().clock(id).counts(world.now_us()));
            let lease = if left_us > 0 { t!("{left} left", left = time_us(left_us)) } else { t!("run out") };
            fields.push(field(t!("lease"), lease));
        }
        fields.push(field(t!("reads waiting"), number(leadership.reads.len() as u64)));
    }
    fields
}

fn client_fields(world: WorldOf<'_, MultiPaxos>, client: &Client) -> Vec<Field> {
    let mut fields = vec![
        field(t!("asks"), named(world, client.server)),
        field(t!("waits for"), client.open.as_ref().map_or_else(|| t!("nothing"), |open| open.command.text())),
    ];
    if let Some((command, result)) = &client.last {
        let told = match (command, result) {
            (Command::Get { .. }, value) => Text::verbatim(value.to_string()),
            (_, Value::Bool(false)) => t!("the value was another one"),
            _ => t!("done"),
        };
        fields.push(field(t!("last answer"), t!("{command}: {answer}", command = command.text(), answer = told)));
    }
    fields
}

fn named(world: WorldOf<'_, MultiPaxos>, node: NodeId) -> Text {
    Text::verbatim(world.label(node).to_string())
}

fn number(value: u64) -> Text {
    t!("{number}", number = value)
}

fn field(name: Text, value: Text) -> Field {
    Field { name, value, before: None }
}
