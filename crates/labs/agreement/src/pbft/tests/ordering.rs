//! Section 4.2: the three phases.

use super::*;

#[test]
fn the_primary_numbers_requests_and_sends_them_to_all_backups() {
    let mut primary = Stand::new(R0, |_| {});
    let asked = primary.hears(C1, Message::Request(request(1, 3)));
    assert_eq!(said(&asked), ["PrePrepare"]);
    assert_eq!(asked.sends.iter().map(|(to, _)| *to).collect::<Vec<_>>(), [R1, R2, R3]);
    // The same request again gets no other number.
    assert_eq!(said(&primary.hears(R2, Message::Request(request(1, 3)))), [""; 0]);
    assert_eq!(primary.replica().given, 1);
}

#[test]
fn a_backup_takes_the_word_of_the_primary_of_its_view_only() {
    let mut backup = Stand::new(R2, |_| {});
    let x = request(1, 3);
    for (from, message) in [(R1, pre_prepare(0, 1, &x)), (C1, pre_prepare(0, 1, &x))] {
        assert_eq!(said(&backup.hears(from, message)), [""; 0], "{from:?} is not the primary");
    }
    let false_digest = Message::PrePrepare(vote(0, 1, &request(1, 9)), Rc::clone(&x));
    assert_eq!(said(&backup.hears(R0, false_digest)), [""; 0], "the digest is of another request");
    assert_eq!(said(&backup.hears(R0, pre_prepare(0, 1, &x))), ["Prepare"]);
}

/// "It has not accepted a pre-prepare message for view v and sequence number n containing a different digest."
#[test]
fn a_backup_takes_one_request_for_a_number_of_a_view() {
    let mut backup = Stand::new(R2, |_| {});
    let (x, y) = (request(1, 3), request(2, 4));
    backup.hears(R0, pre_prepare(0, 1, &x));
    assert_eq!(said(&backup.hears(R0, pre_prepare(0, 1, &y))), [""; 0]);
    assert!(backup.replica().slot(1).is_some_and(|slot| slot.has_accepted(0, &Digest::of(&x))));
    let mut careless = Stand::new(R2, |config| config.rules.one_pre_prepare = false);
    careless.hears(R0, pre_prepare(0, 1, &x));
    assert_eq!(said(&careless.hears(R0, pre_prepare(0, 1, &y))), ["Prepare"]);
}

/// "The sequence number in the pre-prepare message is between a low water mark, h, and a high water mark, H."
#[test]
fn numbers_lie_between_the_water_marks() {
    let mut backup = Stand::new(R2, |config| config.checkpoint_every = 4);
    for number in [0, 9] {
        assert_eq!(said(&backup.hears(R0, pre_prepare(0, number, &request(1, 3)))), [""; 0], "{number}");
    }
    assert_eq!(said(&backup.hears(R0, pre_prepare(0, 8, &request(1, 3)))), ["Prepare"]);
}

/// "2f prepares from different backups that match the pre-prepare", the own one counted; then commits of 2f + 1, the own one counted.
#[test]
fn prepared_takes_two_backups_and_committed_three_replicas() {
    let mut backup = Stand::new(R2, |_| {});
    let x = request(1, 3);
    let (other, same) = (vote(0, 1, &request(1, 9)), vote(0, 1, &x));
    backup.hears(R0, pre_prepare(0, 1, &x));
    assert_eq!(said(&backup.hears(R1, Message::Prepare(other))), [""; 0], "it does not match");
    assert_eq!(said(&backup.hears(R0, Message::Prepare(same.clone()))), [""; 0], "the primary is no backup");
    assert_eq!(said(&backup.hears(R3, Message::Prepare(same.clone()))), ["Commit"]);
    backup.hears(R0, Message::Commit(same.clone()));
    backup.hears(R0, Message::Commit(same.clone()));
    assert_eq!(backup.replica().executed, 0, "one replica counts once");
    let asked = backup.hears(R1, Message::Commit(same));
    assert_eq!((backup.replica().executed, said(&asked)), (1, vec!["Reply".to_string()]));
}

#[test]
fn votes_may_come_before_what_they_are_about() {
    let mut backup = Stand::new(R2, |_| {});
    let x = request(1, 3);
    for from in [R1, R3] {
        backup.hears(from, Message::Prepare(vote(0, 1, &x)));
        backup.hears(from, Message::Commit(vote(0, 1, &x)));
    }
    assert_eq!(backup.replica().executed, 0);
    backup.hears(R0, pre_prepare(0, 1, &x));
    assert_eq!(backup.replica().executed, 1);
}

/// "Each replica executes the operation … after all requests with lower sequence numbers have been executed."
#[test]
fn requests_are_carried_out_in_the_order_of_their_numbers() {
    let mut backup = Stand::new(R2, |_| {});
    let (x, y) = (request(1, 3), request(2, 4));
    for (number, request) in [(2, &y), (1, &x)] {
        assert_eq!(backup.replica().executed, 0);
        backup.hears(R0, pre_prepare(0, number, request));
        for from in [R1, R3] {
            backup.hears(from, Message::Prepare(vote(0, number, request)));
            backup.hears(from, Message::Commit(vote(0, number, request)));
        }
    }
    assert_eq!(backup.replica().executed, 2);
    assert_eq!(backup.replica().state.store.value(&Data::text("x")), Data::Int(4));
}

/// Section 3: 3f + 1 replicas, so that two quorums of 2f + 1 have an honest one in common.
#[test]
fn two_quorums_have_an_honest_replica_in_common() {
    for (replicas, faulty, quorum) in [(4, 1, 3), (7, 2, 5), (10, 3, 7), (3, 1, 3), (5, 1, 4), (6, 1, 4)] {
        let stand = Stand::new(R0, |config| (config.replicas, config.faulty) = (replicas, faulty));
        assert_eq!(stand.probe.config.quorum(), quorum, "{replicas}");
        assert!(2 * quorum - u32::from(replicas) > faulty);
    }
}

/// Section 4.2: what is said of a number is said again, as links lose messages; not before its time.
#[test]
fn what_is_open_is_said_again() {
    let mut backup = Stand::new(R2, |_| {});
    backup.hears(R0, pre_prepare(0, 1, &request(1, 3)));
    assert_eq!(said(&backup.fires(Timer::Repeat)), [""; 0]);
    backup.probe.monotonic_now_us = 100_000;
    assert_eq!(said(&backup.fires(Timer::Repeat)), ["Prepare", "Ask"]);
}
