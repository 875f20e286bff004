//! What a screen reader hears: one polite sentence for each step, whatever kind of event it was.

use std::collections::BTreeSet;

use netsplit::caption;
use sim::frame::{Caption, EventKind, Frame};
use sim::{Delay, Input, NodeId, Trouble, Value};

use crate::{count, draw_part};

const A: NodeId = NodeId(0);
const B: NodeId = NodeId(1);
const GONE: NodeId = NodeId(2);

/// The place of an input's kind below: a kind that is added to the simulator has to be tried here too.
fn kind(input: &Input) -> usize {
    match input {
        Input::Hold(_) => 0,
        Input::Release(_) => 1,
        Input::Delay { .. } => 2,
        Input::Duplicate(_) => 3,
        Input::Deliver(_) => 4,
        Input::Drop(_) => 5,
        Input::FireTimer { .. } => 6,
        Input::Cut { .. } => 7,
        Input::Heal { .. } => 8,
        Input::Split(_) => 9,
        Input::HealAll => 10,
        Input::Pause(_) => 11,
        Input::Resume(_) => 12,
        Input::Crash(_) => 13,
        Input::LoseDisk(_) => 14,
        Input::Restart(_) => 15,
        Input::SetClockOffset { .. } => 16,
        Input::SetClockDrift { .. } => 17,
        Input::SetDelay { .. } => 18,
        Input::SetTrouble { .. } => 19,
        Input::Operate { .. } => 20,
        Input::Set { .. } => 21,
        Input::Corrupt(_) => 22,
        // The servers of Raft do not lie.
        Input::Lie { .. } => usize::MAX,
    }
}

/// One input of each kind, in an order in which each is possible; made of the moment before it.
const TRIES: [fn(&Frame) -> Input; 23] = [
    |frame| Input::Hold(frame.messages[0].id),
    |frame| Input::Release(frame.messages.iter().find(|message| message.held).expect("a held message").id),
    |frame| Input::Delay { message: frame.messages[0].id, by_us: 5_000 },
    |frame| Input::Duplicate(frame.messages[0].id),
    |frame| Input::Deliver(frame.messages[0].id),
    |frame| Input::Drop(frame.messages[0].id),
    |frame| {
        let node = frame.nodes.iter().find(|node| !node.timers.is_empty()).expect("a node with a timer");
        Input::FireTimer { node: node.id, timer: node.timers[0].id }
    },
    |_| Input::Cut { from: A, to: GONE },
    |_| Input::Heal { from: A, to: GONE },
    |_| Input::Split(vec![vec![A, GONE], vec![B]]),
    |_| Input::HealAll,
    |_| Input::Pause(B),
    |_| Input::Resume(B),
    |_| Input::Crash(GONE),
    |_| Input::LoseDisk(GONE),
    |_| Input::Restart(GONE),
    |_| Input::SetClockOffset { node: B, offset_us: 40_000 },
    |_| Input::SetClockDrift { node: B, drift_ppm: 200 },
    |_| Input::SetDelay { from: A, to: B, delay: Delay::Constant { us: 70_000 } },
    |_| Input::SetTrouble { from: A, to: B, trouble: Trouble::Loss, ppm: 100_000 },
    |frame| {
        let action = &frame.actions[0];
        let values = action.parameters.iter().map(|parameter| parameter.default.clone()).collect();
        Input::Operate { node: action.nodes[0], action: action.name.to_string(), values }
    },
    |_| Input::Set { name: "persist_vote".to_string(), value: Value::Flag(false) },
    |frame| Input::Corrupt(frame.messages[0].id),
];

/// The sentence of a caption; it is in the page, in a region that screen readers announce as a whole and in their turn.
fn heard(caption: &Caption) -> String {
    let sentence = caption.headline.to_string();
    let html = draw_part(caption::draw(caption, false, false));
    assert!(!sentence.trim().is_empty(), "an event says nothing: {html}");
    assert!(html.contains("role=\"status\" aria-live=\"polite\" aria-atomic=\"true\""), "{html}");
    assert_eq!(count(&html, "<strong>"), 1, "{html}");
    sentence
}

#[test]
fn every_input_is_said_in_a_sentence_of_its_own() {
    let mut session = labs::registry::open("raft").expect("the lab");
    session.open("minority-leader").expect("the scenario");
    session.act(Input::HealAll, None).expect("there is a cut");
    let mut said = BTreeSet::new();
    for (place, input) in TRIES.iter().enumerate() {
        let input = input(&session.frame());
        assert_eq!(kind(&input), place);
        session.act(input.clone(), None).unwrap_or_else(|refusal| panic!("{input:?}: {refusal}"));
        said.insert(heard(&session.frame().caption));
    }
    assert_eq!(said.len(), TRIES.len(), "{said:#?}");
}

#[test]
fn every_kind_of_event_of_every_lab_is_said() {
    let mut kinds = BTreeSet::new();
    for lab in labs::registry::LABS {
        let mut session = lab.open().expect("the lab");
        for card in session.scenarios() {
            session.open(card.name).expect("the scenario");
            let end = session.scenario().cursor + 50;
            let end = session.seek(end);
            for event in session.trace(1, end) {
                heard(&event.caption);
                kinds.insert(event.kind.name());
            }
        }
    }
    let all = [EventKind::Delivery, EventKind::Timer, EventKind::Operation, EventKind::Fault];
    assert_eq!(kinds, all.map(EventKind::name).into());
}

/// While a run plays, each sentence would cut off the one before.
#[test]
fn a_run_that_plays_is_silent() {
    let caption = labs::registry::open("raft").expect("the lab").frame().caption;
    assert!(draw_part(caption::draw(&caption, true, true)).contains("aria-live=\"off\""));
}
