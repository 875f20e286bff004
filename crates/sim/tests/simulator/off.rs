//! Nodes that are off: at the start, and processes that end themselves.

use sim::frame::Status;
use sim::hunt::Hunt;
use sim::{Director, Input, LabSession, NodeId, Of, Settings, Value, Work, World};

use crate::echo::EchoLab;

const N1: NodeId = NodeId(0);
const N3: NodeId = NodeId(2);

fn director(settings: Settings) -> Director<EchoLab> {
    Director::new(settings, 1).expect("settings of the lab")
}

fn with_one_off() -> Settings {
    Settings::default().with("off", Value::Integer(1))
}

fn exit(director: &mut Director<EchoLab>, node: NodeId, restart_after_ms: i64) {
    director.operate(node, "exit", &[Value::Integer(restart_after_ms)]);
}

#[test]
fn a_node_that_is_off_hears_nothing_until_somebody_starts_it() {
    let mut director = director(with_one_off());
    director.run(60);
    let off = |world: &World| (world.nodes().status(N3), world.nodes().lamport(N3));
    assert_eq!(off(&director.world()), (Status::Off, 0));
    director.act(Input::Restart(N3));
    director.run(60);
    assert_eq!(director.world().nodes().status(N3), Status::Up);
    assert!(director.world().nodes().state(N3).is_some_and(|state| !state.heard.is_empty()));
    assert_eq!(director.finish().2, []);
}

#[test]
fn what_is_off_cannot_crash_pause_or_act_and_says_why() {
    let mut work = Work::new(Of::<EchoLab>::LAB).unwrap();
    work.restart(vec![("off".to_string(), Value::Integer(1))], 1).unwrap();
    let operate = Input::Operate { node: N3, action: "write".to_string(), values: vec![Value::Integer(1)] };
    for input in [Input::Crash(N3), Input::Pause(N3), operate] {
        assert_eq!(work.act(input, None).unwrap_err().to_string(), "N3 is off: start it first");
    }
    work.act(Input::LoseDisk(N3), None).unwrap();
    let node = &work.frame().nodes[N3.index()];
    assert_eq!((node.status, node.role.to_string()), (Status::Off, "off".to_string()));
}

#[test]
fn a_process_that_ends_itself_is_started_again_when_it_asked_for_that_and_only_then() {
    let mut director = director(Settings::default());
    director.run(50);
    let answers = director.world().nodes().state(N1).expect("it runs").answers;
    assert!(answers > 0);
    exit(&mut director, N1, 25);
    let ended_us = director.now_us();
    assert_eq!(director.world().nodes().status(N1), Status::Off);
    assert_eq!(director.world().nodes().timers(N1).count(), 0);
    director.run_until(|world| world.nodes().status(N1) == Status::Up);
    assert_eq!(director.now_us(), ended_us + 25_000);
    let booted_with = director.world().nodes().state(N1).map(|state| state.booted_with);
    assert_eq!(booted_with, Some(answers), "what was on the disk is still there");
    exit(&mut director, N1, 0);
    director.run(300);
    assert_eq!(director.world().nodes().status(N1), Status::Off);
    // Whoever starts it by hand comes before its machine, which then leaves it alone.
    director.act(Input::Restart(N1));
    exit(&mut director, N1, 25);
    director.act(Input::Restart(N1));
    let lamport = director.world().nodes().lamport(N1);
    director.act(Input::Crash(N1));
    director.run_for_us(200_000);
    assert_eq!(director.world().nodes().lamport(N1), lamport + 1, "a crash, and no start");
    assert_eq!(director.finish().2, []);
}

#[test]
fn the_end_and_the_start_of_a_process_are_told() {
    let mut work = Work::new(Of::<EchoLab>::LAB).unwrap();
    work.restart(Vec::new(), 1).unwrap();
    work.act(Input::Operate { node: N1, action: "exit".to_string(), values: vec![Value::Integer(5)] }, None).unwrap();
    let ended = work.scenario().cursor;
    work.seek(ended + 50);
    let started = work
        .trace(ended + 1, ended + 50)
        .into_iter()
        .find(|event| event.status == Status::Up && event.node == Some(N1));
    assert_eq!(started.expect("its start").caption.headline.to_string(), "N1 is started again");
    work.seek(ended);
    assert_eq!(work.why(&sim::Subject::Node(N1)).question.to_string(), "Why is N1 off?");
}

#[test]
fn the_healing_at_the_end_of_a_hunt_starts_nobody_who_is_off() {
    // Nothing breaks: the hunt goes through its end each time, and would tell of a refused start.
    let hunt = Hunt::new(Of::<EchoLab>::LAB, with_one_off());
    assert!(hunt.search(0..50, |_| true).unwrap().is_none());
}
