//! The papers, section by section.

use parts::values::{number, word};
use sim::Input;
use sim::probe::{Asked, Probe};

use super::super::member::Stage;
use super::*;

const N1: NodeId = NodeId(0);
const N2: NodeId = NodeId(1);
const N3: NodeId = NodeId(2);
const N4: NodeId = NodeId(3);
const N5: NodeId = NodeId(4);

/// A node of five after a start that is not the first.
fn probe(me: NodeId, changes: &[(&'static str, Value)]) -> (Probe<Node>, Node, Asked<Node>) {
    let settings = settings(changes).accept(&sim::all_settings::<Elections>()).expect("known settings");
    let mut probe = Probe::new(me, 6, Elections::configure(&settings));
    let disk = Disk { lives: 1, term: 1, answered: Some(N5), ..Disk::default() };
    let (node, asked) = probe.run(|effects| Node::boot(&disk, effects));
    (probe, node, asked)
}

fn to(asked: &Asked<Node>, is_meant: fn(&Message) -> bool) -> Vec<NodeId> {
    asked.sends.iter().filter(|(_, message)| is_meant(message)).map(|(to, _)| *to).collect()
}

const CALL: Call = Call { life: 2, number: 1 };

fn the(node: &Node) -> &Member {
    node.member().expect("one that elects")
}

/// Garcia-Molina 1982, appendix, Recovery and Election: who is up again asks those with higher numbers; an answer ends its election.
#[test]
fn appendix_a_node_that_recovers_asks_those_above() {
    let (mut probe, mut n3, asked) = probe(N3, &[]);
    assert_eq!(to(&asked, |message| *message == Message::AreYouUp(CALL)), [N4, N5]);
    assert_eq!(asked.disk.map(|disk| disk.lives), Some(2));
    let asked = probe.run(|effects| n3.on_message(N5, Message::Up(CALL), effects)).1;
    assert!(asked.sends.is_empty());
    assert!(asked.timers.contains(&(Timer::Winner, Some(120_000))));
    assert_eq!((the(&n3).stage, the(&n3).waits), (Stage::Idle, true));
}

/// Section III: nobody above answers; all below are halted, then told, then given the task, and only then it works.
#[test]
fn section_3_halt_then_name_then_start() {
    let (mut probe, mut n3, _) = probe(N3, &[]);
    let asked = probe.run(|effects| n3.on_timer(Timer::Answers, effects)).1;
    assert_eq!(to(&asked, |message| matches!(message, Message::Halt { .. })), [N1, N2]);
    assert_eq!(the(&n3).follows(), None);
    probe.run(|effects| n3.on_message(N1, Message::Halted { call: CALL, life: 4 }, effects));
    let asked = probe.run(|effects| n3.on_message(N2, Message::Halted { call: CALL, life: 1 }, effects)).1;
    assert_eq!(
        asked.sends,
        [(N1, Message::NewCoordinator { call: CALL, life: 4 }), (N2, Message::NewCoordinator { call: CALL, life: 1 })]
    );
    assert_eq!(the(&n3).standing, Standing::Reorganizing);
    probe.run(|effects| n3.on_message(N1, Message::Taken(CALL), effects));
    let asked = probe.run(|effects| n3.on_message(N2, Message::Taken(CALL), effects)).1;
    assert_eq!(asked.sends, [(N1, Message::Ready(CALL)), (N2, Message::Ready(CALL))]);
    assert!(!the(&n3).leads(N3));
    probe.run(|effects| n3.on_message(N1, Message::Working(CALL), effects));
    probe.run(|effects| n3.on_message(N2, Message::Working(CALL), effects));
    assert!(the(&n3).leads(N3));
}

/// Section III, step 3: `New coordinator` is taken only from whom the node has halted for, in the election for which it did, and in the
/// life in which it did. A copy of an old `Halt` changes nothing.
#[test]
fn section_3_only_the_halter_is_taken() {
    let (mut probe, mut n1, _) = probe(N1, &[]);
    let mut hear = |from, message| probe.run(|effects| n1.on_message(from, message, effects)).1;
    let by = |number| Call { life: 1, number };
    hear(N4, Message::Halt { call: by(7), term: 0 });
    hear(N5, Message::Halt { call: by(3), term: 0 });
    assert!(hear(N4, Message::Halt { call: by(7), term: 0 }).sends.is_empty());
    assert!(hear(N4, Message::NewCoordinator { call: by(7), life: 2 }).sends.is_empty());
    assert!(hear(N5, Message::NewCoordinator { call: by(2), life: 2 }).sends.is_empty());
    assert!(hear(N5, Message::NewCoordinator { call: by(3), life: 1 }).sends.is_empty());
    assert_eq!(hear(N5, Message::NewCoordinator { call: by(3), life: 2 }).sends, [(N5, Message::Taken(by(3)))]);
    assert_eq!(hear(N5, Message::Ready(by(3))).sends, [(N5, Message::Working(by(3)))]);
    assert_eq!((the(&n1).standing, the(&n1).coordinator), (Standing::Normal, Some(N5)));
}

/// Appendix: an answer that is missing in step 3 or 4 starts the election over.
#[test]
fn appendix_a_missing_answer_starts_over() {
    let (mut probe, mut n3, _) = probe(N3, &[]);
    probe.run(|effects| n3.on_timer(Timer::Answers, effects));
    probe.run(|effects| n3.on_message(N1, Message::Halted { call: CALL, life: 1 }, effects));
    probe.run(|effects| n3.on_timer(Timer::Answers, effects));
    assert_eq!(the(&n3).stage, Stage::Naming);
    let asked = probe.run(|effects| n3.on_timer(Timer::Answers, effects)).1;
    let again = Call { life: 2, number: 2 };
    assert_eq!(asked.sends, [(N4, Message::AreYouUp(again)), (N5, Message::AreYouUp(again))]);
}

/// Ongaro and Ousterhout 2014, section 5.2: one answer a term, on the disk before it is sent.
#[test]
fn raft_5_2_one_answer_a_term() {
    let (mut probe, mut n1, _) = probe(N1, &[("guard", word("terms"))]);
    let call = Call { life: 2, number: 1 };
    let asked = probe.run(|effects| n1.on_message(N4, Message::Halt { call, term: 2 }, effects)).1;
    assert_eq!(asked.disk.map(|disk| (disk.term, disk.answered)), Some((2, Some(N4))));
    assert_eq!(asked.sends, [(N4, Message::Halted { call, life: 2 })]);
    let asked = probe.run(|effects| n1.on_message(N5, Message::Halt { call, term: 2 }, effects)).1;
    assert_eq!(asked.sends, [(N5, Message::Busy { call, term: 2 })]);
    assert_eq!(the(&n1).halted_by, Some((N4, call)));
}

/// Chang and Roberts 1979: a higher number goes on, a lower one is replaced by the own or swallowed, and the own one wins.
#[test]
fn chang_and_roberts_numbers() {
    let (mut probe, mut n3, _) = probe(N3, &[("algorithm", word("ring")), ("recover_elects", Value::Flag(false))]);
    let token = |owner, hops| Token { owner, call: CALL, hops, is_elected: false };
    let mut hear = |hop, token| {
        let asked = probe.run(|effects| n3.on_message(N2, Message::Pass { hop, token }, effects)).1;
        let passed = |(to, message): &(NodeId, Message)| match message {
            Message::Pass { token, .. } => Some((*to, token.owner, token.hops, token.is_elected)),
            _ => None,
        };
        (asked.sends.contains(&(N2, Message::Receipt(hop))), asked.sends.iter().find_map(passed))
    };
    assert_eq!(hear(1, token(N5, 3)), (true, Some((N4, N5, 4, false))));
    assert_eq!(hear(2, token(N1, 2)), (true, None));
    assert_eq!(hear(3, token(N3, 5)), (true, Some((N4, N3, 1, true))));
    assert_eq!(hear(4, token(N1, 2)), (true, Some((N4, N3, 1, false))));
    // What has gone round twice has no owner any more.
    assert_eq!(hear(5, token(N5, 10)), (true, None));
}

/// The ring with two nodes down, and a ring of one.
#[test]
fn a_ring_skips_those_that_are_down() {
    for down in [vec![N4, N5], vec![N1, N3], vec![N1, N2, N3, N4], vec![N2, N3, N4, N5]] {
        let mut director = Director::<Elections>::new(settings(&[("algorithm", word("ring"))]), 1).expect("settings");
        director.run_for_us(20_000);
        down.iter().for_each(|node| director.act(Input::Crash(*node)));
        director.run_for_us(2_000_000);
        assert_eq!(outcome(&director, "highest-leads"), Outcome::Reached, "{down:?}");
        down.iter().for_each(|node| director.act(Input::Restart(*node)));
        director.run_for_us(2_000_000);
        assert_eq!(measure(&director, "coordinator"), 5, "{down:?}");
        assert_eq!(outcome(&director, "agreed"), Outcome::Reached, "{down:?}");
    }
}

/// Section II, assumptions: what breaks them ends what rests on them; a crash does not.
#[test]
fn section_2_what_is_in_time() {
    let begun = || {
        let mut director = Director::<Elections>::new(settings(&[]), 1).expect("settings");
        director.run_for_us(31_000);
        director
    };
    let in_time = |act: &dyn Fn(&mut Director<Elections>)| {
        let mut director = begun();
        act(&mut director);
        director.run_for_us(400_000);
        is_in_time(&director)
    };
    assert!(in_time(&|_| {}));
    assert!(in_time(&|director| director.act(Input::Crash(N5))));
    assert!(!in_time(&|director| director.act(Input::Pause(N1))));
    assert!(!in_time(&|director| director.act(Input::SetClockDrift { node: N1, drift_ppm: 1_000 })));
    assert!(!in_time(&|director| director.act(Input::Set { name: "answer_ms".to_string(), value: number(50) })));
    let fire = |director: &mut Director<Elections>| {
        let timer = director.world().nodes().timers(N2).next().expect("a timer").id;
        director.act(Input::FireTimer { node: N2, timer });
    };
    assert!(!in_time(&fire));
    let first = |director: &Director<Elections>| director.messages(|_, _, _| true)[0];
    assert!(in_time(&|director| director.act(Input::Duplicate(first(director)))));
    assert!(in_time(&|director| director.act(Input::Deliver(first(director)))));
    assert!(!in_time(&|director| director.act(Input::Drop(first(director)))));
    assert!(!in_time(&|director| director.act(Input::Hold(first(director)))));
    assert!(!in_time(&|director| director.act(Input::Delay { message: first(director), by_us: 20_000 })));
    assert!(in_time(&|director| director.act(Input::Delay { message: first(director), by_us: 1_000 })));
}
