//! The prepared scenarios: they open as they say, and go on as their stories promise.

use sim::Input;

use super::*;

#[test]
fn every_scenario_opens_as_it_says() {
    for prepared in RaftMembers::scenarios() {
        let director = open(prepared.name);
        assert!(director.world().event() < 500, "{} opens late", prepared.name);
    }
}

/// How many lead.
fn leaders(director: &Director<RaftMembers>) -> usize {
    let world = director.world();
    let servers = (0..world.config().servers).map(NodeId);
    servers.filter_map(|id| crate::raft::staging::server(world, id)).filter(|server| server.is_leader()).count()
}

/// A scenario, and the same with other settings from the opening moment on.
fn opened_with(name: &str, changes: &[(&str, Value)]) -> Director<RaftMembers> {
    let mut director = open(name);
    for (setting, value) in changes {
        director.act(Input::Set { name: setting.to_string(), value: value.clone() });
    }
    director
}

/// Raft paper, Figure 10: two majorities that share no server, two leaders, and both commit.
#[test]
fn three_become_five_in_one_step_and_two_lead() {
    let mut director = open("figure-10");
    director.run_for_us(100_000);
    assert_eq!(leaders(&director), 2);
    assert_eq!(outcome(director.world(), "two-leaders"), Outcome::Seen);
    assert_eq!(outcome(director.world(), "leader-completeness"), Outcome::Broken);
    assert!(server(&director, S1).commit_index > 2 && server(&director, S3).commit_index > 2);
}

/// Figure 11: by way of both, S3 commits nothing and gives up, since it lacks a majority of the old voters.
#[test]
fn by_way_of_both_only_one_part_decides() {
    let mut director = open("figure-11");
    director.run_for_us(400_000);
    assert_eq!(outcome(director.world(), "leader-completeness"), Outcome::Kept);
    assert_eq!((server(&director, S3).commit_index, server(&director, S3).is_leader()), (2, false));
    assert!(server(&director, S1).commit_index > 2);
    assert_eq!(leaders(&director), 1);
}

/// D. Ongaro, July 2015.
#[test]
fn a_change_before_the_own_term_is_open_loses_a_committed_entry() {
    let mut director = open("two-changes-broken");
    director.run_for_us(60_000);
    assert!(server(&director, S1).is_leader() && server(&director, S1).term == 3);
    assert_eq!(outcome(director.world(), "leader-completeness"), Outcome::Broken);
}

/// The same with the rule: S2 has changed nothing, and S1 cannot win without an entry of term 2.
#[test]
fn the_rule_of_2015_keeps_it() {
    let mut director = open("two-changes");
    assert_eq!(server(&director, S2).members().voters, set(&[1, 2, 3, 4]), "it was refused");
    director.act(Input::HealAll);
    director.run_for_us(2_000_000);
    assert_eq!(outcome(director.world(), "leader-completeness"), Outcome::Kept);
}

/// Cloudflare, 2020: elections without end; with pre-vote none at all.
#[test]
fn one_bad_link_deposes_one_leader_after_the_other() {
    let term_after = |mut director: Director<RaftMembers>| {
        director.run_for_us(5_000_000);
        server(&director, S2).term
    };
    assert!(term_after(open("cloudflare-2020")) > 5);
    assert!(term_after(opened_with("cloudflare-2020", &[("pre_vote", Value::Flag(true))])) <= 3);
    assert_eq!(term_after(open("asked-first")), 1);
}

/// H. Howard and I. Abraham, 2020: a connected majority is not enough; pre-vote and check quorum mend it.
#[test]
fn a_connected_majority_has_no_peace() {
    let term_after = |mut director: Director<RaftMembers>| {
        director.run_for_us(5_000_000);
        server(&director, S1).term
    };
    let both = [("pre_vote", Value::Flag(true)), ("check_quorum", Value::Flag(true))];
    assert!(term_after(open("five-in-part")) > 8);
    assert!(term_after(opened_with("five-in-part", &both)) <= 4);
}

/// Dissertation 4.2.3.
#[test]
fn a_removed_server_deposes_the_leader_again_and_again() {
    let mut director = open("removed-and-restless");
    director.run_for_us(2_000_000);
    assert_eq!(outcome(director.world(), "deposed-by-outsider"), Outcome::Seen);
    let term = server(&director, S1).term;
    assert!(term > 4, "{term}");
    for mended in ["pre_vote", "check_quorum"] {
        let mut director = opened_with("removed-and-restless", &[(mended, Value::Flag(true))]);
        director.run_for_us(2_000_000);
        let later = server(&director, S1).term;
        assert!(later <= 3, "{mended}: {later}");
    }
}

/// Dissertation 3.10: the new leader is elected in one round trip, without waiting for a timer.
#[test]
fn the_lead_is_handed_over() {
    let mut director = open("hand-over");
    director.run_for_us(60_000);
    assert_eq!(outcome(director.world(), "transferred"), Outcome::Seen);
    assert!(server(&director, S2).is_leader());
}

/// Dissertation 6.2.
#[test]
fn a_deaf_leader_gives_up_if_it_counts() {
    let mut director = open("deaf-leader");
    director.run_for_us(3_000_000);
    assert!(server(&director, S1).is_leader());
    assert_eq!(server(&director, S1).commit_index, 2);
    let mut director = open("deaf-leader-mended");
    director.run_for_us(3_000_000);
    assert!(!server(&director, S1).is_leader());
    assert_eq!(outcome(director.world(), "stepped-down"), Outcome::Seen);
    assert!(server(&director, S2).commit_index > 2, "x=2 is done");
}

/// Dissertation 4.2.1.
#[test]
fn a_new_server_learns_and_then_votes() {
    let mut director = open("new-server");
    assert_eq!(server(&director, S1).members().learners, set(&[5]));
    director.run_for_us(300_000);
    assert_eq!(server(&director, S5).members(), Members::voting(set(&[1, 2, 3, 4, 5])));
}

/// Dissertation 4.2.1 and Figure 4.4: an empty server that counts keeps everybody waiting.
#[test]
fn an_empty_server_that_counts_keeps_all_waiting() {
    let mut director = open("empty-server");
    let committed = server(&director, S1).commit_index;
    director.run_until(|world| {
        crate::raft::staging::server(world, S1).is_some_and(|server| server.commit_index > committed)
    });
    assert!(server(&director, S4).log.last_index() > committed, "only then");
}

/// etcd-io/raft, pull request 10998.
#[test]
fn a_learner_that_was_promoted_decides_an_election() {
    let mut director = open("learner-votes");
    assert_eq!(server(&director, S4).members().learners, set(&[4]));
    director.run_for_us(1_000_000);
    assert_eq!(outcome(director.world(), "learner-voted"), Outcome::Seen);
    assert_eq!(leaders(&director), 1);
}

/// etcd-io/raft, testdata/forget_leader_prevote_checkquorum.txt: without it they wait until the least timeout is over.
#[test]
fn whoever_forgets_a_leader_need_not_wait() {
    let mut director = open("forget-leader");
    director.run_for_us(60_000);
    assert!(server(&director, S2).is_leader());
}
