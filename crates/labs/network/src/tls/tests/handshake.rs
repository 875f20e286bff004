//! Handshakes, packet by packet, without a network.

use std::collections::VecDeque;

use sim::probe::Probe;
use sim::{Configuration, NodeId, Protocol, Settings, Value};

use super::super::certificates::{self, Certificate, Dates, SHOP};
use super::super::client::Verdict;
use super::super::wire::{ClientHello, Record};
use super::super::*;

const C1: NodeId = NodeId(0);
const S1: NodeId = NodeId(3);
const S2: NodeId = NodeId(4);

/// Nodes with a stand each, and a path that hands on what it is told to.
struct Bench {
    nodes: Vec<(Probe<TlsNode>, TlsNode)>,
    /// What is under way: to whom.
    wire: VecDeque<(NodeId, Packet)>,
    /// All that was sent.
    seen: Vec<Packet>,
}

impl Bench {
    fn new(changes: &[(&str, Value)]) -> Bench {
        let settings = changes.iter().fold(Settings::default(), |all, (name, value)| all.with(name, value.clone()));
        let settings = settings.with("workload_ms", Value::Integer(0));
        let settings = settings.accept(&sim::all_settings::<Tls>()).expect("known settings");
        let setup = Tls::setup(&settings);
        let config = Tls::configure(&settings);
        let nodes = setup.nodes.iter().enumerate().map(|(place, node)| {
            let mut probe = Probe::new(NodeId(place as u16), 5, config.clone());
            let state = probe.run(|effects| TlsNode::boot(&node.disk, effects)).0;
            (probe, state)
        });
        Bench { nodes: nodes.collect(), wire: VecDeque::new(), seen: Vec::new() }
    }

    fn act(&mut self, node: NodeId, what: impl FnOnce(&mut TlsNode, &mut Effects<'_>)) {
        let (probe, state) = &mut self.nodes[node.index()];
        let asked = probe.run(|effects| what(state, effects)).1;
        for (to, message) in asked.sends {
            if let Message::Packet(packet) = message {
                // By way of Mallory, who is left out here.
                let to = if to == Config::MALLORY { packet.target() } else { to };
                self.seen.push(packet.clone());
                self.wire.push_back((to, packet));
            }
        }
    }

    fn ask(&mut self, method: Method) {
        self.act(C1, |node, effects| node.on_operation(Operation::Ask(method, SHOP), effects));
    }

    fn deliver(&mut self, change: impl Fn(Packet) -> Option<Packet>) {
        while let Some((to, packet)) = self.wire.pop_front() {
            if let Some(packet) = change(packet) {
                self.hand(to, packet);
            }
        }
    }

    fn hand(&mut self, to: NodeId, packet: Packet) {
        self.act(to, |node, effects| node.on_message(Config::MALLORY, Message::Packet(packet), effects));
    }

    fn client(&self) -> &Client {
        self.nodes[C1.index()].1.client().unwrap()
    }

    fn server(&self, node: NodeId) -> &Server {
        self.nodes[node.index()].1.server().unwrap()
    }

    fn verdict(&self) -> Verdict {
        self.client().ended.back().unwrap().verdict
    }
}

/// RFC 8446, section 2, figure 1: the full handshake, in the order of its messages.
#[test]
fn a_full_handshake_comes_to_the_same_keys() {
    let mut bench = Bench::new(&[]);
    bench.ask(Method::Get);
    bench.deliver(Some);
    assert_eq!(bench.verdict(), Verdict::Answered);
    let run = bench.server(S1).runs.back().unwrap();
    assert_eq!((run.stage, run.is_clean), (Stage::Closed, Some(true)));
    assert_eq!(bench.client().ended.back().unwrap().reads, run.wrote);
    let flights: Vec<Vec<&str>> =
        bench.seen.iter().map(|packet| packet.records.iter().map(record_name).collect()).collect();
    let expected: [&[&str]; 8] = [
        &["syn"],
        &["syn-ack"],
        &["client hello"],
        // EncryptedExtensions, Certificate, CertificateVerify, Finished.
        &["server hello", "sealed", "sealed", "sealed", "sealed"],
        // Finished, and the request.
        &["sealed", "sealed"],
        // A ticket, and the answer.
        &["sealed", "sealed"],
        &["sealed"],
        &["sealed", "end"],
    ];
    assert_eq!(flights[..8], expected.map(<[_]>::to_vec));
}

fn record_name(record: &Record) -> &'static str {
    match record {
        Record::Syn => "syn",
        Record::SynAck => "syn-ack",
        Record::Plain(term) if ClientHello::read(term).is_some() => "client hello",
        Record::Plain(_) => "server hello",
        Record::Sealed(_) => "sealed",
        Record::End => "end",
    }
}

/// Section 2.3, figure 4: with a ticket, a request goes with the hello, and is answered before the client has finished.
#[test]
fn early_data_is_answered_with_the_servers_first_flight() {
    let mut bench = Bench::new(&[("servers", Value::Integer(1))]);
    bench.ask(Method::Get);
    bench.deliver(Some);
    bench.seen.clear();
    bench.ask(Method::Post);
    bench.deliver(Some);
    assert_eq!((bench.verdict(), bench.server(S1).early), (Verdict::Answered, 1));
    let to_server = bench.seen.iter().filter(|packet| packet.to_server);
    let sealed: Vec<usize> = to_server.map(|packet| packet.sealed().count()).collect();
    // The request; EndOfEarlyData and Finished; the end.
    assert_eq!(sealed, [0, 1, 2, 1]);
    let posts: Vec<bool> = bench.server(S1).written().posts.iter().map(|post| post.is_early).collect();
    assert_eq!(posts, [true]);
}

/// Section 8.1: early data under a ticket that was used is not taken, and the handshake is a full one.
#[test]
fn a_copy_of_early_data_has_effect_at_another_server_only() {
    let copies = |single_use| {
        let mut bench = Bench::new(&[("single_use", Value::Flag(single_use))]);
        bench.ask(Method::Get);
        bench.deliver(Some);
        bench.ask(Method::Post);
        bench.deliver(Some);
        // The client took S2 the second time.
        let is_early = |packet: &&Packet| packet.client_hello().is_some_and(|(_, hello)| hello.is_early);
        let hello = bench.seen.iter().find(is_early).unwrap().clone();
        for (conn, server) in [(1, S1), (2, S2), (3, S2)] {
            let records = [Record::Syn].into_iter().chain(hello.records.iter().cloned()).collect();
            bench.hand(server, Packet { conn, server, ..hello.with(records) });
        }
        [S1, S2].map(|server| bench.server(server).written().posts.len())
    };
    assert_eq!(copies(true), [1, 1]);
    assert_eq!(copies(false), [1, 3]);
}

/// Section 8.3: early data that comes too late, by the server's clock, is not taken; the request comes again after the handshake.
#[test]
fn late_early_data_is_refused_and_asked_again() {
    let mut bench = Bench::new(&[("servers", Value::Integer(1)), ("freshness_s", Value::Integer(10))]);
    bench.ask(Method::Get);
    bench.deliver(Some);
    bench.ask(Method::Post);
    // The connection, and then the hello.
    bench.nodes[S1.index()].0.local_now_us += 11_000_000;
    bench.deliver(Some);
    assert_eq!((bench.server(S1).early, bench.server(S1).refused), (0, 1));
    assert_eq!((bench.verdict(), bench.server(S1).written().posts.len()), (Verdict::Answered, 1));
}

/// Section 4.2.11.2: the binder covers the hello; a ticket with another share is refused.
#[test]
fn a_ticket_does_not_go_with_another_hello() {
    let mut bench = Bench::new(&[("servers", Value::Integer(1))]);
    bench.ask(Method::Get);
    bench.deliver(Some);
    bench.ask(Method::Get);
    bench.deliver(|packet| {
        let Some((_, hello)) = packet.client_hello() else { return Some(packet) };
        let changed = ClientHello { share: Term::share(&Term::exponent(9)), ..hello };
        Some(packet.with(vec![Record::Plain(changed.term())]))
    });
    assert_eq!(bench.verdict(), Verdict::Alerted);
}

/// Section 4.4.4: a change to the client's hello shows, whatever the certificate says.
#[test]
fn a_changed_hello_is_noticed() {
    for change in [
        |hello: ClientHello| ClientHello { share: Term::share(&Term::exponent(9)), ..hello },
        |hello: ClientHello| ClientHello { name: certificates::EVIL, ..hello },
        |hello: ClientHello| ClientHello { random: Term::nonce(9), ..hello },
    ] {
        let mut bench = Bench::new(&[]);
        bench.ask(Method::Get);
        bench.deliver(|packet| {
            let Some((_, hello)) = packet.client_hello() else { return Some(packet) };
            Some(packet.with(vec![Record::Plain(change(hello).term())]))
        });
        assert_eq!(bench.verdict(), Verdict::Refused(client::Why::Sealed));
    }
}

/// Section 5.3: a record that comes twice or out of turn is thrown away.
#[test]
fn a_record_with_another_number_is_thrown_away() {
    let reads = |record_numbers| {
        let mut bench = Bench::new(&[("record_numbers", Value::Flag(record_numbers))]);
        bench.ask(Method::Get);
        while let Some((to, packet)) = bench.wire.pop_front() {
            // Parts of the answer come twice.
            if !packet.to_server && packet.server_hello().is_none() && packet.sealed().count() > 0 {
                bench.hand(to, packet.clone());
            }
            bench.hand(to, packet);
        }
        bench.client().ended.back().unwrap().reads.len()
    };
    assert_eq!((reads(true), reads(false)), (2, 4));
}

/// Section 6.1: without a sealed close_notify the end of the connection below says nothing.
#[test]
fn an_end_that_nobody_has_sealed_is_no_end() {
    let verdict = |close_notify| {
        let mut bench = Bench::new(&[("close_notify", Value::Flag(close_notify))]);
        bench.ask(Method::Get);
        bench.deliver(|packet| match packet.records.last() {
            Some(Record::End) if !packet.to_server => Some(packet.with(vec![Record::End])),
            _ => Some(packet),
        });
        bench.verdict()
    };
    assert_eq!((verdict(true), verdict(false)), (Verdict::CutOff, Verdict::Answered));
}

/// RFC 5280, section 6.1.3, and RFC 9525: chain, dates and name.
#[test]
fn a_certificate_is_judged_by_chain_dates_and_name() {
    let judge = |certificate: Certificate, clock_us| certificate.judge(&certificate.signed(), SHOP, clock_us);
    let day = certificates::DAY_US;
    let shop = certificates::of_shop(&Term::public(&Term::private(6)), -30 * day, 90 * day);
    assert!(judge(shop.clone(), 0).is_good());
    assert_eq!(judge(shop.clone(), -31 * day).dates, Dates::NotYet);
    assert_eq!(judge(shop.clone(), 61 * day).dates, Dates::Expired);
    assert!(!judge(certificates::of_evil(), 0).name);
    assert!(!judge(certificates::false_one(certificates::NOBODY), 0).chain);
    assert!(judge(certificates::false_one(certificates::ROOT_2), 0).is_good());
    // A clock that is wrong by up to 100 days does not bring the leaked one back.
    assert_eq!(judge(certificates::leaked(), -100 * day).dates, Dates::Expired);
    // Somebody else's signature under the name of a trusted authority.
    let forged = Term::sign(
        &Term::private(3),
        match shop.signed().kind() {
            Kind::Sign(_, certified) => certified,
            _ => unreachable!(),
        },
    );
    assert!(!shop.judge(&forged, SHOP, 0).chain);
}

/// What the sender of a packet has drawn for it: the private part of its share, random numbers, data.
fn drawn_in(packet: &Packet) -> Vec<Term> {
    let share = packet.client_hello().map(|(_, hello)| hello.share);
    let share = share.or_else(|| packet.server_hello().map(|(_, hello)| hello.share));
    let private = share.and_then(|share| match share.kind() {
        Kind::Share(exponent) => Some(exponent.clone()),
        _ => None,
    });
    let mut drawn: Vec<Term> = private.into_iter().collect();
    let mut rest: Vec<Term> = packet.terms().cloned().collect();
    while let Some(term) = rest.pop() {
        match term.kind() {
            Kind::Nonce(_) | Kind::Data(_) => drawn.push(term),
            Kind::List(_, parts) => rest.extend(parts.iter().cloned()),
            Kind::Aead(_, _, plain) => rest.push(plain.clone()),
            _ => {}
        }
    }
    drawn
}

/// Honest nodes are held to the same function as Mallory: whatever one of them sends it can derive from what is on its disk, what it has
/// drawn and what it has seen.
#[test]
fn honest_ends_send_only_what_they_can_derive() {
    let mut bench = Bench::new(&[("servers", Value::Integer(1))]);
    for method in [Method::Get, Method::Post, Method::Get] {
        bench.ask(method);
        bench.deliver(Some);
    }
    assert_eq!(bench.server(S1).early, 1);
    let identity = bench.server(S1).written().identity.clone().unwrap();
    let (mut server, mut client) = (Knowledge::default(), Knowledge::default());
    server.learn([identity.private.clone(), Term::private(certificates::TICKET_KEY), identity.certificate.clone()]);
    for packet in &bench.seen {
        let (sender, receiver) = if packet.to_server { (&mut client, &mut server) } else { (&mut server, &mut client) };
        sender.learn(drawn_in(packet));
        assert!(packet.terms().all(|term| sender.can_build(term)), "{:?}", packet.records);
        sender.learn(packet.terms().cloned());
        receiver.learn(packet.terms().cloned());
    }
    // Appendix E.1: whoever sees all of it, and steals the key of the certificate afterwards, opens nothing.
    let mut path = Knowledge::default();
    path.learn(bench.seen.iter().flat_map(|packet| packet.terms().cloned()));
    path.learn([identity.private.clone()]);
    assert_eq!(path.learned(), []);
    assert!(path.locked() > 10);
}
