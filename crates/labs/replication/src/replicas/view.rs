//! How the lab looks: servers and their logs, the observer, the clients, and the replication lag over time.

use sim::frame::{
    Along, Axis, Cell, CellState, Chart, ChartKind, Field, Frame, LegendRow, Mark, MessageKind, Panel, Series, Shape,
    Sign, Tone, use_only,
};
use sim::history::Value;
use sim::{Look, MessageLook, NodeId, Text, View, WorldOf, t, time_us};

use super::client::Client;
use super::log::{Entry, Log, Position};
use super::message::{Answer, Appended, Command, Message, Request};
use super::observer::Observer;
use super::reign::{Lag, Reign};
use super::server::{Role, Server};
use super::servers::{SERVER_NAMES, Servers};
use super::settings::{Config, Mode};
use super::{Replica, Replicas, Timer};

/// At most so many entries stand below a node; the last ones.
const CELLS_BELOW_A_NODE: u64 = 12;

/// At most so many entries stand in a row of the panel; the last ones.
const CELLS_IN_THE_PANEL: u64 = 24;

/// One colour a replica, over and over.
const COLOURS: [MessageKind; 4] =
    [MessageKind::Replication, MessageKind::Election, MessageKind::Client, MessageKind::Other];

impl View for Replicas {
    /// How a node looks.
    fn look(_node: NodeId, state: Option<&Replica>) -> Look {
        let (shape, tone, role, badge) = match state {
            None => (Shape::Circle, Tone::Plain, t!("crashed"), Text::default()),
            Some(Replica::Client(_)) => (Shape::Client, Tone::Plain, t!("client"), Text::default()),
            Some(Replica::Observer(observer)) => {
                let badge = t!("E{epoch}", epoch = observer.epoch);
                match observer.survey {
                    None => (Shape::Gateway, Tone::Plain, t!("observer"), badge),
                    Some(_) => (Shape::Gateway, Tone::Candidate, t!("observer in search of a primary"), badge),
                }
            }
            Some(Replica::Server(server)) => {
                let badge = t!("E{epoch}", epoch = server.epoch);
                match server.role {
                    Role::Primary(_) => (Shape::Hexagon, Tone::Leader, t!("primary"), badge),
                    Role::Replica => (Shape::Circle, Tone::Plain, t!("replica"), badge),
                }
            }
        };
        Look { shape, tone, role, badge }
    }

    /// How a message looks.
    fn message_look(message: &Message) -> MessageLook {
        let look = |kind, reply, label, fields| MessageLook { kind, reply, label, fields };
        match message {
            Message::Append { epoch, before, entries, committed } => look(
                MessageKind::Replication,
                false,
                append_label(entries),
                vec![
                    field(t!("epoch"), number(*epoch)),
                    field(t!("comes after"), place(*before)),
                    field(t!("entries"), entries_text(entries)),
                    field(t!("committed up to"), number(*committed)),
                ],
            ),
            Message::Appended { epoch, answer } => {
                let (label, said) = match answer {
                    Appended::Stored { index } => {
                        (t!("has {index} ✓", index = *index), t!("the same log up to entry {index}", index = *index))
                    }
                    Appended::Refused { index } => (
                        t!("after {index}? ✗", index = *index),
                        t!("entries after {index} are missing or differ", index = *index),
                    ),
                };
                look(
                    MessageKind::Replication,
                    true,
                    label,
                    vec![field(t!("epoch"), number(*epoch)), field(t!("answer"), said)],
                )
            }
            Message::Report { epoch, version, in_sync, .. } => look(
                MessageKind::Other,
                false,
                t!("alive E{epoch}", epoch = *epoch),
                vec![
                    field(t!("epoch"), number(*epoch)),
                    field(t!("in sync"), names(*in_sync)),
                    field(t!("version of that set"), number(*version)),
                ],
            ),
            Message::Lease { epoch, version, .. } => look(
                MessageKind::Other,
                true,
                t!("lease E{epoch}", epoch = *epoch),
                vec![field(t!("epoch"), number(*epoch)), field(t!("has version"), number(*version))],
            ),
            Message::Survey { epoch } => look(
                MessageKind::Election,
                false,
                t!("survey E{epoch}", epoch = *epoch),
                vec![field(t!("epoch"), number(*epoch))],
            ),
            Message::Standing { epoch, last } => look(
                MessageKind::Election,
                true,
                t!("ends at {last}", last = *last),
                vec![field(t!("epoch"), number(*epoch)), field(t!("last entry"), place(*last))],
            ),
            Message::Promote { epoch, in_sync } => look(
                MessageKind::Election,
                false,
                t!("promote E{epoch}", epoch = *epoch),
                vec![field(t!("epoch"), number(*epoch)), field(t!("in sync"), names(*in_sync))],
            ),
            Message::Fenced { epoch } => look(
                MessageKind::Election,
                true,
                t!("no, E{epoch}", epoch = *epoch),
                vec![field(t!("epoch"), number(*epoch))],
            ),
            Message::Request(Request { id, command, after }) => look(
                MessageKind::Client,
                false,
                command.text(),
                vec![
                    field(t!("operation"), command.text()),
                    field(t!("client"), t!("{client}", client = id.client)),
                    field(t!("number"), number(id.serial)),
                    field(t!("the session has seen"), place(*after)),
                ],
            ),
            Message::Answer(Answer { request, value, version, applied, .. }) => look(
                MessageKind::Client,
                true,
                if *value == Value::Nil {
                    t!("done {index}", index = version.index)
                } else {
                    t!("is {value}", value = value.to_string())
                },
                vec![
                    field(t!("value"), Text::verbatim(value.to_string())),
                    field(t!("written by"), place(*version)),
                    field(t!("the server has got to"), place(*applied)),
                    field(t!("number"), number(request.serial)),
                ],
            ),
            Message::Redirect { request, primary } => look(
                MessageKind::Client,
                true,
                match primary {
                    Some(primary) => t!("ask {primary}", primary = *primary),
                    None => t!("no primary"),
                },
                vec![field(t!("number"), number(request.serial))],
            ),
        }
    }

    fn timer_name(timer: &Timer) -> Text {
        match timer {
            Timer::Heartbeat => t!("heartbeat timer"),
            Timer::FallBack => t!("semi-synchronous timeout"),
            Timer::Failover => t!("failover timer"),
            Timer::Survey => t!("survey timer"),
            Timer::Retry => t!("retry timer"),
            Timer::Workload => t!("workload timer"),
        }
    }

    fn legend() -> Vec<LegendRow> {
        use Sign::{Badge, Cell as Entry, Message as Mark, Node};
        let row = LegendRow::new;
        vec![
            row(Node(Shape::Hexagon, Tone::Leader), t!("the primary: it takes all writes")).of("primary"),
            row(Node(Shape::Circle, Tone::Plain), t!("a replica: it follows the primary, and answers reads"))
                .of("replica"),
            row(Node(Shape::Gateway, Tone::Plain), t!("the observer: it says who is primary")).of("observer"),
            row(Node(Shape::Gateway, Tone::Candidate), t!("the observer looks for a new primary")).of("failover"),
            row(Node(Shape::Client, Tone::Plain), t!("a client: it reads and writes")).of("client"),
            row(Badge(t!("E{epoch}", epoch = 2)), t!("the epoch that it knows of; each has a colour"))
                .in_era(2)
                .of("epoch"),
            row(
                Entry(CellState::Committed, Text::verbatim("x=1")),
                t!("an entry of epoch 1, committed as far as it knows"),
            )
            .in_era(1)
            .of("commit"),
            row(Entry(CellState::Uncommitted, Text::verbatim("x=2")), t!("an entry that is not committed yet"))
                .in_era(1)
                .of("entry"),
            row(Entry(CellState::Conflicting, Text::verbatim("x=3")), t!("an entry that differs from the primary's"))
                .in_era(1)
                .of("conflict"),
            row(Mark(MessageKind::Replication), t!("entries of the primary, or its heartbeat")).of("replication"),
            row(Mark(MessageKind::Other), t!("the primary says that it lives, and the observer renews its lease"))
                .of("lease"),
            row(Mark(MessageKind::Election), t!("the observer looks for a new primary, or names it")).of("failover"),
            row(Mark(MessageKind::Client), t!("a request of a client")),
        ]
    }

    /// Adds to a frame what only this lab knows.
    fn view(world: WorldOf<'_, Replicas>, frame: &mut Frame) {
        let leading = newest_primary(world);
        for node in &mut frame.nodes {
            let id = node.id;
            match world.nodes().state(id) {
                Some(Replica::Server(server)) => {
                    node.era = Some(server.epoch);
                    node.fields = server_fields(world, id, server);
                    node.tag = tag(world, id, server);
                    let last = server.log.last_index();
                    let row = Row {
                        log: &server.log,
                        committed: server.committed,
                        leading: leading.map(|(_, leading)| &leading.log),
                    };
                    node.cells = row.cells(last.saturating_sub(CELLS_BELOW_A_NODE) + 1, last);
                }
                Some(Replica::Observer(observer)) => {
                    node.era = Some(observer.epoch);
                    node.fields = observer_fields(world, observer);
                }
                Some(Replica::Client(client)) => {
                    let asked = client.open.as_ref().map(|open| open.server);
                    use_only(&mut frame.links, id, &[asked.unwrap_or(client.primary)]);
                    node.fields = client_fields(world, client);
                }
                None => {
                    let disk = world.nodes().disk(id);
                    node.fields = vec![
                        field(t!("epoch on disk"), number(disk.epoch)),
                        field(t!("log on disk ends at"), place(disk.log.last())),
                    ];
                }
            }
        }
        frame.panels.push(log_panel(world, leading.map(|(_, leading)| &leading.log)));
        if let Some((primary, server)) = leading
            && let Some(reign) = server.reign()
        {
            frame.panels.push(Panel::Chart(lag_chart(world, primary, server, reign, false)));
            frame.panels.push(Panel::Chart(lag_chart(world, primary, server, reign, true)));
        }
    }
}

fn append_label(entries: &[Entry]) -> Text {
    match entries {
        [] => t!("heartbeat"),
        [one] => t!("Append {entry}", entry = entry_text(one)),
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
    match &entry.write {
        Some(write) => t!("{key}={value}", key = write.key.to_string(), value = write.value.to_string()),
        None => t!("epoch {epoch}", epoch = entry.epoch),
    }
}

pub(super) fn servers(world: WorldOf<'_, Replicas>) -> impl Iterator<Item = (NodeId, &Server)> {
    world.nodes().ids().filter_map(move |id| Some((id, world.nodes().state(id)?.server()?)))
}

/// The primary of the newest epoch.
pub(super) fn newest_primary(world: WorldOf<'_, Replicas>) -> Option<(NodeId, &Server)> {
    servers(world).filter(|(_, server)| server.is_primary()).max_by_key(|(_, server)| server.epoch)
}

/// A remark beside a server.
fn tag(world: WorldOf<'_, Replicas>, id: NodeId, server: &Server) -> Option<Text> {
    let newer = newest_primary(world).filter(|(_, newest)| newest.epoch > server.epoch);
    let Some(reign) = server.reign() else {
        let (_, leading) = newest_primary(world)?;
        let behind = leading.log.last_index().saturating_sub(server.log.last_index());
        return (behind > 2).then(|| t!("{count} entries behind", count = behind));
    };
    if newer.is_some() {
        return Some(t!("primary of an old epoch"));
    }
    if !has_lease(world, id, reign) {
        return Some(t!("no lease: does not answer"));
    }
    if reign.is_alone {
        return Some(t!("goes on alone"));
    }
    let waiting = reign.unanswered.len();
    match waiting {
        0 => None,
        1 => Some(t!("1 write not acknowledged yet")),
        _ => Some(t!("{count} writes not acknowledged yet", count = waiting)),
    }
}

fn has_lease(world: WorldOf<'_, Replicas>, id: NodeId, reign: &Reign) -> bool {
    let Config { automatic, rules, .. } = world.config();
    let now_us = world.nodes().clock(id).shows(world.now_us());
    !automatic || !rules.lease || reign.lease_until_us.is_some_and(|until_us| now_us < until_us)
}

fn server_fields(world: WorldOf<'_, Replicas>, id: NodeId, server: &Server) -> Vec<Field> {
    let mut fields = vec![
        field(t!("epoch"), number(server.epoch)),
        field(t!("primary"), named(world, server.primary)),
        field(t!("log ends at"), place(server.last())),
        field(t!("committed up to"), number(server.committed)),
        field(t!("reads see"), place(server.store.applied)),
        field(t!("store"), store_text(server)),
    ];
    if !server.parked.is_empty() {
        fields.push(field(t!("reads waiting"), number(server.parked.len() as u64)));
    }
    let Some(reign) = server.reign() else { return fields };
    let config = world.config();
    let now_us = world.nodes().clock(id).shows(world.now_us());
    if config.automatic {
        let left_us = reign.lease_until_us.map_or(0, |until_us| u64::try_from(until_us - now_us).unwrap_or(0));
        let lease = if left_us > 0 { t!("{left} left", left = time_us(left_us)) } else { t!("run out") };
        fields.push(field(t!("lease"), lease));
    }
    if config.mode == Mode::Sync {
        fields.push(field(t!("waits for"), labels(world, reign.in_sync.agreed.without(id))));
        if reign.in_sync.agreed != reign.in_sync.wanted {
            fields.push(field(t!("wants to wait for"), labels(world, reign.in_sync.wanted.without(id))));
        }
    }
    for follower in (0..config.servers).map(NodeId).filter(|follower| *follower != id) {
        let Lag { entries, us } = server.lag_of(follower, now_us);
        let lag = match entries {
            0 => t!("has all"),
            1 => t!("lags by 1 entry, {time}", time = time_us(us)),
            _ => t!("lags by {entries} entries, {time}", entries = entries, time = time_us(us)),
        };
        fields.push(field(named(world, Some(follower)), lag));
    }
    fields
}

fn observer_fields(world: WorldOf<'_, Replicas>, observer: &Observer) -> Vec<Field> {
    let mut fields = vec![
        field(t!("epoch"), number(observer.epoch)),
        field(t!("primary"), named(world, observer.primary)),
        field(t!("in sync"), labels(world, observer.in_sync)),
        field(t!("failover"), if world.config().automatic { t!("by the observer") } else { t!("by hand") }),
    ];
    if let Some(survey) = &observer.survey {
        let answered = survey.standings.iter().flatten().count();
        fields.push(field(t!("servers that have answered"), number(answered as u64)));
    }
    fields
}

fn client_fields(world: WorldOf<'_, Replicas>, client: &Client) -> Vec<Field> {
    let open = client.open.as_ref();
    let waits = open.map_or_else(
        || t!("nothing"),
        |open| {
            t!("{command} from {server}", command = open.command.text(), server = world.label(open.server).to_string())
        },
    );
    let mut fields = vec![
        field(t!("takes for the primary"), named(world, Some(client.primary))),
        field(t!("waits for"), waits),
        field(t!("session has written"), place(client.written)),
        field(t!("session has seen"), place(client.seen)),
    ];
    if !client.waiting.is_empty() {
        fields.push(field(t!("operations for later"), number(client.waiting.len() as u64)));
    }
    if let Some(last) = &client.last {
        let told = match &last.command {
            Command::Get { .. } => Text::verbatim(last.answer.value.to_string()),
            Command::Put { .. } => t!("done"),
        };
        let server = world.label(last.server).to_string();
        fields.push(field(
            t!("last answer"),
            t!("{command}: {answer} ({server})", command = last.command.text(), answer = told, server = server),
        ));
    }
    fields
}

/// The cells of a log, compared with that of the newest primary.
struct Row<'a> {
    log: &'a Log,
    committed: u64,
    leading: Option<&'a Log>,
}

impl Row<'_> {
    fn cells(&self, first: u64, last: u64) -> Vec<Cell> {
        (first..=last).filter_map(|index| self.cell(index)).collect()
    }

    fn cell(&self, index: u64) -> Option<Cell> {
        let (entry, position) = (self.log.entry(index)?, self.log.position(index)?);
        let differs =
            self.leading.is_some_and(|leading| leading.position(index).is_some_and(|other| other != position));
        let (state, word) = match () {
            () if differs => (CellState::Conflicting, t!("differs from the primary's")),
            () if index <= self.committed => (CellState::Committed, t!("committed, as far as it knows")),
            () => (CellState::Uncommitted, t!("not committed yet")),
        };
        let detail = t!("{position}: {entry}, {state}", position = position, entry = entry_text(entry), state = word);
        let label = entry.write.as_ref().map(|_| entry_text(entry)).unwrap_or_default();
        Some(Cell { era: Some(entry.epoch), label, state, detail })
    }
}

fn log_panel(world: WorldOf<'_, Replicas>, leading: Option<&Log>) -> Panel {
    let ids = || (0..world.config().servers).map(NodeId);
    let log_of = |id: NodeId| match world.nodes().state(id).and_then(Replica::server) {
        Some(server) => (&server.log, server.committed),
        None => (&world.nodes().disk(id).log, 0),
    };
    let longest = ids().map(|id| log_of(id).0.last_index()).max().unwrap_or(0);
    let first = longest.saturating_sub(CELLS_IN_THE_PANEL) + 1;
    let title = if first > 1 { t!("Logs, from entry {index} on", index = first) } else { t!("Logs") };
    let row = |id: NodeId| {
        let (log, committed) = log_of(id);
        (named(world, Some(id)), Row { log, committed, leading }.cells(first, log.last_index()))
    };
    Panel::Log { title, first, rows: ids().map(row).collect() }
}

/// The replication lag of each replica as the newest primary has seen it, in entries or in time.
fn lag_chart(world: WorldOf<'_, Replicas>, primary: NodeId, server: &Server, reign: &Reign, in_time: bool) -> Chart {
    let clock = world.nodes().clock(primary);
    let (now_us, ahead_us) = (clock.shows(world.now_us()), clock.offset_us(world.now_us()));
    let height = |lag: Lag| if in_time { lag.us as i64 } else { lag.entries as i64 };
    let replicas = (0..world.config().servers).map(NodeId).filter(|id| *id != primary);
    let series = replicas.zip(COLOURS.into_iter().cycle()).map(|(id, kind)| {
        let samples = reign.lag.iter().filter_map(|sample| Some((sample.at_us, *sample.servers.get(id.index())?)));
        let mut points: Vec<(i64, i64)> = Vec::new();
        for (at_us, lag) in samples.chain([(now_us, server.lag_of(id, now_us))]) {
            let (x, y) = (at_us - ahead_us, height(lag));
            // Each write is a sample, so that entries come at a moment; when a replica had caught up is not sampled.
            let before = points.last().map(|(_, before)| *before).filter(|before| !in_time && *before < y);
            points.extend(before.map(|before| (x, before)));
            points.push((x, y));
        }
        Series { name: named(world, Some(id)), kind, points }
    });
    let limit = world.config().drop_us;
    let is_limited = in_time && limit > 0 && world.config().mode == Mode::Sync;
    Chart {
        title: if in_time { t!("Replication lag in time") } else { t!("Replication lag in entries") },
        kind: ChartKind::Lines,
        x: Axis::new(t!("time"), "ms", 1_000),
        y: match in_time {
            true => Axis::new(t!("lag"), "ms", 1_000),
            false => Axis::new(t!("lag"), "", 1),
        },
        series: series.collect(),
        marks: is_limited
            .then(|| Mark { along: Along::Y, at: limit as i64, text: t!("silent: dropped") })
            .into_iter()
            .collect(),
    }
}

fn store_text(server: &Server) -> Text {
    let pairs: Vec<String> = server.store.values().map(|(key, value)| format!("{key}={value}")).take(8).collect();
    if pairs.is_empty() { t!("empty") } else { Text::verbatim(pairs.join(" ")) }
}

fn named(world: WorldOf<'_, Replicas>, node: Option<NodeId>) -> Text {
    node.map_or_else(|| t!("unknown"), |node| Text::verbatim(world.label(node).to_string()))
}

fn labels(world: WorldOf<'_, Replicas>, servers: Servers) -> Text {
    let labels: Vec<&str> = servers.iter().map(|server| world.label(server)).collect();
    if labels.is_empty() { t!("nobody") } else { Text::verbatim(labels.join(" ")) }
}

/// Server names without a world: messages do not know it.
fn names(servers: Servers) -> Text {
    let names: Vec<&str> = servers.iter().filter_map(|server| SERVER_NAMES.get(server.index()).copied()).collect();
    Text::verbatim(names.join(" "))
}

fn place(position: Position) -> Text {
    t!("{position}", position = position)
}

fn number(value: u64) -> Text {
    t!("{number}", number = value)
}

fn field(name: Text, value: Text) -> Field {
    Field { name, value, before: None }
}
