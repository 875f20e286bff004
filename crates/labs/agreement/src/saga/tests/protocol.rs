//! What the papers say a saga does, step by step.

use super::*;

const STYLES: [&str; 2] = ["orchestration", "choreography"];

/// GMS, section 1: either T1, …, Tn are executed …
#[test]
fn all_steps_are_done() {
    for style in STYLES {
        let mut director = quiet(&[("style", word(style))]);
        order(&mut director);
        director.run_for_us(1_000_000);
        let world = director.world();
        assert!(is_whole(world), "{style}");
        assert_eq!((told(world), stage(world)), (Some(Fate::Confirmed), Some(Stage::Confirmed)), "{style}");
        assert_eq!(balance(world), 70);
    }
}

/// GMS, section 1: … or T1, …, Tj, Cj, …, C1, in this order; and a compensation puts back what the step took.
#[test]
fn what_was_done_before_a_refusal_is_undone_the_last_step_first() {
    for style in STYLES {
        for (place, refuses) in SERVICES.into_iter().enumerate() {
            let mut director = quiet(&[("style", word(style))]);
            director.operate(refuses, "fail", &[]);
            order(&mut director);
            director.run_for_us(1_000_000);
            let world = director.world();
            assert!(is_nothing(world), "{style} {refuses:?}");
            assert_eq!((told(world), stage(world)), (Some(Fate::Rejected), Some(Stage::Rejected)));
            assert_eq!(balance(world), 100);
            let undone = SERVICES.map(|node| is(world, node, |entry| entry.times[1] == 1));
            assert_eq!(undone, [place > 0, place > 1, false], "{style} {refuses:?}");
            let kept = world.monitor().rows()[0].kept;
            let gone_us = |place: usize| kept[place].and_then(|kept| kept.gone_us);
            assert!(place < 2 || gone_us(1) < gone_us(0), "{style}: {kept:?}");
        }
    }
}

/// Where an order is when Order crashes, every 5 ms from the first one on, and what becomes of it afterwards.
fn after_crashes(recovery: &str) -> Vec<(Stage, Option<Fate>)> {
    let mut ends = Vec::new();
    for after_us in (30_000..180_000).step_by(5_000) {
        let mut director = quiet(&[("recovery", word(recovery))]);
        order(&mut director);
        director.run_for_us(after_us);
        let Some(before @ Stage::Begun(_)) = stage(director.world()) else { continue };
        director.act(Input::Crash(ORDER));
        director.run_for_us(100_000);
        director.act(Input::Restart(ORDER));
        director.run_for_us(4_000_000);
        let world = director.world();
        assert!(is_whole(world) || is_nothing(world), "{recovery} {after_us}");
        ends.push((before, told(world)));
    }
    ends
}

/// GMS, backward recovery: after a crash the saga is aborted, the step that had begun included; not so from the pivot on
/// (MP 4.3.2: what comes after the pivot is only retriable).
#[test]
fn backward_recovery_goes_back_before_the_pivot_and_on_after_it() {
    let ends = after_crashes("backward");
    let reached: Vec<Act> = ends.iter().filter_map(|(stage, _)| act_of(*stage)).collect();
    for act in [Act::Authorize, Act::Reserve, Act::Book, Act::Capture, Act::HandOver] {
        assert!(reached.contains(&act), "{act:?}");
    }
    for (stage, told) in ends {
        let goes_back = act_of(stage).is_some_and(Act::is_before_pivot);
        assert_eq!(told, Some(if goes_back { Fate::Rejected } else { Fate::Confirmed }), "{stage:?}");
    }
}

/// GMS, forward recovery: what had begun is done again, and the saga goes on.
#[test]
fn forward_recovery_always_goes_on() {
    assert!(after_crashes("forward").into_iter().all(|(_, told)| told == Some(Fate::Confirmed)));
}

fn act_of(stage: Stage) -> Option<Act> {
    match stage {
        Stage::Begun(act) => Some(act),
        _ => None,
    }
}

/// GMS, backward recovery: a compensation for a step that perhaps was not done. If it comes first, the step is refused (a late
/// command may still be under way).
#[test]
fn a_compensation_that_comes_first_changes_nothing_and_keeps_the_step_out() {
    let mut director = quiet(&[]);
    order(&mut director);
    director.run_until(|world| stage(world) == Some(Stage::Begun(Act::Authorize)));
    director.act(Input::Crash(ORDER));
    director.act(Input::Restart(ORDER));
    director.run_for_us(8_000);
    let is_hold = |message: &Message| matches!(message, Message::Letter { letter, .. } if letter.what == What::Do(Act::Authorize));
    let late = director.messages(|_, to, message| to == PAY && is_hold(message));
    assert_eq!(late.len(), 1);
    director.act(Input::Delay { message: late[0], by_us: 150_000 });
    director.run_until(|world| is(world, PAY, |entry| entry.undone));
    assert!(is(director.world(), PAY, |entry| entry.early && entry.step.is_none()));
    assert_eq!(balance(director.world()), 100);
    director.run_for_us(2_000_000);
    assert!(is(director.world(), PAY, |entry| entry.step == Some(false)));
    assert!(is_nothing(director.world()));
    assert_eq!(balance(director.world()), 100);
}

/// MP 3.3.6: a message that comes again is recognised; here each one comes twice.
#[test]
fn each_letter_twice_is_as_good_as_once() {
    for style in STYLES {
        let mut director = quiet(&[("style", word(style))]);
        order(&mut director);
        let mut doubled = std::collections::BTreeSet::new();
        for _ in 0..200 {
            for message in director.messages(|_, _, message| matches!(message, Message::Letter { .. })) {
                if doubled.len() < 40 && doubled.insert(message) {
                    director.act(Input::Duplicate(message));
                }
            }
            director.run_for_us(5_000);
        }
        let world = director.world();
        assert!(is_whole(world), "{style}");
        assert!(SERVICES.iter().all(|node| is(world, *node, |entry| entry.times.iter().all(|times| *times <= 1))));
        let again = |node: &NodeId| matches!(world.nodes().state(*node), Some(Node::Service(known)) if known.again > 0);
        assert!(SERVICES.iter().all(again), "{style}");
    }
}

/// MP 3.3.7, transactional outbox: what a service has done, it says, though it crashed in between.
#[test]
fn what_was_written_is_said_after_a_crash() {
    for style in STYLES {
        for node in SERVICES {
            let mut director = quiet(&[("style", word(style))]);
            order(&mut director);
            director.run_until_entry(node);
            director.act(Input::Crash(node));
            director.run_for_us(50_000);
            director.act(Input::Restart(node));
            director.run_for_us(4_000_000);
            assert!(is_whole(director.world()), "{style} {node:?}");
        }
    }
}

trait Until {
    fn run_until_entry(&mut self, node: NodeId);
}

impl Until for Director<Saga> {
    fn run_until_entry(&mut self, node: NodeId) {
        assert!(self.run_until(|world| is(world, node, Entry::is_in_effect)));
    }
}

/// MP 4.3.2, semantic lock: a wish to cancel is heard before the pivot and is too late afterwards; what the customer hears is so.
#[test]
fn a_cancelled_order_stays_cancelled() {
    let mut fates = Vec::new();
    for after_us in (5_000..200_000).step_by(5_000) {
        let mut director = quiet(&[]);
        order(&mut director);
        director.run_for_us(after_us);
        director.operate(A, "cancel", &[]);
        director.run_for_us(2_000_000);
        let world = director.world();
        match told(world) {
            Some(Fate::Cancelled) => assert!(is_nothing(world), "{after_us}"),
            Some(Fate::Confirmed) => assert!(is_whole(world), "{after_us}"),
            fate => panic!("{after_us}: {fate:?}"),
        }
        fates.push(told(world));
    }
    let late = fates.iter().position(|fate| *fate == Some(Fate::Confirmed)).expect("too late");
    assert!(late > 0 && fates[late..].iter().all(|fate| *fate == Some(Fate::Confirmed)), "{fates:?}");
}

/// As AWS Step Functions does: a step without an answer is given up after the repeats, and what was done is undone.
#[test]
fn a_step_without_an_answer_is_given_up_and_undone() {
    let mut director = quiet(&[("step_repeats", number(3))]);
    director.act(Input::Crash(STOCK));
    order(&mut director);
    director.run_for_us(6_000_000);
    assert_eq!(stage(director.world()), Some(Stage::Begun(Act::GiveBack)));
    director.act(Input::Restart(STOCK));
    director.run_for_us(6_000_000);
    assert!(is_nothing(director.world()));
    assert_eq!(told(director.world()), Some(Fate::Rejected));
}

/// As Apache ServiceComb does: a compensation that is given up leaves half an order.
#[test]
fn a_compensation_that_is_given_up_leaves_half_an_order() {
    for (repeats, is_half) in [(3, true), (0, false)] {
        let mut director = quiet(&[("undo_repeats", number(repeats))]);
        director.operate(SHIP, "fail", &[]);
        order(&mut director);
        director.run_until_entry(STOCK);
        director.run_for_us(20_000);
        director.act(Input::Crash(STOCK));
        director.run_for_us(30_000_000);
        director.act(Input::Restart(STOCK));
        director.run_for_us(30_000_000);
        let world = director.world();
        assert_eq!(stage(world) == Some(Stage::Stuck(Act::GiveBack)), is_half);
        assert_eq!(is_nothing(world), !is_half);
        assert_eq!(balance(world), if is_half { 70 } else { 100 });
    }
}

/// GMS, section 1: a saga keeps nothing locked between its steps, so that others get their answers from what it has left half.
#[test]
fn while_order_is_down_services_answer_others() {
    let mut director = quiet(&[("stock", number(1))]);
    order(&mut director);
    director.run_until_entry(STOCK);
    director.act(Input::Crash(ORDER));
    director.operate(V, "look", &[]);
    director.run_for_us(100_000);
    let Some(Node::Viewer(viewer)) = director.world().nodes().state(V) else { panic!("V runs") };
    assert_eq!(viewer.seen, [Some(vec![A1]), Some(vec![A1])]);
    director.operate(B, "order", &[]);
    director.act(Input::Restart(ORDER));
    director.run_for_us(4_000_000);
    assert_eq!(told(director.world()), Some(Fate::Rejected));
    assert!(director.world().nodes().disk(B).customer.told.is_some());
}
