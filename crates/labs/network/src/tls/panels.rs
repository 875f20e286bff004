//! What stands beside the stage: what Mallory knows, who has which keys, what a client looks at, and round trips.

use sim::frame::{Panel, Tone, Tree, TreeRow};
use sim::{NodeId, Text, WorldOf, decimal, t, time_us};

use super::certificates::{Certificate, DAY_US, Dates, NOBODY};
use super::client::{Client, Open, Step, Verdict, Why};
use super::mallory::Mallory;
use super::server::Run;
use super::term::{Kind, Tag, Term};
use super::view::{day, key_of, shown};
use super::wire::{self, Packet};
use super::{Config, Message, Tls, TlsNode};

/// How many of the last connections are shown.
const SHOWN: usize = 6;

/// All panels.
///
/// A client that knows something knows what it has looked at; no node knows who has which key.
pub(super) fn all(world: WorldOf<'_, Tls>, knower: Option<NodeId>) -> Vec<Panel> {
    if let Some(knower) = knower {
        return looked_at(world, knower, false).into_iter().collect();
    }
    let client = chosen(world);
    let mallory = world.nodes().state(Config::MALLORY).and_then(TlsNode::mallory);
    let mut panels: Vec<Panel> = mallory.map(|mallory| known(world, client, mallory)).into_iter().collect();
    panels.extend(looked_at(world, client, true));
    panels.extend(mallory.and_then(|mallory| keys(world, client, mallory)));
    panels.extend(trips(world));
    panels
}

/// The client whose connection is shown: one that has one open.
fn chosen(world: WorldOf<'_, Tls>) -> NodeId {
    let mut clients = world.config().clients();
    clients.find(|client| state(world, *client).is_some_and(|client| client.open.is_some())).unwrap_or(NodeId(0))
}

fn state(world: WorldOf<'_, Tls>, client: NodeId) -> Option<&Client> {
    world.nodes().state(client).and_then(TlsNode::client)
}

fn open(world: WorldOf<'_, Tls>, client: NodeId) -> Option<&Open> {
    state(world, client)?.open.as_ref()
}

fn run<'a>(world: WorldOf<'a, Tls>, open: &Open) -> Option<&'a Run> {
    let server = world.nodes().state(open.server).and_then(TlsNode::server)?;
    server.runs.iter().rev().find(|run| run.conn == open.conn)
}

/// What Mallory knows of the connection of a client, and how: what she wants comes last.
fn known(world: WorldOf<'_, Tls>, client: NodeId, mallory: &Mallory) -> Panel {
    let knowledge = &mallory.knowledge;
    let name = || world.label(client).to_string();
    let yes = |term: Option<Term>, how: Text, not: Text| match term {
        Some(term) if knowledge.can_build(&term) => how,
        _ => not,
    };
    let mut rows = Vec::new();
    let mut row = |what: Text, how: Text| rows.push(vec![what, how]);
    let stolen = if mallory.written().loot.is_empty() { t!("no way") } else { t!("stolen") };
    if let Some(open) = open(world, client) {
        let game = mallory.games.iter().rev().find(|game| game.conn == open.conn);
        row(
            t!("the public half of {client}", client = name()),
            yes(Some(open.share()), t!("seen in its hello"), t!("not sent yet")),
        );
        row(
            t!("the private half of {client}", client = name()),
            yes(Some(open.private()), t!("she has it"), t!("no way: it stays at home")),
        );
        if let Some(game) = game {
            row(t!("a private half of her own"), t!("drawn by herself"));
            let certificate = game.certificate();
            let certificate = certificate.map_or_else(|| t!("not yet"), |read| super::mallory::in_words(&read));
            row(t!("a certificate to show"), certificate);
        }
        row(t!("the private key of the shop"), stolen);
        let flight = under_way(world, client, open);
        let key = open.session.as_ref().map(|session| session.keys.client.clone());
        let key = key.or_else(|| flight.as_ref().and_then(|packet| key_of(packet).cloned()));
        let server_key = || run(world, open).and_then(|run| run.keys.as_ref()).map(|keys| keys.client.clone());
        row(
            t!("the keys of {client}", client = name()),
            match key.or_else(server_key) {
                None => t!("there are none yet"),
                Some(key) if knowledge.can_build(&key) => {
                    t!("from her private half and the public one of {client}", client = name())
                }
                Some(_) => t!("no way"),
            },
        );
        let wanted = wire::read_request(&open.request).map(|(_, data)| data);
        row(t!("what {client} asks", client = name()), yes(wanted, t!("opened"), t!("no way")));
    } else {
        row(t!("the private key of the shop"), stolen);
        row(t!("records that she has kept, shut"), t!("{count}", count = knowledge.locked()));
        row(
            t!("sealed requests and answers"),
            match knowledge.learned().len() {
                0 => t!("no way"),
                count => t!("opened: {count}", count = count),
            },
        );
    }
    Panel::Table {
        title: t!("What Mallory knows (locks are perfect)"),
        head: vec![t!("what"), t!("how she has it")],
        rows,
    }
}

/// The flight of a server that is under way to a client, and sealed for the connection that is open.
fn under_way(world: WorldOf<'_, Tls>, client: NodeId, open: &Open) -> Option<Packet> {
    let mut flights = world.messages().filter_map(|envelope| match envelope.payload {
        Message::Packet(packet) if envelope.to == client && packet.conn == open.conn => Some(packet),
        _ => None,
    });
    flights.find(|packet| packet.server_hello().is_some()).cloned()
}

/// The certificate that a client looks at, or is about to, with what there is to find.
fn looked_at(world: WorldOf<'_, Tls>, client: NodeId, sees_truth: bool) -> Option<Panel> {
    let known = state(world, client)?;
    let clock_us = world.nodes().clock(client).shows(world.now_us());
    let flight = known.open.as_ref().filter(|_| sees_truth).and_then(|open| under_way(world, client, open));
    let taken = known.open.as_ref().and_then(|open| open.session.as_ref()?.certificate.clone());
    let (signed, packet) = match (&flight, taken) {
        (_, Some(signed)) => (signed, None),
        (Some(packet), None) if shown(packet).is_some() => (certificate_in(packet)?, Some(packet)),
        _ => (known.refused.clone()?, None),
    };
    let read = Certificate::read(&signed)?;
    let site = known.open.as_ref().map_or(super::certificates::SHOP, |open| open.site);
    let found = read.judge(&signed, site, clock_us);
    let tone = |is_good: bool| if is_good { Tone::Committed } else { Tone::Violation };
    let row = TreeRow::new;
    let mut rows = vec![
        row(
            0,
            Text::verbatim(read.issuer.to_string()),
            if found.chain { t!("trusted: good") } else { t!("nobody it trusts") },
            tone(found.chain),
        ),
        row(1, Text::verbatim(read.name.to_string()), t!("its certificate"), Tone::Plain),
        row(
            2,
            t!("dates"),
            match found.dates {
                Dates::Valid => t!("good until {day}", day = day(read.to_us)),
                Dates::NotYet => t!("not before {day}", day = day(read.from_us)),
                Dates::Expired => t!("expired {days} days ago", days = (clock_us - read.to_us).div_euclid(DAY_US)),
            },
            tone(found.dates == Dates::Valid),
        ),
        row(
            2,
            t!("name"),
            if found.name { t!("the one it wants") } else { t!("it wants {site}", site = site) },
            tone(found.name),
        ),
    ];
    let is_signed = match packet {
        Some(packet) => is_signed_by(packet, &read.public),
        None => {
            known.open.is_some()
                || !matches!(known.ended.back().map(|ended| ended.verdict), Some(Verdict::Refused(Why::Signature)))
        }
    };
    rows.push(row(
        2,
        t!("signature"),
        if is_signed { t!("with the key of the certificate") } else { t!("with another key") },
        tone(is_signed),
    ));
    let title = match known.open.as_ref().map(|open| open.step) {
        Some(Step::Greeting) if flight.is_some() => {
            t!("What {client} is about to look at", client = world.label(client).to_string())
        }
        _ => t!("What {client} has looked at", client = world.label(client).to_string()),
    };
    let is_own = read.issuer == NOBODY;
    if is_own {
        rows[0].detail = t!("nobody it trusts");
    }
    Some(Panel::Tree(Tree::new(title, rows)))
}

fn certificate_in(packet: &Packet) -> Option<Term> {
    packet.sealed().find_map(|sealed| match sealed.kind() {
        Kind::Aead(_, _, plain) => plain.parts(Tag::Certificate)?.first().cloned(),
        _ => None,
    })
}

/// Whether the signature in a flight was made with the private part of a key.
fn is_signed_by(packet: &Packet, public: &Term) -> bool {
    packet.sealed().any(|sealed| match sealed.kind() {
        Kind::Aead(_, _, plain) => plain.parts(Tag::CertificateVerify).and_then(|parts| parts.first()).is_some_and(|signature| {
            matches!((signature.kind(), public.kind()), (Kind::Sign(signer, _), Kind::Public(owner)) if signer == owner)
        }),
        _ => false,
    })
}

/// Who has which keys of the connection of a client.
fn keys(world: WorldOf<'_, Tls>, client: NodeId, mallory: &Mallory) -> Option<Panel> {
    let open = open(world, client)?;
    let has = |known: bool| if known { t!("has it") } else { t!("–") };
    let run = run(world, open);
    let reads = |key: &Term| mallory.knowledge.can_build(key);
    let mut rows = Vec::new();
    let mine = open.session.as_ref().map(|session| &session.keys);
    let theirs = run.and_then(|run| run.keys.as_ref());
    let label = |node: NodeId| Text::verbatim(world.label(node).to_string());
    if let Some(keys) = mine {
        let is_shared = theirs == Some(keys);
        rows.push(vec![
            t!("data key of {client}", client = world.label(client).to_string()),
            has(true),
            has(reads(&keys.client)),
            has(is_shared),
        ]);
    }
    if let Some(keys) = theirs.filter(|keys| mine != Some(*keys)) {
        rows.push(vec![
            t!("data key of {server}", server = world.label(open.server).to_string()),
            has(false),
            has(reads(&keys.client)),
            has(true),
        ]);
    }
    let head = vec![t!("key"), label(client), label(Config::MALLORY), label(open.server)];
    (!rows.is_empty()).then(|| Panel::Table { title: t!("Who has which key"), head, rows })
}

/// How long the last connections took until the first byte of the answer.
fn trips(world: WorldOf<'_, Tls>) -> Option<Panel> {
    let round_us = world.config().round_trip_us().max(1);
    let mut rows = Vec::new();
    for client in world.config().clients() {
        let Some(known) = state(world, client) else { continue };
        for ended in known.ended.iter().rev().take(SHOWN / 2).rev() {
            let (time, trips) = match ended.first_us {
                Some(us) => {
                    let tenths = us * 10 / round_us;
                    (t!("{time}", time = time_us(us)), t!("{number}", number = decimal(tenths / 10, tenths % 10, 1)))
                }
                None => (t!("none"), t!("none")),
            };
            rows.push(vec![
                t!("{client}, {number}", client = world.label(client).to_string(), number = ended.number),
                Text::new(ended.method.word()),
                ended.verdict.word(),
                time,
                trips,
            ]);
        }
    }
    let head = vec![t!("connection"), t!("what"), t!("told"), t!("first byte after"), t!("round trips")];
    (!rows.is_empty()).then(|| Panel::Table { title: t!("Until the answer"), head, rows })
}
