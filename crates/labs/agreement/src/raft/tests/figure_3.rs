//! Figure 3 of the Raft paper: the properties, and that the monitor sees when they are broken.

use sim::check::Outcome;
use sim::hunt::Hunt;
use sim::{Checks, Input};

use super::super::staging::leader;
use super::*;

/// How a check stands.
pub(super) fn outcome(world: WorldOf<'_, Raft>, name: &str) -> Outcome {
    let checks = Raft::checks();
    let place = checks.iter().position(|check| check.name == name).expect("a check");
    let verdict = sim::judge_history(&checks[place], world.history());
    verdict.unwrap_or_else(|| world.verdicts().get(place).clone()).outcome
}

/// Runs with this rule switched off until this check is broken.
fn breaks(rule: &'static str, check: &str, seeds: u64) {
    let hunt = Hunt::new(Of::<Raft>::LAB, settings(&[(rule, Value::Flag(false))])).for_check(check).expect("a check");
    let find = hunt.search(0..seeds, |_| true).expect("settings");
    assert!(find.is_some(), "{check} holds without {rule}");
}

/// Election Safety: at most one leader can be elected in a given term (5.2).
#[test]
fn election_safety() {
    breaks("majority", "election-safety", 100);
}

/// Leader Append-Only: a leader never overwrites or deletes entries in its log (5.3).
#[test]
fn leader_append_only() {
    let mut director = director(&[("workload_ms", number(20))], 3);
    director.run_until(|world| leader(world).is_some());
    let (mut last, mut lengths) = (0, Vec::new());
    while director.world().event() < 3_000 && director.step() {
        let world = director.world();
        let Some(server) = leader(world).and_then(|id| world.nodes().state(id)?.server()) else { continue };
        let length = server.log.last_index();
        assert!(length >= last);
        last = length;
        lengths.push(length);
    }
    assert!(last > 20);
    assert_eq!(outcome(director.world(), "leader-append-only"), Outcome::Kept);
    breaks("append_only", "leader-append-only", 100);
}

/// Figure 2, RequestVote, receiver 2: one vote a term, also after a restart (section 5.1: the vote is on disk).
#[test]
fn one_vote() {
    breaks("one_vote", "one-vote", 100);
    breaks("persist_vote", "one-vote", 1_000);
}

/// Figure 2, persistent state: the term increases monotonically.
#[test]
fn terms_grow() {
    breaks("persist_term", "terms-grow", 100);
}

/// Figure 2, AppendEntries, receiver 3 to 5: what is committed is in the log, and stays there.
#[test]
fn what_is_committed_is_in_the_log() {
    breaks("commit_bound", "commit-in-log", 100);
    breaks("only_conflicts", "commit-in-log", 1_000);
}

/// Log Matching: same index and term, same entry and same logs up to there (5.3).
#[test]
fn log_matching() {
    breaks("consistency_check", "log-matching", 200);
}

/// Leader Completeness: what is committed is in the logs of all later leaders (5.4).
#[test]
fn leader_completeness() {
    breaks("up_to_date_vote", "leader-completeness", 200);
}

/// State Machine Safety: nobody applies another entry at the same index (5.4.3).
#[test]
fn state_machine_safety() {
    breaks("up_to_date_vote", "state-machine-safety", 400);
}

/// Section 5.5: crashed followers and candidates are asked again until they answer.
#[test]
fn a_crashed_follower_catches_up() {
    let mut director = director(&[("workload_ms", number(30))], 8);
    director.run_until(|world| leader(world).is_some());
    let follower = director.world().nodes().ids().find(|id| Some(*id) != leader(director.world())).expect("a follower");
    director.act(Input::Crash(follower));
    director.run_for_us(2_000_000);
    director.act(Input::Restart(follower));
    director.run_for_us(1_000_000);
    let world = director.world();
    let last_applied = |id| world.nodes().state(id).and_then(RaftNode::server).map_or(0, |server| server.last_applied);
    let leader = leader(world).expect("a leader");
    assert!(
        last_applied(follower) + 8 > last_applied(leader),
        "{} of {}",
        last_applied(follower),
        last_applied(leader)
    );
    assert!(last_applied(follower) > 20);
}

/// Section 5.6: heartbeats well below the election timeout keep a leader in office.
#[test]
fn a_leader_stays_while_nothing_fails() {
    let mut director = director(&[("clients", number(0))], 2);
    director.run_until(|world| leader(world).is_some());
    let first = leader(director.world());
    director.run_for_us(60_000_000);
    assert_eq!(leader(director.world()), first);
    assert_eq!(outcome(director.world(), "leader-followed"), Outcome::Reached);
    assert_eq!(outcome(director.world(), "all-committed"), Outcome::Reached);
}

/// Figure 7: whatever the followers' logs are, in the end they are the leader's (5.3).
#[test]
fn figure_7_logs_become_equal() {
    for back_off in ["entry", "term"] {
        let changes = [
            ("servers", number(7)),
            ("initial_logs", word("figure-7")),
            ("back_off", word(back_off)),
            ("clients", number(0)),
        ];
        for seed in 0..40 {
            let mut director = director(&changes, seed);
            director.run_for_us(10_000_000);
            assert_eq!(outcome(director.world(), "all-committed"), Outcome::Reached, "seed {seed}");
            assert_eq!(outcome(director.world(), "log-matching"), Outcome::Kept);
        }
    }
}
