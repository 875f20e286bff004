//! Nodes that lie.

use sim::frame::{Frame, Message, Tone};
use sim::hunt::{Hazard, Hunt};
use sim::{AnySystem, Input, LabSession, Manner, NodeId, Of, Settings, SharedMoment, Value, Work, World};

use crate::echo::EchoLab;

const N1: NodeId = NodeId(0);
const N2: NodeId = NodeId(1);
const N3: NodeId = NodeId(2);

fn work() -> Work {
    Work::new(Of::<EchoLab>::LAB).unwrap()
}

fn lie(node: NodeId, manner: Manner) -> Input {
    Input::Lie { node, manner: Some(manner) }
}

fn call(work: &mut Work, node: NodeId) -> Frame {
    let seen = work.frame().messages.len();
    work.act(Input::Operate { node, action: "call".to_string(), values: Vec::new() }, None).unwrap();
    let mut frame = work.frame();
    frame.messages.drain(..seen);
    frame
}

/// To whom, what, and what an honest node would have said.
fn told(message: &Message) -> (NodeId, String, Option<String>) {
    (message.to, message.label.to_string(), message.honest.as_ref().map(ToString::to_string))
}

#[test]
fn a_two_faced_node_contradicts_itself_and_the_caption_tells_what_it_said_and_should_have() {
    let mut work = work();
    work.act(lie(N1, Manner::TwoFaced), None).unwrap();
    assert_eq!(work.frame().caption.headline.to_string(), "N1 lies from here on: it tells some the opposite");
    let frame = call(&mut work, N1);
    let messages: Vec<_> = frame.messages.iter().map(told).collect();
    assert_eq!(messages, [(N2, "pong".into(), Some("ping".into())), (N3, "ping".into(), None)]);
    let others: Vec<_> = frame.messages.iter().map(|message| message.contradicts.clone()).collect();
    assert_eq!(others, [vec![N3], vec![N2]]);
    assert_eq!(frame.messages[1].said().to_string(), "≠ ping");
    assert_eq!(frame.caption.detail.unwrap().to_string(), "N1 lies: “pong” to N2 in place of “ping”");
    let liar = &frame.nodes[0];
    assert_eq!((liar.lies, liar.tone), (Some(Manner::TwoFaced), Tone::Violation));
    assert_eq!(liar.tag.as_ref().unwrap().to_string(), "lies");
}

#[test]
fn a_silent_node_sends_nothing_and_goes_on_so_after_a_crash() {
    let mut work = work();
    for input in [lie(N1, Manner::Silent), Input::Crash(N1), Input::Restart(N1)] {
        work.act(input, None).unwrap();
    }
    let frame = call(&mut work, N1);
    assert_eq!(frame.messages, []);
    assert_eq!(frame.caption.detail.unwrap().to_string(), "N1 lies: nothing to N2, nothing to N3");
    work.act(Input::Lie { node: N1, manner: None }, None).unwrap();
    assert_eq!(call(&mut work, N1).messages.len(), 2);
}

#[test]
fn what_cannot_be_is_refused_with_a_sentence() {
    let mut work = work();
    let refusal = |work: &mut Work, input| work.act(input, None).unwrap_err().to_string();
    let honest = Input::Lie { node: N1, manner: None };
    assert_eq!(refusal(&mut work, honest), "N1 does not lie");
    assert_eq!(refusal(&mut work, lie(N1, Manner::Random)), "the nodes of this lab do not lie in this way");
    work.act(lie(N1, Manner::Silent), None).unwrap();
    assert_eq!(refusal(&mut work, lie(N1, Manner::Silent)), "N1 lies in this way already");
}

#[test]
fn nobody_but_the_liar_knows_of_its_lies() {
    let mut work = work();
    work.act(lie(N1, Manner::TwoFaced), None).unwrap();
    call(&mut work, N1);
    work.seek(40);
    let known = work.known_by(N2);
    assert_eq!((known.nodes[0].lies, known.nodes[0].tone, known.nodes[0].tag.clone()), (None, Tone::Plain, None));
    let own = work.known_by(N1);
    assert_eq!(own.nodes[0].lies, Some(Manner::TwoFaced));
    assert!(own.messages.iter().all(|message| message.honest.is_none() && message.contradicts.is_empty()));
}

#[test]
fn a_link_and_a_replay_keep_lies() {
    let mut work = work();
    work.act(lie(N2, Manner::TwoFaced), None).unwrap();
    call(&mut work, N2);
    let shared = SharedMoment::now(&mut work, None, Vec::new());
    let read = SharedMoment::read(&shared.link()).unwrap();
    assert_eq!(read, shared);
    let mut again = self::work();
    again.load(&read.scenario).unwrap();
    read.compare(&mut again).unwrap();
    assert_eq!(again.frame(), work.frame());
}

#[test]
fn the_seed_draws_who_lies_from_the_start() {
    let liars = |seed| {
        let lab = Of::<EchoLab>::LAB;
        let settings = Settings::defaults(&lab.settings()).with("liars", Value::Integer(1));
        let world = World::new(lab, settings, seed).unwrap();
        world.nodes().ids().filter(|node| world.nodes().lies(*node).is_some()).collect::<Vec<_>>()
    };
    let mut drawn: Vec<_> = (0..30).map(liars).collect();
    assert_eq!(drawn[7], liars(7));
    drawn.sort_unstable();
    drawn.dedup();
    assert_eq!(drawn, [[N1], [N2], [N3]]);
}

#[test]
fn a_hunt_lets_as_many_lie_as_the_lab_says() {
    let settings = Settings::default();
    let hunt = Hunt::new(Of::<EchoLab>::LAB, settings).for_check("never-down").unwrap();
    let hunt = Hunt { hazards: vec![Hazard::Lie, Hazard::Crash], ..hunt };
    let mut found = 0;
    for seed in 0..200 {
        let Some(find) = hunt.run(seed).unwrap().0 else { continue };
        let inputs = find.scenario.inputs.iter().map(|timed| &timed.input);
        let liars = inputs.filter_map(|input| match input {
            Input::Lie { node, manner: Some(_) } => Some(*node),
            _ => None,
        });
        let mut liars: Vec<_> = liars.collect();
        liars.dedup();
        assert!(liars.len() <= 1, "{liars:?}");
        found += liars.len();
    }
    assert!(found > 10, "{found}");
}
