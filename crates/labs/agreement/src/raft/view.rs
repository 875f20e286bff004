//! How the lab looks: nodes, messages, logs, and the parts of a split network.

use parts::store::Command;
use sim::frame::{
    Cell, CellState, Field, Frame, Group, LegendRow, MessageKind, Moment, Panel, Shape, Sign, Span, SpanRow, Spans,
    Status, Tally, Tone, use_only,
};
use sim::history::Value;
use sim::{Look, MessageLook, NodeId, Text, View, WorldOf, t, time_us};

use super::ReadMode;
use super::log::{Base, Entry, Log};
use super::members::{Change, ChangeAnswer, Configured, Members, ServerSet};
use super::message::{Appended, Message};
use super::server::{Leadership, Role, Server};
use super::{Client, Disk, Operator, Raft, RaftNode, Timer};

/// At most so many entries stand below a node; the last ones.
const CELLS_BELOW_A_NODE: u64 = 12;

/// At most so many entries stand in a row of the panel; the last ones.
const CELLS_IN_THE_PANEL: u64 = 24;

impl View for Raft {
    /// How a node looks.
    fn look(_node: NodeId, state: Option<&RaftNode>) -> Look {
        let (shape, tone, role, badge) = match state {
            None => (Shape::Circle, Tone::Plain, t!("crashed"), Text::default()),
            Some(RaftNode::Client(_)) => (Shape::Client, Tone::Plain, t!("client"), Text::default()),
            Some(RaftNode::Operator(_)) => (Shape::Person, Tone::Plain, t!("operator"), Text::default()),
            Some(RaftNode::Server(server)) => {
                let badge = t!("T{term}", term = server.term);
                match server.role {
                    Role::Follower => (Shape::Circle, Tone::Plain, t!("follower"), badge),
                    Role::Candidate { .. } => (Shape::Diamond, Tone::Candidate, t!("candidate"), badge),
                    Role::Leader(_) => (Shape::Hexagon, Tone::Leader, t!("leader"), badge),
                    Role::PreCandidate { .. } => (Shape::Diamond, Tone::Plain, t!("asks first"), badge),
                }
            }
        };
        Look { shape, tone, role, badge }
    }

    /// How a message looks.
    fn message_look(message: &Message) -> MessageLook {
        let look = |kind, reply, label, fields| MessageLook { kind, reply, label, fields };
        match message {
            Message::RequestVote { term, last_log_index, last_log_term, .. } => look(
                MessageKind::Election,
                false,
                t!("RequestVote T{term}", term = *term),
                vec![
                    field(t!("term"), number(*term)),
                    field(t!("last entry"), entry_name(*last_log_index, *last_log_term)),
                ],
            ),
            Message::Vote { term, granted } => look(
                MessageKind::Election,
                true,
                if *granted { t!("vote T{term} ✓", term = *term) } else { t!("no vote T{term}", term = *term) },
                vec![field(t!("term"), number(*term)), field(t!("vote"), if *granted { t!("yes") } else { t!("no") })],
            ),
            Message::AppendEntries { term, leader, prev_log_index, prev_log_term, entries, leader_commit, round } => {
                look(
                    MessageKind::Replication,
                    false,
                    append_label(entries),
                    vec![
                        field(t!("term"), number(*term)),
                        field(t!("leader"), t!("{leader}", leader = *leader)),
                        field(t!("entry before"), entry_name(*prev_log_index, *prev_log_term)),
                        field(t!("entries"), entries_text(entries)),
                        field(t!("committed up to"), number(*leader_commit)),
                        field(t!("round"), number(*round)),
                    ],
                )
            }
            Message::Appended { term, round, answer } => {
                let (label, said) = match answer {
                    Appended::Stored { match_index } => (
                        t!("has {index} ✓", index = *match_index),
                        t!("log agrees up to entry {index}", index = *match_index),
                    ),
                    Appended::Refused { prev_log_index: u64::MAX, .. } => {
                        (t!("no, T{term}", term = *term), t!("the term is over"))
                    }
                    Appended::Refused { prev_log_index, try_next } => (
                        t!("lacks {index} ✗", index = *prev_log_index),
                        t!("no matching entry {index}; try {next}", index = *prev_log_index, next = *try_next),
                    ),
                };
                let fields = vec![
                    field(t!("term"), number(*term)),
                    field(t!("answer"), said),
                    field(t!("round"), number(*round)),
                ];
                look(MessageKind::Replication, true, label, fields)
            }
            Message::Request(request) => look(
                MessageKind::Client,
                false,
                request.command.text(),
                vec![
                    field(t!("command"), request.command.text()),
                    field(t!("client"), t!("{client}", client = request.client.node)),
                    field(t!("serial number"), number(request.serial)),
                ],
            ),
            Message::Answer { serial, result, .. } => look(
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
            Message::Redirect { serial, leader, .. } => look(
                MessageKind::Client,
                true,
                match leader {
                    Some(leader) => t!("ask {leader}", leader = *leader),
                    None => t!("no leader"),
                },
                vec![field(t!("serial number"), number(*serial))],
            ),
            Message::InstallSnapshot { term, leader, snapshot, offset, done, round } => look(
                MessageKind::Replication,
                false,
                t!("snapshot …{index}, part {part}", index = snapshot.last.index, part = *offset + 1),
                vec![
                    field(t!("term"), number(*term)),
                    field(t!("leader"), t!("{leader}", leader = *leader)),
                    field(t!("last entry in it"), entry_name(snapshot.last.index, snapshot.last.term)),
                    field(t!("part"), number(*offset + 1)),
                    field(t!("last part"), if *done { t!("yes") } else { t!("no") }),
                    field(t!("round"), number(*round)),
                ],
            ),
            Message::Installed { term, round, last_index, offset, next } => look(
                MessageKind::Replication,
                true,
                match next {
                    None => t!("has …{index} ✓", index = *last_index),
                    Some(next) if *next == *offset + 1 => t!("part {part} ✓", part = *next),
                    Some(next) => t!("lacks part {part} ✗", part = *next + 1),
                },
                vec![
                    field(t!("term"), number(*term)),
                    field(t!("last entry in it"), number(*last_index)),
                    field(t!("next part"), next.map_or_else(|| t!("none: it has all of it"), |next| number(next + 1))),
                    field(t!("round"), number(*round)),
                ],
            ),
            Message::RequestPreVote { term, last_log_index, last_log_term } => look(
                MessageKind::Election,
                false,
                t!("PreVote T{term}?", term = *term),
                vec![
                    field(t!("term to come"), number(*term)),
                    field(t!("last entry"), entry_name(*last_log_index, *last_log_term)),
                ],
            ),
            Message::PreVote { term, granted } => look(
                MessageKind::Election,
                true,
                if *granted { t!("would vote T{term} ✓", term = *term) } else { t!("would not vote") },
                vec![
                    field(t!("term"), number(*term)),
                    field(t!("would vote"), if *granted { t!("yes") } else { t!("no") }),
                ],
            ),
            Message::TimeoutNow { term } => look(
                MessageKind::Election,
                false,
                t!("TimeoutNow T{term}", term = *term),
                vec![field(t!("term"), number(*term))],
            ),
            Message::Change(change) => {
                look(MessageKind::Client, false, change.text(), vec![field(t!("change"), change.text())])
            }
            Message::Changed { change, answer } => look(
                MessageKind::Client,
                true,
                match answer {
                    ChangeAnswer::Done(_) => t!("done"),
                    ChangeAnswer::Refused(_) => t!("not so ✗"),
                    ChangeAnswer::Redirect(Some(leader)) => t!("ask {leader}", leader = *leader),
                    ChangeAnswer::Redirect(None) => t!("no leader"),
                },
                vec![field(t!("change"), change.text()), field(t!("answer"), answer.text())],
            ),
        }
    }

    fn timer_name(timer: &Timer) -> Text {
        match timer {
            Timer::Election => t!("election timer"),
            Timer::Heartbeat => t!("heartbeat timer"),
            Timer::Retry => t!("retry timer"),
            Timer::Workload => t!("workload timer"),
            Timer::Snapshot => t!("snapshot timer"),
            Timer::CheckQuorum => t!("quorum timer"),
            Timer::Transfer => t!("hand-over timer"),
            Timer::Change => t!("change timer"),
            Timer::Write => t!("disk"),
        }
    }

    fn legend() -> Vec<LegendRow> {
        use Sign::{Badge, Cell as Entry, Group, Message as Mark, Node};
        let row = LegendRow::new;
        vec![
            row(Node(Shape::Circle, Tone::Plain), t!("a follower: it stores what the leader sends")).of("follower"),
            row(Node(Shape::Diamond, Tone::Candidate), t!("a candidate: it asks for votes")).of("candidate"),
            row(Node(Shape::Hexagon, Tone::Leader), t!("a leader: it takes commands and sends them to all"))
                .of("leader"),
            row(Node(Shape::Client, Tone::Plain), t!("a client: it gives commands, and waits for answers"))
                .of("client"),
            row(Badge(t!("T{term}", term = 2)), t!("the term that the server is in; each term has a colour"))
                .in_era(2)
                .of("term"),
            row(
                Entry(CellState::Committed, Text::verbatim("x=1")),
                t!("an entry written in term 2, known to be committed"),
            )
            .in_era(2)
            .of("commit"),
            row(
                Entry(CellState::Uncommitted, Text::verbatim("x=3")),
                t!("an entry that may still be lost, as far as the server knows"),
            )
            .in_era(2)
            .of("entry"),
            row(
                Entry(CellState::Conflicting, Text::verbatim("x=2")),
                t!("an entry at odds with what is committed elsewhere"),
            )
            .in_era(1)
            .of("conflict"),
            row(Sign::Tally, t!("the votes that a candidate has, of those that it needs")).of("vote"),
            row(Mark(MessageKind::Election), t!("asks for a vote, or gives one")).of("vote"),
            row(Mark(MessageKind::Replication), t!("entries of the leader, or its heartbeat")).of("replication"),
            row(Mark(MessageKind::Client), t!("a command of a client")),
            row(Group(Tone::Committed), t!("this part has a majority and can decide")).of("quorum"),
            row(Group(Tone::Violation), t!("this part has no majority: nothing is committed here")).of("quorum"),
        ]
    }

    /// Adds to a frame what only this lab knows.
    fn view(world: WorldOf<'_, Raft>, frame: &mut Frame) {
        let servers = world.config().servers;
        groups(world, &mut frame.groups);
        let reference = most_committed(world);
        for node in &mut frame.nodes {
            let id = node.id;
            if id.0 >= servers {
                match world.nodes().state(id) {
                    Some(RaftNode::Client(client)) => {
                        node.fields = client_fields(world, client);
                        use_only(&mut frame.links, id, &[client.server]);
                    }
                    Some(RaftNode::Operator(operator)) => {
                        node.fields = operator_fields(world, operator);
                        use_only(&mut frame.links, id, &[operator.server]);
                    }
                    _ => {}
                }
                node.shape = if id.0 < servers + world.config().clients { Shape::Client } else { Shape::Person };
                continue;
            }
            let row = Row::new(world, id, reference);
            let length = row.log.last_index();
            let first = (length.saturating_sub(CELLS_BELOW_A_NODE) + 1).max(row.log.base().index);
            node.cells = row.cells(first, length);
            match world.nodes().state(id).and_then(RaftNode::server) {
                Some(server) => {
                    node.era = Some(server.term);
                    node.tally = tally(world, server);
                    node.fields = server_fields(world, id, server);
                    node.tag = tag(world, id, server, &frame.groups);
                }
                None => node.fields = disk_fields(world, id),
            }
        }
        frame.panels.push(log_panel(world, reference));
        if world.config().read_mode == ReadMode::Lease {
            frame.panels.push(Panel::Spans(leases(world)));
        }
    }
}

/// Until when each leader may answer reads by itself, beside the earliest moment at which the others may elect another one.
/// A lease counts on the leader's clock from the sending of the round that a majority has answered.
fn leases(world: WorldOf<'_, Raft>) -> Spans {
    let (now_us, lease_us) = (world.now_us(), world.config().timeout_least_us);
    let row = |id: NodeId| {
        let server = world.nodes().state(id).and_then(RaftNode::server);
        let until_us = server.and_then(|server| match &server.role {
            Role::Leader(leadership) => leadership.lease_until_us,
            _ => None,
        });
        let bar = |until_us: i64| {
            let ahead_us = world.nodes().clock(id).offset_us(now_us);
            let to_us = u64::try_from(until_us - ahead_us).unwrap_or(0);
            let from_us = to_us.saturating_sub(lease_us);
            Span {
                from_us,
                to_us: Some(to_us),
                label: t!("lease"),
                kind: MessageKind::Election,
                failed: to_us <= now_us,
            }
        };
        let label = Text::verbatim(world.label(id).to_string());
        SpanRow { label, depth: 0, bars: until_us.map(bar).into_iter().collect() }
    };
    Spans {
        title: t!("Leases: until then a leader answers reads by itself"),
        from_us: now_us.saturating_sub(lease_us),
        to_us: now_us + lease_us,
        rows: (0..world.config().servers).map(|number| row(NodeId(number))).collect(),
        marks: vec![Moment { at_us: now_us, text: t!("now") }],
    }
}

fn append_label(entries: &[Entry]) -> Text {
    match entries {
        [] => t!("heartbeat"),
        [Entry { request: Some(request), .. }] => t!("Append {command}", command = request.command.text()),
        [Entry { members: Some(_), .. }] => t!("Append members"),
        [Entry { term, .. }] => t!("Append T{term}", term = *term),
        _ => t!("Append {count}", count = entries.len()),
    }
}

fn entries_text(entries: &[Entry]) -> Text {
    match entries {
        [] => t!("none: a heartbeat"),
        [one] => entry_text(one),
        [first, rest @ ..] => t!("{first} and {count} more", first = entry_text(first), count = rest.len()),
    }
}

fn entry_text(entry: &Entry) -> Text {
    match (&entry.request, entry.members) {
        (Some(request), _) => t!("{command} (term {term})", command = request.command.text(), term = entry.term),
        (None, Some(members)) => t!("members {members} (term {term})", members = members.text(), term = entry.term),
        (None, None) => t!("empty entry (term {term})", term = entry.term),
    }
}

fn entry_name(index: u64, term: u64) -> Text {
    if index == 0 { t!("none") } else { t!("{index}, of term {term}", index = index, term = term) }
}

/// The log that is committed furthest, and how far.
fn most_committed(world: WorldOf<'_, Raft>) -> Option<(&Log, u64)> {
    let nodes = world.nodes();
    let servers = nodes.ids().filter_map(|id| nodes.state(id)?.server());
    servers.max_by_key(|server| server.commit_index).map(|server| (&server.log, server.commit_index))
}

/// The log of one server, for cells.
struct Row<'a> {
    log: &'a Log,
    commit_index: u64,
    /// The last entry that is on its disk.
    written_index: u64,
    reference: Option<(&'a Log, u64)>,
}

impl<'a> Row<'a> {
    fn new(world: WorldOf<'a, Raft>, id: NodeId, reference: Option<(&'a Log, u64)>) -> Row<'a> {
        match world.nodes().state(id).and_then(RaftNode::server) {
            Some(server) => {
                let is_fast = world.config().write_us == 0;
                let written_index = if is_fast { server.log.last_index() } else { server.storage.written_index };
                Row { log: &server.log, commit_index: server.commit_index, written_index, reference }
            }
            // What a crashed server knew is lost; what all the others know still holds of its entries.
            None => {
                let commit_index = reference.map_or(0, |(_, committed)| committed);
                let log = &world.nodes().disk(id).log;
                Row { log, commit_index, written_index: log.last_index(), reference }
            }
        }
    }

    fn cells(&self, first: u64, last: u64) -> Vec<Cell> {
        let cell = |index| match self.log.entry(index) {
            Some(entry) => self.cell(index, entry),
            None => gone(index, self.log.base()),
        };
        (first..=last).map(cell).collect()
    }

    fn cell(&self, index: u64, entry: &Entry) -> Cell {
        let is_at_odds = self.reference.is_some_and(|(log, committed)| {
            (log.base().index + 1..=committed).contains(&index) && log.term_at(index) != Some(entry.term)
        });
        let (state, word) = if is_at_odds {
            (CellState::Conflicting, t!("at odds with what is committed"))
        } else if index > self.written_index {
            (CellState::Unwritten, t!("not known to be committed"))
        } else if index <= self.commit_index {
            (CellState::Committed, t!("committed"))
        } else {
            (CellState::Uncommitted, t!("not known to be committed"))
        };
        let detail = t!("entry {index}: {entry}, {state}", index = index, entry = entry_text(entry), state = word);
        let label = match (&entry.request, entry.members) {
            (Some(request), _) => request.command.text(),
            (None, Some(_)) => t!("C"),
            (None, None) => Text::default(),
        };
        Cell { era: Some(entry.term), label, state, detail }
    }
}

/// An entry that is gone: a snapshot stands for it and all before it. The last one of these says so.
fn gone(index: u64, base: Base) -> Cell {
    let is_last = index == base.index;
    let label = if is_last { t!("…{index}", index = index) } else { Text::verbatim("·") };
    let detail =
        t!("entry {index} is gone: a snapshot up to entry {last} stands for it", index = index, last = base.index);
    Cell { era: is_last.then_some(base.term), label, state: CellState::Plain, detail }
}

fn log_panel(world: WorldOf<'_, Raft>, reference: Option<(&Log, u64)>) -> Panel {
    let servers: Vec<NodeId> = world.nodes().ids().take(usize::from(world.config().servers)).collect();
    let rows: Vec<Row<'_>> = servers.iter().map(|id| Row::new(world, *id, reference)).collect();
    let longest = rows.iter().map(|row| row.log.last_index()).max().unwrap_or(0);
    let gone = rows.iter().map(|row| row.log.base().index).min().unwrap_or(0);
    let first = (longest.saturating_sub(CELLS_IN_THE_PANEL) + 1).max(gone);
    let title = if first > 1 { t!("Logs, from entry {index} on", index = first) } else { t!("Logs") };
    let named = servers
        .iter()
        .zip(&rows)
        .map(|(id, row)| (Text::verbatim(world.label(*id).to_string()), row.cells(first, row.log.last_index())));
    Panel::Log { title, first, rows: named.collect() }
}

/// Says of each part of a split network whether it can decide.
fn groups(world: WorldOf<'_, Raft>, groups: &mut [Group]) {
    for group in groups {
        let up = up_in(world, group);
        let members = members_of(world, group);
        let (voters, decides) = (members.all_voters(), members.decide(up, world.config()));
        let (up, all) = (up.shared_with(voters).count(), voters.count());
        let (tag, tone) = if decides {
            (t!("{up} of {all} · a majority", up = up, all = all), Tone::Committed)
        } else {
            (t!("{up} of {all} · no majority", up = up, all = all), Tone::Violation)
        };
        (group.tag, group.tone) = (tag, tone);
    }
}

fn up_in(world: WorldOf<'_, Raft>, group: &Group) -> ServerSet {
    group.nodes.iter().copied().filter(|node| world.nodes().status(*node) != Status::Crashed).collect()
}

/// The configuration by which a part of a split network decides, if there is one; else the one that its servers go by.
fn members_of(world: WorldOf<'_, Raft>, group: &Group) -> Members {
    let up = up_in(world, group);
    let in_use = || up.iter().filter_map(|node| world.nodes().state(node)?.server()).map(Server::members);
    let deciding = in_use().find(|members| members.decide(up, world.config()));
    deciding.or_else(|| in_use().next()).unwrap_or_else(|| Configured::first(world.config()).members)
}

/// The votes of a candidate.
fn tally(world: WorldOf<'_, Raft>, server: &Server) -> Option<Tally> {
    let (Role::Candidate { votes, .. } | Role::PreCandidate { votes }) = &server.role else { return None };
    let (got, needed) = got_of_needed(world, server, *votes);
    Some(Tally { got, needed, text: t!("{got} of {needed} needed", got = got, needed = needed) })
}

/// How many votes a server has of those that it needs: where two configurations hold, of the one in which most are missing.
fn got_of_needed(world: WorldOf<'_, Raft>, server: &Server, votes: ServerSet) -> (u32, u32) {
    let counted = server.members().needed(world.config());
    let counted = counted.map(|(voters, needed)| (votes.shared_with(voters).count() as u32, needed as u32));
    counted.max_by_key(|(got, needed)| needed.saturating_sub(*got)).unwrap_or_default()
}

/// A remark beside a server.
fn tag(world: WorldOf<'_, Raft>, id: NodeId, server: &Server, groups: &[Group]) -> Option<Text> {
    if !server.is_leader() {
        return None;
    }
    let nodes = world.nodes();
    let is_deposed = nodes
        .ids()
        .filter_map(|other| nodes.state(other)?.server())
        .any(|other| other.is_leader() && other.term > server.term);
    let group = groups.iter().find(|group| group.nodes.contains(&id));
    let reached = group.map(|group| up_in(world, group));
    match reached {
        Some(reached) if !server.members().decide(reached, world.config()) => {
            Some(t!("leader of {count}, cannot commit", count = reached.shared_with(server.members().all()).count()))
        }
        _ if is_deposed => Some(t!("leads an old term, and does not know")),
        _ => None,
    }
}

fn server_fields(world: WorldOf<'_, Raft>, id: NodeId, server: &Server) -> Vec<Field> {
    let log = t!("{entries}, {committed} committed", entries = span(&server.log), committed = server.commit_index);
    let mut fields = vec![
        field(t!("term"), number(server.term)),
        field(t!("voted for"), server.voted_for.map_or_else(|| t!("nobody"), |node| named(world, node))),
        field(t!("leader"), server.leader.map_or_else(|| t!("unknown"), |node| named(world, node))),
    ];
    if let Role::Candidate { votes, .. } | Role::PreCandidate { votes } = &server.role {
        let voters: Vec<&str> = votes.iter().map(|voter| world.label(voter)).collect();
        let (got, needed) = got_of_needed(world, server, *votes);
        let missing = needed.saturating_sub(got);
        let votes = t!("{voters} · {count} more needed", voters = voters.join(" "), count = missing);
        fields.push(field(t!("votes"), votes));
    }
    fields.push(field(t!("log"), log));
    fields.push(field(t!("carried out"), entries_count(server.last_applied)));
    fields.push(field(t!("store"), store_text(server)));
    fields.push(field(t!("on disk"), on_disk(world, id)));
    fields.extend(snapshot_fields(server));
    if let Role::Leader(leadership) = &server.role {
        fields.extend(leader_fields(world, id, leadership));
    }
    fields
}

/// What a server says of its snapshot, and of the one that is being sent to it.
fn snapshot_fields(server: &Server) -> impl Iterator<Item = Field> {
    let own = server.snapshot.as_ref().map(|snapshot| {
        field(
            t!("snapshot"),
            t!("up to entry {index}, of term {term}", index = snapshot.last.index, term = snapshot.last.term),
        )
    });
    let incoming = server.incoming.map(|incoming| {
        let value =
            t!("up to entry {index}: parts so far {parts}", index = incoming.last.index, parts = incoming.parts);
        field(t!("on its way here"), value)
    });
    own.into_iter().chain(incoming)
}

fn leader_fields(world: WorldOf<'_, Raft>, id: NodeId, leadership: &Leadership) -> Vec<Field> {
    let members = world.nodes().state(id).and_then(RaftNode::server).map_or(Members::default(), Server::members);
    let takes_part = |server: usize| server != id.index() && members.all().contains(NodeId::at(server));
    let others = leadership.followers.iter().enumerate().filter(|(server, _)| takes_part(*server));
    let mut fields: Vec<Field> = others
        .map(|(server, progress)| {
            let name = t!("{follower}", follower = world.label(NodeId::at(server)).to_string());
            let value = t!("next {next}, match {matched}", next = progress.next_index, matched = progress.match_index);
            let value = match &progress.sending {
                Some(sending) => t!("{state}, part {part} of a snapshot", state = value, part = sending.offset + 1),
                None if !progress.in_flight.is_empty() => {
                    t!("{state}, {count} without an answer", state = value, count = progress.in_flight.len())
                }
                None => value,
            };
            field(name, value)
        })
        .collect();
    if !leadership.reads.is_empty() {
        fields.push(field(t!("reads waiting"), number(leadership.reads.len() as u64)));
    }
    if let Some(until_us) = leadership.lease_until_us {
        let left_us = until_us - world.nodes().clock(id).shows(world.now_us());
        let lease = if left_us > 0 { t!("{left} left", left = time_us(left_us as u64)) } else { t!("run out") };
        fields.push(field(t!("lease"), lease));
    }
    fields
}

fn disk_fields(world: WorldOf<'_, Raft>, id: NodeId) -> Vec<Field> {
    let disk = world.nodes().disk(id);
    vec![
        field(t!("term"), number(disk.term)),
        field(t!("voted for"), disk.voted_for.map_or_else(|| t!("nobody"), |node| named(world, node))),
        field(t!("log"), span(&disk.log)),
        field(t!("on disk"), on_disk(world, id)),
    ]
}

fn on_disk(world: WorldOf<'_, Raft>, id: NodeId) -> Text {
    let disk = world.nodes().disk(id);
    match disk {
        Disk { snapshot: Some(_), .. } => t!("term, vote, snapshot, log"),
        Disk { term: 0, log, .. } if log.last_index() == 0 => t!("nothing yet"),
        _ => t!("term, vote, log"),
    }
}

fn store_text(server: &Server) -> Text {
    let pairs: Vec<String> = server.store.values().map(|(key, value)| format!("{key}={value}")).take(8).collect();
    if pairs.is_empty() { t!("empty") } else { Text::verbatim(pairs.join(" ")) }
}

fn client_fields(world: WorldOf<'_, Raft>, client: &Client) -> Vec<Field> {
    let mut fields = vec![
        field(t!("asks"), named(world, client.server)),
        field(t!("waits for"), client.open.as_ref().map_or_else(|| t!("nothing"), |open| open.command.text())),
    ];
    if !client.waiting.is_empty() {
        fields.push(field(t!("commands for later"), number(client.waiting.len() as u64)));
    }
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

fn operator_fields(world: WorldOf<'_, Raft>, operator: &Operator) -> Vec<Field> {
    vec![
        field(t!("asks"), named(world, operator.server)),
        field(t!("waits for"), operator.open.map_or_else(|| t!("nothing"), Change::text)),
        field(t!("voters that it knows of"), Text::verbatim(operator.voters.text())),
    ]
}

/// Which entries a log holds.
fn span(log: &Log) -> Text {
    let (first, last) = (log.base().index + 1, log.last_index());
    if first == 1 {
        entries_count(last)
    } else if first > last {
        t!("none after entry {last}", last = last)
    } else {
        t!("entries {first} to {last}", first = first, last = last)
    }
}

fn entries_count(count: u64) -> Text {
    if count == 1 { t!("1 entry") } else { t!("{count} entries", count = count) }
}

fn named(world: WorldOf<'_, Raft>, node: NodeId) -> Text {
    Text::verbatim(world.label(node).to_string())
}

fn number(value: u64) -> Text {
    t!("{number}", number = value)
}

fn field(name: Text, value: Text) -> Field {
    Field { name, value, before: None }
}
