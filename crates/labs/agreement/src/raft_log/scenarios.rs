//! The prepared scenarios. Each runs the real protocol up to a moment worth looking at.

use parts::values::{number, word};
use sim::check::Outcome;
use sim::{Delay, Director, Input, NodeId, Prepared, Scenarios, Sight, Value, WorldOf, t};

use super::RaftLog;
use crate::raft::staging::{
    candidates, client_is_idle, lead, put, put_and_wait, run_until_all_have, run_until_message, server,
};
use crate::raft::{Appended, Message, Role, Timer};

const S1: NodeId = NodeId(0);
const S2: NodeId = NodeId(1);
const S3: NodeId = NodeId(2);
const C1: NodeId = NodeId(3);
const C2: NodeId = NodeId(4);

/// A seed for which S1 times out first.
const SEED: u64 = 12;

impl Scenarios for RaftLog {
    /// The scenarios; a visitor meets the first one first.
    fn scenarios() -> Vec<Prepared<RaftLog>> {
        vec![
            Prepared {
                name: "far-behind",
                title: t!("Too far behind for entries"),
                summary: t!(
                    "S3 was down, and the entries that it needs are gone. So S1 sends it a snapshot instead, in three parts; the second was lost."
                ),
                seed: SEED,
                settings: by_hand(1),
                sight: Sight::STAGE,
                direct: |director| {
                    leave_behind(director);
                    director.act(Input::Restart(S3));
                    run_until_part(director, 1);
                    drop_all(director, |_, to, message| {
                        to == S3 && matches!(message, Message::InstallSnapshot { offset: 1, .. })
                    });
                },
                expect: vec![("installed", Outcome::NotSeen), ("all-committed", Outcome::Waiting)],
            },
            Prepared {
                name: "log-shrinks",
                title: t!("A snapshot is due"),
                summary: t!(
                    "S1 has carried out six entries. In a moment it writes down what they came to, and drops them. Each server does that by itself."
                ),
                seed: SEED,
                settings: by_hand(1),
                sight: Sight::STAGE,
                direct: |director| {
                    lead(director, S1);
                    for (key, value) in [("x", "1"), ("y", "2"), ("x", "3"), ("x", "4"), ("y", "5")] {
                        put_and_wait_for_snapshots(director, key, value);
                    }
                },
                expect: vec![("installed", Outcome::NotSeen)],
            },
            Prepared {
                name: "a-little-behind",
                title: t!("A little behind"),
                summary: t!(
                    "S3 was cut off for a moment, and S1 has taken a snapshot meanwhile. Here four entries stay behind in each log, so S1 can still send entries."
                ),
                seed: SEED,
                settings: [by_hand(1), vec![("trailing", number(4))]].concat(),
                sight: Sight::STAGE,
                direct: |director| {
                    lead(director, S1);
                    for value in ["1", "2", "3"] {
                        put_and_wait(director, C1, "x", value);
                    }
                    run_until_all_have(director, 4);
                    director.act(Input::Split(vec![vec![S1, S2, C1], vec![S3]]));
                    for value in ["4", "5"] {
                        put_and_wait(director, C1, "x", value);
                    }
                    director.run_until(|world| server(world, S1).is_some_and(|server| server.snapshot.is_some()));
                    director.act(Input::HealAll);
                    director.run_until(|world| {
                        world.messages().any(|envelope| {
                            envelope.to == S3
                                && matches!(envelope.payload, Message::AppendEntries { entries, .. } if !entries.is_empty())
                        })
                    });
                },
                expect: vec![("installed", Outcome::NotSeen), ("all-committed", Outcome::Waiting)],
            },
            Prepared {
                name: "restart",
                title: t!("Back from a snapshot"),
                summary: t!(
                    "S2 has crashed and is up again. It begins with the snapshot on its disk: what stood before that it need not carry out again."
                ),
                seed: SEED,
                settings: by_hand(1),
                sight: Sight::STAGE,
                direct: |director| {
                    lead(director, S1);
                    for (key, value) in
                        [("x", "1"), ("y", "2"), ("x", "3"), ("y", "4"), ("x", "5"), ("y", "6"), ("x", "7")]
                    {
                        put_and_wait(director, C1, key, value);
                    }
                    run_until_all_have(director, 8);
                    director.act(Input::Crash(S2));
                    director.run_for_us(20_000);
                    director.act(Input::Restart(S2));
                },
                expect: vec![("log-matching", Outcome::Kept), ("installed", Outcome::NotSeen)],
            },
            Prepared {
                name: "late-snapshot",
                title: t!("A snapshot that comes late"),
                summary: t!(
                    "S1 sent S3 a snapshot up to entry 4. Before it arrived, S3 got entries 2 to 5 after all, and entry 5 is committed with its help. Now the snapshot comes."
                ),
                seed: SEED,
                settings: late_snapshot(),
                sight: Sight::PANELS,
                direct: send_a_late_snapshot,
                expect: vec![("leader-completeness", Outcome::Kept), ("installed", Outcome::NotSeen)],
            },
            Prepared {
                name: "late-snapshot-broken",
                title: t!("The same, and all is dropped"),
                summary: t!(
                    "Here S3 has dropped its whole log for the late snapshot, and entry 5 with it. S1 has crashed. Nobody who is up has entry 5, of which a client was told that it is done, and a server asks for votes."
                ),
                seed: SEED,
                settings: [late_snapshot(), vec![("keep_suffix", Value::Flag(false))]].concat(),
                sight: Sight::PANELS,
                direct: |director| {
                    send_a_late_snapshot(director);
                    director.run_until(|world| server(world, S3).is_some_and(|server| server.log.loads() == 1));
                    director.act(Input::Crash(S1));
                    drop_all(director, |from, _, _| from == S1);
                    director.act(Input::Restart(S2));
                    director.run_until(|world| candidates(world).next().is_some());
                },
                expect: vec![("leader-completeness", Outcome::Kept), ("installed", Outcome::Seen)],
            },
            Prepared {
                name: "old-snapshot",
                title: t!("An old snapshot once more"),
                summary: t!(
                    "S3 began with a snapshot of S1 and has gone on since. A copy of that snapshot was long on its way, and is about to arrive."
                ),
                seed: SEED,
                settings: [by_hand(1), vec![("snapshot_parts", number(1))]].concat(),
                sight: Sight::STAGE,
                direct: |director| {
                    leave_behind(director);
                    director.act(Input::Restart(S3));
                    run_until_part(director, 0);
                    for part in director.messages(|_, _, message| matches!(message, Message::InstallSnapshot { .. })) {
                        director.act(Input::Duplicate(part));
                    }
                    let copies = director.messages(|_, _, message| matches!(message, Message::InstallSnapshot { .. }));
                    let Some(copy) = copies.last().copied() else { return };
                    director.act(Input::Hold(copy));
                    director.run_until(|world| server(world, S3).is_some_and(|server| server.log.loads() == 1));
                    for value in ["8", "9"] {
                        put_and_wait(director, C1, "x", value);
                    }
                    run_until_all_have(director, 9);
                    director.act(Input::Release(copy));
                },
                expect: vec![("installed", Outcome::Seen), ("leader-completeness", Outcome::Kept)],
            },
            Prepared {
                name: "done-twice",
                title: t!("A snapshot without the clients"),
                summary: t!(
                    "Here snapshots hold the values only. C1 heard no answer to x=1, and asked again after all servers had started anew from such snapshots: x=1 took place twice, over the x=2 of C2."
                ),
                seed: SEED,
                settings: [
                    by_hand(2),
                    vec![("sessions_in_snapshot", Value::Flag(false)), ("snapshot_every", number(2))],
                ]
                .concat(),
                sight: Sight::STAGE,
                direct: do_twice,
                expect: vec![("linearizable", Outcome::Broken), ("leader-completeness", Outcome::Kept)],
            },
            Prepared {
                name: "slow-follower",
                title: t!("A slow follower is spared"),
                summary: t!(
                    "The way to S3 and back has become slow. Here at most two messages may be without an answer, so S1 sends S3 no more for now. S2 gets each entry at once."
                ),
                seed: SEED,
                settings: slow_link(),
                sight: Sight::STAGE,
                direct: |director| {
                    lead(director, S1);
                    run_until_all_have(director, 3);
                    for (from, to) in [(S1, S3), (S3, S1)] {
                        director.act(Input::SetDelay { from, to, delay: Delay::Constant { us: 300_000 } });
                    }
                    director.run_until(|world| {
                        let Some(Role::Leader(leadership)) = server(world, S1).map(|server| &server.role) else {
                            return false;
                        };
                        let [_, fast, slow] = &leadership.followers[..] else { return false };
                        slow.in_flight.len() == 2 && fast.match_index > slow.sent_index + 1
                    });
                },
                expect: vec![("installed", Outcome::NotSeen), ("all-committed", Outcome::Waiting)],
            },
            Prepared {
                name: "writes-beside",
                title: t!("A disk that takes its time"),
                summary: t!(
                    "Each disk needs 30 ms for a write. S1 sends x=1 while it writes it itself. Nobody counts it before it is on a disk: not the others, who have yet to answer, and not S1."
                ),
                seed: SEED,
                settings: [by_hand(1), vec![("write_us", number(30_000))]].concat(),
                sight: Sight::STAGE,
                direct: |director| {
                    lead(director, S1);
                    run_until_all_have(director, 1);
                    put(director, C1, "x", "1");
                    director.run_until(|world| server(world, S2).is_some_and(|server| server.log.last_index() == 2));
                },
                expect: vec![("leader-completeness", Outcome::Kept)],
            },
            Prepared {
                name: "counted-too-early",
                title: t!("Counted before it was written"),
                summary: t!(
                    "Here S1 counts itself although its disk is still busy. With S2 that made two of three, and C1 was told that x=1 is done. S1 has crashed and lost it, and S2 is down. Who leads next?"
                ),
                seed: SEED,
                settings: [busy_disk(), vec![("count_when_written", Value::Flag(false))]].concat(),
                sight: Sight::STAGE,
                direct: |director| {
                    write_behind_a_busy_disk(director);
                    director.run_until(|world| client_is_idle(world, C1));
                    director.act(Input::Crash(S1));
                    director.act(Input::Crash(S2));
                    director.act(Input::HealAll);
                    director.act(Input::Restart(S1));
                    director.run_until(|world| candidates(world).next().is_some());
                },
                expect: vec![("leader-completeness", Outcome::Kept)],
            },
        ]
    }
}

/// So many clients, and commands only by hand.
fn by_hand(clients: i64) -> Vec<(&'static str, Value)> {
    vec![("clients", number(clients)), ("workload_ms", number(0))]
}

/// Snapshots by hand as well, in one part, and many entries a message.
fn late_snapshot() -> Vec<(&'static str, Value)> {
    let own = vec![
        ("snapshot_every", number(0)),
        ("snapshot_parts", number(1)),
        ("entries_a_message", number(8)),
        ("timeout_least_ms", number(600)),
        ("timeout_most_ms", number(900)),
    ];
    [by_hand(2), own].concat()
}

/// At most two messages without an answer, one entry each, and servers that bear a slow link.
fn slow_link() -> Vec<(&'static str, Value)> {
    vec![
        ("in_flight", number(2)),
        ("entries_a_message", number(1)),
        ("snapshot_every", number(0)),
        ("timeout_least_ms", number(800)),
        ("timeout_most_ms", number(1_200)),
    ]
}

/// Disks that need 60 ms for a write, and snapshots by hand.
fn busy_disk() -> Vec<(&'static str, Value)> {
    let own = vec![("write_us", number(60_000)), ("snapshot_every", number(0)), ("timeout_least_ms", number(200))];
    [by_hand(1), own].concat()
}

/// S1 writes a snapshot, and takes x=1 meanwhile. S2 gets it and has nothing else to write; S3 does not get it.
fn write_behind_a_busy_disk(director: &mut Director<RaftLog>) {
    lead(director, S1);
    put_and_wait(director, C1, "y", "1");
    run_until_all_have(director, 2);
    director.run_for_us(100_000);
    director.act(Input::Cut { from: S1, to: S3 });
    put(director, C1, "x", "1");
    run_until_message(director, |message| matches!(message, Message::Request(_)));
    director.operate(S1, "snapshot", &[]);
    director.run_until(|world| server(world, S1).is_some_and(|server| server.log.last_index() == 3));
}

/// S3 crashes, and the others go on until what it needs next is gone.
fn leave_behind(director: &mut Director<RaftLog>) {
    lead(director, S1);
    put_and_wait(director, C1, "x", "1");
    run_until_all_have(director, 2);
    director.act(Input::Crash(S3));
    for (key, value) in [("y", "2"), ("x", "3"), ("y", "4"), ("x", "5"), ("y", "6"), ("x", "7")] {
        put_and_wait(director, C1, key, value);
    }
    director.run_until(|world| server(world, S1).is_some_and(|server| server.snapshot.is_some()));
}

/// Runs until this part of a snapshot is on its way to S3, which is up.
fn run_until_part(director: &mut Director<RaftLog>, part: u64) {
    run_until_message(
        director,
        |message| matches!(message, Message::InstallSnapshot { offset, .. } if *offset == part),
    );
}

/// Loses all such messages.
fn drop_all(director: &mut Director<RaftLog>, is_meant: impl Fn(NodeId, NodeId, &Message) -> bool) {
    for message in director.messages(is_meant) {
        director.act(Input::Drop(message));
    }
}

/// Writes, and waits for the answer, or for the moment at which S1 is to take a snapshot.
fn put_and_wait_for_snapshots(director: &mut Director<RaftLog>, key: &str, value: &str) {
    put(director, C1, key, value);
    director.run_until(|world| {
        client_is_idle(world, C1) || world.nodes().timers(S1).any(|set| set.timer == Timer::Snapshot)
    });
}

/// S1 sends S3 a snapshot up to entry 4, and before it arrives S3 gets the entries up to 5, which it was sent earlier.
fn send_a_late_snapshot(director: &mut Director<RaftLog>) {
    lead(director, S1);
    run_until_all_have(director, 1);
    // Nothing that S1 sends to S3 arrives for now.
    director.act(Input::Cut { from: S1, to: S3 });
    put_and_wait(director, C1, "x", "1");
    put_and_wait(director, C1, "y", "2");
    put(director, C1, "x", "3");
    director.run_until(|world| server(world, S1).is_some_and(|server| server.log.last_index() == 4));
    director.act(Input::Heal { from: S1, to: S3 });
    put(director, C2, "y", "4");
    // The message with entries 2 to 5 waits on the way to S3; S2 gets entry 4 and no more.
    director.run_until(|world| server(world, S1).is_some_and(|server| server.log.last_index() == 5));
    let entries = director.messages(|_, to, message| to == S3 && is_append(message, 4));
    entries.iter().for_each(|message| director.act(Input::Hold(*message)));
    drop_all(director, |_, to, message| to == S2 && is_append(message, 2));
    director.act(Input::Cut { from: S1, to: S3 });
    run_until_message(director, |message| {
        matches!(message, Message::Appended { answer: Appended::Stored { match_index: 4 }, .. })
    });
    director.act(Input::Cut { from: S1, to: S2 });
    director.run_until(|world| server(world, S1).is_some_and(|server| server.commit_index == 4));
    director.operate(S1, "snapshot", &[]);
    director.act(Input::Crash(S2));
    director.act(Input::Heal { from: S1, to: S3 });
    run_until_part(director, 0);
    let snapshot = director.messages(|_, _, message| matches!(message, Message::InstallSnapshot { .. }));
    snapshot.iter().for_each(|message| director.act(Input::Hold(*message)));
    entries.iter().for_each(|message| director.act(Input::Release(*message)));
    director.run_until(|world| client_is_idle(world, C2));
    director.act(Input::HealAll);
    snapshot.iter().for_each(|message| director.act(Input::Release(*message)));
}

/// Whether these are so many entries.
fn is_append(message: &Message, count: usize) -> bool {
    matches!(message, Message::AppendEntries { entries, .. } if entries.len() == count)
}

/// A command takes place, all servers start anew without knowing whose it was, and its client asks again.
fn do_twice(director: &mut Director<RaftLog>) {
    lead(director, S1);
    put(director, C1, "x", "1");
    run_until_message(director, |message| matches!(message, Message::Answer { .. }));
    drop_all(director, |_, to, message| to == C1 && matches!(message, Message::Answer { .. }));
    director.operate(C2, "get", &[word("x")]);
    director.run_until(|world| client_is_idle(world, C2));
    put_and_wait(director, C2, "x", "2");
    let has_snapshot =
        |world: WorldOf<'_, RaftLog>, id| server(world, id).is_some_and(|server| server.snapshot_index() >= 2);
    director.run_until(|world| [S1, S2, S3].into_iter().all(|id| has_snapshot(world, id)));
    for node in [S1, S2, S3] {
        director.act(Input::Crash(node));
    }
    for node in [S1, S2, S3] {
        director.act(Input::Restart(node));
    }
    director.run_until(|world| client_is_idle(world, C1));
    director.operate(C2, "get", &[word("x")]);
    director.run_until(|world| client_is_idle(world, C2));
}
