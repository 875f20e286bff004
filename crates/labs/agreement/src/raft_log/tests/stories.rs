//! The prepared scenarios: they open as they say, and go on as their stories promise.

use sim::{Input, Scenarios};

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

/// etcd-io/raft, testdata/replicate_pause.txt: a follower that does not answer gets so many messages and no more; when it answers, it
/// gets the rest.
#[test]
fn a_slow_follower_gets_no_more_than_it_answers() {
    let mut director = open("slow-follower");
    for _ in 0..2_000 {
        director.step();
        let to_s3 = director.messages(|_, to, message| {
            to == S3 && matches!(message, Message::AppendEntries { entries, .. } if !entries.is_empty())
        });
        assert!(to_s3.len() <= 2, "{}", to_s3.len());
    }
    assert!(server(&director, S3).commit_index > 5);
    assert_eq!(outcome(director.world(), "log-matching"), Outcome::Kept);
}

/// The same when messages are lost: the next heartbeat shows what is missing (etcd-io/raft, testdata/heartbeat_resp_recovers_from_probing.txt).
#[test]
fn a_lost_message_is_sent_again_with_a_window() {
    let changes = [("in_flight", number(2)), ("workload_ms", number(0)), ("snapshot_every", number(0))];
    let mut director: Director<RaftLog> = Director::new(settings(&changes), 12).expect("known settings");
    director.run_until(|world| crate::raft::staging::leader(world) == Some(S1));
    director.run_for_us(100_000);
    for value in ["1", "2", "3"] {
        director.operate(NodeId(3), "put", &[parts::values::word("x"), parts::values::word(value)]);
        director.run_until(|world| world.messages().any(|envelope| envelope.to == S3 && has_entries(envelope.payload)));
        for message in director.messages(|_, to, message| to == S3 && has_entries(message)) {
            director.act(Input::Drop(message));
        }
    }
    director.run_for_us(500_000);
    assert_eq!(server(&director, S3).log.last_index(), 4);
}

fn has_entries(message: &Message) -> bool {
    matches!(message, Message::AppendEntries { entries, .. } if !entries.is_empty())
}

/// Dissertation, section 10.2.1: written beside the sending, a command costs two delays and one write from the leader on; written
/// first, one write more.
#[test]
fn writing_beside_the_sending_saves_a_write() {
    let commits_after = |writes: &str| {
        let changes = [
            ("write_us", number(30_000)),
            ("writes", parts::values::word(writes)),
            ("workload_ms", number(0)),
            ("delay", parts::values::word("constant")),
            ("delay_most_us", number(10_000)),
        ];
        let mut director: Director<RaftLog> = Director::new(settings(&changes), 12).expect("known settings");
        director.run_until(|world| crate::raft::staging::leader(world) == Some(S1));
        director.run_for_us(1_000_000);
        director.operate(NodeId(3), "put", &[parts::values::word("x"), parts::values::word("1")]);
        let at = |index: u64| {
            move |world: WorldOf<'_, RaftLog>| {
                crate::raft::staging::server(world, S1).is_some_and(|server| server.log.last_index() == index)
            }
        };
        director.run_until(at(2));
        let began_us = director.now_us();
        director
            .run_until(|world| crate::raft::staging::server(world, S1).is_some_and(|server| server.commit_index == 2));
        director.now_us() - began_us
    };
    assert_eq!(commits_after("beside"), 2 * 10_000 + 30_000);
    assert_eq!(commits_after("first"), 2 * 10_000 + 2 * 30_000);
}

/// etcd-io/raft, testdata/async_storage_writes.txt: nobody answers for what is not on its disk.
#[test]
fn nothing_is_promised_before_it_is_written() {
    let mut director = open("writes-beside");
    assert!([S1, S2].iter().all(|id| server(&director, *id).storage.written_index == 1));
    director.run_for_us(20_000);
    assert_eq!(server(&director, S1).commit_index, 1);
    director.run_for_us(40_000);
    assert_eq!(server(&director, S1).commit_index, 2);
    let mut director = open("writes-beside");
    director.act(Input::Crash(S2));
    director.act(Input::Restart(S2));
    assert_eq!(server(&director, S2).log.last_index(), 1, "what was not written is gone");
}

/// Without the rule an entry is lost that a client was told of.
#[test]
fn a_leader_that_counts_too_early_loses_an_entry() {
    let mut director = open("counted-too-early");
    director.run_for_us(1_000_000);
    assert_eq!(outcome(director.world(), "leader-completeness"), Outcome::Broken);
}
