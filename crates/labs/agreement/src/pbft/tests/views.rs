//! Section 4.4: view changes.

use super::*;
use crate::pbft::{NewView, Operation, ViewChange};

fn change(from: NodeId, view: u64, prepared: Vec<(u64, Certificate)>) -> Rc<ViewChange> {
    Rc::new(ViewChange { from, view, stable: 0, stable_signers: Signers::default(), prepared })
}

fn wants(stand: &mut Stand, from: NodeId, view: u64, prepared: Vec<(u64, Certificate)>) -> Asked<Node> {
    stand.hears(from, Message::ViewChange(change(from, view, prepared)))
}

fn new_view(asked: &Asked<Node>) -> Rc<NewView> {
    let new = asked.sends.iter().find_map(|(_, message)| match message {
        Message::NewView(new) => Some(Rc::clone(new)),
        _ => None,
    });
    new.expect("a new view")
}

/// "If the timer of backup i expires in view v, the backup starts a view change … and multicasts a view-change message."
#[test]
fn a_backup_that_waits_in_vain_leaves_the_view_and_tells_what_it_has_prepared() {
    let mut backup = Stand::new(R2, |_| {});
    let x = request(1, 3);
    backup.hears(R0, pre_prepare(0, 1, &x));
    backup.hears(R1, Message::Prepare(vote(0, 1, &x)));
    let asked = backup.fires(Timer::View);
    assert_eq!(said(&asked), ["ViewChange"]);
    let (_, Message::ViewChange(change)) = &asked.sends[0] else { panic!() };
    assert_eq!((change.view, change.prepared.clone()), (1, vec![(1, prepared(0, &x, &[R1, R2]))]));
    // "It stops accepting messages (other than checkpoint, view-change, and new-view messages)."
    assert_eq!(said(&backup.hears(R0, pre_prepare(0, 2, &request(2, 4)))), [""; 0]);
}

/// "When the primary p of view v + 1 receives 2f valid view-change messages from other replicas, it multicasts a new-view message."
#[test]
fn the_next_primary_begins_with_what_was_prepared() {
    let mut primary = Stand::new(R1, |_| {});
    let (x, y) = (request(1, 3), request(2, 4));
    primary.probe.run(|effects| primary.node.on_operation(Operation::Suspect, effects));
    // Number 2 was prepared twice: the later view counts. Number 1 was not, and gets the null request.
    wants(&mut primary, R2, 5, vec![]);
    let own = wants(&mut primary, R3, 5, vec![(2, prepared(0, &y, &[R2, R3])), (3, prepared(1, &y, &[R2, R3]))]);
    assert_eq!(said(&own), ["ViewChange", "NewView"], "it joins the two, as the primary of view 5");
    let new = new_view(&own);
    assert_eq!(new.order, [(1, Digest::null()), (2, Digest::of(&y)), (3, Digest::of(&y))]);
    let mut again = Stand::new(R1, |_| {});
    wants(&mut again, R2, 5, vec![(1, prepared(0, &y, &[R2, R3]))]);
    let asked = wants(&mut again, R3, 5, vec![(1, prepared(4, &x, &[R2, R3]))]);
    assert_eq!(new_view(&asked).order, [(1, Digest::of(&x))], "the highest view counts");
}

#[test]
fn a_proof_takes_two_backups_of_that_view() {
    let mut primary = Stand::new(R1, |_| {});
    let x = request(1, 3);
    for signers in [&[R3][..], &[R0, R3]] {
        wants(&mut primary, R3, 1, vec![(1, prepared(0, &x, signers))]);
        assert!(primary.replica().changes.get(&R3).is_none(), "{signers:?}");
    }
    wants(&mut primary, R3, 1, vec![(1, prepared(0, &x, &[R2, R3]))]);
    assert!(primary.replica().changes.get(&R3).is_some());
}

/// "A backup accepts a new-view message … if the set O is correct; it verifies the correctness of O by performing a computation similar
/// to the one used by the primary."
#[test]
fn backups_work_out_themselves_how_a_view_begins() {
    let x = request(1, 3);
    let changes: Vec<_> = [R0, R1, R3].map(|from| change(from, 1, vec![(1, prepared(0, &x, &[R2, R3]))])).to_vec();
    let new = |order: Vec<(u64, Digest)>, changes: &[Rc<ViewChange>]| {
        Message::NewView(Rc::new(NewView { from: R1, view: 1, changes: changes.to_vec(), order }))
    };
    let right = vec![(1, Digest::of(&x))];
    for (order, changes) in
        [(vec![(1, Digest::null())], &changes[..]), (vec![], &changes), (right.clone(), &changes[1..])]
    {
        let mut backup = Stand::new(R2, |_| {});
        assert_eq!(said(&backup.hears(R1, new(order, changes))), [""; 0]);
        assert_eq!(backup.replica().view, 0);
    }
    let twice = [Rc::clone(&changes[0]), Rc::clone(&changes[0]), Rc::clone(&changes[1])];
    let mut backup = Stand::new(R2, |_| {});
    backup.hears(R1, new(right.clone(), &twice));
    assert_eq!(backup.replica().view, 0, "one view change counts once");
    assert_eq!(said(&backup.hears(R1, new(right, &changes))), ["Prepare"]);
    assert_eq!((backup.replica().view, backup.replica().is_changing), (1, false));
    let mut trusting = Stand::new(R2, |config| config.rules.check_new_view = false);
    trusting.hears(R1, new(vec![], &changes));
    assert_eq!(trusting.replica().view, 1);
}

/// Section 4.5.2: "if a replica receives a set of f + 1 valid view-change messages from other replicas for views greater than its
/// current view, it sends a view-change message for the smallest view in the set".
#[test]
fn one_may_lie_and_two_are_joined_at_the_lower_view() {
    let mut backup = Stand::new(R2, |_| {});
    assert_eq!(said(&wants(&mut backup, R3, 7, vec![])), [""; 0]);
    assert_eq!(said(&wants(&mut backup, R0, 3, vec![])), ["ViewChange"]);
    assert_eq!((backup.replica().view, backup.replica().is_changing), (3, true));
}

/// Section 4.5.2: the timer for the new view starts with 2f + 1 view changes, and each next one lasts twice as long.
#[test]
fn timeouts_double() {
    let mut backup = Stand::new(R3, |_| {});
    let after_us = |asked: &Asked<Node>| {
        let set = asked.timers.iter().rev().find(|(timer, _)| *timer == Timer::View);
        set.and_then(|(_, after_us)| *after_us)
    };
    let asked = backup.hears(C1, Message::Request(request(1, 3)));
    assert_eq!(after_us(&asked), Some(300_000));
    assert_eq!(after_us(&backup.fires(Timer::View)), None, "it waits for others");
    for (view, expected_us) in [(1, 300_000), (2, 600_000)] {
        assert_eq!(after_us(&wants(&mut backup, R0, view, vec![])), None);
        assert_eq!(after_us(&wants(&mut backup, R2, view, vec![])), Some(expected_us), "view {view}");
        backup.fires(Timer::View);
        assert_eq!(backup.replica().view, view + 1);
    }
}

/// Who has missed how a view began is shown it, and can check it.
#[test]
fn who_comes_late_is_shown_how_the_view_began() {
    let mut primary = Stand::new(R1, |_| {});
    wants(&mut primary, R2, 1, vec![]);
    wants(&mut primary, R3, 1, vec![]);
    assert!(!primary.replica().is_changing);
    let asked = wants(&mut primary, R0, 1, vec![]);
    assert_eq!(said(&asked), ["NewView"]);
    let mut late = Stand::new(R0, |_| {});
    late.hears(R3, Message::NewView(new_view(&asked)));
    assert_eq!(late.replica().view, 1, "whoever shows it, the primary has signed it");
}
