//! Section 7 of the Raft paper: Figure 12, each server takes its own snapshot, and Figure 13, the rules of InstallSnapshot.

use super::*;
use crate::raft::Appended;

/// Figure 12: the snapshot stands for the committed entries, with the last index and term, and those behind it stay.
#[test]
fn a_snapshot_replaces_the_committed_entries() {
    let mut bench = Bench::new(3, &[1, 1, 2], &[("snapshot_every", number(2))]);
    let asked = bench.receive(S2, append((3, 2), &[3, 3], 4));
    assert!(asked.timers.iter().any(|(timer, _)| *timer == Timer::Snapshot), "it is due after two entries");
    bench.fire(Timer::Snapshot);
    assert_eq!(bench.server.log.base(), Base { index: 4, term: 3 });
    assert_eq!(terms(&bench.server.log), [3]);
    assert_eq!(
        (bench.server.log.last_index(), bench.server.log.term_at(4), bench.server.log.term_at(3)),
        (5, Some(3), None)
    );
    assert_eq!(bench.server.snapshot_index(), 4);
}

/// Section 7: only what is committed, and carried out, goes into a snapshot.
#[test]
fn uncommitted_entries_stay_in_the_log() {
    let mut bench = Bench::new(3, &[1, 1, 2], &[]);
    bench.take_snapshot();
    assert_eq!(bench.server.snapshot, None, "nothing is committed as far as it knows");
    bench.receive(S2, append((3, 2), &[3], 2));
    bench.take_snapshot();
    assert_eq!((bench.server.snapshot_index(), terms(&bench.server.log)), (2, vec![2, 3]));
}

/// What `trailing` is for: the snapshot stands for four entries, and two of these stay in the log.
#[test]
fn some_entries_stay_for_those_who_are_a_little_behind() {
    let mut bench = Bench::new(3, &[1, 1, 2, 2], &[("trailing", number(2))]);
    bench.receive(S2, append((4, 2), &[], 4));
    bench.take_snapshot();
    assert_eq!((bench.server.snapshot_index(), bench.server.log.base().index), (4, 2));
}

/// Section 7, with section 5.1: a server begins with the snapshot on its disk, and carries out what follows only.
#[test]
fn a_server_starts_with_its_snapshot() {
    let mut bench = Bench::new(3, &[], &[]);
    bench.receive(S2, part(&snapshot(4, 2), 0, true));
    let disk =
        Disk { term: 3, log: bench.server.log.clone(), snapshot: bench.server.snapshot.clone(), voted_for: None };
    let again = Bench::on(disk, &[]);
    assert_eq!((again.server.commit_index, again.server.last_applied), (4, 4));
    assert_eq!(again.server.store.value(&Data::text("x")), Data::Int(7));
}

/// Figure 13, receiver 1: a snapshot of an older term is refused.
#[test]
fn an_older_term_is_refused() {
    let mut bench = Bench::new(4, &[1], &[]);
    let asked = bench.receive(S2, part(&snapshot(4, 2), 0, true));
    assert!(matches!(asked.sends[..], [(S2, Message::Appended { term: 4, answer: Appended::Refused { .. }, .. })]));
    assert_eq!(bench.server.snapshot, None);
}

/// Figure 13, receiver 2 to 4: parts come in their order, and nothing counts before the last one.
#[test]
fn parts_are_put_aside_until_the_last_one() {
    let mut bench = Bench::new(3, &[], &[]);
    let sent = snapshot(4, 2);
    assert_eq!(next_part(&bench.receive(S2, part(&sent, 1, false))), Some(0), "the first one is missing");
    assert_eq!(next_part(&bench.receive(S2, part(&sent, 0, false))), Some(1));
    assert_eq!(next_part(&bench.receive(S2, part(&sent, 2, true))), Some(1), "the second one is missing");
    assert_eq!(bench.server.last_applied, 0);
    assert_eq!(next_part(&bench.receive(S2, part(&sent, 1, false))), Some(2));
    assert_eq!(next_part(&bench.receive(S2, part(&sent, 2, true))), None);
    assert_eq!((bench.server.last_applied, bench.server.incoming), (4, None));
}

/// Figure 13, receiver 2 and 5: another snapshot begins anew.
#[test]
fn a_newer_snapshot_replaces_the_parts_of_an_older_one() {
    let mut bench = Bench::new(3, &[], &[]);
    bench.receive(S2, part(&snapshot(4, 2), 0, false));
    assert_eq!(next_part(&bench.receive(S2, part(&snapshot(6, 3), 1, true))), Some(0));
    bench.receive(S2, part(&snapshot(6, 3), 0, false));
    assert_eq!(bench.server.incoming.map(|incoming| incoming.last.index), Some(6));
}

/// Figure 13, receiver 6: if the log has the last included entry with its term, what follows it stays.
#[test]
fn what_follows_the_snapshot_is_kept() {
    let mut bench = Bench::new(3, &[1, 2, 2, 3], &[]);
    bench.receive(S2, part(&snapshot(2, 2), 0, true));
    assert_eq!((bench.server.log.base().index, terms(&bench.server.log)), (2, vec![2, 3]));
    let mut bench = Bench::new(3, &[1, 2, 2, 3], &[("keep_suffix", Value::Flag(false))]);
    bench.receive(S2, part(&snapshot(2, 2), 0, true));
    assert_eq!(bench.server.log.length(), 0, "without the rule all of it goes");
}

/// Figure 13, receiver 7: else the whole log goes, also what has higher numbers.
#[test]
fn a_log_at_odds_with_the_snapshot_is_dropped() {
    let mut bench = Bench::new(3, &[1, 1, 1, 1], &[]);
    bench.receive(S2, part(&snapshot(2, 2), 0, true));
    assert_eq!((bench.server.log.base(), bench.server.log.length()), (Base { index: 2, term: 2 }, 0));
    let mut bench = Bench::new(3, &[1, 1, 1, 1], &[("drop_conflicts", Value::Flag(false))]);
    bench.receive(S2, part(&snapshot(2, 2), 0, true));
    assert_eq!(terms(&bench.server.log), [1, 1], "without the rule entries of another history stay");
}

/// Figure 13, receiver 8: the state machine begins with what is in the snapshot, and with whose commands were carried out.
#[test]
fn the_state_machine_begins_with_the_snapshot() {
    let mut bench = Bench::new(3, &[1], &[]);
    bench.receive(S2, part(&snapshot(4, 2), 0, true));
    assert_eq!(bench.server.store.value(&Data::text("x")), Data::Int(7));
    assert_eq!(bench.server.store.result_of(&put(7)), Some(&Data::Nil), "section 8: it is not carried out again");
}

/// Section 7: a snapshot that describes a prefix of the log, as with a retransmission, must not take anything back.
#[test]
fn an_old_snapshot_changes_nothing() {
    let mut bench = Bench::new(3, &[1, 2, 2, 3], &[]);
    bench.receive(S2, append((4, 3), &[], 4));
    let before = bench.server.log.clone();
    assert_eq!(next_part(&bench.receive(S2, part(&snapshot(2, 2), 0, false))), None, "S2 need send no more");
    assert_eq!((bench.server.log == before, bench.server.last_applied), (true, 4));
}

/// Entries before the base are in the snapshot: a late message that begins there is no reason to refuse.
#[test]
fn entries_before_the_base_are_known() {
    let mut bench = Bench::new(3, &[], &[]);
    bench.receive(S2, part(&snapshot(4, 2), 0, true));
    let asked = bench.receive(S2, append((2, 1), &[2, 2, 3], 4));
    assert!(matches!(asked.sends[..], [(S2, Message::Appended { answer: Appended::Stored { match_index: 5 }, .. })]));
    assert_eq!(terms(&bench.server.log), [3]);
    let asked = bench.receive(S2, append((1, 1), &[1], 4));
    assert!(matches!(asked.sends[..], [(S2, Message::Appended { answer: Appended::Stored { match_index: 4 }, .. })]));
}

/// S1 leads term 4, its log begins after entry 4, and S3 needs entry 2.
fn leading() -> Bench {
    let mut bench = Bench::new(3, &[], &[]);
    bench.receive(S2, part(&snapshot(4, 2), 0, true));
    bench.fire(Timer::Election);
    bench.receive(S2, Message::Vote { term: 4, granted: true });
    assert!(matches!(bench.server.role, Role::Leader(_)));
    let refused = Appended::Refused { prev_log_index: 4, try_next: 2 };
    let asked = bench.receive(S3, Message::Appended { term: 4, round: 1, answer: refused });
    assert!(matches!(asked.sends[..], [(S3, Message::InstallSnapshot { offset: 0, done: false, .. })]));
    bench
}

fn installed(offset: u64, next: Option<u64>) -> Message {
    Message::Installed { term: 4, round: 1, last_index: 4, offset, next }
}

/// Section 7: the leader sends its snapshot when it has dropped the next entry; one part waits for its answer at a time.
#[test]
fn a_leader_sends_one_part_after_the_other() {
    let mut bench = leading();
    let asked = bench.receive(S3, installed(0, Some(1)));
    assert!(matches!(asked.sends[..], [(S3, Message::InstallSnapshot { offset: 1, done: false, .. })]));
    assert!(bench.receive(S3, installed(0, Some(1))).sends.is_empty(), "an answer that comes twice");
    let beat = bench.fire(Timer::Heartbeat);
    let repeated =
        |(to, message): &(NodeId, Message)| *to == S3 && matches!(message, Message::InstallSnapshot { offset: 1, .. });
    assert!(beat.sends.iter().any(repeated), "a heartbeat repeats the part");
    let asked = bench.receive(S3, installed(1, Some(2)));
    assert!(matches!(asked.sends[..], [(S3, Message::InstallSnapshot { offset: 2, done: true, .. })]));
    let asked = bench.receive(S3, installed(2, None));
    assert!(matches!(asked.sends[..], [(S3, Message::AppendEntries { prev_log_index: 4, prev_log_term: 2, .. })]));
    let Role::Leader(leadership) = &bench.server.role else { panic!("a leader") };
    assert_eq!((leadership.followers[2].match_index, &leadership.followers[2].sending), (4, &None));
}

/// A follower that has crashed knows no part any more, and says so.
#[test]
fn a_follower_that_lost_its_parts_gets_them_again() {
    let mut bench = leading();
    bench.receive(S3, installed(0, Some(1)));
    let asked = bench.receive(S3, installed(1, Some(0)));
    assert!(matches!(asked.sends[..], [(S3, Message::InstallSnapshot { offset: 0, .. })]));
}

/// Section 5.1 holds for this message too.
#[test]
fn a_higher_term_in_an_answer_deposes_the_leader() {
    let mut bench = leading();
    bench.receive(S3, Message::Installed { term: 5, round: 1, last_index: 4, offset: 0, next: Some(1) });
    assert_eq!((bench.server.term, matches!(bench.server.role, Role::Follower)), (5, true));
}

/// A follower that got there by entries meanwhile is not sent the old snapshot for ever.
#[test]
fn a_snapshot_that_is_not_needed_any_more_is_given_up() {
    let mut bench = leading();
    bench.receive(S3, Message::Appended { term: 4, round: 1, answer: Appended::Stored { match_index: 4 } });
    bench.receive(S3, installed(0, None));
    let Role::Leader(leadership) = &bench.server.role else { panic!("a leader") };
    assert_eq!((leadership.followers[2].match_index, &leadership.followers[2].sending), (4, &None));
    assert_eq!(leadership.followers[2].next_index, 5);
}
