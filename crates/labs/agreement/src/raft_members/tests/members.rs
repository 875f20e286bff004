//! Section 6 of the Raft paper and chapter 4 of the dissertation, rule by rule.

use super::*;
use crate::raft::{ChangeAnswer, Configured, Refused};

fn voting_at_once() -> Vec<(&'static str, Value)> {
    vec![("new_servers", word("vote"))]
}

/// Section 6: "a server always uses the latest configuration in its log, regardless of whether the entry is committed".
#[test]
fn a_configuration_holds_as_soon_as_it_is_in_the_log() {
    let mut bench = Bench::new(1, Log::default(), &voting_at_once()).leading();
    bench.commit();
    let asked = bench.change(Change::Add(S5));
    assert_eq!(bench.server.members().voters, set(&[1, 2, 3, 4, 5]));
    assert_eq!(receivers(&asked), set(&[2, 3, 4, 5]), "the new one is sent entries at once");
    bench.commit();
    assert_eq!(bench.server.commit_index, 2, "three of five");
}

/// Dissertation 4.1: a follower goes back to the configuration before when the entry is deleted.
#[test]
fn a_deleted_configuration_holds_no_more() {
    let log = [Entry::no_op(1), configuration(1, &[1, 2, 3, 4, 5])].into_iter().collect();
    let mut bench = Bench::new(1, log, &[]);
    assert_eq!(bench.server.configured, Configured { index: 2, members: Members::voting(set(&[1, 2, 3, 4, 5])) });
    let entries = vec![Entry::no_op(2)];
    bench.receive(
        S2,
        Message::AppendEntries {
            term: 2,
            leader: S2,
            prev_log_index: 1,
            prev_log_term: 1,
            entries,
            leader_commit: 0,
            round: 1,
        },
    );
    assert_eq!(bench.server.configured, Configured { index: 0, members: Members::voting(set(&[1, 2, 3, 4])) });
}

/// D. Ongaro, July 2015: "a leader may not append a new configuration until it has committed an entry from its current term".
#[test]
fn nothing_changes_before_an_entry_of_the_own_term_is_committed() {
    let mut bench = Bench::new(1, Log::default(), &voting_at_once()).leading();
    bench.change(Change::Add(S5));
    assert_eq!(bench.server.log.last_index(), 1, "only the entry that opens the term");
    bench.commit();
    bench.change(Change::Add(S5));
    assert_eq!(bench.server.log.last_index(), 2);
}

/// Dissertation 4.1: the next change begins when the one before is committed.
#[test]
fn one_change_at_a_time() {
    let mut bench = Bench::new(1, Log::default(), &voting_at_once()).leading();
    bench.commit();
    bench.change(Change::Add(S5));
    bench.change(Change::Remove(S4));
    assert_eq!(bench.server.members().voters, set(&[1, 2, 3, 4, 5]));
    bench.commit();
    bench.change(Change::Remove(S4));
    assert_eq!(bench.server.members().voters, set(&[1, 2, 3, 5]));
}

/// Dissertation 4.1: one server more or less, so that two majorities share one.
#[test]
fn two_servers_at_once_are_refused_one_by_one() {
    let mut bench = Bench::new(1, Log::default(), &voting_at_once()).leading();
    bench.commit();
    bench.change(Change::Set(set(&[1, 2, 3, 4, 5, 6])));
    assert_eq!(bench.server.log.last_index(), 1);
    bench.change(Change::Set(set(&[1, 2, 3])));
    assert_eq!(bench.server.members().voters, set(&[1, 2, 3]));
}

/// An operator is told what became of it: why not, who leads, and in the end that it is done.
#[test]
fn an_operator_gets_an_answer() {
    let operator = NodeId(7);
    let mut bench = Bench::new(1, Log::default(), &voting_at_once());
    let said = |asked: &Asked<RaftNode>| {
        asked.sends.iter().find_map(|(to, message)| match message {
            Message::Changed { answer, .. } if *to == operator => Some(*answer),
            _ => None,
        })
    };
    let ask = |bench: &mut Bench, change| bench.receive(operator, Message::Change(change));
    assert_eq!(said(&ask(&mut bench, Change::Add(S5))), Some(ChangeAnswer::Redirect(None)));
    let mut bench = bench.leading();
    assert_eq!(said(&ask(&mut bench, Change::Add(S5))), Some(ChangeAnswer::Refused(Refused::TermNotOpen)));
    bench.commit();
    assert_eq!(said(&ask(&mut bench, Change::Add(S2))), Some(ChangeAnswer::Refused(Refused::Already)));
    let nobody = Change::Set(ServerSet::default());
    assert_eq!(said(&ask(&mut bench, nobody)), Some(ChangeAnswer::Refused(Refused::NoSuchMembers)));
    assert_eq!(said(&ask(&mut bench, Change::Add(S5))), None, "not yet");
    assert_eq!(said(&ask(&mut bench, Change::Remove(S4))), Some(ChangeAnswer::Refused(Refused::Changing)));
    bench.confirm(S2, 2);
    let done = ChangeAnswer::Done(Members::voting(set(&[1, 2, 3, 4, 5])));
    assert_eq!(said(&bench.confirm(S3, 2)), Some(done));
}

/// Section 6 and Figure 11: C_old,new needs a majority of each for commits, and C_new follows when it is committed.
#[test]
fn a_joint_configuration_needs_both_majorities() {
    let joint = [voting_at_once(), vec![("membership", word("joint")), ("servers", number(3)), ("spares", number(3))]];
    let mut bench = Bench::new(1, Log::default(), &joint.concat()).leading();
    bench.commit();
    bench.change(Change::Set(set(&[1, 4, 5, 6])));
    assert!(bench.server.members().is_joint());
    for new in [S4, S5, NodeId(5)] {
        bench.confirm(new, 2);
    }
    assert_eq!(bench.server.commit_index, 1, "all of the new ones, and one of the three old ones");
    bench.confirm(S2, 2);
    assert_eq!(bench.server.commit_index, 2);
    assert_eq!(bench.server.members(), Members::voting(set(&[1, 4, 5, 6])), "C_new follows at once");
    assert_eq!(bench.server.log.last_index(), 3);
    for new in [S4, S5] {
        bench.confirm(new, 3);
    }
    assert_eq!(bench.server.commit_index, 3, "the old ones are not asked any more");
}

/// Section 6: votes are counted for both configurations too.
#[test]
fn a_candidate_needs_the_votes_of_both() {
    let joint = Members { voters: set(&[1, 2, 3]), next_voters: set(&[1, 4, 5]), ..Members::default() };
    let log = [Entry { term: 1, request: None, members: Some(joint) }].into_iter().collect();
    let rash = [("pre_vote", Value::Flag(false)), ("servers", number(3))];
    let mut bench = Bench::new(1, log, &rash);
    bench.fire(Timer::Election);
    for voter in [S2, S3] {
        bench.receive(voter, Message::Vote { term: 2, granted: true });
    }
    assert!(!bench.server.is_leader(), "all the old ones, and one of the new");
    bench.receive(S4, Message::Vote { term: 2, granted: true });
    assert!(bench.server.is_leader());
}

/// A new leader that finds a joint configuration in its log goes on to C_new.
#[test]
fn a_new_leader_goes_on_from_a_joint_configuration() {
    let joint = Members { voters: set(&[1, 2, 3]), next_voters: set(&[1, 2, 3, 4]), ..Members::default() };
    let log = [Entry { term: 1, request: None, members: Some(joint) }].into_iter().collect();
    let mut bench = Bench::new(1, log, &[("membership", word("joint")), ("servers", number(3))]).leading();
    assert!(bench.server.members().is_joint());
    bench.commit();
    assert_eq!(bench.server.members(), Members::voting(set(&[1, 2, 3, 4])));
}

/// Dissertation 4.2.2: a leader that removes itself does not count itself, leads until that is committed, and steps down.
#[test]
fn a_removed_leader_leads_uncounted_until_that_is_committed() {
    let mut bench = Bench::new(1, Log::default(), &[]).leading();
    bench.commit();
    bench.change(Change::Remove(S1));
    bench.confirm(S2, 2);
    assert!(bench.server.is_leader());
    assert_eq!(bench.server.commit_index, 1, "one of three, without itself");
    let asked = bench.confirm(S3, 2);
    assert!(!bench.server.is_leader());
    assert!(!asked.sends.iter().any(|(_, message)| matches!(message, Message::TimeoutNow { .. })));
    assert!(bench.fire(Timer::Election).sends.is_empty(), "and stands no more");
}

/// Dissertation 4.2.2: it may hand over instead, so that nobody waits for a timer.
#[test]
fn a_removed_leader_may_hand_over() {
    let mut bench = Bench::new(1, Log::default(), &[("transfer_on_leave", Value::Flag(true))]).leading();
    bench.commit();
    bench.change(Change::Remove(S1));
    bench.confirm(S2, 2);
    let asked = bench.confirm(S3, 2);
    let told = asked.sends.iter().filter(|(_, message)| matches!(message, Message::TimeoutNow { .. })).count();
    assert_eq!((told, bench.server.is_leader()), (1, false));
}

/// Dissertation 4.2.2: a server that its own log removes still stands while that may be deleted again (Figure 4.6), and one that
/// was never a member does not.
#[test]
fn who_may_stand() {
    let stands = |log: Log| !Bench::new(1, log, &[]).fire(Timer::Election).sends.is_empty();
    assert!(stands(Log::default()));
    assert!(stands([configuration(1, &[2, 3, 4])].into_iter().collect()), "not committed, as far as it knows");
    let mut bench = Bench::new(1, [configuration(1, &[2, 3, 4])].into_iter().collect(), &[]);
    bench.receive(
        S2,
        Message::AppendEntries {
            term: 1,
            leader: S2,
            prev_log_index: 1,
            prev_log_term: 1,
            entries: Vec::new(),
            leader_commit: 1,
            round: 1,
        },
    );
    assert!(bench.fire(Timer::Election).sends.is_empty());
}

/// Dissertation 4.2.1: a learner is sent entries and does not count; it votes when a round took less than an election timeout.
#[test]
fn a_learner_votes_when_it_has_caught_up() {
    let mut bench = Bench::new(1, Log::default(), &[]).leading();
    bench.commit();
    bench.change(Change::Add(S5));
    assert_eq!(bench.server.members(), Members { learners: set(&[5]), ..Members::voting(set(&[1, 2, 3, 4])) });
    bench.confirm(S5, 2);
    assert_eq!(bench.server.commit_index, 1, "it does not count");
    bench.commit();
    assert_eq!(bench.server.members().voters, set(&[1, 2, 3, 4, 5]), "it had all of it already");
}

/// Dissertation 4.2.1: a round that took too long is followed by another; after ten the server is given up.
#[test]
fn a_learner_that_is_too_slow_is_given_up() {
    let mut bench = Bench::new(1, Log::default(), &[]).leading();
    bench.commit();
    bench.change(Change::Add(S5));
    bench.commit();
    for round in 1..=10 {
        assert_eq!(bench.server.members().learners, set(&[5]), "round {round}");
        bench.probe.local_now_us += 200_000;
        // There is always something new.
        bench.run(|node, effects| {
            let RaftNode::Server(server) = node else { return };
            server.log.push(Entry::no_op(2));
            let last_index = server.log.last_index();
            let answer = Appended::Stored { match_index: last_index };
            node.on_message(S5, Message::Appended { term: 2, round: 1, answer }, effects);
        });
    }
    assert_eq!(bench.server.members(), Members::voting(set(&[1, 2, 3, 4])));
}

/// Also one that answers nothing: it must not keep the members from changing for ever.
#[test]
fn a_learner_that_is_down_is_given_up() {
    let mut bench = Bench::new(1, Log::default(), &[]).leading();
    bench.commit();
    bench.change(Change::Add(S5));
    bench.commit();
    bench.probe.local_now_us += 1_400_000;
    bench.fire(Timer::Heartbeat);
    assert_eq!(bench.server.members().learners, set(&[5]));
    bench.probe.local_now_us += 200_000;
    bench.fire(Timer::Heartbeat);
    assert_eq!(bench.server.members(), Members::voting(set(&[1, 2, 3, 4])));
}

/// As in etcd a person lets a learner vote, and is refused while it lacks more than a tenth of the log.
#[test]
fn a_learner_is_promoted_by_hand_when_it_is_ready() {
    let mut bench = Bench::new(1, Log::default(), &[("new_servers", word("learn"))]).leading();
    bench.commit();
    bench.change(Change::Add(S5));
    bench.commit();
    bench.change(Change::Promote(S5));
    assert_eq!(bench.server.members().learners, set(&[5]), "it has nothing yet");
    bench.confirm(S5, 2);
    bench.change(Change::Promote(S5));
    assert_eq!(bench.server.members(), Members::voting(set(&[1, 2, 3, 4, 5])));
}

/// etcd-io/raft, testdata/campaign_learner_must_vote.txt: a learner gives its vote, since it may have been promoted.
#[test]
fn a_learner_gives_its_vote() {
    let members = Members { learners: set(&[1]), ..Members::voting(set(&[2, 3, 4])) };
    let log = [Entry { term: 1, request: None, members: Some(members) }].into_iter().collect();
    let mut bench = Bench::new(1, log, &[]);
    let ask = Message::RequestVote { term: 2, last_log_index: 1, last_log_term: 1, transfer: false };
    let asked = bench.receive(S2, ask);
    assert!(matches!(asked.sends[..], [(S2, Message::Vote { granted: true, .. })]));
}

/// Section 7: a snapshot holds the last configuration up to its end, and not one behind that.
#[test]
fn a_snapshot_holds_the_members_at_its_end() {
    let log = [configuration(1, &[1, 2, 3, 5]), Entry::no_op(1), configuration(1, &[1, 2, 3])].into_iter().collect();
    let mut bench = Bench::new(1, log, &[]);
    bench.receive(
        S2,
        Message::AppendEntries {
            term: 1,
            leader: S2,
            prev_log_index: 3,
            prev_log_term: 1,
            entries: Vec::new(),
            leader_commit: 2,
            round: 1,
        },
    );
    bench.run(|node, effects| node.on_operation(Operation::Snapshot, effects));
    let snapshot = bench.server.snapshot.clone().expect("a snapshot");
    assert_eq!(snapshot.configured, Configured { index: 1, members: Members::voting(set(&[1, 2, 3, 5])) });
    assert_eq!(bench.server.members(), Members::voting(set(&[1, 2, 3])), "it goes by the last one all the same");
    let disk = Disk { term: 1, log: bench.server.log.clone(), snapshot: Some(snapshot), voted_for: None };
    let (node, _) = bench.probe.run(|effects| RaftNode::boot(&disk, effects));
    assert_eq!(node.server().map(Server::members), Some(Members::voting(set(&[1, 2, 3]))));
}

/// What is typed is read, or answered with a sentence.
#[test]
fn names_of_servers_are_read() {
    let typed = |action: &str, text: &str| RaftMembers::operation(action, &[word(text)]);
    assert_eq!(typed("add", "S5").expect("a server"), Operation::Change(Change::Add(S5)));
    assert_eq!(typed("remove", " 2 ").expect("a server"), Operation::Change(Change::Remove(S2)));
    assert_eq!(typed("members", "S1, S2 3").expect("servers"), Operation::Change(Change::Set(set(&[1, 2, 3]))));
    for bad in ["", "S0", "S99", "server", "-1"] {
        assert!(typed("add", bad).is_err(), "{bad}");
    }
    assert!(typed("members", "S1 S2 X").is_err());
}
