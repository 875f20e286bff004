//! How the lab looks: clients, Mallory and servers in columns, and what travels by way of her.

use sim::frame::{Field, Frame, LegendRow, MessageKind, Node, Seal, Shape, Sign, Tone};
use sim::{Cover, Look, MessageLook, NodeId, Text, View, WorldOf, t, time_us};

use super::certificates::{Certificate, DAY_US};
use super::client::{Client, Step};
use super::mallory::{Mallory, in_words};
use super::server::{Server, Stage};
use super::term::{Kind, Tag, Term};
use super::wire::{self, Packet, Record};
use super::{Config, Message, Timer, Tls, TlsNode, panels};

impl View for Tls {
    const ESSENTIAL_FIELDS: usize = 4;

    /// How a node looks.
    fn look(node: NodeId, state: Option<&TlsNode>) -> Look {
        let look = |shape, tone, role, badge| Look { shape, tone, role, badge };
        match state {
            None if node < Config::MALLORY => look(Shape::Person, Tone::Plain, Text::default(), Text::default()),
            None if node == Config::MALLORY => look(Shape::Diamond, Tone::Plain, Text::default(), Text::default()),
            None => look(Shape::Box, Tone::Plain, Text::default(), Text::default()),
            Some(TlsNode::Client(client)) => match &client.open {
                Some(open) if open.session.is_some() => {
                    look(Shape::Person, Tone::Committed, t!("client with a padlock"), Text::default())
                }
                _ => look(Shape::Person, Tone::Plain, t!("client"), Text::default()),
            },
            Some(TlsNode::Mallory(mallory)) => {
                let reads = mallory.knowledge.learned().len();
                match reads {
                    0 => look(Shape::Diamond, Tone::Plain, t!("Mallory, on the way"), Text::default()),
                    _ => look(Shape::Diamond, Tone::Violation, t!("Mallory, who reads along"), reads_badge(reads)),
                }
            }
            Some(TlsNode::Server(server)) => {
                look(Shape::Box, Tone::Plain, t!("server of the shop"), bought(server.written().posts.len()))
            }
        }
    }

    /// How a message looks.
    fn message_look(message: &Message) -> MessageLook {
        let plain = |kind, reply, label| MessageLook { kind, reply, label, fields: Vec::new() };
        match message {
            Message::Packet(packet) => packet_look(packet),
            Message::BreakIn => plain(MessageKind::Replication, false, t!("break-in")),
            Message::Loot(terms) => MessageLook {
                fields: vec![field(t!("what was taken"), t!("private keys: {count}", count = terms.len()))],
                ..plain(MessageKind::Replication, true, t!("stolen key"))
            },
        }
    }

    /// Whom a packet claims to be of, and for what stretch of a connection its key is.
    fn cover(message: &Message) -> Cover {
        let Message::Packet(packet) = message else { return Cover::default() };
        let key = key_of(packet).and_then(|key| match key.kind() {
            Kind::Kdf(_, label, _) => Some(stretch(label)),
            _ => None,
        });
        Cover { claims: packet.is_forged.then(|| packet.claimed()), key }
    }

    fn timer_name(timer: &Timer) -> Text {
        match timer {
            Timer::Next => t!("next wish"),
            Timer::Again => t!("patience"),
        }
    }

    fn legend() -> Vec<LegendRow> {
        use Sign::{Badge, Branch, Claim, Message as Mark, Node, Seal};
        let row = LegendRow::new;
        vec![
            row(Node(Shape::Person, Tone::Plain), t!("a client, and the person in front of it")).of("client"),
            row(
                Node(Shape::Person, Tone::Committed),
                t!("a client that shows a padlock: it has looked at what it looks at, and takes the other end for the shop"),
            )
            .of("TLS handshake"),
            row(
                Node(Shape::Person, Tone::Violation),
                t!("a client that shows a padlock, and Mallory can read what it says"),
            ),
            row(Node(Shape::Diamond, Tone::Plain), t!("Mallory: all goes by way of her")).of("machine in the middle"),
            row(Node(Shape::Diamond, Tone::Violation), t!("Mallory, who has read something that was sealed")),
            row(Badge(reads_badge(2)), t!("how many sealed requests and parts of answers she has read")),
            row(Node(Shape::Box, Tone::Plain), t!("a server of the shop")),
            row(Badge(bought(2)), t!("how many purchases a server has carried out")),
            row(Mark(MessageKind::Election), t!("the handshake: hellos, certificates, Finished; hollow: of a server"))
                .of("TLS handshake"),
            row(Mark(MessageKind::Client), t!("a request; hollow: a part of its answer")),
            row(Mark(MessageKind::Other), t!("of the connection below, or an alert")),
            row(Mark(MessageKind::Replication), t!("a break-in, and what was stolen")),
            row(Seal { is_open: false }, t!("sealed: beside it the two ends of the key")).of("seal"),
            row(Seal { is_open: true }, t!("sealed, and Mallory has the key")),
            row(Claim, t!("made or sent again by Mallory, in the name of another")),
            row(Branch(Tone::Committed), t!("what a client looks at, and it is good")),
            row(Branch(Tone::Violation), t!("what a client looks at, and it is not good")),
        ]
    }

    /// Adds to a frame what only this lab knows.
    fn view(world: WorldOf<'_, Tls>, frame: &mut Frame) {
        frame.groups.clear();
        let knower = frame.knower;
        for message in &mut frame.messages {
            let envelope = world.messages().find(|envelope| envelope.id == message.id);
            let Some(Message::Packet(packet)) = envelope.map(|envelope| envelope.payload) else { continue };
            let Some(key) = key_of(packet) else { continue };
            let openers = openers(world, packet, key);
            if let Some(knower) = knower {
                let is_open = openers.contains(&knower);
                if !is_open {
                    message.label = t!("sealed");
                    message.fields.clear();
                }
                if let Some(seal) = &mut message.seal {
                    seal.openers = if is_open { vec![knower] } else { Vec::new() };
                    seal.is_open = is_open;
                }
                continue;
            }
            let ends: Vec<NodeId> = match openers.as_slice() {
                // What only two have has their names; what Mallory has besides is open.
                [first, _, last] => vec![*first, *last],
                known => known.to_vec(),
            };
            let label = |node: &NodeId| world.label(*node).to_string();
            let name = match ends.as_slice() {
                [first, last] => t!("{first}–{last}", first = label(first), last = label(last)),
                [only] => t!("{node}'s", node = label(only)),
                _ => t!("nobody's"),
            };
            let is_open = openers.contains(&Config::MALLORY);
            message.seal = Some(Seal { key: name, openers, is_open });
        }
        let sees_truth = knower.is_none();
        for node in &mut frame.nodes {
            match world.nodes().state(node.id) {
                Some(TlsNode::Client(client)) => show_client(world, client, sees_truth, node),
                Some(TlsNode::Mallory(mallory)) => show_mallory(world, mallory, node),
                Some(TlsNode::Server(server)) => show_server(server, node),
                None => {}
            }
        }
        frame.panels.extend(panels::all(world, knower));
    }
}

/// The key of what is sealed last in a packet.
pub(super) fn key_of(packet: &Packet) -> Option<&Term> {
    packet.sealed().last().and_then(|sealed| match sealed.kind() {
        Kind::Aead(key, ..) => Some(key),
        _ => None,
    })
}

/// The stretch of a connection that a key is for, by its label in the key schedule.
fn stretch(label: &str) -> Text {
    match label {
        "c e traffic" => t!("early key"),
        "c hs traffic" | "s hs traffic" => t!("handshake key"),
        _ => t!("data key"),
    }
}

/// What two shares come to, from which a key follows.
fn shares(key: &Term) -> Option<(&Term, &Term)> {
    let mut secret = key;
    loop {
        match secret.kind() {
            Kind::Kdf(before, ..) => secret = before,
            Kind::List(Tag::Secrets, parts) => secret = parts.first()?,
            Kind::Dh(first, second) => return Some((first, second)),
            _ => return None,
        }
    }
}

/// The nodes that have the key of a packet, in the order of their ids.
fn openers(world: WorldOf<'_, Tls>, packet: &Packet, key: &Term) -> Vec<NodeId> {
    let nodes = world.nodes();
    let is_early = matches!(key.kind(), Kind::Kdf(_, "c e traffic", _));
    let client = nodes.state(packet.client).and_then(TlsNode::client).and_then(|client| client.open.as_ref());
    let has_client = client.filter(|open| open.conn == packet.conn || is_early).is_some_and(|open| {
        if is_early {
            open.has_early(key)
        } else {
            shares(key).is_some_and(|(first, second)| open.has(first) || open.has(second))
        }
    });
    let server = nodes.state(packet.server).and_then(TlsNode::server);
    let has_server = server.is_some_and(|server| server.has(packet, key));
    let has_mallory =
        nodes.state(Config::MALLORY).and_then(TlsNode::mallory).is_some_and(|mallory| mallory.knowledge.can_build(key));
    let all = [(packet.client, has_client), (Config::MALLORY, has_mallory), (packet.server, has_server)];
    all.into_iter().filter(|(_, has)| *has).map(|(node, _)| node).collect()
}

fn packet_look(packet: &Packet) -> MessageLook {
    let reply = !packet.to_server;
    let (kind, label) = said(packet);
    let mut fields = vec![field(
        t!("records"),
        join(packet.records.iter().map(|record| match record {
            Record::Syn => t!("SYN"),
            Record::SynAck => t!("SYN-ACK"),
            Record::End => t!("end of the connection below"),
            Record::Plain(term) => t!("{what}, in the open", what = what(term)),
            Record::Sealed(term) => match term.kind() {
                Kind::Aead(_, number, plain) => {
                    t!("sealed, number {number}: {what}", number = *number, what = what(plain))
                }
                _ => t!("sealed"),
            },
        })),
    )];
    if let Some((_, hello)) = packet.client_hello() {
        fields.push(field(t!("name in the hello"), Text::verbatim(hello.name.to_string())));
        if let Some(offer) = &hello.ticket {
            fields.push(field(
                t!("age of the ticket"),
                t!("{time}", time = time_us(offer.age_ms.unsigned_abs() * 1_000)),
            ));
        }
    }
    if let Some(read) = shown(packet) {
        fields.push(field(t!("certificate, inside"), in_words(&read)));
    }
    MessageLook { kind, reply, label, fields }
}

/// The certificate in a packet, whoever can see it.
pub(super) fn shown(packet: &Packet) -> Option<Certificate> {
    packet.sealed().find_map(|sealed| match sealed.kind() {
        Kind::Aead(_, _, plain) => Certificate::read(plain.parts(Tag::Certificate)?.first()?),
        _ => None,
    })
}

/// What a packet says in a few characters.
fn said(packet: &Packet) -> (MessageKind, Text) {
    let inside = || {
        packet.sealed().filter_map(|sealed| match sealed.kind() {
            Kind::Aead(_, _, plain) => Some(plain),
            _ => None,
        })
    };
    let request = inside().find_map(wire::read_request).map(|(method, _)| method.word());
    if packet.client_hello().is_some() {
        return match request {
            Some(method) => (MessageKind::Client, t!("hello, {method}", method = method)),
            None => (MessageKind::Election, t!("hello")),
        };
    }
    if packet.server_hello().is_some() {
        let has_certificate = shown(packet).is_some();
        return (MessageKind::Election, if has_certificate { t!("certificate") } else { t!("ticket is good") });
    }
    if packet.alert().is_some() || inside().any(|plain| plain.parts(Tag::Alert).is_some()) {
        return (MessageKind::Other, t!("alert"));
    }
    if let Some(method) = request {
        return (MessageKind::Client, t!("{method}", method = method));
    }
    if let Some(part) = inside().find_map(|plain| plain.parts(Tag::Answer)?.first()?.as_number()) {
        return (MessageKind::Client, t!("answer {part}", part = part + 1));
    }
    if inside().any(|plain| plain.parts(Tag::CloseNotify).is_some()) {
        return (MessageKind::Other, t!("sealed end"));
    }
    if inside().next().is_some() {
        return (MessageKind::Election, t!("Finished"));
    }
    let label = match packet.records.first() {
        Some(Record::Syn) => t!("SYN"),
        Some(Record::SynAck) => t!("SYN-ACK"),
        _ => t!("end"),
    };
    (MessageKind::Other, label)
}

/// What a message of the handshake or of the application is.
fn what(term: &Term) -> Text {
    let Kind::List(tag, parts) = term.kind() else { return t!("something") };
    match tag {
        Tag::ClientHello => Text::new("ClientHello"),
        Tag::ServerHello => Text::new("ServerHello"),
        Tag::EncryptedExtensions => Text::new("EncryptedExtensions"),
        Tag::Certificate => Text::new("Certificate"),
        Tag::CertificateVerify => Text::new("CertificateVerify"),
        Tag::EndOfEarlyData => Text::new("EndOfEarlyData"),
        Tag::Finished => Text::new("Finished"),
        Tag::NewSessionTicket => Text::new("NewSessionTicket"),
        Tag::CloseNotify => Text::new("close_notify"),
        Tag::Request => t!("request {method}", method = parts.first().and_then(Term::as_name).unwrap_or("?")),
        Tag::Answer => t!("part of an answer"),
        Tag::Alert => t!("alert {name}", name = parts.first().and_then(Term::as_name).unwrap_or("?")),
        Tag::Certified | Tag::Ticket | Tag::Secrets => t!("something"),
    }
}

fn show_client(world: WorldOf<'_, Tls>, client: &Client, sees_truth: bool, node: &mut Node) {
    let none = || t!("none");
    let open = client.open.as_ref();
    let session = open.and_then(|open| open.session.as_ref());
    let mallory = world.nodes().state(Config::MALLORY).and_then(TlsNode::mallory);
    let is_read =
        session.is_some_and(|session| mallory.is_some_and(|mallory| mallory.knowledge.can_build(&session.keys.client)));
    if is_read && sees_truth {
        node.tone = Tone::Violation;
    }
    let last = client.ended.back();
    node.tag = match (open, last) {
        (Some(open), _) => Some(match open.step {
            Step::Knocking => t!("connects"),
            Step::Greeting => t!("has said hello"),
            Step::Asking => t!("padlock: {site}", site = open.site),
        }),
        (None, Some(ended)) => Some(ended.verdict.word()),
        (None, None) => None,
    };
    let certificate = session.map(|session| match &session.certificate {
        Some(signed) => Certificate::read(signed).map_or_else(none, |read| certificate_words(&read)),
        None => t!("none: it went on from a ticket"),
    });
    node.fields = vec![
        field(
            t!("wants"),
            open.map_or_else(none, |open| t!("{method} from {site}", method = open.method.word(), site = open.site)),
        ),
        field(t!("padlock"), if session.is_some() { t!("shut") } else { none() }),
        field(t!("certificate that it took"), certificate.unwrap_or_else(none)),
        field(t!("told last"), last.map_or_else(none, |ended| ended.verdict.word())),
        field(t!("connections so far"), t!("{count}", count = client.written().made)),
        field(t!("ticket on its disk"), if client.written().ticket.is_some() { t!("one") } else { none() }),
        field(t!("answers of the shop"), t!("{count}", count = client.answers)),
        field(t!("wishes that wait"), t!("{count}", count = client.wishes.len())),
    ];
    if let Some(open) = open {
        node.fields.push(field(t!("server"), Text::verbatim(world.label(open.server).to_string())));
        node.fields.push(field(t!("how often it has sent this flight"), t!("{count}", count = open.tries)));
    }
}

fn show_mallory(world: WorldOf<'_, Tls>, mallory: &Mallory, node: &mut Node) {
    let knowledge = &mallory.knowledge;
    let written = mallory.written();
    if let Some(game) = mallory.games.back().filter(|game| !game.is_over) {
        node.tag = Some(t!(
            "between {client} and {server}",
            client = world.label(game.client).to_string(),
            server = world.label(game.server).to_string()
        ));
    }
    node.fields = vec![
        field(t!("sealed requests and answers read"), t!("{count}", count = knowledge.learned().len())),
        field(t!("records that stay shut"), t!("{count}", count = knowledge.locked())),
        field(t!("how often she has interfered"), t!("{count}", count = written.tampered)),
        field(
            t!("stolen"),
            if written.loot.is_empty() {
                t!("nothing")
            } else {
                t!("private keys: {count}", count = written.loot.len())
            },
        ),
        field(t!("false certificate of a trusted authority"), if written.false_issue { t!("one") } else { t!("none") }),
        field(t!("terms that she knows"), t!("{count}", count = knowledge.terms().len())),
    ];
}

fn show_server(server: &Server, node: &mut Node) {
    let written = server.written();
    let read = written.identity.as_ref().and_then(|identity| Certificate::read(&identity.certificate));
    let open = server.runs.iter().filter(|run| run.stage != Stage::Closed).count();
    node.fields = vec![
        field(t!("purchases carried out"), t!("{count}", count = written.posts.len())),
        field(t!("certificate"), read.as_ref().map_or_else(|| t!("none"), certificate_words)),
        field(
            t!("early data taken, refused"),
            t!("{taken}, {refused}", taken = server.early, refused = server.refused),
        ),
        field(t!("tickets noted as used"), t!("{count}", count = written.used.len())),
        field(t!("open connections"), t!("{count}", count = open)),
    ];
}

/// A certificate for a field.
pub(super) fn certificate_words(read: &Certificate) -> Text {
    t!(
        "{name}, signed by {issuer}, from {from} to {to}",
        name = read.name,
        issuer = read.issuer,
        from = day(read.from_us),
        to = day(read.to_us)
    )
}

/// A day, counted from the beginning of the run.
pub(super) fn day(us: i64) -> Text {
    let days = us.div_euclid(DAY_US);
    match days {
        0 => t!("today"),
        1.. => t!("day {number}", number = days),
        _ => t!("day −{number}", number = days.unsigned_abs()),
    }
}

fn join(texts: impl Iterator<Item = Text>) -> Text {
    texts.reduce(|first, next| t!("{first}; {next}", first = first, next = next)).unwrap_or_default()
}

fn reads_badge(count: usize) -> Text {
    t!("reads {count}", count = count)
}

fn bought(count: usize) -> Text {
    if count == 0 { Text::default() } else { t!("Σ {count}", count = count) }
}

pub(super) fn field(name: Text, value: Text) -> Field {
    Field { name, value, before: None }
}
