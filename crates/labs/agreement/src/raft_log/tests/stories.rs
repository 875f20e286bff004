//! The prepared scenarios: they open as they say, and go on as their stories promise.

use sim::Scenarios;

use super::*;

#[test]
fn every_scenario_opens_as_it_says() {
    for prepared in RaftLog::scenarios() {
        let director = open(prepared.name);
        assert!(director.world().event() < 500, "{} opens late", prepared.name);
    }
}

/// Section 7: the part that was lost comes again with the next heartbeat, and S3 catches up.
#[test]
fn a_server_that_was_down_is_sent_a_snapshot() {
    let mut director = open("far-behind");
    assert_eq!(server(&director, S3).incoming.map(|incoming| incoming.parts), Some(1));
    assert!(server(&director, S1).log.base().index > server(&director, S3).log.last_index());
    director.run_for_us(200_000);
    assert_eq!(outcome(director.world(), "installed"), Outcome::Seen);
    assert_eq!(outcome(director.world(), "all-committed"), Outcome::Reached);
    assert_eq!(server(&director, S3).store, server(&director, S1).store);
}

/// Figure 12.
#[test]
fn a_log_shrinks_when_a_snapshot_is_taken() {
    let mut director = open("log-shrinks");
    assert_eq!(server(&director, S1).log.length(), 6);
    director.run_for_us(1_000);
    assert_eq!((server(&director, S1).log.length(), server(&director, S1).log.last_index()), (0, 6));
}

/// With entries that stay behind no snapshot is needed.
#[test]
fn a_server_that_was_away_for_a_moment_is_sent_entries() {
    let mut director = open("a-little-behind");
    assert_eq!(server(&director, S1).snapshot_index(), 6);
    director.run_for_us(300_000);
    assert_eq!(outcome(director.world(), "installed"), Outcome::NotSeen);
    assert_eq!(server(&director, S3).log.last_index(), 6);
}

#[test]
fn a_server_comes_back_with_what_its_snapshot_says() {
    let director = open("restart");
    let back = server(&director, S2);
    assert_eq!((back.last_applied, back.snapshot_index()), (6, 6));
    assert_eq!(back.store.value(&Data::text("x")), Data::Int(5));
}

/// Figure 13, receiver 6: S3 has acknowledged entry 5, which is committed with its help.
#[test]
fn a_late_snapshot_takes_no_entry_away() {
    let mut director = open("late-snapshot");
    assert_eq!((server(&director, S3).commit_index < 4, server(&director, S3).log.last_index()), (true, 5));
    assert_eq!(server(&director, S1).commit_index, 5);
    director.run_until(|world| crate::raft::staging::server(world, S3).is_some_and(|server| server.log.loads() == 1));
    assert_eq!((server(&director, S3).log.base().index, server(&director, S3).log.last_index()), (4, 5));
}

#[test]
fn an_old_snapshot_takes_nothing_back() {
    let mut director = open("old-snapshot");
    let before = server(&director, S3);
    director.run_for_us(100_000);
    let after = server(&director, S3);
    assert_eq!(after.log.loads(), 1);
    assert!(after.last_applied >= before.last_applied);
}

/// Dissertation, section 6.3: what a client was told is part of the state.
#[test]
fn a_command_is_done_twice_without_its_client_in_the_snapshot() {
    let director = open("done-twice");
    assert_eq!(outcome(director.world(), "linearizable"), Outcome::Broken);
}

/// Without receiver 6, the same story loses an entry that was committed.
#[test]
fn a_late_snapshot_without_the_rule_loses_a_committed_entry() {
    let mut director = open("late-snapshot-broken");
    director.run_for_us(300_000);
    assert_eq!(outcome(director.world(), "leader-completeness"), Outcome::Broken);
}
