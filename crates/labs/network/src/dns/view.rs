//! How the lab looks: who asks whom, what a resolver has kept and for how long, and the way that the last question took.

use sim::frame::{
    Axis, Chart, ChartKind, Field, Frame, LegendRow, MessageKind, Panel, Series, Shape, Sign, Span, SpanRow, Spans,
    Tone, Tree, TreeRow,
};
use sim::{Look, MessageLook, NodeId, Text, View, WorldOf, t, time_us};

use super::authority::{Authority, KEPT_SECONDS};
use super::cache::{Entry, Known, Rank};
use super::client::{Client, End};
use super::message::{Code, Message};
use super::name::{Address, Data, Host, Kind, Name, Record, Role, Zone};
use super::resolver::Resolver;
use super::settings::Config;
use super::walk::{Outcome, Step};
use super::words::seconds;
use super::{Dns, DnsNode, Timer};

const SECOND_US: u64 = 1_000_000;

/// How many rows of a cache are shown.
const ROWS: usize = 40;

/// How many of the last steps of a way are shown.
const STEPS: usize = 10;

impl View for Dns {
    /// How a node looks.
    fn look(_node: NodeId, state: Option<&DnsNode>) -> Look {
        let look = |shape, tone, role, badge| Look { shape, tone, role, badge };
        match state {
            None => look(Shape::Circle, Tone::Plain, t!("crashed"), Text::default()),
            Some(DnsNode::Client(client)) => {
                let (tone, role, badge) = match client.last.map(|ended| ended.end) {
                    None => (Tone::Plain, t!("client"), Text::default()),
                    Some(End::Address(address)) if address == Address::FALSE => {
                        (Tone::Violation, t!("deceived client"), words(address.to_string()))
                    }
                    Some(End::Address(address)) => (Tone::Committed, t!("client"), words(address.to_string())),
                    Some(End::Nothing) => (Tone::Candidate, t!("client, no such name"), Text::default()),
                    Some(End::Failed | End::Silence) => (Tone::Violation, t!("client in vain"), Text::default()),
                };
                look(Shape::Person, tone, role, badge)
            }
            Some(DnsNode::Resolver(resolver)) => {
                let tone = if is_poisoned(resolver) { Tone::Violation } else { Tone::Leader };
                let badge = match resolver.walks.iter().count() {
                    0 => Text::default(),
                    count => t!("{count} open", count = count),
                };
                look(Shape::Circle, tone, t!("resolver"), badge)
            }
            Some(DnsNode::Authority(authority)) => {
                let badge = authority.shop.map(|shop| t!("serial {number}", number = shop.serial)).unwrap_or_default();
                match authority.is_flooded {
                    true => look(Shape::Store, Tone::Violation, t!("flooded authority"), badge),
                    false => look(Shape::Store, Tone::Plain, t!("authority"), badge),
                }
            }
            Some(DnsNode::Forger(_)) => look(Shape::Outside, Tone::Violation, t!("forger"), Text::default()),
        }
    }

    /// How a message looks.
    fn message_look(message: &Message) -> MessageLook {
        let from = |source: Address| field(t!("claims to come from"), claimed(source));
        match message {
            Message::Query(query) => MessageLook {
                kind: if query.recursion { MessageKind::Client } else { MessageKind::Replication },
                reply: false,
                label: t!("{name}?", name = query.question.name.to_string()),
                fields: vec![
                    field(t!("name"), words(query.question.name.to_string())),
                    field(t!("type"), words(query.question.kind.text())),
                    from(query.source),
                    field(t!("port"), number(u64::from(query.port))),
                    field(t!("id"), number(u64::from(query.id))),
                    field(t!("find out for me"), if query.recursion { t!("yes") } else { t!("no") }),
                ],
            },
            Message::Answer(answer) => {
                let reply = &answer.reply;
                let is_of_resolver = answer.source.role().is_some_and(Role::is_resolver);
                let records = |records: &[Record]| {
                    let texts: Vec<String> = records.iter().map(write).collect();
                    words(if texts.is_empty() { "–".to_string() } else { texts.join("; ") })
                };
                let is_false =
                    reply.answer.iter().chain(&reply.additional).any(|record| record.data == Data::A(Address::FALSE));
                MessageLook {
                    kind: match (is_false, is_of_resolver) {
                        (true, _) => MessageKind::Election,
                        (false, true) => MessageKind::Client,
                        (false, false) => MessageKind::Replication,
                    },
                    reply: true,
                    label: gist(answer),
                    fields: vec![
                        field(t!("name"), words(answer.question.name.to_string())),
                        field(t!("code"), words(reply.code.text())),
                        from(answer.source),
                        field(t!("port"), number(u64::from(answer.port))),
                        field(t!("id"), number(u64::from(answer.id))),
                        field(t!("from an authority"), if reply.authoritative { t!("yes") } else { t!("no") }),
                        field(t!("answer"), records(&reply.answer)),
                        field(t!("who answers"), records(&reply.authority)),
                        field(t!("besides"), records(&reply.additional)),
                    ],
                }
            }
            Message::Notify { source } => plain(t!("changed"), vec![from(*source)]),
            Message::TransferPlease { source } => plain(t!("all of shop.com?"), vec![from(*source)]),
            Message::Transfer { source, zone } => plain(
                t!("zone, serial {number}", number = zone.serial),
                vec![from(*source), field(t!("www.shop.com"), words(zone.www().to_string()))],
            ),
            Message::Lure { name } => MessageLook {
                kind: MessageKind::Election,
                reply: false,
                label: t!("page with {name}", name = name.to_string()),
                fields: vec![field(t!("name"), words(name.to_string()))],
            },
        }
    }

    fn timer_name(timer: &Timer) -> Text {
        match timer {
            Timer::Ask => t!("next question"),
            Timer::Stub(_) => t!("wait for a resolver"),
            Timer::Query(_) => t!("wait for a server"),
            Timer::Stale(_) => t!("patience of clients"),
            Timer::Expire(name) => t!("{name} runs out", name = name.to_string()),
            Timer::Change => t!("www moves"),
            Timer::Refresh => t!("look for changes"),
            Timer::Lure => t!("next forgery"),
        }
    }

    fn legend() -> Vec<LegendRow> {
        use Sign::{Badge, Branch, Message as Mark, Node};
        let row = LegendRow::new;
        vec![
            row(Node(Shape::Person, Tone::Plain), t!("a client: it wants to know an address")),
            row(Node(Shape::Person, Tone::Committed), t!("a client whose last answer was an address")),
            row(Node(Shape::Person, Tone::Candidate), t!("a client that was told that there is no such name"))
                .of("negative answer"),
            row(
                Node(Shape::Person, Tone::Violation),
                t!("a client that was sent to a false address, or got no answer"),
            ),
            row(Node(Shape::Circle, Tone::Leader), t!("a resolver: it finds out, and keeps what it was told"))
                .of("resolver"),
            row(Node(Shape::Circle, Tone::Violation), t!("a resolver that has kept something false"))
                .of("cache poisoning"),
            row(Node(Shape::Store, Tone::Plain), t!("an authority: it has what is written of a zone"))
                .of("authoritative server"),
            row(Node(Shape::Store, Tone::Violation), t!("an authority in a flood of questions")),
            row(Node(Shape::Outside, Tone::Violation), t!("somebody outside, who forges answers")),
            row(Badge(t!("serial {number}", number = 3)), t!("the version of the zone shop.com")).of("zone"),
            row(
                Badge(t!("{count} open", count = 2)),
                t!("how many questions the resolver is at work on; beside a client, the address that it was given"),
            ),
            row(Branch(Tone::Committed), t!("something that the resolver has kept and may still give")).of("TTL"),
            row(Branch(Tone::Violation), t!("something false that the resolver has kept")).of("cache poisoning"),
            row(Mark(MessageKind::Client), t!("a client or a resolver asks a resolver, and is answered"))
                .of("resolver"),
            row(Mark(MessageKind::Replication), t!("a resolver asks an authority, and is answered or sent on"))
                .of("referral"),
            row(Mark(MessageKind::Other), t!("a copy of a zone, and what leads to it")).of("zone"),
            row(Mark(MessageKind::Election), t!("something forged or false, and what prepares it"))
                .of("cache poisoning"),
        ]
    }

    /// Adds to a frame what only this lab knows.
    fn view(world: WorldOf<'_, Dns>, frame: &mut Frame) {
        let (config, nodes) = (world.config(), world.nodes());
        let is_all_seen = frame.knower.is_none();
        let current = config.node(Role::N1).and_then(|id| nodes.disk(id).shop).map(|shop| shop.www());
        for node in &mut frame.nodes {
            let now_us = nodes.clock(node.id).counts(world.now_us());
            match nodes.state(node.id) {
                Some(DnsNode::Client(client)) => {
                    node.fields = client_fields(client, now_us);
                    let old = client
                        .book
                        .get(&Name::WWW)
                        .filter(|ended| Some(ended.number) == client.last.map(|last| last.number));
                    if let (Some(End::Address(address)), Some(current), true) =
                        (old.map(|ended| ended.end), current, is_all_seen)
                        && address != current
                        && address != Address::FALSE
                    {
                        node.tag = Some(t!("goes to the old server"));
                    }
                }
                Some(DnsNode::Resolver(resolver)) => {
                    node.tag = tag(resolver, now_us, config);
                    node.fields = resolver_fields(resolver, now_us, config);
                }
                Some(DnsNode::Authority(authority)) => {
                    node.fields = authority_fields(authority, config);
                    if let Some(shop) = authority.shop {
                        node.tag = Some(t!("www {address}", address = shop.www().to_string()));
                    }
                }
                Some(DnsNode::Forger(forger)) => {
                    node.fields = vec![
                        field(t!("names made up"), number(u64::from(forger.races))),
                        field(t!("answers forged"), number(forger.forged)),
                        field(t!("taken for the server"), number(forger.asked)),
                    ];
                }
                None => {}
            }
        }
        use_links(config, frame);
        for role in [Role::R1, Role::R2] {
            let Some(id) = config.node(role) else { continue };
            let Some(resolver) = nodes.state(id).and_then(DnsNode::resolver) else { continue };
            let now_us = nodes.clock(id).counts(world.now_us());
            let ahead_us = world.now_us() as i64 - now_us as i64;
            frame.panels.push(Panel::Tree(tree(resolver, now_us, config)));
            if let Some(spans) = way(resolver, now_us, ahead_us) {
                frame.panels.push(Panel::Spans(spans));
            }
            frame.panels.push(table(resolver, now_us, config));
        }
        frame.panels.push(Panel::Chart(load(world)));
    }
}

/// An answer in a few characters.
fn gist(answer: &super::Answer) -> Text {
    let reply = &answer.reply;
    let last = reply.answer.iter().find(|record| matches!(record.data, Data::A(_))).or(reply.answer.first());
    match (reply.code, last) {
        (Code::NxDomain, _) => t!("no such name"),
        (Code::ServFail, _) => t!("could not find out"),
        (Code::Refused, _) => t!("not mine"),
        (Code::NoError, Some(record)) => words(record.data.to_string()),
        (Code::NoError, None) => match reply.authority.first().map(|record| record.data) {
            Some(Data::Ns(_)) => t!("ask {zone}", zone = reply.authority[0].name.zone.text()),
            _ => t!("nothing"),
        },
    }
}

fn plain(label: Text, fields: Vec<Field>) -> MessageLook {
    MessageLook { kind: MessageKind::Other, reply: false, label, fields }
}

/// A record as it stands in a zone file.
fn write(record: &Record) -> String {
    format!("{} {} {} {}", record.name, record.ttl_s, record.data.kind().text(), record.data)
}

fn claimed(address: Address) -> Text {
    match address.role() {
        Some(role) => t!("{name}, {address}", name = role.label(), address = address.to_string()),
        None => words(address.to_string()),
    }
}

pub(super) fn is_poisoned(resolver: &Resolver) -> bool {
    resolver.cache.entries.iter().any(|(_, entry)| match &entry.known {
        Known::Records(data) => data.iter().any(|data| match data {
            Data::A(address) => *address == Address::FALSE,
            Data::Ns(server) => server.host == Host::Forged,
            _ => false,
        }),
        _ => false,
    })
}

/// What a resolver has of www.shop.com, and for how long: "www 203.0.113.7 · 217 s". Else, of new.shop.com.
fn tag(resolver: &Resolver, now_us: u64, config: &Config) -> Option<Text> {
    let servers = resolver.cache.servers(Zone::Shop, now_us, config).unwrap_or_default();
    if servers.iter().any(|server| server.host == Host::Forged) {
        return Some(t!("asks X about shop.com"));
    }
    [(Name::WWW, "www"), (Name::NEW, "new"), (Name::CDN, "www.cdn.net")].into_iter().find_map(|(name, word)| {
        let entry = resolver.entry(name)?;
        let left = seconds(resolver.left_s(entry, now_us, config));
        Some(match &entry.known {
            Known::Records(data) if entry.until_us(config) < now_us => {
                t!("{name} {data} · has run out", name = word, data = data.first()?.to_string())
            }
            Known::Records(data) => {
                t!("{name} {data} · {left}", name = word, data = data.first()?.to_string(), left = left)
            }
            _ if entry.until_us(config) < now_us => return None,
            _ => t!("{name}: no such name · {left}", name = word, left = left),
        })
    })
}

fn client_fields(client: &Client, now_us: u64) -> Vec<Field> {
    let end = |end: End| match end {
        End::Address(address) => words(address.to_string()),
        End::Nothing => t!("no such name"),
        End::Failed => t!("could not be found out"),
        End::Silence => t!("no resolver answered"),
    };
    let mut fields = Vec::new();
    if let Some(last) = client.last {
        fields.push(field(t!("last question"), words(last.name.to_string())));
        fields.push(field(t!("answer"), end(last.end)));
        fields.push(field(t!("that took"), t!("{time}", time = time_us(last.took_us))));
    }
    fields.push(field(t!("questions"), number(client.asked)));
    for (_, open) in client.open.iter() {
        let waits = time_us(now_us.saturating_sub(open.at_us));
        fields.push(field(t!("waits for {name}", name = open.name.to_string()), t!("for {time}", time = waits)));
    }
    for (name, (address, _)) in client.cache.iter() {
        fields.push(field(t!("keeps {name}", name = name.to_string()), words(address.to_string())));
    }
    fields
}

fn resolver_fields(resolver: &Resolver, now_us: u64, config: &Config) -> Vec<Field> {
    let mut fields = vec![
        field(t!("questions of clients"), number(resolver.asked)),
        field(t!("answered from the cache"), number(resolver.hits)),
        field(t!("queries to servers"), number(resolver.sent)),
        field(t!("searches under way"), number(resolver.walks.iter().count() as u64)),
        field(t!("came to nothing"), number(resolver.failed)),
        field(t!("joined another question"), number(resolver.joined)),
        field(t!("answers thrown away"), number(resolver.thrown)),
        field(t!("old answers given"), number(resolver.old_given)),
    ];
    for (_, walk) in resolver.walks.iter() {
        fields.push(field(
            t!("searches {name}", name = walk.question.name.to_string()),
            t!("queries: {count}, for {time}", count = walk.sent, time = time_us(now_us.saturating_sub(walk.began_us))),
        ));
    }
    for ((zone, address), until_us) in resolver.lame.iter() {
        if *until_us > now_us {
            fields.push(field(t!("does not answer for {zone}", zone = zone.text()), claimed(*address)));
        }
    }
    for (address, trip_us) in resolver.trips.iter() {
        let name = address.role().map_or("", Role::label);
        fields.push(field(t!("round trip to {server}", server = name), t!("{time}", time = time_us(*trip_us))));
    }
    let _ = config;
    fields
}

fn authority_fields(authority: &Authority, config: &Config) -> Vec<Field> {
    let zones: Vec<&str> = super::zone::served(authority.role).iter().map(|zone| zone.text()).collect();
    let mut fields = vec![field(t!("answers for"), words(zones.join(", ")))];
    if let Some(shop) = authority.shop {
        fields.push(field(t!("www.shop.com"), words(shop.www().to_string())));
        fields.push(field(t!("serial number"), number(u64::from(shop.serial))));
        let ttl_s = u64::from(shop.ttl_s.unwrap_or(config.ttl_s));
        fields.push(field(t!("may be kept for"), seconds(ttl_s)));
        fields.push(field(
            t!("new.shop.com"),
            if shop.has_new { words(Address::NEW.to_string()) } else { t!("is not there") },
        ));
    }
    fields.push(field(t!("questions"), number(authority.asked)));
    if authority.drowned > 0 {
        fields.push(field(t!("of these lost in a flood"), number(authority.drowned)));
    }
    fields
}

/// Draws the links that are used: a client asks the first resolver of its list, and a resolver that forwards no authority.
fn use_links(config: &Config, frame: &mut Frame) {
    for link in &mut frame.links {
        let (one, other) = (config.role(link.a), config.role(link.b));
        let is_used = |client: Role, resolver: Role| {
            config.resolvers(client).into_iter().find(|role| config.node(*role).is_some()) == Some(resolver)
        };
        if one.is_client() && other.is_resolver() {
            link.is_used = is_used(one, other);
        } else if config.forwards(one) && other.is_authority() {
            link.is_used = false;
        }
    }
}

/// The zones that a resolver knows the servers of, and what it has kept in each.
fn tree(resolver: &Resolver, now_us: u64, config: &Config) -> Tree {
    let mut rows = Vec::new();
    add_zone(Zone::Root, 0, resolver, now_us, config, &mut rows);
    Tree::new(t!("What {node} knows of the tree of names", node = resolver.role.label()), rows)
}

fn add_zone(zone: Zone, depth: u8, resolver: &Resolver, now_us: u64, config: &Config, rows: &mut Vec<TreeRow>) {
    let servers = resolver.cache.entries.get(&(zone.apex(), Kind::Ns));
    let below: Vec<Zone> = Zone::ALL.into_iter().filter(|below| below.parent() == Some(zone)).collect();
    let is_in = |name: &Name, entry: &Entry| name.zone == zone && entry.rank == Rank::Answer;
    let answers: Vec<_> =
        resolver.cache.entries.iter().filter(|((name, kind), entry)| is_in(name, entry) && *kind != Kind::Ns).collect();
    if zone != Zone::Root
        && servers.is_none()
        && answers.is_empty()
        && below.iter().all(|zone| !has_any(*zone, resolver))
    {
        return;
    }
    let detail = match servers {
        _ if zone == Zone::Root => t!("where it begins: the address of the root is built in"),
        Some(entry) => t!("servers: {names} · {left}", names = list(&entry.known), left = left(entry, now_us, config)),
        None => t!("its servers are not known"),
    };
    let tone = servers.map_or(Tone::Plain, |entry| row_tone(entry, now_us, config));
    rows.push(TreeRow::new(depth, words(zone.text()), detail, tone));
    for ((name, kind), entry) in answers.into_iter().take(8) {
        let detail = t!(
            "{kind} {data} · {left}",
            kind = kind.text(),
            data = list(&entry.known),
            left = left(entry, now_us, config)
        );
        rows.push(TreeRow::new(depth + 1, words(name.to_string()), detail, row_tone(entry, now_us, config)));
    }
    for below in below {
        add_zone(below, depth + 1, resolver, now_us, config, rows);
    }
}

/// Whether anything is known of a zone or of one below it.
fn has_any(zone: Zone, resolver: &Resolver) -> bool {
    let is_known = |((name, kind), entry): (&(Name, Kind), &Entry)| {
        name.zone.is_within(zone) && (entry.rank == Rank::Answer || *kind == Kind::Ns)
    };
    resolver.cache.entries.iter().any(is_known)
}

fn row_tone(entry: &Entry, now_us: u64, config: &Config) -> Tone {
    let is_false = matches!(&entry.known, Known::Records(data) if data.iter().any(|data| {
        *data == Data::A(Address::FALSE) || matches!(data, Data::Ns(server) if server.host == Host::Forged)
    }));
    match entry.until_us(config) >= now_us {
        _ if is_false => Tone::Violation,
        true => Tone::Committed,
        false => Tone::Plain,
    }
}

/// What is known, in a row.
fn list(known: &Known) -> Text {
    match known {
        Known::Records(data) => words(data.iter().map(|data| data.to_string()).collect::<Vec<_>>().join(", ")),
        Known::NoData => t!("nothing of this type"),
        Known::NoName => t!("no such name"),
    }
}

/// How long an entry may still be kept.
fn left(entry: &Entry, now_us: u64, config: &Config) -> Text {
    match entry.until_us(config).checked_sub(now_us) {
        Some(left_us) => t!("{time} left", time = seconds(left_us / SECOND_US)),
        None => t!("has run out"),
    }
}

/// The cache of a resolver.
fn table(resolver: &Resolver, now_us: u64, config: &Config) -> Panel {
    let row = |((name, kind), entry): (&(Name, Kind), &Entry)| {
        let from = entry.source.role().map_or("", Role::label);
        let rank = match entry.rank {
            Rank::Glue => t!("{server}, in passing", server = from),
            Rank::Authority => t!("{server}, beside its answer", server = from),
            Rank::Answer => t!("{server}, as an answer", server = from),
        };
        vec![words(name.to_string()), words(kind.text()), list(&entry.known), left(entry, now_us, config), rank]
    };
    Panel::Table {
        title: t!("Cache of {node}", node = resolver.role.label()),
        head: vec![t!("name"), t!("type"), t!("what"), t!("how long"), t!("from whom")],
        rows: resolver.cache.entries.iter().take(ROWS).map(row).collect(),
    }
}

/// The way of the question that a resolver is at work on, or of the last one.
fn way(resolver: &Resolver, now_us: u64, ahead_us: i64) -> Option<Spans> {
    let under_way = resolver.walks.iter().next().map(|(_, walk)| (walk.question, &walk.steps));
    let (question, steps) = under_way.or(resolver.last_walk.as_ref().map(|(question, steps)| (*question, steps)))?;
    let steps = &steps[steps.len().saturating_sub(STEPS)..];
    let first = steps.first()?;
    let at = |us: u64| (us as i64 + ahead_us).max(0) as u64;
    let end_us = steps.iter().map(|step| step.ended_us.unwrap_or(now_us)).max()?;
    let row = |step: &Step| SpanRow {
        label: t!(
            "{server}: {name}",
            server = step.server.role().map_or("", Role::label),
            name = step.question.name.to_string()
        ),
        depth: step.depth.min(4) as u8,
        bars: vec![Span {
            from_us: at(step.sent_us),
            to_us: step.ended_us.map(at),
            label: match step.outcome {
                Outcome::Open => t!("asked"),
                Outcome::Referral => t!("sent on"),
                Outcome::Answer => t!("answer"),
                Outcome::No => t!("not there"),
                Outcome::Lame => t!("not mine"),
                Outcome::Failed => t!("cannot tell"),
                Outcome::Silence => t!("silence"),
            },
            kind: if step.zone.is_some() { MessageKind::Replication } else { MessageKind::Client },
            failed: matches!(step.outcome, Outcome::Lame | Outcome::Failed | Outcome::Silence),
        }],
    };
    Some(Spans {
        title: t!("{node} looks for {name}", node = resolver.role.label(), name = question.name.to_string()),
        from_us: at(first.sent_us),
        to_us: at(end_us.max(first.sent_us + 1)),
        rows: steps.iter().map(row).collect(),
        marks: Vec::new(),
    })
}

/// How many questions a second come to root, com and shop.com.
fn load(world: WorldOf<'_, Dns>) -> Chart {
    let (config, nodes) = (world.config(), world.nodes());
    let now_s = (world.now_us() / SECOND_US) as i64;
    let first_s = (now_s - KEPT_SECONDS as i64 + 1).max(0);
    let asked = |roles: &[Role], second: i64| -> i64 {
        let of = |role: &Role| {
            let id = config.node(*role)?;
            let authority = nodes.state(id).and_then(DnsNode::authority)?;
            // Its clock may count in another way than the world's.
            let shift_s = (nodes.clock(id).counts(world.now_us()) / SECOND_US) as i64 - now_s;
            authority.load.iter().find(|(at_s, _)| *at_s as i64 == second + shift_s).map(|(_, count)| i64::from(*count))
        };
        roles.iter().filter_map(of).sum()
    };
    let series = |name: Text, kind, roles: &[Role]| Series {
        name,
        kind,
        points: (first_s..=now_s.max(first_s + 1)).map(|second| (second, asked(roles, second))).collect(),
    };
    Chart {
        title: t!("Questions a second"),
        kind: ChartKind::Lines,
        x: Axis::new(t!("time"), "s", 1),
        y: Axis::new(t!("questions"), "", 1),
        series: vec![
            series(t!("root"), MessageKind::Other, &[Role::Root]),
            series(t!("com"), MessageKind::Client, &[Role::Com]),
            series(t!("shop.com"), MessageKind::Replication, &[Role::N1, Role::N2]),
        ],
        marks: Vec::new(),
    }
}

fn field(name: Text, value: Text) -> Field {
    Field { name, value, before: None }
}

fn number(number: u64) -> Text {
    t!("{number}", number = number)
}

fn words(text: impl Into<std::borrow::Cow<'static, str>>) -> Text {
    Text::verbatim(text)
}
