//! Sections of Paxos Made Simple and of Paxos Made Live.

use super::*;

/// A disk on which these slots are known to be chosen.
fn knowing(chosen: impl IntoIterator<Item = u64>) -> Disk {
    let mut disk = marked();
    for slot in chosen {
        disk.log.choose(slot, put(slot));
    }
    disk
}

/// Paxos Made Simple, section 3: the new leader knows commands 1 to 134, 138 and 139, and does phase 1 of all other instances with one message.
/// What constrains it are proposals in 135 and 140: it proposes these again, and fills 136 and 137 with no-ops.
#[test]
fn section_3_a_new_leader() {
    let disk = knowing((1..=134).chain([138, 139]));
    let mut bench = Bench::new(S1, &disk, &[("window", number(100))]);
    assert_eq!(bench.server().log.chosen_to(), 134);
    let asked = bench.fire(Timer::Suspect);
    let prepare = Message::Prepare { ballot: ballot(1, 1), first: 135 };
    assert_eq!(asked.sends, [(S2, prepare.clone()), (S3, prepare)]);
    let accepted = vec![(135, vote(ballot(0, 3), 35)), (140, vote(ballot(0, 2), 40))];
    let asked = bench.hear(S2, Message::Promise { ballot: ballot(1, 1), accepted });
    let mut all = proposed(&asked);
    all.sort_by_key(|(slot, _)| *slot);
    assert_eq!(all, [(135, put(35)), (136, Decree::NoOp), (137, Decree::NoOp), (140, put(40))]);
    // The next command goes to 141.
    assert_eq!(proposed(&bench.hear(C1, request(&put(50)))), [(141, put(50))]);
}

/// Section 3: of what was accepted in a slot the one of the highest ballot counts, here that of the leader itself.
#[test]
fn section_3_the_highest_ballot_counts_slot_by_slot() {
    let mut disk = Disk { round: 4, ..marked() };
    disk.log.accept(1, vote(ballot(4, 2), 1));
    disk.log.accept(2, vote(ballot(2, 2), 2));
    let heard = vec![(1, vote(ballot(3, 3), 10)), (2, vote(ballot(3, 3), 20))];
    let (_, asked) = Bench::leading(&disk, heard, &[]);
    assert_eq!(proposed(&asked), [(1, put(1)), (2, put(20))]);
}

/// Section 3: one answer stands for all slots, and says only of those something in which something was accepted.
#[test]
fn section_3_one_promise_for_all_slots() {
    let mut disk = marked();
    for slot in [1, 2, 4] {
        disk.log.accept(slot, vote(ballot(1, 2), slot));
    }
    let mut bench = Bench::new(S1, &disk, &[]);
    let asked = bench.hear(S3, Message::Prepare { ballot: ballot(2, 3), first: 2 });
    let accepted = vec![(2, vote(ballot(1, 2), 2)), (4, vote(ballot(1, 2), 4))];
    assert_eq!(asked.sends, [(S3, Message::Promise { ballot: ballot(2, 3), accepted })]);
    assert_eq!(asked.disk.expect("on disk before it answers").promised.0, Some(ballot(2, 3)));
    // The promise holds in a slot that nobody has spoken of.
    let lower = Message::Accept { ballot: ballot(1, 2), slot: 9, decree: put(9), chosen_to: 0 };
    let refused = Message::Nack { ballot: ballot(1, 2), promised: ballot(2, 3) };
    assert_eq!(bench.hear(S2, lower).sends, [(S2, refused)]);
}

/// Section 3: phase 2 only, once a leader is there; and at most α commands ahead of those that are chosen.
#[test]
fn section_3_alpha_commands_ahead() {
    let (mut bench, _) = Bench::leading(&marked(), Vec::new(), &[("window", number(2))]);
    for serial in 1..=2 {
        assert_eq!(proposed(&bench.hear(C1, request(&put(serial)))), [(serial, put(serial))]);
    }
    assert!(bench.hear(C1, request(&put(3))).sends.is_empty());
    // Slot 2 is chosen first: it is not carried out, and opens nothing.
    let asked = bench.hear(S2, Message::Accepted { ballot: ballot(1, 1), slot: 2 });
    assert_eq!((answers(&asked).len(), proposed(&asked).len()), (0, 0));
    // Then slot 1: both are carried out in order, and the third command finds a place.
    let asked = bench.hear(S2, Message::Accepted { ballot: ballot(1, 1), slot: 1 });
    assert_eq!(answers(&asked).len(), 2);
    assert_eq!(proposed(&asked), [(3, put(3))]);
    assert_eq!(bench.server().store.value(&Data::text("x")), Data::Int(2));
}

/// Section 2.3: a follower takes for chosen what the leader says is, if it has accepted that in this leader's ballot; else it asks.
#[test]
fn section_2_3_a_follower_learns_the_prefix() {
    let mut disk = marked();
    disk.log.accept(1, vote(ballot(1, 2), 1));
    disk.log.accept(2, vote(ballot(2, 3), 2));
    disk.log.accept(3, vote(ballot(1, 2), 3));
    let mut bench = Bench::new(S1, &Disk { promised: crate::paxos::Promised(Some(ballot(2, 3))), ..disk }, &[]);
    let beat = |chosen_to| Message::Heartbeat { ballot: ballot(2, 3), beat: 1, chosen_to };
    let heard = (S3, Message::Heard { ballot: ballot(2, 3), beat: 1 });
    assert_eq!(bench.hear(S3, beat(3)).sends, [(S3, Message::Ask { first: 1 }), heard.clone()]);
    let told = Message::Chosen { first: 1, decrees: vec![put(1)], chosen_to: 1 };
    bench.hear(S3, told);
    assert_eq!(bench.server().log.chosen_to(), 1);
    assert_eq!(bench.hear(S3, beat(3)).sends, [(S3, Message::Ask { first: 3 }), heard]);
    assert_eq!((bench.server().log.chosen_to(), bench.server().applied), (2, 2));
}

/// Section 2.2: who is told of a higher ballot leads no more, and takes a round above it the next time.
#[test]
fn section_2_2_an_overtaken_leader() {
    let (mut bench, _) = Bench::leading(&marked(), Vec::new(), &[]);
    bench.hear(S3, Message::Nack { ballot: ballot(1, 1), promised: ballot(6, 2) });
    assert!(bench.server().leadership().is_none());
    bench.fire(Timer::Suspect);
    assert_eq!(bench.server().ballot(), Some(ballot(7, 1)));
    // To promise to somebody else is to lead no more.
    let (mut bench, _) = Bench::leading(&marked(), Vec::new(), &[]);
    bench.hear(S2, Message::Prepare { ballot: ballot(1, 2), first: 1 });
    assert!(bench.server().leadership().is_none());
}

/// Section 2.5: what goes out again in a ballot and slot is the same, and only to those that have not answered.
#[test]
fn what_goes_out_again_is_the_same() {
    let mut bench = Bench::new(S1, &marked(), &[("servers", number(5))]);
    bench.fire(Timer::Suspect);
    for other in [S2, S3] {
        bench.hear(other, Message::Promise { ballot: ballot(1, 1), accepted: Vec::new() });
    }
    bench.hear(NodeId(5), request(&put(1)));
    bench.hear(S2, Message::Accepted { ballot: ballot(1, 1), slot: 1 });
    let again = bench.fire(Timer::Repeat);
    let accept = Message::Accept { ballot: ballot(1, 1), slot: 1, decree: put(1), chosen_to: 0 };
    assert_eq!(again.sends, [S3, NodeId(3), NodeId(4)].map(|other| (other, accept.clone())));
}

/// Paxos Made Live, section 5.2: a read needs to know that the leader still leads: a majority says that it has promised nothing higher.
#[test]
fn a_read_is_confirmed() {
    let get = || {
        let command = Command::Get { key: Data::text("x") };
        Message::Request(Rc::new(Request { client: ClientId { node: C1, life: 7 }, serial: 9, command }))
    };
    let (mut bench, _) = Bench::leading(&knowing([1]), Vec::new(), &[]);
    let asked = bench.hear(C1, get());
    assert!(answers(&asked).is_empty());
    let beat = asked.sends.iter().find_map(|(_, sent)| match sent {
        Message::Heartbeat { beat, .. } => Some(*beat),
        _ => None,
    });
    let beat = beat.expect("a heartbeat");
    assert!(answers(&bench.hear(S2, Message::Heard { ballot: ballot(1, 1), beat: beat - 1 })).is_empty());
    assert_eq!(answers(&bench.hear(S2, Message::Heard { ballot: ballot(1, 1), beat })), [Data::Int(1)]);
    // It waits for what phase 1 told of: a command that was chosen before may be among that.
    let (mut bench, _) = Bench::leading(&marked(), vec![(1, vote(ballot(0, 3), 1))], &[]);
    bench.hear(C1, get());
    assert!(answers(&bench.hear(S2, Message::Heard { ballot: ballot(1, 1), beat: 9 })).is_empty());
    assert_eq!(
        answers(&bench.hear(S2, Message::Accepted { ballot: ballot(1, 1), slot: 1 })),
        [Data::Nil, Data::Int(1)]
    );
    // Without the rule it answers at once.
    let (mut bench, _) = Bench::leading(&knowing([1]), Vec::new(), &[("confirm_reads", Value::Flag(false))]);
    assert_eq!(answers(&bench.hear(C1, get())), [Data::Int(1)]);
}

/// A command that comes twice is carried out once, whether it is under way or done.
#[test]
fn a_command_that_comes_twice() {
    let (mut bench, _) = Bench::leading(&marked(), Vec::new(), &[]);
    bench.hear(C1, request(&put(1)));
    assert!(bench.hear(C1, request(&put(1))).sends.is_empty());
    assert_eq!(answers(&bench.hear(S2, Message::Accepted { ballot: ballot(1, 1), slot: 1 })), [Data::Nil]);
    assert_eq!(answers(&bench.hear(C1, request(&put(1)))), [Data::Nil]);
    assert_eq!(bench.server().log.last(), 1);
    let (mut bench, _) = Bench::leading(&marked(), Vec::new(), &[("client_sessions", Value::Flag(false))]);
    bench.hear(C1, request(&put(1)));
    assert_eq!(proposed(&bench.hear(C1, request(&put(1)))), [(2, put(1))]);
}

/// Paxos Made Live, section 5.1: who finds no mark on its disk does not vote, and still learns; with `votes` it goes on as if it were new.
#[test]
fn section_5_1_a_lost_disk() {
    let mut bench = Bench::new(S1, &Disk::default(), &[]);
    assert!(bench.hear(S2, Message::Prepare { ballot: ballot(1, 2), first: 1 }).sends.is_empty());
    let accept = Message::Accept { ballot: ballot(1, 2), slot: 1, decree: put(1), chosen_to: 0 };
    assert!(bench.hear(S2, accept).sends.is_empty());
    assert!(bench.fire(Timer::Suspect).sends.is_empty());
    let asked = bench.hear(S2, Message::Heartbeat { ballot: ballot(1, 2), beat: 1, chosen_to: 1 });
    assert_eq!(asked.sends, [(S2, Message::Ask { first: 1 })]);
    let asked = bench.hear(S2, Message::Chosen { first: 1, decrees: vec![put(1)], chosen_to: 1 });
    assert_eq!((bench.server().applied, asked.disk.map(|disk| disk.mark)), (1, Some(false)));
    let mut bench = Bench::new(S1, &Disk::default(), &[("lost_disk", word("votes"))]);
    assert_eq!(bench.hear(S2, Message::Prepare { ballot: ballot(1, 2), first: 1 }).sends.len(), 1);
}

/// Each check of what is chosen can be broken: the ledger says so.
#[test]
fn the_ledger_tells_right_from_wrong() {
    let mut ledger = Ledger::default();
    let (low, high) = (vote(ballot(1, 1), 1), vote(ballot(2, 2), 2));
    assert!(!ledger.accept(3, &low, 0, 2).is_chosen && !ledger.is_chosen(3, &put(1)));
    assert!(!ledger.accept(3, &low, 0, 2).is_new);
    assert!(ledger.accept(3, &low, 1, 2).is_chosen && ledger.is_chosen(3, &put(1)));
    assert_eq!((ledger.highest(), ledger.count(), ledger.chosen(1).len()), (3, 1, 0));
    assert!(ledger.deviation(3).is_none() && ledger.rival(3, &low).is_none());
    ledger.accept(3, &high, 1, 2);
    assert_eq!(ledger.deviation(3), Some((&low, &high)));
    assert_eq!(ledger.rival(3, &vote(ballot(2, 2), 7)), Some(&put(2)));
    ledger.accept(3, &high, 2, 2);
    assert_eq!(ledger.chosen(3).len(), 2);
    assert!(ledger.has_before(3, ballot(2, 2), Some(&put(1))) && !ledger.has_before(3, ballot(1, 1), None));
}

/// Paxos Made Live, section 5.2: while a lease lasts, who has granted it promises nothing to others, also after a restart; the leader counts
/// from when it asked, and on a little less.
#[test]
fn section_5_2_leases() {
    let lease = [("read_mode", word("lease")), ("lease_ms", number(100)), ("drift_percent", number(10))];
    let prepare = || Message::Prepare { ballot: ballot(2, 3), first: 1 };
    let promises = |asked: &Asked<LogNode>| asked.sends.iter().any(|(_, sent)| matches!(sent, Message::Promise { .. }));
    // A follower, after a restart and after a heartbeat.
    let mut bench = Bench::new(S1, &marked(), &lease);
    assert!(!promises(&bench.hear(S3, prepare())));
    bench.probe.monotonic_now_us = 100_000;
    bench.hear(S2, Message::Heartbeat { ballot: ballot(1, 2), beat: 1, chosen_to: 0 });
    bench.probe.monotonic_now_us = 199_999;
    assert!(!promises(&bench.hear(S3, prepare())) && bench.fire(Timer::Suspect).sends.is_empty());
    bench.probe.monotonic_now_us = 200_000;
    assert!(promises(&bench.hear(S3, prepare())));
    // A leader: 90 ms from the sending of its heartbeat.
    let mut bench = Bench::new(S1, &knowing([1]), &lease);
    bench.probe.monotonic_now_us = 100_000;
    bench.fire(Timer::Suspect);
    bench.hear(S2, Message::Promise { ballot: ballot(1, 1), accepted: Vec::new() });
    bench.probe.monotonic_now_us = 150_000;
    bench.hear(S2, Message::Heard { ballot: ballot(1, 1), beat: 1 });
    let get = |serial| {
        let command = Command::Get { key: Data::text("x") };
        Message::Request(Rc::new(Request { client: ClientId { node: C1, life: 7 }, serial, command }))
    };
    bench.probe.monotonic_now_us = 189_999;
    assert_eq!(answers(&bench.hear(C1, get(2))), [Data::Int(1)]);
    bench.probe.monotonic_now_us = 190_000;
    assert!(answers(&bench.hear(C1, get(3))).is_empty());
}

/// Section 2.3: what a follower has accepted in an older ballot need not be what was chosen.
#[test]
fn section_2_3_an_older_acceptance_is_not_what_was_chosen() {
    for (follows, known) in [(true, 0), (false, 1)] {
        let mut disk = marked();
        disk.log.accept(1, vote(ballot(1, 2), 1));
        let mut bench = Bench::new(S1, &disk, &[("learn_in_ballot", Value::Flag(follows))]);
        bench.hear(S3, Message::Heartbeat { ballot: ballot(2, 3), beat: 1, chosen_to: 1 });
        assert_eq!(bench.server().log.chosen_to(), known);
    }
}
