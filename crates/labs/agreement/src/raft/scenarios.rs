//! The prepared scenarios. Each runs the real protocol up to a moment worth looking at.

use parts::values::{number, word};
use sim::check::Outcome;
use sim::{Delay, Director, Input, NodeId, Prepared, Scenarios, Sight, Value, WorldOf, t};

use super::message::Message;
use super::server::Role;
use super::staging::{
    candidates, client_is_idle, lead, leader, put, put_and_wait, run_to_the_last_event_in, run_until_all_have,
    run_until_message, server,
};
use super::{Raft, Timer};

const S1: NodeId = NodeId(0);
const S2: NodeId = NodeId(1);
const S3: NodeId = NodeId(2);
const S4: NodeId = NodeId(3);
const S5: NodeId = NodeId(4);

impl Scenarios for Raft {
    /// The scenarios; a visitor meets the first one first.
    fn scenarios() -> Vec<Prepared<Raft>> {
        vec![
            Prepared {
                name: "minority-leader",
                title: t!("Two leaders at once?"),
                summary: t!(
                    "The cut leaves S1, the leader, with one follower. It still takes x=3 from a client. On the other side a server has waited long enough, and asks for votes."
                ),
                seed: seeds::MINORITY_LEADER,
                settings: by_hand(1),
                sight: Sight::STAGE,
                direct: |director| {
                    lead(director, S1);
                    let client = NodeId(5);
                    put_and_wait(director, client, "x", "1");
                    run_until_all_have(director, 2);
                    split_with_a_write(director, client);
                    director.run_until(|world| candidates(world).any(|id| id > S2));
                    run_until_message(director, |message| matches!(message, Message::Vote { granted: true, .. }));
                },
                expect: vec![
                    ("election-safety", Outcome::Kept),
                    ("two-leaders", Outcome::NotSeen),
                    ("all-committed", Outcome::Waiting),
                ],
            },
            Prepared {
                name: "first-election",
                title: t!("The first election"),
                summary: t!(
                    "Five servers have just started, and nobody leads. The first one whose timer runs out asks the others for their votes."
                ),
                seed: 4,
                settings: by_hand(1),
                sight: Sight::STAGE,
                direct: |director| {
                    director.run_until(|world| candidates(world).next().is_some());
                },
                expect: vec![("leader-followed", Outcome::Waiting), ("split-vote", Outcome::NotSeen)],
            },
            Prepared {
                name: "split-vote",
                title: t!("A split vote"),
                summary: t!(
                    "Here the election timers differ by 6 ms at most, so several servers ask for votes at once, and each votes for itself. Nobody gets a majority."
                ),
                seed: seeds::SPLIT_VOTE,
                settings: [by_hand(0), vec![("timeout_least_ms", number(150)), ("timeout_most_ms", number(156))]]
                    .concat(),
                sight: Sight::STAGE,
                direct: |director| {
                    director.run_until(|world| candidates(world).count() >= 3);
                },
                expect: vec![("split-vote", Outcome::NotSeen), ("leader-followed", Outcome::Waiting)],
            },
            Prepared {
                name: "leader-crash",
                title: t!("The leader crashes"),
                summary: t!(
                    "S1 leads, and x=1 is committed. It has just taken x=2 from a client, and crashes while that is on its way. What becomes of x=2?"
                ),
                seed: seeds::LEADER_CRASH,
                settings: by_hand(1),
                sight: Sight::STAGE,
                direct: |director| {
                    lead(director, S1);
                    let client = NodeId(5);
                    put_and_wait(director, client, "x", "1");
                    put(director, client, "x", "2");
                    run_until_message(
                        director,
                        |message| matches!(message, Message::AppendEntries { entries, .. } if !entries.is_empty()),
                    );
                    director.act(Input::Crash(S1));
                },
                expect: vec![("leader-completeness", Outcome::Kept), ("leader-followed", Outcome::Waiting)],
            },
            Prepared {
                name: "heal-and-overwrite",
                title: t!("The split heals"),
                summary: t!(
                    "S1 led the smaller part and took x=3, which it could not commit. The larger part has a new leader and has committed x=5. The network has just healed: two logs disagree."
                ),
                seed: seeds::MINORITY_LEADER,
                settings: by_hand(2),
                sight: Sight::PANELS,
                direct: |director| {
                    lead(director, S1);
                    let (first, second) = (NodeId(5), NodeId(6));
                    put_and_wait(director, first, "x", "1");
                    run_until_all_have(director, 2);
                    split_with_a_write(director, first);
                    director.run_until(|world| leader(world).is_some_and(|id| id > S2));
                    // The second client stands on the larger side.
                    director.act(Input::Cut { from: second, to: S1 });
                    director.act(Input::Cut { from: second, to: S2 });
                    put_and_wait(director, second, "x", "5");
                    director.act(Input::HealAll);
                    director.run_until(|world| {
                        world.messages().any(|envelope| {
                            matches!(envelope.payload, Message::AppendEntries { term: 2.., .. }) && envelope.to == S1
                        })
                    });
                },
                expect: vec![
                    ("two-leaders", Outcome::Seen),
                    ("overwritten", Outcome::NotSeen),
                    ("linearizable", Outcome::Kept),
                ],
            },
            Prepared {
                name: "figure-7",
                title: t!("Seven logs that disagree (Figure 7)"),
                summary: t!(
                    "S1 comes to power in term 8. Followers may lack entries, have too many, or both. Watch how it makes their logs equal to its own."
                ),
                seed: seeds::FIGURE_7,
                settings: [by_hand(0), vec![("servers", number(7)), ("initial_logs", word("figure-7"))]].concat(),
                sight: Sight::PANELS,
                direct: |director| {
                    director.run_until(|world| leader(world) == Some(S1));
                },
                expect: vec![("log-matching", Outcome::Kept), ("all-committed", Outcome::Waiting)],
            },
            Prepared {
                name: "figure-8",
                title: t!("On a majority, and yet not committed (Figure 8)"),
                summary: t!(
                    "S1 leads again, in term 4, and has copied its entry of term 2 to a majority. It may not count that as committed: S5 could still win an election and replace it."
                ),
                seed: seeds::FIGURE_8,
                settings: figure_8(),
                sight: Sight::PANELS,
                direct: |director| {
                    director.act(Input::Crash(S5));
                    lead(director, S1);
                    director.run_until(old_entry_is_on_a_majority);
                },
                expect: vec![("leader-completeness", Outcome::Kept)],
            },
            Prepared {
                name: "figure-8-broken",
                title: t!("Figure 8 without its rule"),
                summary: t!(
                    "Here a leader counts copies of old entries. S1 has committed entry 2 that way and crashed. S5 has won the next election, without that entry: what was committed is about to be lost."
                ),
                seed: seeds::FIGURE_8,
                settings: [figure_8(), vec![("own_term_commit", Value::Flag(false))]].concat(),
                sight: Sight::PANELS,
                direct: |director| {
                    director.act(Input::Crash(S5));
                    lead(director, S1);
                    director.run_until(|world| server(world, S1).is_some_and(|server| server.commit_index >= 2));
                    director.act(Input::Crash(S1));
                    for message in director.messages(|from, _, _| from == S1) {
                        director.act(Input::Drop(message));
                    }
                    director.act(Input::Restart(S5));
                    lead(director, S5);
                },
                expect: vec![("leader-completeness", Outcome::Broken), ("election-safety", Outcome::Kept)],
            },
            Prepared {
                name: "slow-follower",
                title: t!("A slow follower"),
                summary: t!(
                    "Everything takes S5 ten times as long. The others commit without it: a majority is enough. S5 follows at its own pace."
                ),
                seed: seeds::LEADER_CRASH,
                settings: [by_hand(2), vec![("workload_ms", number(40)), ("entries_a_message", number(8))]].concat(),
                sight: Sight::LANES,
                direct: |director| {
                    for other in [S1, S2, S3, S4] {
                        let delay = Delay::Uniform { least_us: 90_000, most_us: 110_000 };
                        director.act(Input::SetDelay { from: other, to: S5, delay });
                        director.act(Input::SetDelay { from: S5, to: other, delay });
                    }
                    lead(director, S1);
                    director.run_until(|world| {
                        let committed =
                            leader(world).and_then(|id| server(world, id)).map_or(0, |server| server.commit_index);
                        server(world, S5).is_some_and(|slow| committed > 6 && committed >= slow.log.last_index() + 3)
                    });
                },
                expect: vec![("linearizable", Outcome::Kept), ("state-machine-safety", Outcome::Kept)],
            },
            Prepared {
                name: "lost-disk",
                title: t!("A disk is lost"),
                summary: t!(
                    "x=1 is committed: S1 and S2 have it on disk. Then S2 loses its disk, and starts again knowing nothing. S1 is down. S3, which never had x=1, asks S2 for its vote."
                ),
                seed: seeds::LOST_DISK,
                settings: [by_hand(1), vec![("servers", number(3))]].concat(),
                sight: Sight::PANELS,
                direct: |director| {
                    lead(director, S1);
                    let client = NodeId(3);
                    director.run_until(|world| server(world, S3).is_some_and(|server| server.commit_index == 1));
                    director.act(Input::Split(vec![vec![S1, S2], vec![S3]]));
                    put_and_wait(director, client, "x", "1");
                    for node in [S1, S2] {
                        director.act(Input::Crash(node));
                    }
                    director.act(Input::LoseDisk(S2));
                    director.act(Input::Restart(S2));
                    director.act(Input::HealAll);
                    run_until_message(director, |message| {
                        matches!(message, Message::RequestVote { last_log_index: 1, .. })
                    });
                },
                // S2 remembers neither its term nor its vote.
                expect: vec![
                    ("leader-completeness", Outcome::Kept),
                    ("linearizable", Outcome::Kept),
                    ("terms-grow", Outcome::Broken),
                    ("one-vote", Outcome::Broken),
                ],
            },
            Prepared {
                name: "paused-leader",
                title: t!("A leader wakes up"),
                summary: t!(
                    "S1 led, and stood still for a while without knowing. The others have a new leader and have committed x=2. S1 has just woken up: it takes itself for the leader, and a client wants to read x from it."
                ),
                seed: seeds::LEADER_CRASH,
                settings: by_hand(2),
                sight: Sight::STAGE,
                direct: |director| {
                    lead(director, S1);
                    let (first, second) = (NodeId(5), NodeId(6));
                    put_and_wait(director, first, "x", "1");
                    director.act(Input::Pause(S1));
                    director.run_until(|world| leader(world).is_some_and(|id| id != S1));
                    put_and_wait(director, second, "x", "2");
                    director.operate(first, "get", &[word("x")]);
                    run_to_the_last_event_in(director, 15_000);
                    director.act(Input::Resume(S1));
                },
                expect: vec![("two-leaders", Outcome::Seen), ("linearizable", Outcome::Kept)],
            },
            Prepared {
                name: "skewed-clock",
                title: t!("A slow clock and a stale read"),
                summary: t!(
                    "Here leaders answer reads at once for as long as their lease lasts. The clock of S1 runs at half speed, so its lease lasts too long: the others have elected a new leader and written x=2, and S1 still answers x=1."
                ),
                seed: seeds::SKEWED_CLOCK,
                settings: [
                    by_hand(2),
                    vec![
                        ("read_mode", word("lease")),
                        ("timeout_most_ms", number(170)),
                        ("delay_least_us", number(2_000)),
                        ("delay_most_us", number(4_000)),
                        ("retry_ms", number(30)),
                    ],
                ]
                .concat(),
                sight: Sight::CHARTS,
                direct: |director| {
                    let (first, second) = (NodeId(5), NodeId(6));
                    lead(director, S1);
                    director.act(Input::SetClockDrift { node: S1, drift_ppm: -500_000 });
                    put_and_wait(director, first, "x", "1");
                    let lease = |world: WorldOf<'_, Raft>| match &server(world, S1)?.role {
                        Role::Leader(leadership) => leadership.lease_until_us,
                        _ => None,
                    };
                    let before = lease(director.world());
                    director.run_until(|world| lease(world) > before);
                    director.act(Input::Split(vec![vec![S1, first], vec![S2, S3, S4, S5, second]]));
                    director.run_until(|world| leader(world).is_some_and(|id| id != S1));
                    put_and_wait(director, second, "x", "2");
                    director.operate(first, "get", &[word("x")]);
                    director.run_until(|world| client_is_idle(world, first));
                },
                expect: vec![("linearizable", Outcome::Broken), ("election-safety", Outcome::Kept)],
            },
        ]
    }
}

/// Seeds for which the server that the story is about times out first.
mod seeds {
    pub const MINORITY_LEADER: u64 = 176;
    pub const SPLIT_VOTE: u64 = 1;
    pub const LEADER_CRASH: u64 = 12;
    pub const FIGURE_7: u64 = 17;
    pub const FIGURE_8: u64 = 12;
    pub const LOST_DISK: u64 = 12;
    pub const SKEWED_CLOCK: u64 = 12;
}

/// So many clients, and commands only by hand.
fn by_hand(clients: i64) -> Vec<(&'static str, Value)> {
    vec![("clients", number(clients)), ("workload_ms", number(0))]
}

fn figure_8() -> Vec<(&'static str, Value)> {
    [by_hand(0), vec![("initial_logs", word("figure-8"))]].concat()
}

/// Cuts S1 and S2 off, and lets a client write to S1 shortly before the others notice.
fn split_with_a_write(director: &mut Director<Raft>, client: NodeId) {
    director.act(Input::Split(vec![vec![S1, S2], vec![S3, S4, S5]]));
    let soonest_us = |world: WorldOf<'_, Raft>| {
        let timers = [S3, S4, S5].into_iter().flat_map(|id| world.nodes().timers(id));
        timers.filter(|set| set.timer == Timer::Election).map(|set| set.fires_at_us).min().unwrap_or(0)
    };
    director.run_until(|world| soonest_us(world).saturating_sub(world.next_at_us().unwrap_or(u64::MAX)) < 4_000);
    put(director, client, "x", "3");
}

/// S1 knows that three servers have its entry of term 2, and none of term 4 yet.
fn old_entry_is_on_a_majority(world: WorldOf<'_, Raft>) -> bool {
    let Some(Role::Leader(leadership)) = server(world, S1).map(|server| &server.role) else { return false };
    leadership.followers.iter().filter(|progress| progress.match_index >= 2).count() >= 2
}
