//! What the prepared scenarios show, and what the tables say of it.

use sim::frame::Panel;
use sim::{Input, LabSession, Operations, t};

use super::*;

fn session<L: Lab>(scenario: &str) -> Box<dyn LabSession> {
    let lab: &'static dyn AnyLab = Of::<L>::LAB;
    let mut session = lab.open().expect("a session");
    session.open(scenario).expect("a scenario");
    session
}

fn badges(session: &mut dyn LabSession) -> Vec<String> {
    session.frame().nodes.iter().map(|node| node.badge.to_string()).collect()
}

fn table(session: &mut dyn LabSession) -> Vec<String> {
    let frame = session.frame();
    let Panel::Table { rows, .. } = &frame.panels[0] else { panic!("a table") };
    rows.iter().map(|row| row.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | ")).collect()
}

/// Lamport 1978: the converse of the Clock Condition does not hold.
#[test]
fn times_order_events_that_are_strangers() {
    let mut session = session::<LamportClocks>("ordered-by-chance");
    assert_eq!(badges(&mut *session), ["L2", "L3", "L2"]);
    let expected = [
        "1 | A | A1 | “x=1” happens",
        "1 | C | C1 | “y=1” happens",
        "2 | A | A2 | sends m1 to B",
        "2 | C | C2 | sends m2 to B",
        "3 | B | B1 | receives m1 from A",
    ];
    assert_eq!(table(&mut *session), expected);
}

/// The same history with vectors: A1 came before B1, and C1 is concurrent with both.
#[test]
fn vectors_say_what_times_do_not() {
    let mut session = session::<VectorClocks>("same-history");
    assert_eq!(badges(&mut *session), ["[2 0 0]", "[2 1 0]", "[0 0 2]"]);
    let expected = [
        "A1 [1 0 0] | · | before | concurrent with | before | concurrent with",
        "A2 [2 0 0] | after | · | concurrent with | before | concurrent with",
        "C1 [0 0 1] | concurrent with | concurrent with | · | concurrent with | before",
        "B1 [2 1 0] | after | after | concurrent with | · | concurrent with",
        "C2 [0 0 2] | concurrent with | concurrent with | after | concurrent with | ·",
    ];
    assert_eq!(table(&mut *session), expected);
}

#[test]
fn a_late_message_pushes_the_clock_of_b_to_11() {
    let mut session = session::<LamportClocks>("late-message");
    assert_eq!(badges(&mut *session), ["L10", "L2", "L0"]);
    session.seek(session.scenario().cursor + 1);
    assert_eq!(badges(&mut *session), ["L10", "L11", "L0"]);
    assert_eq!(session.frame().caption.headline.to_string(), "B receives m1 stamped 10: max(2, 10) + 1 = 11");
}

#[test]
fn the_answer_tells_c_what_it_has_not_heard() {
    let mut session = session::<VectorClocks>("answer-first");
    assert_eq!(badges(&mut *session), ["[2 0 0]", "[2 2 0]", "[2 2 1]"]);
    let frame = session.frame();
    assert!(frame.messages.iter().any(|message| message.label.to_string() == "question · [1 0 0]"));
}

/// The table stays as long as the screen can show, however long the run is.
#[test]
fn tables_are_bounded() {
    let mut lamport = session::<LamportClocks>("ordered-by-chance");
    let mut vector = session::<VectorClocks>("siblings");
    lamport.seek(2_000);
    vector.seek(2_000);
    assert_eq!((table(&mut *lamport).len(), table(&mut *vector).len()), (12, 8));
}

/// Nodes that have lost their disk begin anew, and the monitor says so.
#[test]
fn a_lost_disk_is_a_lost_clock() {
    let mut director = Director::<LamportClocks>::new(settings(&[]), 1).expect("settings");
    director.operate(A, "local", &[word("x=1")]);
    for input in [Input::Crash(A), Input::LoseDisk(A), Input::Restart(A)] {
        director.act(input);
    }
    assert_eq!(director.world().verdicts().get(1).outcome, sim::Outcome::Kept);
    director.operate(A, "local", &[word("x=2")]);
    let verdict = director.world().verdicts().get(1).clone();
    assert_eq!(verdict.outcome, sim::Outcome::Broken);
    let (_, _, refusals) = director.finish();
    assert!(refusals.is_empty());
}

#[test]
fn refusals_say_what_to_do() {
    let said =
        |action: &str, values: &[Value]| LamportClocks::operation(action, values).expect_err("refused").to_string();
    assert_eq!(said("local", &[word(" ")]), "a name has at least one character");
    assert_eq!(said("jump", &[]), "there is no operation jump with such values");
    let mut world = World::new(Of::<LamportClocks>::LAB, settings(&[]), 1).expect("settings");
    let input = Input::Operate { node: A, action: "send".into(), values: vec![word("A"), word("m1")] };
    let refusal = world.apply(&sim::Timed { after_event: 0, at_us: 0, input }).expect_err("not to itself");
    assert_eq!(refusal.to_string(), "to node takes one of: B, C");
}

/// The numbers of the events of a node in the trace, without faults.
fn numbers(session: &mut dyn LabSession, node: NodeId) -> Vec<u64> {
    let length = session.frame().length;
    let events = session.trace(1, length).into_iter().filter(|event| event.node == Some(node));
    events.map(|event| event.number).collect()
}

/// Lamport 1978: C1 and A2 are concurrent, and the total order puts C1 first all the same.
#[test]
fn the_worked_case_is_told_apart_by_vectors_only() {
    let mut session = session::<LamportClocks>("ordered-by-chance");
    let (a, c) = (numbers(&mut *session, A), numbers(&mut *session, C));
    let compared = session.compare_events(c[0], a[1]).expect("two events");
    assert_eq!(compared.relation, Some(sim::Relation::Concurrent));
    let tells: Vec<String> = compared.clues.iter().map(|clue| clue.tells.to_string()).collect();
    assert!(tells[0].starts_with("L1 < L2 says only that event"), "{}", tells[0]);
    assert!(tells[1].starts_with("[0 0 1] counts more events of C, [2 0 0] more of A."), "{}", tells[1]);
    assert!(tells[2].starts_with("(L1, C) comes before (L2, A)"), "{}", tells[2]);
    assert_eq!(tells.len(), 3, "the nodes' own clocks agree");
    let back = session.compare_events(a[0], a[1]).expect("two events");
    assert_eq!(back.relation, Some(sim::Relation::Before));
}

/// Where a rule is broken, the nodes' own times are not those of the world.
#[test]
fn a_broken_clock_shows_in_a_comparison() {
    let mut session = session::<LamportClocks>("no-maximum");
    let (a, b) = (numbers(&mut *session, A), numbers(&mut *session, B));
    let compared = session.compare_events(a[3], b[0]).expect("two events");
    assert_eq!(compared.relation, Some(sim::Relation::Before));
    let own = compared.clues.last().expect("a clue").tells.to_string();
    assert_eq!(own, "The nodes themselves say L4 and L1.");
}

/// The times in the lanes are those that the nodes give, and in a run without faults the simulator's own.
#[test]
fn the_lanes_show_the_times_of_the_nodes() {
    let mut lamport = session::<LamportClocks>("three-processes");
    let mut vector = session::<VectorClocks>("three-processes");
    for (session, is_vector) in [(&mut lamport, false), (&mut vector, true)] {
        let length = session.seek(200);
        for event in session.trace(1, length) {
            let truth = if is_vector { sim::relation::whole(&event.vector) } else { t!("L{l}", l = event.lamport) };
            assert_eq!(event.stamp.map(|stamp| stamp.to_string()), Some(truth.to_string()), "event {}", event.number);
        }
    }
}

/// What the stage asks for when nodes are pressed: the values that stand in the forms, and the second node.
#[test]
fn a_history_is_made_by_gestures() {
    let mut session = session::<VectorClocks>("your-own-history");
    let frame = session.frame();
    let of = |name: &str, node: NodeId| {
        let action = frame.actions.iter().find(|action| action.name == name && action.nodes == [node]);
        action.expect("an action").clone()
    };
    assert_eq!(of("local", B).gesture.map(|gesture| gesture.second), Some(None));
    assert_eq!(of("send", B).gesture.map(|gesture| gesture.second), Some(Some("to")));
    let said: Vec<String> = of("send", B).parameters.iter().map(|setting| setting.default.to_string()).collect();
    assert_eq!(said, ["A", "b2"]);
    assert_eq!(frame.next_at_us, None, "nothing happens by itself");
}
