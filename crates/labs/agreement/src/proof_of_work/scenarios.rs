//! The prepared scenarios. Each runs the real protocol up to a moment worth looking at.

use parts::values::{number, word};
use sim::check::Outcome;
use sim::{Input, NodeId, Prepared, Scenarios, Sight, Value, WorldOf, t};

use super::measures::{best, hidden};
use super::{Peer, ProofOfWork};

impl Scenarios for ProofOfWork {
    /// The scenarios; a visitor meets the first one first.
    fn scenarios() -> Vec<Prepared<ProofOfWork>> {
        vec![
            Prepared {
                name: "two-at-once",
                title: t!("Two at once"),
                summary: t!(
                    "M1 and M4 have found the next block in the same second, and each half of the network heard of another one first. One of the two will be thrown away: which?"
                ),
                seed: 10,
                settings: vec![("pay_ms", number(0))],
                sight: Sight::PANELS,
                direct: |director| {
                    director.run_until(|world| is_one(world, 4));
                    director.run_for_us(1_000_000);
                    director.operate(M1, "mine", &[]);
                    director.operate(M4, "mine", &[]);
                    director.run_until(|world| tips(world).all(|height| height == 5));
                },
                expect: vec![("fork", Outcome::Seen), ("orphaned", Outcome::NotSeen)],
            },
            Prepared {
                name: "six-confirmations",
                title: t!("Six confirmations"),
                summary: t!(
                    "A has 30 % of the power and has paid W2, which waits for six blocks. In secret A mines a chain without the payment: it is two blocks behind. Watch the race, and play it again with other seeds."
                ),
                seed: 3,
                settings: thief(30, 6, &[]),
                sight: Sight::PANELS,
                direct: |director| {
                    director.run_until(|world| {
                        let attack = attacker(world).and_then(|peer| Some((peer, peer.attack.as_ref()?)));
                        attack.is_some_and(|(peer, attack)| {
                            attack.paid.is_some()
                                && attack.hidden.len() > 1
                                && peer.tip.height + 2 == attack.public.height
                        })
                    });
                },
                expect: vec![("double-spend", Outcome::NotSeen)],
            },
            Prepared {
                name: "cut-in-60-40",
                title: t!("An hour apart"),
                summary: t!(
                    "The network was cut for an hour: M1 to M3 with 60 % of the power on one side, the others with W2 on the other, and both went on. The cut has healed, and the hour of the smaller side is being undone."
                ),
                seed: 10,
                settings: vec![
                    ("powers", word("60-40")),
                    ("interval_ms", number(600_000)),
                    ("pay_ms", number(600_000)),
                ],
                sight: Sight::PANELS,
                direct: |director| {
                    director.run_until(|world| is_one(world, 3));
                    let sides = [[0, 1, 2, 6], [3, 4, 5, 7]].map(|side| side.map(NodeId).to_vec());
                    director.act(Input::Split(sides.to_vec()));
                    director.run_for_us(3_600_000_000);
                    director.act(Input::HealAll);
                    director.run_until(|world| undone(world) > 1);
                },
                expect: vec![("fork", Outcome::Seen), ("reorganized", Outcome::Seen)],
            },
            Prepared {
                name: "march-2013",
                title: t!("March 2013: two programs"),
                summary: t!(
                    "M1 to M3 with 60 % run a newer program, and have built on a block that the old one of M4 to M6 refuses. M1 and M2 have just gone back to the old program, as two large pools did: the longer chain will die, and a payment in it."
                ),
                seed: 7,
                settings: vec![
                    ("powers", word("60-40")),
                    ("old", number(3)),
                    ("block_kb", number(800)),
                    ("pay_ms", number(0)),
                ],
                sight: Sight::PANELS,
                direct: |director| {
                    director.run_until(|world| tips(world).all(|height| height >= 2));
                    director.operate(W1, "pay-twice", &[]);
                    director.run_until(|world| {
                        let handed_over = shop(world).is_some_and(|shop| !shop.disk.delivered.is_empty());
                        let old = world.nodes().state(M6).map_or(0, |peer| peer.tip.height);
                        handed_over && best(world).is_some_and(|best| best.height >= old + 2)
                    });
                    director.operate(M1, "go-back", &[]);
                    director.operate(M2, "go-back", &[]);
                },
                expect: vec![("fork", Outcome::Seen), ("double-spend", Outcome::NotSeen)],
            },
            Prepared {
                name: "hidden-chain",
                title: t!("Twelve blocks in secret"),
                summary: t!(
                    "On 1 August 2020 somebody had mined 3,693 blocks of Ethereum Classic in secret, sent them at once, and took 5.6 million dollars back. Here A with 60 % of the power has sent twelve."
                ),
                seed: 40,
                settings: thief(60, 6, &[("give_up", number(100))]),
                sight: Sight::PANELS,
                direct: |director| {
                    director.run_until(|world| hidden(world).len() >= 11);
                    director.run_until(|world| hidden(world).is_empty());
                    director.run_until(|world| undone(world) > 1);
                },
                expect: vec![("reorganized", Outcome::Seen)],
            },
            Prepared {
                name: "selfish",
                title: t!("Selfish mining"),
                summary: t!(
                    "A has 40 % of the power and keeps its blocks back until others find one. Then it sends its own, which were there before: others lose more work than A does, and A has more than 40 % of the chain."
                ),
                seed: 11,
                settings: vec![("attacker", word("selfish")), ("attacker_share", number(40)), ("pay_ms", number(0))],
                sight: Sight::PANELS,
                direct: |director| {
                    director.run_until(|world| best(world).is_some_and(|best| best.height >= 60));
                },
                expect: vec![("selfish-gains", Outcome::Seen)],
            },
            Prepared {
                name: "power-leaves",
                title: t!("Half the power leaves"),
                summary: t!(
                    "M4 to M6 stopped at block 20, and half of the power is gone. The work of a block follows only after each 20 blocks: until block 40 each takes twice as long as it should."
                ),
                seed: 9,
                settings: vec![("retarget", word("bitcoin")), ("pay_ms", number(0))],
                sight: Sight::CHARTS.in_real_time(),
                direct: |director| {
                    director.run_until(|world| is_one(world, 20));
                    [M4, M5, M6].into_iter().for_each(|node| director.operate(node, "leave", &[]));
                    director.run_until(|world| is_one(world, 30));
                },
                expect: vec![("valid-chain", Outcome::Kept)],
            },
            Prepared {
                name: "big-blocks",
                title: t!("Blocks of two megabytes"),
                summary: t!(
                    "Each block has 2,000 kB, and a link takes 80 seconds for it. Meanwhile others find blocks that do not stand on it: one block in five or so is thrown away, and the work in it."
                ),
                seed: 4,
                settings: vec![
                    ("interval_ms", number(600_000)),
                    ("block_kb", number(2_000)),
                    ("us_per_kb", number(40_000)),
                    ("pay_ms", number(0)),
                ],
                sight: Sight::PANELS,
                direct: |director| {
                    director.run_until(|world| best(world).is_some_and(|best| best.height >= 40));
                },
                expect: vec![("fork", Outcome::Seen), ("orphaned", Outcome::Seen)],
            },
        ]
    }
}

const M1: NodeId = NodeId(0);
const M2: NodeId = NodeId(1);
const M4: NodeId = NodeId(3);
const M5: NodeId = NodeId(4);
const M6: NodeId = NodeId(5);
const W1: NodeId = NodeId(6);

/// The heights of the tips of all nodes.
fn tips(world: WorldOf<'_, ProofOfWork>) -> impl Iterator<Item = u64> {
    world.nodes().ids().filter_map(move |node| world.nodes().state(node)).map(|peer| peer.tip.height)
}

/// Whether all nodes believe one block, of this height.
fn is_one(world: WorldOf<'_, ProofOfWork>, height: u64) -> bool {
    let mut nodes = world.nodes().ids().filter_map(|node| world.nodes().state(node));
    nodes.all(|peer| peer.tip.height == height && best(world).is_some_and(|best| best.id == peer.tip.id))
}

/// How many blocks somebody has undone at once.
fn undone(world: WorldOf<'_, ProofOfWork>) -> u64 {
    let nodes = world.nodes().ids().filter_map(|node| world.nodes().state(node));
    nodes.map(|peer| peer.undone).max().unwrap_or(0)
}

fn attacker(world: WorldOf<'_, ProofOfWork>) -> Option<&Peer> {
    world.config().attacker_node().and_then(|node| world.nodes().state(node))
}

fn shop(world: WorldOf<'_, ProofOfWork>) -> Option<&Peer> {
    world.nodes().state(world.config().shop())
}

/// Somebody who takes a coin back, and nobody else who pays.
fn thief(percent: i64, confirmations: i64, changes: &[(&'static str, Value)]) -> Vec<(&'static str, Value)> {
    let mut settings = vec![
        ("attacker", word("double-spend")),
        ("attacker_share", number(percent)),
        ("confirmations", number(confirmations)),
        ("pay_ms", number(0)),
    ];
    settings.extend(changes.iter().cloned());
    settings
}
