//! How the lab looks: servers with what they hold, the ring, who has which version, and the Merkle trees.

use parts::ring::position;
use sim::frame::{
    Cell, CellState, Field, Frame, LegendRow, MessageKind, Panel, Ring, RingKey, Shape, Sign, Tally, Token, Tone,
    use_only,
};
use sim::map::Map;
use sim::order::sort_by_key;
use sim::{Look, MessageLook, NodeId, Text, View, WorldOf, t};

use super::client::{Client, command_text};
use super::coordination::{Coordination, Task};
use super::merkle::Place;
use super::message::{Answer, Message};
use super::server::{Server, Store};
use super::version::{Key, Siblings, has_all, items_text, joined, merge, siblings_text};
use super::{LeaderlessQuorum, QuorumNode, Timer};

impl View for LeaderlessQuorum {
    /// How a node looks.
    fn look(_node: NodeId, state: Option<&QuorumNode>) -> Look {
        match state {
            None => Look { shape: Shape::Circle, tone: Tone::Plain, role: t!("crashed"), badge: Text::default() },
            Some(QuorumNode::Server(server)) => {
                let badge = match server.store.objects.iter().count() {
                    1 => t!("1 key"),
                    keys => t!("{keys} keys", keys = keys),
                };
                let tone = if server.store.hint_count() > 0 { Tone::Candidate } else { Tone::Plain };
                let role = if server.requests.iter().next().is_some() { t!("coordinator") } else { t!("server") };
                Look { shape: Shape::Circle, tone, role, badge }
            }
            Some(QuorumNode::Client(client)) => {
                let badge = client.open.as_ref().map(|open| command_text(&open.key, &open.command));
                Look { shape: Shape::Client, tone: Tone::Plain, role: t!("client"), badge: badge.unwrap_or_default() }
            }
        }
    }

    /// How a message looks.
    fn message_look(message: &Message) -> MessageLook {
        use MessageKind::{Client, Other, Replication};
        let look = |kind, reply, label, fields| MessageLook { kind, reply, label, fields };
        let text = |name, text: &str| field(name, Text::verbatim(text.to_string()));
        match message {
            Message::Request { serial, key, command } => {
                let mut fields = vec![text(t!("key"), key), number(t!("operation"), *serial)];
                if let super::Command::Put { context, .. } = command {
                    fields.push(field(t!("context"), context.text()));
                }
                look(Client, false, command_text(key, command), fields)
            }
            Message::Answer { serial, answer } => {
                let fields = vec![number(t!("operation"), *serial)];
                match answer {
                    Answer::Found { versions, .. } => {
                        let fields = [fields, vec![field(t!("versions"), siblings_text(versions))]].concat();
                        look(Client, true, values(versions), fields)
                    }
                    Answer::Written { clock, .. } => {
                        look(Client, true, t!("ok"), [fields, vec![field(t!("clock"), clock.text())]].concat())
                    }
                    Answer::Refused { answered, needed } => {
                        let (answered, needed) = (*answered, *needed);
                        look(
                            Client,
                            true,
                            t!("failed: {answered} of {needed}", answered = answered, needed = needed),
                            fields,
                        )
                    }
                }
            }
            Message::Store { key, versions, stands_for, .. } => {
                let mut fields = vec![text(t!("key"), key), field(t!("versions"), siblings_text(versions))];
                let name = key.to_string();
                let label = match stands_for {
                    Some(absent) => {
                        fields.push(field(t!("hint: meant for"), t!("{node}", node = *absent)));
                        t!("write {key}={value} for {absent}", key = name, value = values(versions), absent = *absent)
                    }
                    None => t!("write {key}={value}", key = name, value = values(versions)),
                };
                look(Replication, false, label, fields)
            }
            Message::Stored { .. } => look(Replication, true, t!("written"), Vec::new()),
            Message::Read { key, .. } => {
                look(Replication, false, t!("read {key}", key = key.to_string()), vec![text(t!("key"), key)])
            }
            Message::Versions { versions, .. } => {
                look(Replication, true, values(versions), vec![field(t!("versions"), siblings_text(versions))])
            }
            Message::Handoff { entries } => {
                look(Replication, false, t!("hinted: {keys}", keys = key_list(entries)), entry_fields(entries))
            }
            Message::TakenOver { entries } => {
                look(Replication, true, t!("taken over: {keys}", keys = key_list(entries)), Vec::new())
            }
            Message::Digests { nodes } => {
                let count = nodes.len();
                let label = match nodes.first() {
                    Some((place, _)) if place.level > 0 && count == 1 => t!("1 subtree"),
                    Some((place, _)) if place.level > 0 => t!("{count} subtrees", count = count),
                    _ if count == 1 => t!("1 root"),
                    _ => t!("{count} roots", count = count),
                };
                let shown = nodes.iter().filter(|(_, digest)| *digest != 0);
                look(
                    Other,
                    false,
                    label,
                    shown.map(|(place, digest)| field(place_text(*place), digest_text(*digest))).collect(),
                )
            }
            Message::Keys { digests, .. } => {
                let digest = |(key, digest): &(Key, u64)| text_field(key, digest_text(*digest));
                look(
                    Other,
                    false,
                    t!("digests: {keys}", keys = key_list(digests)),
                    digests.iter().map(digest).collect(),
                )
            }
            Message::Differing { entries } => {
                look(Other, false, t!("differing: {keys}", keys = key_list(entries)), entry_fields(entries))
            }
        }
    }

    fn timer_name(timer: &Timer) -> Text {
        match timer {
            Timer::Patience(_) => t!("waits for replicas"),
            Timer::Late(_) => t!("done with a message"),
            Timer::Handoff => t!("hints"),
            Timer::AntiEntropy => t!("compare trees"),
            Timer::Workload => t!("next operation"),
            Timer::GiveUp => t!("gives up"),
        }
    }

    fn legend() -> Vec<LegendRow> {
        use Sign::{Badge, Cell as Entry, Message as Mark, Node};
        let row = LegendRow::new;
        vec![
            row(Node(Shape::Circle, Tone::Plain), t!("a server: it keeps copies, and may coordinate requests"))
                .of("coordinator"),
            row(Node(Shape::Circle, Tone::Candidate), t!("a server that keeps writes for another one"))
                .of("hinted handoff"),
            row(Node(Shape::Client, Tone::Plain), t!("a client: it reads and writes")).of("client"),
            row(Badge(t!("{keys} keys", keys = 3)), t!("how many keys it has")).of("replica"),
            row(Badge(t!("get {key}", key = "x".to_string())), t!("what the client waits for")),
            row(Sign::Tally, t!("the replicas that have answered, of those that a request needs")).of("quorum"),
            row(Entry(CellState::Committed, Text::verbatim("2")), t!("its copy of a key is the newest")).of("version"),
            row(Entry(CellState::Uncommitted, Text::verbatim("1")), t!("its copy of a key is behind")).of("stale"),
            row(
                Entry(CellState::Conflicting, Text::verbatim("2|3")),
                t!("several values of one key, none of which replaces the others"),
            )
            .of("sibling"),
            row(Mark(MessageKind::Client), t!("a request of a client")),
            row(Mark(MessageKind::Replication), t!("a copy is written or read")).of("quorum"),
            row(Mark(MessageKind::Other), t!("two servers compare what they hold")).of("Merkle tree"),
        ]
    }

    /// Adds to a frame what only this lab knows.
    fn view(world: WorldOf<'_, LeaderlessQuorum>, frame: &mut Frame) {
        let labels: Vec<String> = world.nodes().ids().map(|id| world.label(id).to_string()).collect();
        let keys = all_keys(world);
        for node in &mut frame.nodes {
            match world.nodes().state(node.id) {
                Some(QuorumNode::Server(server)) => {
                    node.fields = server_fields(server, node.clock_us);
                    node.tally = tally(server);
                    node.tag = match server.store.hint_count() {
                        0 => None,
                        1 => Some(t!("keeps a write for another")),
                        count => Some(t!("keeps {count} writes for others", count = count)),
                    };
                }
                Some(QuorumNode::Client(client)) => {
                    let asked = client.open.as_ref().map(|open| open.server);
                    use_only(&mut frame.links, node.id, asked.as_slice());
                    node.fields = client_fields(client);
                }
                None => {}
            }
            if node.id.0 < world.config().servers {
                node.cells = cells(world, node.id, &keys);
            }
            for field in &mut node.fields {
                field.value = std::mem::take(&mut field.value).with_labels(&labels);
            }
            for cell in &mut node.cells {
                cell.detail = std::mem::take(&mut cell.detail).with_labels(&labels);
            }
            node.badge = std::mem::take(&mut node.badge).with_labels(&labels);
        }
        for group in &mut frame.groups {
            group.tag = group_tag(world, &group.nodes, &keys);
        }
        frame.panels.push(Panel::Ring(ring(world, &keys)));
        for (title, head, rows) in [copies(world, &keys), trees(world, &keys)] {
            let labelled = |row: Vec<Text>| row.into_iter().map(|text| text.with_labels(&labels)).collect();
            frame.panels.push(Panel::Table { title, head, rows: rows.into_iter().map(labelled).collect() });
        }
    }
}

/// What a server has on its disk or in memory.
fn store(world: WorldOf<'_, LeaderlessQuorum>, node: NodeId) -> &Store {
    match world.nodes().state(node).and_then(QuorumNode::server) {
        Some(server) => &server.store,
        None => &world.nodes().disk(node).store,
    }
}

fn servers(world: WorldOf<'_, LeaderlessQuorum>) -> impl Iterator<Item = NodeId> + use<> {
    (0..world.config().servers).map(NodeId)
}

/// All keys that somebody has.
fn all_keys(world: WorldOf<'_, LeaderlessQuorum>) -> Vec<Key> {
    let objects = servers(world).flat_map(|node| store(world, node).objects.iter().map(|(key, _)| key.clone()));
    let hinted = servers(world).flat_map(|node| store(world, node).hints.iter().map(|((_, key), _)| key.clone()));
    let keys: Map<Key, ()> = objects.chain(hinted).map(|key| (key, ())).collect();
    keys.iter().map(|(key, ())| key.clone()).collect()
}

/// One cell for each key that a server is a replica of.
fn cells(world: WorldOf<'_, LeaderlessQuorum>, node: NodeId, keys: &[Key]) -> Vec<Cell> {
    let config = world.config();
    let of_one = |key: &Key| {
        let replicas = config.replicas(key);
        let mine = store(world, node).objects.get(key).filter(|_| replicas.contains(&node))?;
        let mut newest = Vec::new();
        for replica in &replicas {
            merge(&mut newest, &store(world, *replica).versions(key), config.conflicts);
        }
        let state = match mine.len() {
            _ if !has_all(mine, &newest, config.conflicts) => CellState::Uncommitted,
            1 => CellState::Committed,
            _ => CellState::Conflicting,
        };
        let detail = t!("{key} = {versions}", key = key.to_string(), versions = siblings_text(mine));
        Some(Cell { era: None, label: values(mine), state, detail })
    };
    keys.iter().filter_map(of_one).collect()
}

fn server_fields(server: &Server, clock_us: i64) -> Vec<Field> {
    let objects = server.store.objects.iter();
    let mut fields: Vec<Field> = objects.map(|(key, versions)| text_field(key, siblings_text(versions))).collect();
    for ((absent, key), versions) in server.store.hints.iter() {
        let value = t!(
            "{key} = {versions}, meant for {node}",
            key = key.to_string(),
            versions = siblings_text(versions),
            node = *absent
        );
        fields.push(field(t!("hint"), value));
    }
    fields.extend(server.requests.iter().map(|(_, request)| field(t!("coordinates"), request_text(request))));
    let suspects = server.suspects.at(clock_us).map(|node| t!("{node}", node = node));
    if let Some(suspects) = joined(", ", suspects) {
        fields.push(field(t!("suspects"), suspects));
    }
    fields
}

/// The answers to the oldest request that the client still waits for.
fn tally(server: &Server) -> Option<Tally> {
    let (_, request) = server.requests.iter().find(|(_, request)| !request.is_answered)?;
    let (got, needed) = (request.count() as u32, u32::from(request.needed));
    Some(Tally { got, needed, text: t!("{got} of {needed} needed", got = got, needed = needed) })
}

fn request_text(request: &Coordination) -> Text {
    let (key, count, needed) = (request.key.to_string(), request.count(), request.needed);
    match &request.task {
        Task::Put(_) => t!("put of {key}: {count} of {needed} have written", key = key, count = count, needed = needed),
        Task::Get => t!("get of {key}: {count} of {needed} have answered", key = key, count = count, needed = needed),
        Task::Repair(_) => {
            t!("get of {key}: {count} of {needed} have the newest versions", key = key, count = count, needed = needed)
        }
    }
}

fn client_fields(client: &Client) -> Vec<Field> {
    let mut fields = vec![number(t!("operations"), client.serial)];
    if let Some(open) = &client.open {
        let command = command_text(&open.key, &open.command);
        fields.push(field(t!("waits for"), t!("{command} through {node}", command = command, node = open.server)));
    }
    for (key, known) in client.known.iter() {
        let value = t!("{items}, context {context}", items = items_text(&known.items), context = known.context.text());
        fields.push(text_field(key, value));
    }
    fields
}

/// What a part of a split network can still do with the first key that somebody has.
fn group_tag(world: WorldOf<'_, LeaderlessQuorum>, nodes: &[NodeId], keys: &[Key]) -> Text {
    let config = world.config();
    let Some(key) = keys.first() else { return t!("{size} of {all}", size = nodes.len(), all = config.servers) };
    let held = config.replicas(key).iter().filter(|replica| nodes.contains(replica)).count();
    let taking_part = if config.is_sloppy { nodes.len().min(config.n.into()) } else { held };
    let (key, n) = (key.to_string(), config.n);
    let (gets, puts) = (taking_part >= config.r.into(), taking_part >= config.w.into());
    match (gets, puts) {
        (true, true) => t!("replicas of {key}: {held} of {n} · gets and puts", held = held, n = n, key = key),
        (true, false) => t!("replicas of {key}: {held} of {n} · gets only", held = held, n = n, key = key),
        (false, true) => t!("replicas of {key}: {held} of {n} · puts only", held = held, n = n, key = key),
        (false, false) => t!("replicas of {key}: {held} of {n} · no quorum", held = held, n = n, key = key),
    }
}

fn ring(world: WorldOf<'_, LeaderlessQuorum>, keys: &[Key]) -> Ring {
    let config = world.config();
    let at = |position: u64| ((u128::from(position) * 1_000_000) >> 64) as u32;
    Ring {
        title: t!("The ring"),
        tokens: config.ring.tokens().iter().map(|(token, node)| Token { at: at(*token), node: *node }).collect(),
        keys: keys
            .iter()
            .map(|key| RingKey {
                at: at(position(key)),
                label: Text::verbatim(key.to_string()),
                holders: config.replicas(key),
            })
            .collect(),
    }
}

type Table = (Text, Vec<Text>, Vec<Vec<Text>>);

/// Who has which versions of each key.
fn copies(world: WorldOf<'_, LeaderlessQuorum>, keys: &[Key]) -> Table {
    let mut rows = Vec::new();
    for key in keys {
        let name = || Text::verbatim(key.to_string());
        for replica in world.config().replicas(key) {
            let versions = store(world, replica).versions(key);
            rows.push(vec![name(), t!("{node}", node = replica), siblings_text(&versions)]);
        }
        for server in servers(world) {
            for ((absent, hinted), versions) in store(world, server).hints.iter() {
                if hinted == key {
                    let keeper = t!("{node} for {absent}", node = server, absent = *absent);
                    rows.push(vec![name(), keeper, siblings_text(versions)]);
                }
            }
        }
    }
    (t!("Copies"), vec![t!("key"), t!("server"), t!("versions")], rows)
}

/// The roots of the Merkle trees of all ranges that hold keys.
fn trees(world: WorldOf<'_, LeaderlessQuorum>, keys: &[Key]) -> Table {
    let config = world.config();
    let mut ranges: Vec<usize> = keys.iter().map(|key| config.ring.range_of(position(key))).collect();
    sort_by_key(&mut ranges, |range| *range as u128);
    ranges.dedup();
    let row = |range: usize| {
        let held = keys.iter().filter(|key| config.ring.range_of(position(key)) == range);
        let held = joined(" ", held.map(|key| Text::verbatim(key.to_string()))).unwrap_or_default();
        let replicas = config.ring.preference_list(range).into_iter().take(config.n.into());
        let digests: Vec<(NodeId, u64)> = replicas
            .filter_map(|replica| {
                let server = world.nodes().state(replica)?.server()?;
                Some((replica, server.digest_at(Place::root(range), config)))
            })
            .collect();
        let is_equal = digests.windows(2).all(|pair| pair[0].1 == pair[1].1);
        let roots =
            digests.iter().map(|(node, digest)| t!("{node} {digest}", node = *node, digest = digest_text(*digest)));
        let verdict = if is_equal { t!("equal") } else { t!("differ") };
        vec![held, joined(", ", roots).unwrap_or_default(), verdict]
    };
    let head = vec![t!("keys of the range"), t!("roots"), t!("they")];
    (t!("Merkle trees"), head, ranges.into_iter().map(row).collect())
}

fn values(versions: &Siblings) -> Text {
    joined("|", versions.iter().map(|version| items_text(&version.items))).unwrap_or_else(|| t!("nothing"))
}

fn key_list<T>(entries: &[(Key, T)]) -> Text {
    joined(" ", entries.iter().map(|(key, _)| Text::verbatim(key.to_string()))).unwrap_or_else(|| t!("no keys"))
}

fn entry_fields(entries: &[(Key, Siblings)]) -> Vec<Field> {
    entries.iter().map(|(key, versions)| text_field(key, siblings_text(versions))).collect()
}

fn place_text(place: Place) -> Text {
    match place.level {
        0 => t!("root of range {range}", range = place.range),
        level => {
            t!(
                "range {range}, level {level}, node {number}",
                range = place.range,
                level = u16::from(level),
                number = place.number
            )
        }
    }
}

/// The first digits of a digest; nothing for an empty tree.
fn digest_text(digest: u64) -> Text {
    match digest {
        0 => t!("empty"),
        digest => Text::verbatim(format!("{:04x}", digest >> 48)),
    }
}

fn field(name: Text, value: Text) -> Field {
    Field { name, value, before: None }
}

fn text_field(key: &Key, value: Text) -> Field {
    field(Text::verbatim(key.to_string()), value)
}

fn number(name: Text, number: u64) -> Field {
    field(name, t!("{number}", number = number))
}
