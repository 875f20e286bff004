//! A log on the screen: the same questions as to a run, and no way to change anything.

use std::sync::Arc;

use crate::pairs::execution;
use sim::frame::{EventKind, Known};
use sim::log::LogSession;
use sim::{Input, LabSession, NodeId, Place, Subject, Until};

/// A client asks a server; another one does something of its own, and hears of it all at the end.
const TALK: &str = r#"ann {"ann":1}
asks
srv {"srv":1, "ann":1}
takes the question
srv {"srv":2, "ann":1}
answers
bob {"bob":1}
starts
ann {"ann":2, "srv":2}
has the answer
bob {"bob":2, "ann":2, "srv":2}
has heard, too
"#;
const ANN: NodeId = NodeId(0);
const SRV: NodeId = NodeId(1);
const BOB: NodeId = NodeId(2);

fn session() -> LogSession {
    LogSession::new(Arc::new(execution(TALK)))
}

#[test]
fn a_frame_shows_hosts_clocks_and_messages_under_way() {
    let mut session = session();
    let start = session.frame();
    assert_eq!((start.event, start.length, start.at_us, start.next_at_us), (0, 6, 0, Some(20_000)));
    assert_eq!(start.nodes[2].vector, [0, 0, 0]);
    assert_eq!(session.seek(3), 3);
    let frame = session.frame();
    let labels: Vec<&str> = frame.nodes.iter().map(|node| &*node.label).collect();
    assert_eq!(labels, ["ann", "srv", "bob"]);
    assert_eq!((frame.nodes[1].vector.clone(), frame.nodes[1].lamport), (vec![1, 2, 0], 3));
    assert_eq!((frame.caption.headline.to_string(), frame.caption.node), ("srv: answers".to_string(), Some(SRV)));
    let event = &frame.nodes[1].fields[0];
    assert_eq!(
        (event.value.to_string(), event.before.as_ref().map(ToString::to_string)),
        ("answers".into(), Some("takes the question".into()))
    );
    let under_way: Vec<_> =
        frame.messages.iter().map(|message| (message.from, message.to, message.label.to_string())).collect();
    assert_eq!(under_way, [(SRV, ANN, "answers".to_string())]);
    assert_eq!((frame.messages[0].sent_at_us, frame.messages[0].arrives_at_us), (60_000, 100_000));
    let links: Vec<_> = frame.links.iter().map(|link| (link.a, link.b)).collect();
    assert_eq!(links, [(ANN, SRV), (ANN, BOB)]);
    assert_eq!(session.seek(99), 6);
    assert_eq!((session.frame().next_at_us, session.frame().messages.len()), (None, 0));
}

#[test]
fn several_messages_may_lead_into_one_event() {
    let log = "ann {\"ann\":1}\nasks\nbob {\"bob\":1}\nasks\nsrv {\"srv\":1, \"ann\":1, \"bob\":1}\nhears both\n";
    let both = LogSession::new(Arc::new(execution(log))).trace(3, 3).remove(0);
    let senders: Vec<NodeId> = both.received.iter().map(|message| message.from).collect();
    assert_eq!((both.kind, both.causes, senders), (EventKind::Delivery, vec![1, 2], vec![NodeId(0), NodeId(1)]));
}

#[test]
fn the_trace_has_every_event_with_its_clock_and_its_messages() {
    let mut session = session();
    let trace = session.trace(0, 99);
    let numbers: Vec<_> = trace.iter().map(|event| (event.number, event.at_us, event.node)).collect();
    assert_eq!(numbers[4], (5, 100_000, Some(ANN)));
    assert_eq!(numbers.len(), 6);
    let answer = &trace[4];
    assert_eq!(
        (answer.kind, answer.causes.as_slice(), answer.lamport, answer.vector.clone()),
        (EventKind::Delivery, [3].as_slice(), 4, vec![2, 2, 0])
    );
    assert_eq!(answer.received.first().map(|message| message.id), trace[2].sent.first().map(|message| message.id));
    assert_eq!(answer.caption.detail.as_ref().map(ToString::to_string).as_deref(), Some("ann has heard of srv:2"));
    assert_eq!((trace[3].kind, trace[3].causes.len()), (EventKind::Operation, 0));
    let outline = session.outline(1, 6).expect("an outline");
    let counted: u32 = outline.blocks().flat_map(|block| block.counts).map(|count| u32::from(*count)).sum();
    assert_eq!((outline.first(), outline.last(), outline.last_us(), counted), (1, 6, 120_000, 6));
    assert_eq!(session.outline(7, 9), None);
    assert_eq!((session.enclosing(30_000, 90_000), session.enclosing(0, u64::MAX)), ((2, 4), (1, 6)));
    assert!(session.trace(7, 9).is_empty());
}

#[test]
fn time_goes_on_as_in_a_run() {
    let mut session = session();
    assert_eq!((session.advance(59_999, 99), session.frame().event), (2, 2));
    assert_eq!((session.advance(u64::MAX, 1), session.frame().event), (1, 3));
    assert!(session.run_until(Until::Node(BOB), 99) && session.frame().event == 4);
    assert!(session.run_until(Until::Node(BOB), 99) && session.frame().event == 6);
    assert!(!session.run_until(Until::Node(BOB), 99) && !session.run_until(Until::Leader, 99));
    assert!(session.run_until(Until::Moment(40_000), 99) && session.frame().event == 2);
    assert_eq!(session.frame_of(0, Place::Moment(82_000)).map(|frame| frame.event), Some(4));
    assert_eq!(session.frame_of(0, Place::Event(5)).map(|frame| frame.event), Some(5));
    assert_eq!((session.frame_of(1, Place::Event(5)), session.frame().event), (None, 2));
    let (scenario, digest) = (session.scenario(), session.digest());
    session.seek(5);
    assert_ne!(session.digest(), digest);
    session.load(&scenario).expect("its own scenario");
    assert_eq!(session.digest(), digest);
}

#[test]
fn the_chain_of_causes_follows_the_messages() {
    let mut session = session();
    session.seek(6);
    let why = session.why(&Subject::Node(BOB));
    let steps: Vec<u64> = why.steps.iter().map(|step| step.event).collect();
    assert_eq!(
        (why.question.to_string(), steps),
        ("What led to the last event of bob?".to_string(), vec![1, 2, 3, 5, 6])
    );
    let why = session.why(&Subject::Event(4));
    assert_eq!(
        (why.steps.len(), why.note.map(|note| note.to_string())),
        (1, Some("Nothing from another host had an influence on it.".to_string()))
    );
    session.seek(1);
    assert!(session.why(&Subject::Node(BOB)).steps.is_empty());
    let message = session.frame().messages[0].id;
    assert_eq!(session.why(&Subject::Message(message)).steps.last().map(|step| step.event), Some(1));
}

#[test]
fn a_host_knows_what_its_clock_counts() {
    let mut session = session();
    session.seek(5);
    let known: Vec<Known> = session.known_by(SRV).nodes.iter().map(|node| node.known).collect();
    assert_eq!(known, [Known::AsOf { event: 1, at_us: 20_000 }, Known::Now, Known::Nothing]);
    assert_eq!(session.known_by(SRV).nodes[0].vector, [1, 0, 0]);
    assert_eq!(session.known_by(SRV).caption.headline.to_string(), "srv does not notice what happens now");
    assert_eq!(session.known_by(ANN).messages.len(), 1);
    assert!(session.known_by(BOB).messages.is_empty());
}

#[test]
fn a_log_cannot_be_changed() {
    let mut session = session();
    let sentence = "this is a recorded log: it can be read, not changed";
    for refusal in [
        session.act(Input::Crash(ANN), None),
        session.act(Input::HealAll, Some(0)),
        session.open("anything"),
        session.restart(Vec::new(), 1),
        session.rename_branch(0, "x".into()),
        session.remove_branch(0),
    ] {
        assert_eq!(refusal.map_err(|text| text.to_string()), Err(sentence.to_string()));
    }
    assert_eq!((session.select_branch(0), session.select_branch(1).is_err()), (Ok(()), true));
    assert!(session.inputs().is_empty() && session.branches().len() == 1);
}
