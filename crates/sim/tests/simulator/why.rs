//! Causes and knowledge, in a lab that has no rules of its own to speak of.

use crate::echo::EchoLab;
use sim::frame::Known;
use sim::{Input, LabSession, NodeId, Of, Subject, Value, Work};

const N1: NodeId = NodeId(0);
const N2: NodeId = NodeId(1);
const N3: NodeId = NodeId(2);

fn work() -> Work {
    let mut work = Work::new(Of::<EchoLab>::LAB).expect("the lab opens");
    work.restart(Vec::new(), 1).expect("the defaults are right");
    work
}

#[test]
fn a_message_was_sent_by_a_timer() {
    let mut work = work();
    work.seek(1);
    let id = work.frame().messages[0].id;
    let why = work.why(&Subject::Message(id));
    assert_eq!(why.question.to_string(), "Why was this sent?");
    assert_eq!(why.steps.len(), 1);
    assert!(why.steps[0].sentence.to_string().ends_with("its beat of 10 ms has run out"));
    assert_eq!(why.event, 1);
}

/// A beat that sets itself again and again is told once.
#[test]
fn runs_of_a_timer_that_sets_itself_are_passed_over() {
    let mut work = work();
    work.seek(200);
    let beats = work.trace(1, 200);
    let last = beats.iter().rfind(|event| event.kind == sim::frame::EventKind::Timer).unwrap().number;
    assert_eq!(work.why(&Subject::Event(last)).steps.len(), 1);
}

#[test]
fn an_answer_has_a_ping_and_a_beat_behind_it() {
    let mut work = work();
    work.run_until(sim::Until::Check, 1_000);
    let event = work.frame().event;
    let why = work.why(&Subject::Check("three-answers"));
    assert_eq!(why.steps.last().unwrap().event, event);
    assert_eq!(why.steps.len(), 3, "beat, ping, answer: {:?}", why.steps);
    assert_eq!(why.steps[2].detail.as_ref().unwrap().to_string().split_once(' ').unwrap().1, "has three answers.");
}

#[test]
fn a_timer_that_somebody_fired_says_so() {
    let mut work = work();
    let timer = work.frame().nodes[0].timers[0].id;
    work.act(Input::FireTimer { node: N1, timer }, None).expect("a timer");
    let why = work.why(&Subject::Event(1));
    assert!(why.steps[0].sentence.to_string().contains("somebody let its beat run out early"));
}

#[test]
fn a_broken_check_names_the_rule_that_is_off() {
    let mut work = work();
    work.seek(5);
    work.act(Input::Set { name: "count-once".into(), value: Value::Flag(false) }, None).expect("a rule");
    work.run_until(sim::Until::Check, 1_000);
    let message = |work: &mut Work| work.frame().messages.iter().find(|message| message.reply).cloned();
    while message(&mut work).is_none() {
        work.seek(work.timeline().world().event() + 1);
    }
    let pong = message(&mut work).unwrap();
    work.act(Input::Duplicate(pong.id), None).expect("a message");
    work.run_until(sim::Until::Check, 1_000);
    let why = work.why(&Subject::Check("counted-once"));
    assert_eq!(why.question.to_string(), "Why is “answers counted once” broken?");
    assert_eq!((why.rules[0].name, why.rules[0].followed), ("count-once", false));
    assert!(why.steps[0].event == 6 && why.steps[0].sentence.to_string().starts_with("From here on"));
}

/// A message that is lost because a node is down again is no consequence of its first crash.
#[test]
fn what_is_undone_has_no_further_consequences() {
    let mut work = work();
    let mut act = |inputs: &[Input]| {
        inputs.iter().for_each(|input| work.act(input.clone(), None).expect("an input"));
        let first = work.frame().event + 1 - inputs.len() as u64;
        work.seek(first + 300);
        let mut steps = |event| work.why(&Subject::Event(event)).steps.len();
        (steps(first), steps(first + inputs.len() as u64 - 1))
    };
    assert_eq!(act(&[Input::Crash(N2), Input::Restart(N2), Input::Crash(N2)]), (1, 2));
    let cut = Input::Cut { from: N3, to: N1 };
    assert_eq!(act(&[cut.clone(), Input::Heal { from: N3, to: N1 }, cut]), (1, 2));
}

/// Messages that are under way on a link are lost with it.
#[test]
fn what_is_lost_at_once_is_the_first_consequence_of_a_cut() {
    let mut work = work();
    work.seek(1);
    let message = work.frame().messages[0].clone();
    work.act(Input::Cut { from: message.from, to: message.to }, None).expect("a cut");
    let event = work.frame().event;
    work.seek(event + 300);
    let why = work.why(&Subject::Event(event));
    assert_eq!(why.steps.iter().map(|step| step.event).collect::<Vec<_>>(), [event, event]);
}

#[test]
fn questions_about_what_is_not_there_have_no_answer() {
    let mut work = work();
    for subject in [Subject::Node(NodeId(77)), Subject::Check("none"), Subject::Event(0), Subject::Event(9_999)] {
        assert!(work.why(&subject).steps.is_empty(), "{subject:?}");
    }
    assert_eq!(work.known_by(NodeId(77)), work.frame());
}

/// Mattern 1989: what a node can know is its causal past, and its vector time counts that.
#[test]
fn what_a_node_knows_grows_only_with_its_messages() {
    let mut work = work();
    assert!(work.known_by(N1).nodes[1..].iter().all(|node| node.known == Known::Nothing));
    work.act(Input::Split(vec![vec![N1, N2], vec![N3]]), None).expect("a split");
    work.seek(300);
    let (real, known) = (work.frame(), work.known_by(N1));
    for (node, real) in known.nodes.iter().zip(&real.nodes) {
        let heard = known.nodes[0].vector[node.id.index()];
        match node.known {
            Known::Now => assert_eq!(node, real),
            Known::AsOf { event, .. } => {
                assert_eq!(node.vector[node.id.index()], heard, "as of its last event that N1 has heard of");
                work.seek(event);
                assert_eq!(work.frame().nodes[node.id.index()].vector, node.vector);
                work.seek(300);
            }
            Known::Nothing => assert_eq!(heard, 0),
        }
    }
    assert_eq!(known.nodes[2].known, Known::Nothing, "N3 is cut off from the start");
    assert!(known.links.iter().all(|link| link.forth.up && link.back.up));
}

/// What happens elsewhere does not change what a node knows.
#[test]
fn events_of_others_are_not_noticed() {
    let mut work = work();
    work.seek(100);
    let mut compared = 0;
    for event in 101..160 {
        let before = work.known_by(N1);
        work.seek(event);
        let after = work.known_by(N1);
        if work.timeline().world().last_node() != Some(N1) {
            assert_eq!(before.nodes[1..], after.nodes[1..]);
            assert_eq!(before.nodes[0].vector, after.nodes[0].vector);
            compared += 1;
        }
    }
    assert!(compared > 20);
}
