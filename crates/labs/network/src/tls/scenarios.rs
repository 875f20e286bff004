//! The prepared scenarios. Each runs the real protocol up to a moment worth looking at.

use parts::values::{number, word};
use sim::check::Outcome;
use sim::{Director, NodeId, Prepared, Scenarios, Sight, Value, WorldOf, t};

use super::client::Verdict;
use super::wire::Packet;
use super::{Config, Message, Tls, TlsNode};

const C1: NodeId = NodeId(0);
const C2: NodeId = NodeId(1);
const M: NodeId = Config::MALLORY;
const S1: NodeId = Config::FIRST_SERVER;

impl Scenarios for Tls {
    /// The scenarios; a visitor meets the first one first.
    fn scenarios() -> Vec<Prepared<Tls>> {
        vec![
            Prepared {
                name: "man-in-the-middle",
                title: t!("Somebody in the middle"),
                summary: t!(
                    "C1 wants shop.example. Mallory, M, has answered in its place, and has a perfect secret with each of them. C1 is about to look at her certificate."
                ),
                seed: 1,
                settings: quiet(&[("servers", number(1)), ("mallory", word("own-certificate"))]),
                sight: Sight::PANELS,
                direct: |director| {
                    ask(director, C1, "get");
                    director.run_until(|world| {
                        is_under_way(world, M, C1, |packet| packet.server_hello().is_some()) && has_server(world)
                    });
                },
                expect: vec![("secret", Outcome::Kept), ("alert", Outcome::NotSeen)],
            },
            Prepared {
                name: "goto-fail",
                title: t!("One line too many"),
                summary: t!(
                    "In February 2014 a doubled line, “goto fail”, made Apple's TLS skip one check: whether the key of the certificate has signed. Here C1 skips it, M shows the shop's own certificate with a share of hers, and reads what C1 asks."
                ),
                seed: 1,
                settings: quiet(&[
                    ("servers", number(1)),
                    ("mallory", word("real-certificate")),
                    ("signature", Value::Flag(false)),
                ]),
                sight: Sight::PANELS,
                direct: |director| {
                    ask(director, C1, "post");
                    director.run_until(|world| read(world) > 0);
                },
                expect: vec![("secret", Outcome::Broken), ("agreement", Outcome::Broken), ("valid", Outcome::Kept)],
            },
            Prepared {
                name: "diginotar",
                title: t!("An authority signed the wrong name"),
                summary: t!(
                    "In July 2011 false certificates came from DigiNotar, an authority that all browsers trusted. Here “Root 2” has signed that M's key is the shop's: C1 looks at everything, everything is good, and M reads along."
                ),
                seed: 1,
                settings: quiet(&[("servers", number(1)), ("mallory", word("trusted-authority"))]),
                sight: Sight::PANELS,
                direct: |director| {
                    ask(director, C1, "post");
                    director.run_until(|world| read(world) > 0);
                },
                expect: vec![("secret", Outcome::Broken), ("agreement", Outcome::Broken), ("valid", Outcome::Kept)],
            },
            Prepared {
                name: "bought-twice",
                title: t!("Bought twice"),
                summary: t!(
                    "C1 sent its purchase as early data, with the hello. M cannot open it, and has sent copies of it to S1 and S2. One server knows the ticket as used; the other does not see that, and buys again."
                ),
                seed: 1,
                settings: quiet(&[("mallory", word("replay"))]),
                sight: Sight::LANES,
                direct: |director| {
                    ask(director, C1, "get");
                    director.run_until(|world| answers(world, C1) == 1);
                    director.run_for_us(200_000);
                    ask(director, C1, "post");
                    director.run_until(|world| bought(world) == 2);
                },
                expect: vec![
                    ("once", Outcome::Kept),
                    ("zero-rtt", Outcome::Seen),
                    ("replayed-elsewhere", Outcome::Seen),
                ],
            },
            Prepared {
                name: "expired",
                title: t!("Expired, and not yet valid"),
                summary: t!(
                    "The shop's certificate has just expired, and C1 has refused it: on 6 December 2018 that took O2's network down for a day. The clock of C2 is 60 days behind. What will C2 find?"
                ),
                seed: 1,
                settings: quiet(&[
                    ("servers", number(1)),
                    ("mallory", word("passive")),
                    ("lifetime_days", number(30)),
                    ("age_days", number(30)),
                    ("behind_days", number(60)),
                ]),
                sight: Sight::PANELS,
                direct: |director| {
                    director.run_until_us(1_500_000);
                    ask(director, C1, "get");
                    director.run_until(|world| is_refused(world, C1));
                    ask(director, C2, "get");
                    director.run_until(|world| is_under_way(world, M, C2, |packet| packet.server_hello().is_some()));
                },
                expect: vec![("alert", Outcome::Seen), ("valid", Outcome::Kept)],
            },
            Prepared {
                name: "recorded-for-later",
                title: t!("Recorded today, opened tomorrow"),
                summary: t!(
                    "M has recorded what C1 said, and could not open it. Now the private key of S1 was stolen, and is on its way to her. S1 uses one share for all connections: its private half lay beside the key."
                ),
                seed: 1,
                settings: quiet(&[
                    ("servers", number(1)),
                    ("mallory", word("passive")),
                    ("fresh_share", Value::Flag(false)),
                ]),
                sight: Sight::PANELS,
                direct: |director| {
                    ask(director, C1, "post");
                    director.run_until(|world| answers(world, C1) == 1);
                    director.run_for_us(200_000);
                    director.operate(S1, "steal", &[]);
                },
                expect: vec![("forward", Outcome::Kept), ("secret", Outcome::Kept)],
            },
            Prepared {
                name: "all-is-tried",
                title: t!("Everything was tried"),
                summary: t!(
                    "M has dropped, copied, swapped and forged a dozen times by chance, with every certificate that she has. All rules are on, and she has read nothing. Switch one off, and wait."
                ),
                seed: 3,
                settings: vec![],
                sight: Sight::PANELS,
                direct: |director| {
                    director.run_until(|world| tampered(world) >= 12);
                },
                expect: vec![
                    ("secret", Outcome::Kept),
                    ("agreement", Outcome::Kept),
                    ("in-order", Outcome::Kept),
                    ("whole", Outcome::Kept),
                ],
            },
        ]
    }
}

/// How often Mallory has interfered.
fn tampered(world: WorldOf<'_, Tls>) -> u32 {
    world.nodes().disk(M).mallory.tampered
}

/// Nobody wants anything.
pub(super) fn quiet(changes: &[(&'static str, Value)]) -> Vec<(&'static str, Value)> {
    [("workload_ms", number(0))].into_iter().chain(changes.iter().cloned()).collect()
}

/// A client connects to the shop and asks.
pub(super) fn ask(director: &mut Director<Tls>, client: NodeId, method: &str) {
    director.operate(client, "ask", &[word(method), word("shop")]);
}

/// How many whole answers of the shop a client has had.
pub(super) fn answers(world: WorldOf<'_, Tls>, client: NodeId) -> u32 {
    world.nodes().state(client).and_then(TlsNode::client).map_or(0, |client| client.answers)
}

/// How many purchases were carried out in all.
pub(super) fn bought(world: WorldOf<'_, Tls>) -> usize {
    world.config().servers().map(|server| world.nodes().disk(server).server.posts.len()).sum()
}

/// How much of what was sealed Mallory has read.
fn read(world: WorldOf<'_, Tls>) -> usize {
    world.nodes().state(M).and_then(TlsNode::mallory).map_or(0, |mallory| mallory.knowledge.learned().len())
}

/// Whether Mallory has keys with the server.
fn has_server(world: WorldOf<'_, Tls>) -> bool {
    let mallory = world.nodes().state(M).and_then(TlsNode::mallory);
    mallory.is_some_and(|mallory| mallory.games.iter().any(super::Game::has_server))
}

fn is_refused(world: WorldOf<'_, Tls>, client: NodeId) -> bool {
    let client = world.nodes().state(client).and_then(TlsNode::client);
    client.and_then(|client| client.ended.back()).is_some_and(|ended| matches!(ended.verdict, Verdict::Refused(_)))
}

fn is_under_way(world: WorldOf<'_, Tls>, from: NodeId, to: NodeId, is_meant: fn(&Packet) -> bool) -> bool {
    world.messages().any(|envelope| {
        (envelope.from, envelope.to) == (from, to)
            && matches!(envelope.payload, Message::Packet(packet) if is_meant(packet))
    })
}
