//! The prepared scenarios. Each runs the real protocol up to a moment worth looking at.

use parts::values::{number, word};
use sim::check::Outcome;
use sim::{Director, NodeId, Prepared, Scenarios, Sight, Value, WorldOf, t};

use super::client::End;
use super::name::{Name, Role};
use super::view::is_poisoned;
use super::{Dns, DnsNode, Resolver};

impl Scenarios for Dns {
    /// The scenarios; a visitor meets the first one first.
    fn scenarios() -> Vec<Prepared<Dns>> {
        vec![
            Prepared {
                name: "after-the-change",
                title: t!("One second after the change"),
                summary: t!(
                    "www.shop.com has moved to a new server. C1 asks R1, which keeps the old address for 217 s more; C3 asks R2, which has just looked."
                ),
                seed: 1,
                settings: still(
                    "few",
                    &[("ttl_s", number(300)), ("ask_for", word("www")), ("forward", Value::Flag(false))],
                ),
                sight: Sight::STAGE,
                direct: |director| {
                    ask(director, Role::C1, "www.shop.com");
                    director.run_for_us(82_300_000);
                    let primary = node(director.world(), Role::N1);
                    director.operate(primary, "move", &[Value::Flag(true)]);
                    director.run_for_us(700_000);
                    ask(director, Role::C3, "www.shop.com");
                    director.run_until(|world| has_ended(world, Role::C3, 1));
                    ask(director, Role::C1, "www.shop.com");
                },
                expect: vec![("stale", Outcome::NotSeen)],
            },
            Prepared {
                name: "first-walk",
                title: t!("The first one walks, the second one does not"),
                summary: t!(
                    "R1 knows nothing but where the root is. C1 asks it for www.cdn.net. Watch whom R1 asks, one after the other: nobody knows it all. Then let C2 ask for the same."
                ),
                seed: 2,
                settings: still("one-way", &[("ttl_s", number(300))]),
                sight: Sight::STAGE,
                direct: |director| ask(director, Role::C1, "www.cdn.net"),
                expect: vec![],
            },
            Prepared {
                name: "asked-too-early",
                title: t!("Asked too early"),
                summary: t!(
                    "C1 asked for new.shop.com before there was one. It is there now, and R1 goes on saying no for 47 s: that something is not there is kept as well."
                ),
                seed: 3,
                settings: still(
                    "few",
                    &[("ttl_s", number(300)), ("negative_s", number(60)), ("forward", Value::Flag(false))],
                ),
                sight: Sight::STAGE,
                direct: |director| {
                    ask(director, Role::C1, "new.shop.com");
                    director.run_for_us(12_000_000);
                    let primary = node(director.world(), Role::N1);
                    director.operate(primary, "add-new", &[Value::Flag(true)]);
                    director.run_for_us(1_000_000);
                    ask(director, Role::C1, "new.shop.com");
                    director.step();
                },
                expect: vec![("negative-hit", Outcome::Seen)],
            },
            Prepared {
                name: "kaminsky",
                title: t!("Guess a number, own a name"),
                summary: t!(
                    "Before 2008: few numbers to guess, here 8 bits. X made C4 ask for one new name after the other and raced the true answer. It has just won: R1 takes it for the server of shop.com."
                ),
                seed: 4,
                settings: vec![
                    ("id_bits", number(8)),
                    ("port_bits", number(0)),
                    ("forge", number(20)),
                    ("workload_ms", number(0)),
                    ("change_s", number(0)),
                    ("ttl_s", number(300)),
                    ("ns_ttl_s", number(3_600)),
                    ("refresh_s", number(3_600)),
                ],
                sight: Sight::STAGE,
                direct: |director| {
                    director.run_until(|world| resolver(world, Role::R1).is_some_and(is_poisoned));
                },
                expect: vec![("poisoned", Outcome::Seen)],
            },
            Prepared {
                name: "dyn-2016",
                title: t!("Both servers under a flood"),
                summary: t!(
                    "Both servers of a zone are flooded, as at Dyn on 21 October 2016; here 98 of 100 questions are lost. What R1 kept has run out. Would an old answer not have been better?"
                ),
                seed: 5,
                settings: vec![
                    ("cast", word("pair")),
                    ("forge", number(0)),
                    ("ask_for", word("www")),
                    ("change_s", number(0)),
                    ("ttl_s", number(60)),
                    ("ns_ttl_s", number(86_400)),
                    ("refresh_s", number(3_600)),
                    ("workload_ms", number(3_000)),
                ],
                sight: Sight::CHARTS,
                direct: |director| {
                    director.run_for_us(10_000_000);
                    for role in [Role::N1, Role::N2] {
                        let server = node(director.world(), role);
                        director.operate(server, "flood", &[]);
                    }
                    director.run_until(|world| {
                        book(world, Role::C1).is_some_and(|end| matches!(end, End::Failed | End::Silence))
                    });
                },
                expect: vec![],
            },
            Prepared {
                name: "forgotten-serial",
                title: t!("The forgotten serial number"),
                summary: t!(
                    "Somebody has changed the zone at N1 and forgotten its serial number. N2 finds the number unchanged and keeps the old zone: the two send people to different servers."
                ),
                seed: 6,
                settings: still(
                    "all",
                    &[
                        ("ttl_s", number(5)),
                        ("forward", Value::Flag(false)),
                        ("refresh_s", number(4)),
                        ("ask_for", word("www")),
                    ],
                ),
                sight: Sight::STAGE,
                direct: |director| {
                    let primary = node(director.world(), Role::N1);
                    director.operate(primary, "move", &[Value::Flag(false)]);
                    let asks = |director: &mut Director<Dns>| {
                        for role in [Role::C1, Role::C3] {
                            ask(director, role, "www.shop.com");
                        }
                        director.run_for_us(1_000_000);
                    };
                    for _ in 0..20 {
                        asks(director);
                        let differ = book(director.world(), Role::C1) != book(director.world(), Role::C3);
                        if differ {
                            break;
                        }
                        director.run_for_us(6_000_000);
                    }
                },
                expect: vec![("went-elsewhere", Outcome::Seen), ("fresh", Outcome::Reached)],
            },
        ]
    }
}

/// Settings in which nothing happens but what somebody does.
fn still(cast: &str, others: &[(&'static str, Value)]) -> Vec<(&'static str, Value)> {
    let quiet = vec![
        ("cast", word(cast)),
        ("forge", number(0)),
        ("workload_ms", number(0)),
        ("change_s", number(0)),
        ("ns_ttl_s", number(3_600)),
    ];
    [quiet, others.to_vec()].concat()
}

pub(super) fn node(world: WorldOf<'_, Dns>, role: Role) -> NodeId {
    world.config().node(role).unwrap_or(NodeId(0))
}

pub(super) fn resolver(world: WorldOf<'_, Dns>, role: Role) -> Option<&Resolver> {
    world.config().node(role).and_then(|id| world.nodes().state(id)).and_then(DnsNode::resolver)
}

/// A client asks for a name.
pub(super) fn ask(director: &mut Director<Dns>, role: Role, name: &str) {
    let client = node(director.world(), role);
    director.operate(client, "ask", &[word(name)]);
}

/// Whether so many questions of a client have ended.
pub(super) fn has_ended(world: WorldOf<'_, Dns>, role: Role, count: u64) -> bool {
    let client = world.nodes().state(node(world, role)).and_then(DnsNode::client);
    client.is_some_and(|client| client.ended >= count)
}

/// How the last question of a client for www.shop.com ended.
pub(super) fn book(world: WorldOf<'_, Dns>, role: Role) -> Option<End> {
    let client = world.nodes().state(node(world, role)).and_then(DnsNode::client)?;
    client.book.get(&Name::WWW).map(|ended| ended.end)
}
