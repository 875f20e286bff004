//! The prepared scenarios. Each runs the real protocol up to a moment worth looking at.

use parts::values::{number, word};
use sim::check::Outcome;
use sim::{Director, Input, NodeId, Prepared, Scenarios, Sight, Value, WorldOf, t};

use super::measures::{finished_us, share_ppm};
use super::{Node, PeerToPeer, S, T};

impl Scenarios for PeerToPeer {
    /// The scenarios; a visitor meets the first one first.
    fn scenarios() -> Vec<Prepared<PeerToPeer>> {
        vec![
            Prepared {
                name: "overtaken",
                title: t!("Those who want it give it"),
                summary: t!(
                    "Eight peers want a file of S, and have half of its blocks after 24 seconds: much of that came from each other. From S alone it would take 79 seconds, and so it takes 47."
                ),
                seed: 1,
                settings: eight(&[]),
                sight: Sight::CHARTS.in_real_time(),
                direct: |director| director.run_until_us(24_000_000),
                expect: vec![("all-have", Outcome::Waiting), ("line-kept", Outcome::Kept)],
            },
            Prepared {
                name: "server-alone",
                title: t!("The same from one server"),
                summary: t!(
                    "The same file, the same lines, the same 24 seconds. But S alone gives, and what eight want goes through one line: three tenths are there."
                ),
                seed: 1,
                settings: eight(&[("mode", word("client-server"))]),
                sight: Sight::CHARTS.in_real_time(),
                direct: |director| director.run_until_us(24_000_000),
                expect: vec![("all-have", Outcome::Waiting)],
            },
            Prepared {
                name: "murder-2010",
                title: t!("A new program for all servers"),
                summary: t!(
                    "In 2010 Twitter brought its program to its servers as a swarm: what had taken 40 minutes from one place took 12 seconds. Fourteen servers with equal lines are half-way here."
                ),
                seed: 1,
                settings: vec![
                    ("peers", number(14)),
                    ("pieces", number(24)),
                    ("seed_kbps", number(10_000)),
                    ("up_kbps", number(10_000)),
                    ("down_kbps", number(10_000)),
                    ("block_kb", number(64)),
                    ("fairness", word("round-robin")),
                    ("choke_s", number(1)),
                    ("delay_least_us", number(200)),
                    ("delay_most_us", number(500)),
                    ("bad_blocks", number(0)),
                    ("seed_leaves", Value::Flag(false)),
                ],
                sight: Sight::CHARTS.in_real_time(),
                direct: |director| half_way(director),
                expect: vec![("all-have", Outcome::Waiting)],
            },
            Prepared {
                name: "last-piece",
                title: t!("In their order, and the end is missing"),
                summary: t!(
                    "All ask for the pieces in their order. After six seconds somebody has pulled the plug of S: the last pieces have never left it, and nobody will ever have the whole file."
                ),
                seed: 1,
                settings: selecting("in-order"),
                sight: Sight::PANELS,
                direct: |director| pull_the_plug(director),
                expect: vec![("piece-lost", Outcome::Seen), ("seed-gone", Outcome::Seen)],
            },
            Prepared {
                name: "rarest-first",
                title: t!("The rarest piece first"),
                summary: t!(
                    "The same six seconds, but all ask for the piece that fewest have. S has sent no more than before, each piece is with somebody, and all will have the whole file."
                ),
                seed: 1,
                settings: selecting("rarest"),
                sight: Sight::PANELS,
                direct: |director| pull_the_plug(director),
                expect: vec![("piece-lost", Outcome::NotSeen), ("seed-gone", Outcome::Seen)],
            },
            Prepared {
                name: "free-riders",
                title: t!("Those who give nothing come last"),
                summary: t!(
                    "Ten peers have half of a file each, and S is gone. P8, P9 and P10 give nothing: they get the places that nobody has to earn, and what is left when others have all."
                ),
                seed: 3,
                settings: riding("tit-for-tat"),
                sight: Sight::PANELS,
                direct: |director| {
                    director.operate(S, "plug", &[]);
                    director.run_until(|world| {
                        peers(world).filter(|node| finished_us(world, *node).is_some()).count() == 4
                    });
                },
                expect: vec![("all-have", Outcome::Waiting)],
            },
            Prepared {
                name: "rubbish",
                title: t!("Rubbish is found"),
                summary: t!(
                    "P3 sends rubbish. Each piece of it that does not fit its hash is thrown away, and one was all its own: two more, and it is banned."
                ),
                seed: 14,
                settings: vec![("bad_blocks", number(0)), ("pieces", number(24)), ("seed_leaves", Value::Flag(false))],
                sight: Sight::PANELS,
                direct: |director| {
                    director.operate(P3, "rubbish", &[]);
                    director.run_until(|world| {
                        peers(world).any(|node| {
                            let peer = world.nodes().state(node).and_then(Node::peer);
                            let bad =
                                peer.and_then(|peer| peer.neighbours.get(&P3)).map_or(0, |other| other.bad_in_row);
                            bad == 1
                        })
                    });
                },
                expect: vec![("rubbish-found", Outcome::Seen), ("verified", Outcome::Kept)],
            },
            Prepared {
                name: "no-tracker",
                title: t!("Without the tracker"),
                summary: t!(
                    "Somebody has pulled the plug of the tracker. Those who know each other go on, and P5, who has come since, finds nobody: a swarm has a centre too."
                ),
                seed: 1,
                settings: vec![
                    ("late", number(1)),
                    ("pieces", number(24)),
                    ("bad_blocks", number(0)),
                    ("seed_leaves", Value::Flag(false)),
                ],
                sight: Sight::STAGE,
                direct: |director| {
                    director.run_until_us(6_000_000);
                    director.operate(T, "plug", &[]);
                    director.run_for_us(2_000_000);
                    director.act(Input::Restart(P5));
                    director.run_for_us(5_500_000);
                },
                expect: vec![("all-have", Outcome::Waiting)],
            },
        ]
    }
}

const P3: NodeId = NodeId(4);
const P5: NodeId = NodeId(6);

fn peers(world: WorldOf<'_, PeerToPeer>) -> impl Iterator<Item = NodeId> + use<> {
    world.config().wanting()
}

/// Eight peers, and nothing that goes wrong.
fn eight(changes: &[(&'static str, Value)]) -> Vec<(&'static str, Value)> {
    let mut settings = vec![
        ("peers", number(8)),
        ("pieces", number(48)),
        ("bad_blocks", number(0)),
        ("seed_leaves", Value::Flag(false)),
        ("fairness", word("round-robin")),
    ];
    settings.extend(changes.iter().cloned());
    settings
}

/// Until peers have half of the file on average.
fn half_way(director: &mut Director<PeerToPeer>) {
    director.run_until(|world| {
        let shares: Vec<u64> = peers(world).map(|node| share_ppm(world, node)).collect();
        2 * shares.iter().sum::<u64>() >= 1_000_000 * shares.len() as u64
    });
}

/// Pieces are asked for like this, and S does not leave by itself.
fn selecting(selection: &str) -> Vec<(&'static str, Value)> {
    vec![("selection", word(selection)), ("bad_blocks", number(0)), ("seed_leaves", Value::Flag(false))]
}

/// Somebody pulls the plug of S after six seconds; what it was sending is lost.
fn pull_the_plug(director: &mut Director<PeerToPeer>) {
    director.run_until_us(6_000_000);
    director.operate(S, "plug", &[]);
    let sent = director.messages(|from, _, _| from == S);
    sent.into_iter().for_each(|message| director.act(Input::Drop(message)));
}

/// Ten peers of whom three give nothing.
fn riding(fairness: &str) -> Vec<(&'static str, Value)> {
    vec![
        ("peers", number(10)),
        ("pieces", number(64)),
        ("had_percent", number(50)),
        ("free_riders", number(3)),
        ("fairness", word(fairness)),
        ("bad_blocks", number(0)),
    ]
}
