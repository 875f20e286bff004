//! The prepared scenarios. Each runs the real protocol up to a moment worth looking at.

use parts::values::{number, word};
use sim::check::Outcome;
use sim::{Delay, Director, Input, NodeId, Prepared, Scenarios, Sight, Value, WorldOf, t};

use super::message::Message;
use super::server::Server;
use super::{Client, Replica, Replicas};

// With two replicas, as by default.
const S1: NodeId = NodeId(0);
const S2: NodeId = NodeId(1);
const S3: NodeId = NodeId(2);
const O: NodeId = NodeId(3);
const C1: NodeId = NodeId(4);
const C2: NodeId = NodeId(5);

impl Scenarios for Replicas {
    /// The scenarios; a visitor meets the first one first.
    fn scenarios() -> Vec<Prepared<Replicas>> {
        vec![
            Prepared {
                name: "stale-read",
                title: t!("A replica that lags, and a stale read"),
                summary: t!(
                    "C1 has been told that x=2 is done: the primary is asynchronous. S3 gets everything late, and has only x=1. C2 has just asked S3 for x."
                ),
                seed: 1,
                settings: [by_hand(), vec![("mode", word("async"))]].concat(),
                sight: Sight::STAGE,
                direct: |director| {
                    write_everywhere(director, "1");
                    slow_down(director, S1, S3, 400_000);
                    put_and_wait(director, C1, "2");
                    get(director, C2, "S3");
                    director.run_for_us(4_000);
                },
                expect: vec![("stale-read", Outcome::NotSeen), ("linearizable", Outcome::Kept)],
            },
            Prepared {
                name: "own-write-missing",
                title: t!("My own write is gone"),
                summary: t!(
                    "C1 wrote x=2, was told that it is done, and read x from S3: it got the old value. Nothing is lost, S3 is only late. Here sessions do not remember what they have written."
                ),
                seed: 2,
                settings: [by_hand(), vec![("mode", word("async")), ("read_your_writes", Value::Flag(false))]].concat(),
                sight: Sight::HISTORY,
                direct: |director| {
                    write_everywhere(director, "1");
                    slow_down(director, S1, S3, 400_000);
                    put_and_wait(director, C1, "2");
                    get(director, C1, "S3");
                    wait(director, C1);
                },
                expect: vec![
                    ("read-your-writes", Outcome::Broken),
                    ("linearizable", Outcome::Broken),
                    ("acknowledged-kept", Outcome::Kept),
                ],
            },
            Prepared {
                name: "own-write-waits",
                title: t!("Read your own writes"),
                summary: t!(
                    "The same again, but C1 says with its read how far its session has written. S3 has not got that far, and lets C1 wait. The entry is on its way."
                ),
                seed: 2,
                settings: [by_hand(), vec![("mode", word("async"))]].concat(),
                sight: Sight::STAGE,
                direct: |director| {
                    write_everywhere(director, "1");
                    slow_down(director, S1, S3, 300_000);
                    put_and_wait(director, C1, "2");
                    get(director, C1, "S3");
                    director.run_until(|world| server(world, S3).is_some_and(|server| !server.parked.is_empty()));
                },
                expect: vec![("read-your-writes", Outcome::Kept), ("stale-read", Outcome::NotSeen)],
            },
            Prepared {
                name: "async-failover",
                title: t!("An asynchronous failover loses a write"),
                summary: t!(
                    "S1 told C1 that x=2 is done, before the replicas had it, and crashed. The observer has made S2 primary: S2 has never heard of x=2. What was acknowledged is lost."
                ),
                seed: 3,
                settings: [by_hand(), vec![("mode", word("async"))]].concat(),
                sight: Sight::PANELS,
                direct: |director| {
                    write_everywhere(director, "1");
                    director.act(Input::Cut { from: S1, to: S2 });
                    director.act(Input::Cut { from: S1, to: S3 });
                    put_and_wait(director, C1, "2");
                    director.act(Input::Crash(S1));
                    director.act(Input::HealAll);
                    run_until_other_primary(director);
                },
                expect: vec![("acknowledged-kept", Outcome::Broken), ("failover", Outcome::Seen)],
            },
            Prepared {
                name: "semi-sync-failover",
                title: t!("Semi-synchronous: one replica has it"),
                summary: t!(
                    "S1 waited with its answer until one replica had x=2: that was S3. Then S1 crashed. The observer asks who has got furthest, and makes S3 primary: x=2 is kept."
                ),
                seed: 3,
                settings: [by_hand(), vec![("mode", word("semi-sync"))]].concat(),
                sight: Sight::PANELS,
                direct: |director| {
                    write_everywhere(director, "1");
                    director.act(Input::Cut { from: S1, to: S2 });
                    put_and_wait(director, C1, "2");
                    director.act(Input::Crash(S1));
                    director.act(Input::HealAll);
                    director.run_until(|world| {
                        world.nodes().state(O).and_then(Replica::observer).is_some_and(|o| o.survey.is_some())
                    });
                    director.run(4);
                },
                expect: vec![("acknowledged-kept", Outcome::Kept), ("failover", Outcome::NotSeen)],
            },
            Prepared {
                name: "semi-sync-timeout",
                title: t!("Semi-synchronous, until the timeout"),
                summary: t!(
                    "Both replicas are cut off, and C1 waits for x=2 to be acknowledged. After 1 s without an answer S1 goes on alone, as MySQL does: it is asynchronous now, and a failover would lose x=2."
                ),
                seed: 4,
                settings: [
                    by_hand(),
                    vec![("mode", word("semi-sync")), ("fall_back_ms", number(1_000)), ("failover", word("manual"))],
                ]
                .concat(),
                sight: Sight::STAGE,
                direct: |director| {
                    write_everywhere(director, "1");
                    director.act(Input::Split(vec![vec![S1, C1], vec![S2, S3]]));
                    put(director, C1, "2");
                    director.run_until(|world| {
                        server(world, S1).and_then(Server::reign).is_some_and(|reign| reign.is_alone)
                    });
                },
                expect: vec![("acknowledged-kept", Outcome::Kept), ("converged", Outcome::Waiting)],
            },
            Prepared {
                name: "dropped-replica",
                title: t!("Synchronous, and a replica is silent"),
                summary: t!(
                    "S3 has crashed. S1 has written x=2, S2 has it, and C1 still waits: S1 acknowledges only what all in-sync replicas have. It asks the observer to strike S3 off, and may not go on before that."
                ),
                seed: 5,
                settings: by_hand(),
                sight: Sight::STAGE,
                direct: |director| {
                    write_everywhere(director, "1");
                    director.act(Input::Crash(S3));
                    put(director, C1, "2");
                    director.run_until(|world| {
                        let in_sync = server(world, S1).and_then(Server::reign).map(|reign| reign.in_sync);
                        in_sync.is_some_and(|in_sync| in_sync.agreed != in_sync.wanted)
                    });
                },
                expect: vec![("acknowledged-kept", Outcome::Kept), ("converged", Outcome::Waiting)],
            },
            Prepared {
                name: "automatic-failover",
                title: t!("Automatic failover"),
                summary: t!(
                    "S1 is cut off from all but C1. Its lease has run out, so it answers nobody, although it knows nothing of what the others do. The observer has opened epoch 2 and asks the replicas how far they have got."
                ),
                seed: 6,
                settings: by_hand(),
                sight: Sight::STAGE,
                direct: |director| {
                    write_everywhere(director, "1");
                    director.act(Input::Split(vec![vec![S1, C1], vec![S2, S3, O, C2]]));
                    director.run_until(|world| {
                        world.nodes().state(O).and_then(Replica::observer).is_some_and(|o| o.survey.is_some())
                    });
                },
                expect: vec![("split-brain", Outcome::NotSeen), ("failover", Outcome::NotSeen)],
            },
            Prepared {
                name: "split-brain",
                title: t!("The old primary comes back: split brain"),
                summary: t!(
                    "S1 was cut off, and the observer made S2 primary. S1 never noticed, and took x=5 from C1, while S2 took x=6 from C2. Without fencing and leases both go on: two primaries, two truths."
                ),
                seed: 7,
                settings: [
                    by_hand(),
                    vec![("mode", word("async")), ("fencing", Value::Flag(false)), ("lease", Value::Flag(false))],
                ]
                .concat(),
                sight: Sight::PANELS,
                direct: take_writes_on_both_sides,
                expect: vec![
                    ("split-brain", Outcome::Seen),
                    ("acknowledged-kept", Outcome::Broken),
                    ("converged", Outcome::Waiting),
                    ("one-primary", Outcome::Kept),
                ],
            },
            Prepared {
                name: "fenced",
                title: t!("The old primary comes back, fenced"),
                summary: t!(
                    "The same cut. Now nodes refuse what is of an earlier epoch: as soon as S1 hears of epoch 2 it steps down and rewinds its log. There is one truth again, but x=5, which C1 was told is done, goes: only a lease would have stopped S1 in time."
                ),
                seed: 7,
                settings: [by_hand(), vec![("mode", word("async")), ("lease", Value::Flag(false))]].concat(),
                sight: Sight::PANELS,
                direct: take_writes_on_both_sides,
                expect: vec![
                    ("split-brain", Outcome::Seen),
                    ("acknowledged-kept", Outcome::Broken),
                    ("converged", Outcome::Waiting),
                ],
            },
            Prepared {
                name: "cap-consistent",
                title: t!("CAP: consistent, and not available"),
                summary: t!(
                    "The cut leaves C1 with S1 and S2, and C2 with the others. S1, the primary, cannot reach all its replicas: C1 waits for x=2 until the cut heals. The other side has a new primary: C2 has put x=3, and reads it. Some answers never come, but none is wrong: the history is linearizable (see History). “A cut, and both sides go on (CAP)” of Leaderless quorum is the same cut, where both sides answer."
                ),
                seed: 8,
                settings: [by_hand(), vec![("replicas", number(4)), ("reads", word("primary"))]].concat(),
                sight: Sight::HISTORY,
                direct: |director| {
                    let (s4, s5, observer, c1, c2) = (NodeId(3), NodeId(4), NodeId(5), NodeId(6), NodeId(7));
                    director.run_for_us(50_000);
                    put_and_wait(director, c1, "1");
                    get(director, c2, "as-set");
                    wait(director, c2);
                    director.act(Input::Split(vec![vec![S1, S2, c1], vec![S3, s4, s5, observer, c2]]));
                    put(director, c1, "2");
                    run_until_other_primary(director);
                    put_and_wait(director, c2, "3");
                    get(director, c2, "as-set");
                    wait(director, c2);
                },
                expect: vec![
                    ("linearizable", Outcome::Kept),
                    ("acknowledged-kept", Outcome::Kept),
                    ("current-reads", Outcome::Kept),
                    ("split-brain", Outcome::NotSeen),
                    ("converged", Outcome::Waiting),
                ],
            },
            Prepared {
                name: "github-2018",
                title: t!("As at GitHub in October 2018"),
                summary: t!(
                    "East: S1, S2 and C1. West, 30 ms away: S3, S4, the observer and C2. The link between the coasts was cut for 43 s, and has just come back. S3 has been primary for most of it; S1 went on taking writes. Each coast has acknowledged what the other lacks."
                ),
                seed: 9,
                settings: vec![
                    ("replicas", number(3)),
                    ("mode", word("semi-sync")),
                    ("lease", Value::Flag(false)),
                    ("heartbeat_ms", number(1_000)),
                    ("failover_ms", number(10_000)),
                    ("workload_ms", number(4_000)),
                    ("retry_ms", number(2_000)),
                    ("reads", word("primary")),
                ],
                sight: Sight::PANELS,
                direct: |director| {
                    let (s4, observer, c1, c2) = (NodeId(3), NodeId(4), NodeId(5), NodeId(6));
                    let (east, west) = (vec![S1, S2, c1], vec![S3, s4, observer, c2]);
                    for (one, other) in east.iter().flat_map(|one| west.iter().map(move |other| (*one, *other))) {
                        slow_down(director, one, other, 30_000);
                        slow_down(director, other, one, 30_000);
                    }
                    director.run_for_us(12_000_000);
                    director.act(Input::Split(vec![east, west]));
                    director.run_for_us(43_000_000);
                    director.act(Input::HealAll);
                },
                expect: vec![
                    ("split-brain", Outcome::Seen),
                    ("failover", Outcome::Seen),
                    ("acknowledged-kept", Outcome::Broken),
                    ("current-reads", Outcome::Broken),
                    ("linearizable", Outcome::Broken),
                ],
            },
        ]
    }
}

/// Commands only by hand.
fn by_hand() -> Vec<(&'static str, Value)> {
    vec![("workload_ms", number(0))]
}

/// S1 is cut off with C1; the others get a new primary. Both take a write, and then the network heals.
fn take_writes_on_both_sides(director: &mut Director<Replicas>) {
    write_everywhere(director, "1");
    director.act(Input::Split(vec![vec![S1, C1], vec![S2, S3, O, C2]]));
    run_until_other_primary(director);
    put_and_wait(director, C1, "5");
    put_and_wait(director, C2, "6");
    director.act(Input::HealAll);
}

/// A server's state, while it is not crashed.
pub(super) fn server(world: WorldOf<'_, Replicas>, id: NodeId) -> Option<&Server> {
    world.nodes().state(id).and_then(Replica::server)
}

pub(super) fn client(world: WorldOf<'_, Replicas>, id: NodeId) -> Option<&Client> {
    world.nodes().state(id).and_then(Replica::client)
}

/// The primary of the newest epoch.
pub(super) fn primary(world: WorldOf<'_, Replicas>) -> Option<NodeId> {
    let primaries = world.nodes().ids().filter_map(|id| Some((server(world, id)?, id)));
    primaries.filter(|(server, _)| server.is_primary()).max_by_key(|(server, _)| server.epoch).map(|(_, id)| id)
}

fn run_until_other_primary(director: &mut Director<Replicas>) {
    director.run_until(|world| primary(world).is_some_and(|id| id != S1));
}

/// C1 writes x, and all servers come to know that it is done.
fn write_everywhere(director: &mut Director<Replicas>, value: &str) {
    director.run_for_us(50_000);
    put_and_wait(director, C1, value);
    director.run_until(|world| {
        [S1, S2, S3].iter().all(|id| server(world, *id).is_some_and(|server| server.committed == 1))
    });
    director.run_until(|world| !world.messages().any(|envelope| matches!(envelope.payload, Message::Append { .. })));
}

fn put(director: &mut Director<Replicas>, client: NodeId, value: &str) {
    director.operate(client, "put", &[word("x"), word(value)]);
}

pub(super) fn put_and_wait(director: &mut Director<Replicas>, client: NodeId, value: &str) {
    put(director, client, value);
    wait(director, client);
}

pub(super) fn get(director: &mut Director<Replicas>, client: NodeId, from: &str) {
    director.operate(client, "get", &[word("x"), word(from)]);
}

/// Runs until the client has its answer.
pub(super) fn wait(director: &mut Director<Replicas>, id: NodeId) {
    director.run_until(|world| client(world, id).is_some_and(|client| client.open.is_none()));
}

fn slow_down(director: &mut Director<Replicas>, from: NodeId, to: NodeId, us: u64) {
    director.act(Input::SetDelay { from, to, delay: Delay::Constant { us } });
}
