//! The prepared scenarios. Each runs the real protocol up to a moment worth looking at.

use parts::values::{number, word};
use sim::check::Outcome;
use sim::{Delay, Director, Input, MessageId, NodeId, Prepared, Scenarios, Sight, Value, WorldOf, t};

use super::coordination::Task;
use super::message::Message;
use super::{LeaderlessQuorum, QuorumNode};

const S1: NodeId = NodeId(0);
const S2: NodeId = NodeId(1);
const S3: NodeId = NodeId(2);
const S4: NodeId = NodeId(3);
const S5: NodeId = NodeId(4);
/// The clients of five servers.
const C1: NodeId = NodeId(5);
const C2: NodeId = NodeId(6);

impl Scenarios for LeaderlessQuorum {
    /// The scenarios; a visitor meets the first one first. With five servers the replicas of `x` are S5, S2 and S4.
    fn scenarios() -> Vec<Prepared<LeaderlessQuorum>> {
        vec![
            Prepared {
                name: "shopping-cart",
                title: t!("The shopping cart (Figure 3)"),
                summary: t!(
                    "As in the Dynamo paper: C1 and C2 have changed the same cart through different servers. C1 has read both versions, D3 [S1,2] [S2,1] and D4 [S1,2] [S3,1], and writes them back merged, through S1. Watch D5 replace both."
                ),
                seed: 1,
                settings: [by_hand(), vec![("servers", number(3))]].concat(),
                sight: Sight::STAGE,
                direct: shopping_cart,
                expect: vec![("siblings", Outcome::Seen), ("merged", Outcome::Seen), ("no-lost-write", Outcome::Kept)],
            },
            Prepared {
                name: "cap-available",
                title: t!("A cut, and both sides go on (CAP)"),
                summary: t!(
                    "The cut leaves C1 with S1 and S2, and C2 with the others. C1 has put x=2, and C2 x=3. With a sloppy quorum other servers stand in: both sides have answered, and each client reads its own value. That is not linearizable (see History). Heal the cut, and read x: siblings. “CAP: consistent, and not available” of Primary and replicas is the same cut, where one side gets no answer."
                ),
                seed: 2,
                settings: [by_hand(), vec![("sloppy", Value::Flag(true))]].concat(),
                sight: Sight::HISTORY,
                direct: |director| {
                    let both_are_idle = |world: WorldOf<'_, LeaderlessQuorum>| is_idle(world, C1) && is_idle(world, C2);
                    order(director, C1, "put", &["x", "1", "S5"]);
                    director.run_until(|world| is_idle(world, C1) && world.messages().next().is_none());
                    order(director, C2, "get", &["x", "S5"]);
                    director.run_until(|world| is_idle(world, C2) && world.messages().next().is_none());
                    cut_in_two(director);
                    order(director, C1, "put", &["x", "2", "S2"]);
                    order(director, C2, "put", &["x", "3", "S5"]);
                    director.run_until(both_are_idle);
                    order(director, C1, "get", &["x", "S2"]);
                    order(director, C2, "get", &["x", "S5"]);
                    director.run_until(both_are_idle);
                },
                expect: vec![
                    ("no-lost-write", Outcome::Kept),
                    ("unavailable", Outcome::NotSeen),
                    ("stood-in", Outcome::Seen),
                ],
            },
            Prepared {
                name: "cap-healed",
                title: t!("After the cut: siblings, and a merge"),
                summary: t!(
                    "Both sides of the cut took a put of x, with S1 and S3 standing in. The network has healed, and C1 has read both: siblings. Now it writes them back merged. The hints are about to go home, too late to do harm."
                ),
                seed: 2,
                settings: [by_hand(), vec![("sloppy", Value::Flag(true))]].concat(),
                sight: Sight::STAGE,
                direct: |director| {
                    cut_with_two_puts(director);
                    let both_are_idle = |world: WorldOf<'_, LeaderlessQuorum>| is_idle(world, C1) && is_idle(world, C2);
                    director.run_until(both_are_idle);
                    // By then nobody is suspected any more.
                    director.run_for_us(1_200_000);
                    director.act(Input::HealAll);
                    order(director, C1, "get", &["x", "S2"]);
                    director.run_until(|world| is_idle(world, C1));
                    order(director, C1, "merge", &["x", "S2"]);
                },
                expect: vec![
                    ("siblings", Outcome::Seen),
                    ("stood-in", Outcome::Seen),
                    ("hints-returned", Outcome::Waiting),
                    ("no-lost-write", Outcome::Kept),
                ],
            },
            Prepared {
                name: "strict-quorum",
                title: t!("The same cut, a strict quorum"),
                summary: t!(
                    "Nobody stands in here: two of the three replicas of x have to write. C1 can reach one of them only, and its put will fail. C2's side has two, and goes on. No get misses what was acknowledged."
                ),
                seed: 2,
                settings: by_hand(),
                sight: Sight::STAGE,
                direct: cut_with_two_puts,
                expect: vec![("read-latest", Outcome::Kept), ("unavailable", Outcome::NotSeen)],
            },
            Prepared {
                name: "stale-read",
                title: t!("A stale read with r = w = 1"),
                summary: t!(
                    "One replica is enough for a put, and one for a get. C1's put of x=new is acknowledged by S5; the copy for S4 is slow. C2 asks S4 now, and will read x=old."
                ),
                seed: 3,
                settings: [by_hand(), patient(), vec![("r", number(1)), ("w", number(1))]].concat(),
                sight: Sight::STAGE,
                direct: |director| {
                    write_and_settle(director, "old");
                    director.act(Input::SetDelay { from: S5, to: S4, delay: Delay::Constant { us: 200_000 } });
                    order(director, C1, "put", &["x", "new", "S5"]);
                    director.run_until(|world| is_idle(world, C1));
                    order(director, C2, "get", &["x", "S4"]);
                },
                expect: vec![("stale-read", Outcome::NotSeen), ("converged", Outcome::Waiting)],
            },
            Prepared {
                name: "read-repair",
                title: t!("A read repairs a replica"),
                summary: t!(
                    "S4 has missed the write of x=new, and nobody knows. C2's get through S5 has heard S4 and found out: before C2 gets its answer, S4 is sent what it lacks."
                ),
                seed: 4,
                settings: [by_hand(), patient()].concat(),
                sight: Sight::STAGE,
                direct: |director| {
                    miss_a_write(director);
                    director.act(Input::SetDelay { from: S2, to: S5, delay: Delay::Constant { us: 40_000 } });
                    order(director, C2, "get", &["x", "S5"]);
                    director.run_until(|world| {
                        let requests =
                            world.nodes().state(S5).and_then(QuorumNode::server).map(|server| &server.requests);
                        requests.is_some_and(|requests| {
                            requests.values().any(|request| matches!(request.task, Task::Repair(_)))
                        })
                    });
                },
                expect: vec![("converged", Outcome::Waiting), ("read-latest", Outcome::Kept)],
            },
            Prepared {
                name: "hinted-handoff",
                title: t!("Hinted handoff"),
                summary: t!(
                    "While S4 was down, S3 took its place for the write of x, with a hint whose it is. S4 has just come back, and knows nothing of it. S3 tries now and then to return it."
                ),
                seed: 5,
                settings: [by_hand(), vec![("sloppy", Value::Flag(true)), ("w", number(3))]].concat(),
                sight: Sight::STAGE,
                direct: |director| {
                    write_and_settle(director, "old");
                    director.act(Input::Crash(S4));
                    order(director, C1, "put", &["x", "new", "S5"]);
                    director.run_until(|world| is_idle(world, C1));
                    director.act(Input::Restart(S4));
                },
                expect: vec![
                    ("stood-in", Outcome::Seen),
                    ("hints-returned", Outcome::Waiting),
                    ("no-lost-write", Outcome::Kept),
                ],
            },
            Prepared {
                name: "merkle-trees",
                title: t!("Merkle trees find one key in many"),
                summary: t!(
                    "S4 has missed one write, of x; all other keys are equal. Two replicas have compared the roots of the ranges that they share, and one differs. Now they go down that tree, and send one key only."
                ),
                seed: 6,
                settings: [by_hand(), patient(), vec![("anti_entropy_ms", number(2_000))]].concat(),
                sight: Sight::PANELS,
                direct: |director| {
                    for key in ["bread", "cheese", "eggs", "milk", "tea", "y", "z"] {
                        order(director, C1, "put", &[key, "1", "client"]);
                        director.run_until(|world| is_idle(world, C1));
                    }
                    miss_a_write(director);
                    director.run_until(|world| {
                        world.messages().any(|envelope| match &envelope.payload {
                            Message::Digests { nodes } => nodes.iter().any(|(place, _)| place.level > 0),
                            _ => false,
                        })
                    });
                },
                expect: vec![("converged", Outcome::Waiting)],
            },
            Prepared {
                name: "last-write-wins",
                title: t!("Last write wins, and a put is lost"),
                summary: t!(
                    "Instead of siblings, the version with the latest time stays. The clock of S5 is 5 s ahead. C2 read C1's x=first and then put x=second through S2: acknowledged, and gone at once, for its time is earlier. C2 reads x again now."
                ),
                seed: 7,
                settings: [by_hand(), vec![("conflicts", word("last-write-wins"))]].concat(),
                sight: Sight::HISTORY,
                direct: |director| {
                    director.act(Input::SetClockOffset { node: S5, offset_us: 5_000_000 });
                    order(director, C1, "put", &["x", "first", "S5"]);
                    director.run_until(|world| is_idle(world, C1));
                    order(director, C2, "get", &["x", "S2"]);
                    director.run_until(|world| is_idle(world, C2));
                    order(director, C2, "put", &["x", "second", "S2"]);
                    director.run_until(|world| is_idle(world, C2));
                    order(director, C2, "get", &["x", "S2"]);
                },
                expect: vec![("no-lost-write", Outcome::Broken), ("siblings", Outcome::NotSeen)],
            },
            Prepared {
                name: "two-clients",
                title: t!("Two clients at work"),
                summary: t!(
                    "Three replicas, and two of them for each get and put: as in Riak's defaults. The clients get and put x and y at random. They have just put x at the same time: neither had seen the other's version. Crash, cut and see what holds."
                ),
                seed: 1,
                settings: vec![("workload_ms", number(100))],
                sight: Sight::HISTORY,
                direct: |director| {
                    director.run_until(|world| {
                        let servers = world.nodes().ids().filter_map(|id| world.nodes().state(id)?.server());
                        servers
                            .into_iter()
                            .any(|server| server.store.objects.values().any(|versions| versions.len() > 1))
                    });
                },
                expect: vec![("read-latest", Outcome::Kept), ("no-lost-write", Outcome::Kept)],
            },
        ]
    }
}

/// Only people act, and Merkle trees are not compared.
fn by_hand() -> Vec<(&'static str, Value)> {
    vec![("workload_ms", number(0)), ("anti_entropy_ms", number(0))]
}

/// Nobody is suspected, and no hints are kept.
fn patient() -> Vec<(&'static str, Value)> {
    vec![("patience_ms", number(60_000)), ("give_up_ms", number(60_000))]
}

fn shopping_cart(director: &mut Director<LeaderlessQuorum>) {
    let (c1, c2) = (NodeId(3), NodeId(4));
    let mut done = |client, action, values: &[&str]| {
        order(director, client, action, values);
        director.run_until(|world| is_idle(world, client) && world.messages().next().is_none());
    };
    // D1 and D2.
    done(c1, "put", &["cart", "milk", "S1"]);
    done(c1, "add", &["cart", "bread", "S1"]);
    // Another client reads D2, and both go on from there: D3 and D4.
    done(c2, "get", &["cart", "S3"]);
    done(c1, "add", &["cart", "eggs", "S2"]);
    done(c2, "add", &["cart", "tea", "S3"]);
    // D5.
    done(c1, "get", &["cart", "S1"]);
    order(director, c1, "merge", &["cart", "S1"]);
}

/// Everybody has x; then the network is cut, and a client on each side changes it.
fn cut_with_two_puts(director: &mut Director<LeaderlessQuorum>) {
    order(director, C1, "put", &["x", "milk", "S5"]);
    director.run_until(|world| is_idle(world, C1) && world.messages().next().is_none());
    order(director, C2, "get", &["x", "S5"]);
    director.run_until(|world| is_idle(world, C2) && world.messages().next().is_none());
    cut_in_two(director);
    order(director, C1, "add", &["x", "bread", "S2"]);
    order(director, C2, "add", &["x", "eggs", "S5"]);
}

fn cut_in_two(director: &mut Director<LeaderlessQuorum>) {
    director.act(Input::Split(vec![vec![S1, S2, C1], vec![S3, S4, S5, C2]]));
}

/// x has this value everywhere.
fn write_and_settle(director: &mut Director<LeaderlessQuorum>, item: &str) {
    order(director, C1, "put", &["x", item, "S5"]);
    director.run_until(|world| is_idle(world, C1) && !is_any_store_under_way(world));
}

/// S4 has x=old, S5 and S2 have x=new.
fn miss_a_write(director: &mut Director<LeaderlessQuorum>) {
    write_and_settle(director, "old");
    order(director, C1, "put", &["x", "new", "S5"]);
    director.run_until(is_any_store_under_way);
    let missed: Vec<MessageId> =
        director.messages(|_, to, message| to == S4 && matches!(message, Message::Store { .. }));
    for message in missed {
        director.act(Input::Drop(message));
    }
    director.run_until(|world| is_idle(world, C1));
}

fn is_any_store_under_way(world: WorldOf<'_, LeaderlessQuorum>) -> bool {
    let is_meant = |message: &Message| matches!(message, Message::Store { .. } | Message::Stored { .. });
    world.messages().any(|envelope| is_meant(envelope.payload))
}

/// A client's operation.
pub(super) fn order(director: &mut Director<LeaderlessQuorum>, client: NodeId, action: &str, values: &[&str]) {
    let values: Vec<Value> = values.iter().map(|value| word(value)).collect();
    director.operate(client, action, &values);
}

/// Whether a client waits for nothing.
pub(super) fn is_idle(world: WorldOf<'_, LeaderlessQuorum>, client: NodeId) -> bool {
    world.nodes().state(client).and_then(QuorumNode::client).is_some_and(|client| client.open.is_none())
}
