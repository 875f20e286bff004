//! The prepared scenarios: they open as they say, and go on as their stories promise.

use sim::check::Outcome;
use sim::{Checks, Input, Scenarios};

use super::super::Appended;
use super::super::staging::leader;
use super::figure_3::outcome;
use super::*;

const S5: NodeId = NodeId(4);

/// A scenario at its opening moment.
fn open(name: &str) -> Director<Raft> {
    let scenarios = Raft::scenarios();
    let prepared = scenarios.iter().find(|prepared| prepared.name == name).expect("a scenario");
    let mut director = director(&prepared.settings, prepared.seed);
    (prepared.direct)(&mut director);
    let (world, _, refusals) = director.finish();
    assert!(refusals.is_empty(), "{name}: {refusals:?}");
    for check in Raft::checks() {
        let found = outcome(world.of(), check.name);
        match prepared.expect.iter().find(|(known, _)| *known == check.name) {
            Some((_, expected)) => assert_eq!(found, *expected, "{name}: {}", check.name),
            None => assert_ne!(found, Outcome::Broken, "{name}: {}", check.name),
        }
    }
    Director::at(world)
}

fn server(director: &Director<Raft>, id: NodeId) -> Server {
    director.world().nodes().state(id).and_then(RaftNode::server).expect("a running server").clone()
}

#[test]
fn every_scenario_opens_as_it_says() {
    for prepared in Raft::scenarios() {
        let director = open(prepared.name);
        assert!(director.world().event() < 500, "{} opens late", prepared.name);
    }
}

/// The picture: S1 leads two, S3 or a neighbour asks for votes in a higher term, x=3 is on its way to S2.
#[test]
fn a_minority_leader_cannot_commit() {
    let mut director = open("minority-leader");
    assert!(server(&director, S1).is_leader());
    assert!(server(&director, S1).log.last_index() > server(&director, S1).commit_index);
    let committed = server(&director, S1).commit_index;
    director.run_for_us(2_000_000);
    assert_eq!(server(&director, S1).commit_index, committed);
    assert_eq!(outcome(director.world(), "two-leaders"), Outcome::Seen);
}

#[test]
fn a_split_vote_is_seen_and_overcome() {
    let mut director = open("split-vote");
    director.run_until(|world| outcome(world, "split-vote") == Outcome::Seen);
    director.run_for_us(10_000_000);
    assert!(leader(director.world()).is_some());
}

#[test]
fn an_unanswered_command_survives_a_crash_or_is_tried_again() {
    let mut director = open("leader-crash");
    director.run_for_us(3_000_000);
    assert_eq!(outcome(director.world(), "linearizable"), Outcome::Kept);
    assert_eq!(director.world().history().pending(), 0, "the client has its answer");
}

#[test]
fn after_the_heal_the_minority_gives_up_its_entry() {
    let mut director = open("heal-and-overwrite");
    director.run_until(|world| outcome(world, "overwritten") == Outcome::Seen);
    director.run_for_us(3_000_000);
    assert_eq!(outcome(director.world(), "linearizable"), Outcome::Kept);
    assert_eq!(outcome(director.world(), "all-committed"), Outcome::Reached);
}

/// Figure 8 (d): with the rule, S5 may replace the entry of term 2; nobody was told that it was committed.
#[test]
fn figure_8_d_overwrites_what_was_never_committed() {
    let mut director = open("figure-8");
    assert_eq!(server(&director, S1).commit_index, 0);
    director.act(Input::Crash(S1));
    // Entry 3 of term 4 is on its way to S3; in (d) it does not arrive.
    for message in director.messages(|from, _, _| from == S1) {
        director.act(Input::Drop(message));
    }
    director.act(Input::Crash(S2));
    director.act(Input::Restart(S5));
    director.run_until(|world| leader(world) == Some(S5));
    director.run_for_us(1_000_000);
    assert_eq!(server(&director, S3).log.term_at(2), Some(3));
    assert_eq!(outcome(director.world(), "leader-completeness"), Outcome::Kept);
}

/// Without the rule, the same story loses an entry that was committed.
#[test]
fn figure_8_without_the_rule_loses_a_committed_entry() {
    let mut director = open("figure-8-broken");
    director.run_for_us(2_000_000);
    assert_eq!(outcome(director.world(), "leader-completeness"), Outcome::Broken);
}

/// Raft counts on disks: a server that forgets its log can help to lose what was committed.
#[test]
fn a_lost_disk_loses_a_committed_entry() {
    let mut director = open("lost-disk");
    director.run_until(|world| leader(world) == Some(S3));
    assert_eq!(outcome(director.world(), "leader-completeness"), Outcome::Broken);
}

#[test]
fn a_leader_that_wakes_up_answers_no_stale_read() {
    let mut director = open("paused-leader");
    assert!(server(&director, S1).is_leader());
    director.run_for_us(3_000_000);
    assert_eq!(outcome(director.world(), "linearizable"), Outcome::Kept);
    assert!(!server(&director, S1).is_leader());
}

/// Figure 2, rules for leaders: if AppendEntries fails because of an inconsistency, the leader goes back and tries again, also
/// with a follower that had stored those entries before its disk was lost. Dissertation, section 3.8: it cannot safely come
/// back under its name, and somebody says so.
#[test]
fn a_follower_whose_disk_is_lost_is_fed_by_the_same_leader() {
    for back_off in ["entry", "term"] {
        let mut director = open("slow-follower");
        director.act(Input::Set { name: "back_off".to_string(), value: word(back_off) });
        let stored = server(&director, S3).log.last_index();
        assert!(stored > 3, "{stored}");
        for input in [Input::Crash(S3), Input::LoseDisk(S3), Input::Restart(S3)] {
            director.act(input);
        }
        assert_eq!(server(&director, S3).log.last_index(), 0);
        director.run_for_us(1_000_000);
        assert_eq!(leader(director.world()), Some(S1), "the same leader");
        let (fed, leading) = (server(&director, S3), server(&director, S1));
        assert!(fed.commit_index > stored, "{back_off}");
        assert_eq!(terms(&fed.log)[..stored as usize], terms(&leading.log)[..stored as usize]);
    }
}

#[test]
fn a_leader_says_that_a_lost_disk_ends_the_promises() {
    let mut bench = Bench::new(1, &[1, 1]).leads();
    let answered = |round, answer| Message::Appended { term: 2, round, answer };
    bench.receive(S2, answered(1, Appended::Stored { match_index: 3 }));
    let refused = Appended::Refused { prev_log_index: 3, try_next: 1 };
    let asked = bench.receive(S2, answered(1, refused));
    assert_eq!(asked.notes[0].to_string(), "node 0 puts an old answer of node 1 aside");
    assert!(asked.sends.is_empty());
    let asked = bench.receive(S2, answered(2, refused));
    assert_eq!(asked.notes[0].to_string(), "node 0 learns that node 1 has lost its disk");
    assert!(asked.rules.contains(&"stable_storage"));
    assert!(matches!(asked.sends[..], [(S2, Message::AppendEntries { prev_log_index: 2, .. })]));
}
