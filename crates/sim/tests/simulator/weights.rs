//! How much events tell (DESIGN, section 5, level Learn). In this lab all pings are routine, and answers are telling.

use crate::echo::EchoLab;
use sim::frame::{EventKind, TraceEvent, Weight};
use sim::{Input, LabSession, NodeId, Of, Until, Work};

const N1: NodeId = NodeId(0);
const N2: NodeId = NodeId(1);

fn work() -> Work {
    let mut work = Work::new(Of::<EchoLab>::LAB).unwrap();
    work.restart(Vec::new(), 1).unwrap();
    work
}

fn all(work: &mut Work) -> Vec<TraceEvent> {
    let last = work.seek(u64::from(u16::MAX).min(work.timeline().length()));
    work.trace(1, last)
}

fn is_telling(event: &TraceEvent) -> bool {
    event.caption.weight == Weight::Telling
}

fn last(work: &mut Work) -> TraceEvent {
    let event = work.scenario().cursor;
    work.trace(event, event).remove(0)
}

#[test]
fn the_first_of_each_kind_is_telling_and_the_others_are_routine() {
    let mut work = work();
    work.seek(120);
    let events = all(&mut work);
    let beats: Vec<&TraceEvent> = events.iter().filter(|event| event.kind == EventKind::Timer).collect();
    assert!(is_telling(beats[0]) && beats.len() > 10);
    assert!(beats[1..].iter().all(|beat| !is_telling(beat)));
    let is_answer = |event: &&TraceEvent| event.received.iter().any(|message| message.reply);
    assert!(events.iter().filter(is_answer).all(is_telling));
    // A message tells as much as what its sender did.
    let pings = events.iter().flat_map(|event| &event.sent).filter(|message| !message.reply);
    assert_eq!(pings.filter(|ping| ping.weight == Weight::Telling).count(), 1);
}

#[test]
fn a_loss_is_telling_until_nothing_else_is_heard_on_the_link() {
    let mut work = work();
    work.seek(40);
    work.act(Input::Cut { from: N1, to: N2 }, None).unwrap();
    let losses = |work: &mut Work, events: u64| {
        let first = work.scenario().cursor + 1;
        let end = work.seek(first + events);
        let of_link = |event: &TraceEvent| event.lost.iter().any(|lost| (lost.from, lost.to) == (N1, N2));
        work.trace(first, end).into_iter().filter(of_link).collect::<Vec<_>>()
    };
    let lost = losses(&mut work, 60);
    assert!(lost.len() > 3 && is_telling(&lost[0]), "{lost:?}");
    assert!(lost[1..].iter().all(|event| !is_telling(event)));
    work.act(Input::Heal { from: N1, to: N2 }, None).unwrap();
    work.seek(work.scenario().cursor + 60);
    work.act(Input::Cut { from: N1, to: N2 }, None).unwrap();
    assert!(is_telling(&losses(&mut work, 60)[0]), "a message had come through in between");
}

#[test]
fn what_somebody_does_is_telling() {
    let mut work = work();
    work.seek(60);
    let timer = work.frame().nodes[0].timers[0].id;
    let message = loop {
        match work.frame().messages.first() {
            Some(message) => break message.id,
            None => work.seek(work.scenario().cursor + 1),
        };
    };
    for input in [
        Input::Deliver(message),
        Input::FireTimer { node: N1, timer },
        Input::Pause(N2),
        Input::Resume(N2),
        Input::Crash(N2),
        Input::Restart(N2),
    ] {
        work.act(input.clone(), None).unwrap_or_else(|refusal| panic!("{input:?}: {refusal}"));
        assert!(is_telling(&last(&mut work)), "{input:?}");
    }
}

/// A refused input changes nothing, not even what the last event told.
#[test]
fn a_refusal_leaves_the_weight_of_the_last_event() {
    let mut work = work();
    while {
        work.seek(work.scenario().cursor + 1);
        is_telling(&last(&mut work))
    } {}
    work.act(Input::Resume(N2), None).unwrap_err();
    assert_eq!(work.timeline().world().weight(), Weight::Routine);
}

#[test]
fn a_verdict_that_changes_is_telling() {
    let mut work = work();
    assert!(work.run_until(Until::Check, 10_000));
    assert!(is_telling(&last(&mut work)));
}

#[test]
fn weights_are_the_same_however_an_event_is_reached() {
    let mut work = work();
    work.seek(300);
    work.act(Input::Cut { from: N1, to: N2 }, None).unwrap();
    work.seek(700);
    let live: Vec<Weight> = (1..=700).map(|event| work.weights().of(event)).collect();
    let traced: Vec<Weight> = work.trace(1, 700).iter().map(|event| event.caption.weight).collect();
    assert_eq!(traced, live);
    assert_eq!(work.trace(650, 650)[0].caption.weight, live[649]);
    let mut again = self::work();
    again.load(&work.scenario()).unwrap();
    assert_eq!((1..=700).map(|event| again.weights().of(event)).collect::<Vec<_>>(), live);
    assert_eq!(again.digest(), work.digest());
    // Another branch knows what came before it, and nothing of what came after.
    work.seek(500);
    work.act(Input::HealAll, None).unwrap();
    assert_eq!(work.weights().telling().last(), Some(501));
    assert_eq!(
        work.weights().before(501),
        live[..500].iter().rposition(|weight| *weight == Weight::Telling).map(|at| at as u64 + 1)
    );
}

#[test]
fn a_run_goes_on_to_the_next_telling_event_and_looks_ahead_without_computing() {
    let mut work = work();
    work.seek(100);
    let length = work.timeline().length();
    let ahead = work.ahead(10_000, 0).unwrap();
    assert_eq!((ahead.weight, work.timeline().length(), work.scenario().cursor), (Weight::Telling, length, 100));
    assert!(work.run_until(Until::Telling, 10_000));
    assert_eq!(work.scenario().cursor, ahead.event);
    assert_eq!(work.timeline().world().now_us(), ahead.at_us);
    assert!((101..ahead.event).all(|event| work.weights().of(event) == Weight::Routine));
    // Where nothing is telling, the look goes as far as it is asked to, and one event at least.
    work.seek(ahead.event);
    let near = work.ahead(1, 0).unwrap();
    assert_eq!(near.event, ahead.event + 1);
}
