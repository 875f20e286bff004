//! The prepared scenarios. Each runs the real protocol up to a moment worth looking at.

use parts::values::{number, word};
use sim::check::Outcome;
use sim::{Beside, Director, Input, NodeId, Prepared, Scenarios, Sight, Value, WorldOf, t};

use super::client::Client;
use super::leader::Leader;
use super::view::wait;
use super::{Node, TrueTime};

const T1: NodeId = NodeId(0);
const T2: NodeId = NodeId(1);
const S1: NodeId = NodeId(2);
const S2: NodeId = NodeId(3);
const S3: NodeId = NodeId(4);

/// The clients of a world without replicas.
const C1: NodeId = NodeId(5);
const C2: NodeId = NodeId(6);

/// The intervals stand beside the stage.
const INTERVALS: Sight = Sight { beside: Some(Beside::Panels), ..Sight::STAGE };

impl Scenarios for TrueTime {
    /// The scenarios; a visitor meets the first one first.
    fn scenarios() -> Vec<Prepared<TrueTime>> {
        vec![
            Prepared {
                name: "the-wait",
                title: t!("All is done, and S3 waits"),
                summary: t!(
                    "C1 writes z. S3 has logged it, under a timestamp from its own clock, which may be off by 6 ms. It answers only when that moment has certainly passed: step on."
                ),
                seed: 1,
                settings: by_hand(),
                sight: INTERVALS,
                direct: |director| {
                    director.run_for_us(100_000);
                    write(director, C1, "z", "7");
                    director.run_until(|world| wait(world, S3).is_some());
                    director
                        .run_until(|world| leader(world, S3).is_some_and(|leader| !leader.kept.decisions.is_empty()));
                },
                expect: vec![("waited", Outcome::NotSeen)],
            },
            Prepared {
                name: "no-wait",
                title: t!("Without the wait: the answer is before the question"),
                summary: t!(
                    "The wait is switched off. C1 wrote the question, z = why, and was told so; then C2 wrote the answer, x = so. But the answer has the earlier timestamp: a snapshot between the two shows an answer to nothing."
                ),
                seed: 2,
                settings: [by_hand(), vec![("commit_wait", Value::Flag(false))]].concat(),
                sight: INTERVALS,
                direct: |director| {
                    director.run_for_us(100_000);
                    question_and_answer(director);
                },
                expect: vec![("external-consistency", Outcome::Broken)],
            },
            Prepared {
                name: "a-clock-lies",
                title: t!("A clock that lies, and nobody can know"),
                summary: t!(
                    "Somebody set the clock of S1 ahead by 250 ms. S1 still claims to be right within 2 ms. All rules are on, and C2’s write has an earlier timestamp than C1’s, which was told before."
                ),
                seed: 3,
                settings: by_hand(),
                sight: INTERVALS,
                direct: |director| {
                    director.run_for_us(100_000);
                    director.act(Input::SetClockOffset { node: S1, offset_us: 250_000 });
                    director.run_for_us(1_000);
                    write(director, C1, "x", "1");
                    told(director, C1, 1);
                    write(director, C2, "z", "2");
                    told(director, C2, 1);
                },
                expect: vec![
                    ("external-consistency", Outcome::Broken),
                    ("interval-honest", Outcome::Kept),
                    ("lied", Outcome::Seen),
                    ("waited", Outcome::Seen),
                ],
            },
            Prepared {
                name: "masters-down",
                title: t!("No time master answers"),
                summary: t!(
                    "Both time masters are down, and have been for five minutes. Every leader allows for a drift of 200 µs a second, so its doubt has grown, and commits wait for more than 100 ms. Nothing is wrong; all is only slower."
                ),
                seed: 4,
                settings: [by_hand(), vec![("workload_ms", number(5_000))]].concat(),
                sight: Sight::CHARTS,
                direct: |director| {
                    director.run_for_us(40_000_000);
                    director.act(Input::Crash(T1));
                    director.act(Input::Crash(T2));
                    director.run_until_us(339_000_000);
                },
                expect: vec![("waited", Outcome::Seen), ("external-consistency", Outcome::Kept)],
            },
            Prepared {
                name: "snapshot-waits",
                title: t!("A read takes no lock, and waits"),
                summary: t!(
                    "C1 moves 10 from y to z, and S2 is prepared: it may have to commit at an earlier moment than C2 reads of. So C2’s snapshot waits at S2, though it takes no lock and holds nobody up."
                ),
                seed: 6,
                settings: by_hand(),
                sight: INTERVALS,
                direct: snapshot_waits,
                expect: vec![],
            },
        ]
    }
}

/// Nothing happens that nobody does, and there are leaders only.
fn by_hand() -> Vec<(&'static str, Value)> {
    vec![("workload_ms", number(0)), ("replicas", number(0))]
}

fn write(director: &mut Director<TrueTime>, client: NodeId, key: &str, value: &str) {
    director.operate(client, "write", &[word(key), word(value)]);
}

/// Runs until a client was told of so many transactions.
fn told(director: &mut Director<TrueTime>, client: NodeId, count: u64) {
    director.run_until(|world| client_of(world, client).is_some_and(|client| client.ended >= count));
}

/// C1 writes z, and as soon as it is told, C2 writes x.
fn question_and_answer(director: &mut Director<TrueTime>) {
    write(director, C1, "z", "why");
    told(director, C1, 1);
    write(director, C2, "x", "so");
    told(director, C2, 1);
}

fn snapshot_waits(director: &mut Director<TrueTime>) {
    director.run_for_us(50_000);
    for (client, key) in [(C1, "y"), (C2, "z")] {
        write(director, client, key, "50");
        told(director, client, 1);
    }
    director.run_for_us(20_000);
    director.operate(C1, "transfer", &[word("y"), word("z")]);
    director.run_until(|world| leader(world, S2).is_some_and(|leader| !leader.kept.prepared.is_empty()));
    director.operate(C2, "snapshot", &[]);
    director.run_until(|world| leader(world, S2).is_some_and(|leader| !leader.looks.is_empty()));
}

pub(super) fn leader(world: WorldOf<'_, TrueTime>, id: NodeId) -> Option<&Leader> {
    world.nodes().state(id).and_then(Node::leader)
}

pub(super) fn client_of(world: WorldOf<'_, TrueTime>, id: NodeId) -> Option<&Client> {
    world.nodes().state(id).and_then(Node::client)
}
