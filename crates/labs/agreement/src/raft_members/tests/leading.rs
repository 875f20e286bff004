//! Staying leader: sections 3.10, 4.2.3, 6.2 and 9.6 of the dissertation, and what etcd's library does.

use super::*;

const ASK: Message = Message::RequestPreVote { term: 2, last_log_index: 1, last_log_term: 1 };

fn one_entry() -> Log {
    [Entry::no_op(1)].into_iter().collect()
}

fn heartbeat(term: u64) -> Message {
    Message::AppendEntries {
        term,
        leader: S2,
        prev_log_index: 1,
        prev_log_term: 1,
        entries: Vec::new(),
        leader_commit: 0,
        round: 1,
    }
}

fn would_vote(asked: &Asked<RaftNode>) -> Option<bool> {
    asked.sends.iter().find_map(|(_, message)| match message {
        Message::PreVote { granted, .. } => Some(*granted),
        _ => None,
    })
}

/// 9.6: a server that hears no leader asks first, and its term does not grow.
#[test]
fn asking_first_begins_no_term() {
    let mut bench = Bench::new(1, one_entry(), &[]);
    let asked = bench.fire(Timer::Election);
    assert_eq!(receivers(&asked), set(&[2, 3, 4]));
    assert!(asked.sends.iter().all(|(_, message)| *message == ASK));
    assert_eq!((bench.server.term, bench.server.voted_for), (1, None));
    bench.receive(S2, Message::PreVote { term: 2, granted: true });
    assert_eq!(bench.server.term, 1, "two of four are no majority");
    let asked = bench.receive(S3, Message::PreVote { term: 2, granted: true });
    assert_eq!(bench.server.term, 2);
    assert!(asked.sends.iter().all(|(_, message)| matches!(message, Message::RequestVote { transfer: false, .. })));
}

/// 9.6: it is refused by whoever has heard a leader within the least timeout, or has a more up-to-date log; nothing else about
/// the voter changes.
#[test]
fn who_hears_a_leader_would_not_vote() {
    let mut bench = Bench::new(1, one_entry(), &[]);
    bench.receive(S2, heartbeat(1));
    bench.probe.local_now_us += 149_999;
    assert_eq!(would_vote(&bench.receive(S3, ASK)), Some(false));
    bench.probe.local_now_us += 1;
    assert_eq!(would_vote(&bench.receive(S3, ASK)), Some(true));
    assert_eq!((bench.server.term, bench.server.voted_for), (1, None));
    let behind = Message::RequestPreVote { term: 2, last_log_index: 0, last_log_term: 0 };
    assert_eq!(would_vote(&bench.receive(S3, behind)), Some(false));
    let leads = Bench::new(1, one_entry(), &[]).leading().receive(S4, ASK);
    assert_eq!(would_vote(&leads), Some(false));
}

/// A refusal carries the voter's own term, so that a server that is behind learns of it.
#[test]
fn a_refusal_tells_a_newer_term() {
    let mut bench = Bench::new(5, one_entry(), &[]);
    let asked = bench.receive(S3, ASK);
    assert_eq!(asked.sends, [(S3, Message::PreVote { term: 5, granted: false })]);
    let mut bench = Bench::new(1, one_entry(), &[]);
    bench.fire(Timer::Election);
    bench.receive(S2, Message::PreVote { term: 5, granted: false });
    assert_eq!(bench.server.term, 5);
    assert!(matches!(bench.server.role, Role::Follower));
}

/// A leader that is heard ends the asking.
#[test]
fn a_heartbeat_ends_the_asking() {
    let mut bench = Bench::new(1, one_entry(), &[]);
    bench.fire(Timer::Election);
    bench.receive(S2, heartbeat(1));
    assert!(matches!(bench.server.role, Role::Follower));
    bench.receive(S3, Message::PreVote { term: 2, granted: true });
    bench.receive(S4, Message::PreVote { term: 2, granted: true });
    assert_eq!(bench.server.term, 1, "what comes late counts no more");
}

/// 6.2: a leader that hears from no majority for an election timeout steps down.
#[test]
fn a_leader_without_answers_steps_down() {
    let mut bench = Bench::new(1, one_entry(), &[]).leading();
    bench.confirm(S2, 2);
    bench.confirm(S3, 2);
    bench.fire(Timer::CheckQuorum);
    assert!(bench.server.is_leader(), "three of four with itself");
    bench.confirm(S2, 2);
    let term = bench.server.term;
    bench.fire(Timer::CheckQuorum);
    assert!(!bench.server.is_leader(), "two of four");
    assert_eq!((bench.server.term, bench.server.leader), (term, None));
}

/// 4.2.3: a server that has heard from its leader takes no part in deposing it, not even by its term; handing over is exempt.
#[test]
fn who_hears_a_leader_ignores_a_candidate() {
    let ask = |transfer| Message::RequestVote { term: 7, last_log_index: 9, last_log_term: 6, transfer };
    let mut bench = Bench::new(1, one_entry(), &[]);
    bench.receive(S2, heartbeat(1));
    bench.receive(S3, ask(false));
    assert_eq!((bench.server.term, bench.server.voted_for), (1, None));
    bench.receive(S3, ask(true));
    assert_eq!((bench.server.term, bench.server.voted_for), (7, Some(S3)));
    let mut bench = Bench::new(1, one_entry(), &[("check_quorum", Value::Flag(false))]);
    bench.receive(S2, heartbeat(1));
    bench.receive(S3, ask(false));
    assert_eq!(bench.server.term, 7, "as in the paper");
}

/// 3.10: the leader brings the other one up to date, takes no commands meanwhile, and tells it to stand.
#[test]
fn handing_over_waits_until_the_other_has_all() {
    let transfer =
        |bench: &mut Bench, to| bench.run(|node, effects| node.on_operation(Operation::Transfer(to), effects));
    let told = |asked: &Asked<RaftNode>| {
        asked.sends.iter().any(|(to, message)| *to == S2 && matches!(message, Message::TimeoutNow { .. }))
    };
    let mut bench = Bench::new(1, one_entry(), &[]).leading();
    assert!(!told(&transfer(&mut bench, S2)), "it lacks the entry that opens the term");
    assert!(told(&bench.confirm(S2, 2)));
    bench.fire(Timer::Transfer);
    assert!(bench.server.is_leader());
    assert!(told(&transfer(&mut bench, S2)), "it has all now");
    assert!(transfer(&mut bench, S5).sends.is_empty(), "a spare server cannot lead");
    assert!(transfer(&mut bench, S1).sends.is_empty());
}

/// 3.10: whoever is told to stand does so at once, without asking first.
#[test]
fn who_is_told_to_stand_stands_at_once() {
    let mut bench = Bench::new(1, one_entry(), &[]);
    bench.receive(S2, heartbeat(1));
    let asked = bench.receive(S2, Message::TimeoutNow { term: 1 });
    assert_eq!(bench.server.term, 2);
    assert!(asked.sends.iter().all(|(_, message)| matches!(message, Message::RequestVote { transfer: true, .. })));
    let old = bench.receive(S2, Message::TimeoutNow { term: 1 });
    assert!(old.sends.is_empty(), "the term of that is over");
}

/// etcd-io/raft, testdata/forget_leader_prevote_checkquorum.txt: whoever is told to forget its leader votes at once, and its
/// term stays.
#[test]
fn a_forgotten_leader_is_not_waited_for() {
    let mut bench = Bench::new(1, one_entry(), &[]);
    bench.receive(S2, heartbeat(1));
    assert_eq!(would_vote(&bench.receive(S3, ASK)), Some(false));
    bench.run(|node, effects| node.on_operation(Operation::ForgetLeader, effects));
    assert_eq!((bench.server.term, bench.server.leader), (1, None));
    assert_eq!(would_vote(&bench.receive(S3, ASK)), Some(true));
    bench.receive(S2, heartbeat(1));
    assert_eq!(bench.server.leader, Some(S2), "a heartbeat reminds it");
}
