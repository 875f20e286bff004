//! What somebody does becomes statements that do the same, and what somebody points at becomes an expression.

use lessons::{Expression, Runner, Script, Standing, Start, Thing, Value, Watch, pick};
use proptest::prelude::*;
use sim::{AnyLab, Delay, Input, NodeId, Timeline, Trouble, World};

fn lab(id: &str) -> &'static dyn AnyLab {
    labs::registry::lab(id).expect(id)
}

/// A run of a lab that statements lead to.
fn runner(id: &str, script: &str) -> Runner {
    let mut runner = Runner::new(lab(id)).unwrap();
    runner.run(&Script::read(script, 1, 1).unwrap()).unwrap_or_else(|mistake| panic!("{script}: {mistake}"));
    runner
}

fn timeline(id: &str, runner: &Runner) -> Timeline {
    let scenario = runner.moment().scenario;
    let world = World::new(lab(id), scenario.settings, scenario.seed).unwrap();
    let mut timeline = Timeline::new(world, scenario.inputs);
    timeline.seek(scenario.cursor);
    timeline
}

const RAFT: &str = "start; seed 176; set clients = 1; run until role(S1) = leader; run 100 ms";

/// What somebody may do.
#[derive(Clone, Debug)]
enum Move {
    Wait(u64),
    Step(u64),
    Act(u8, usize, usize),
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = prop_oneof![
        1 => (1_u64..400_000).prop_map(Move::Wait),
        1 => (1_u64..12).prop_map(Move::Step),
        3 => (0_u8..19, 0_usize..5, 0_usize..9).prop_map(|(kind, one, other)| Move::Act(kind, one, other)),
    ];
    proptest::collection::vec(one, 1..16)
}

fn inputs(timeline: &Timeline, kind: u8, one: usize, other: usize) -> Vec<Input> {
    let world = timeline.world();
    let (a, b) = (NodeId::at(one), NodeId::at(other % 5));
    let messages = world.shown().messages;
    let message = messages.get(other % messages.len().max(1)).map(|message| message.id);
    let of_message = |input: fn(sim::MessageId) -> Input| message.map(input).into_iter().collect();
    let both = |input: fn(NodeId, NodeId) -> Input| vec![input(a, b), input(b, a)];
    match kind {
        0 => vec![Input::Crash(a)],
        1 => vec![Input::Restart(a)],
        2 => vec![Input::LoseDisk(a)],
        3 => vec![Input::Pause(a)],
        4 => vec![Input::Resume(a)],
        5 => vec![Input::Cut { from: a, to: b }],
        6 => both(|from, to| Input::Cut { from, to }),
        7 => both(|from, to| Input::Heal { from, to }),
        8 => vec![Input::HealAll],
        9 => vec![Input::Split(vec![vec![a], vec![b, NodeId::at(5)]])],
        10 => vec![Input::SetDelay { from: a, to: b, delay: Delay::Uniform { least_us: 500, most_us: 2_000_000 } }],
        11 => vec![Input::SetTrouble { from: a, to: b, trouble: Trouble::Loss, ppm: 10_000 * other as u32 }],
        12 => vec![Input::SetClockOffset { node: a, offset_us: other as i64 * 1_001 - 3_000 }],
        13 => vec![Input::SetClockDrift { node: a, drift_ppm: other as i64 * 10_000 - 30_000 }],
        14 => vec![Input::Set { name: "majority".into(), value: sim::Value::Flag(other.is_multiple_of(2)) }],
        15 => of_message(Input::Drop),
        16 => of_message(Input::Deliver),
        17 => of_message(Input::Hold),
        _ => message.map(|message| Input::Delay { message, by_us: 30_000 }).into_iter().collect(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn what_was_done_is_written_and_done_again(moves in moves()) {
        let mut runner = runner("raft", RAFT);
        let from = runner.moment();
        let mut timeline = timeline("raft", &runner);
        let mut now_us = from.at_us;
        for step in moves {
            match step {
                Move::Wait(us) => {
                    now_us += us;
                    timeline.seek_moment(now_us, 100_000);
                }
                Move::Step(count) => {
                    timeline.seek(timeline.world().event() + count);
                    now_us = now_us.max(timeline.world().now_us());
                }
                Move::Act(kind, one, other) => {
                    for input in inputs(&timeline, kind, one, other) {
                        // What is refused changes nothing.
                        let _ = timeline.act(input, now_us);
                    }
                }
            }
        }
        let text = Script::record(&from, lab("raft"), &timeline, now_us).unwrap();
        prop_assume!(!text.contains('#'));
        runner.run(&Script::read(&text, 1, 1).unwrap()).map_err(|mistake| TestCaseError::fail(format!("{text}{mistake}")))?;
        let again = runner.moment();
        prop_assert_eq!(&again.scenario.inputs, timeline.inputs(), "{}", &text);
        prop_assert_eq!((again.scenario.cursor, again.at_us), (timeline.world().event(), now_us), "{}", &text);
    }
}

#[test]
fn lines_read_as_a_person_would_write_them() {
    let mut runner = runner("raft", RAFT);
    let from = runner.moment();
    let script = "run 300 ms\nsplit S1 S2 C1 | S3 S4 S5\nC1: put x 3\nrun 1 s\ncut S1 -- S2\nset majority = false\nheal all\n\
                  pause S5\nclock S2 behind 5 s\nlink S1 -> S2 takes 8 ms..12 ms\nlink S3 -- S4 loses 20 %\nrun 20 us\n";
    runner.run(&Script::read(script, 1, 1).unwrap()).unwrap();
    let at_us = runner.moment().at_us;
    assert_eq!(Script::record(&from, lab("raft"), &timeline("raft", &runner), at_us).unwrap(), script);
}

#[test]
fn what_no_statement_says_is_a_remark() {
    let runner = runner("raft", RAFT);
    let (from, mut timeline) = (runner.moment(), timeline("raft", &runner));
    let (a, b) = (NodeId::at(0), NodeId::at(1));
    timeline.act(Input::SetTrouble { from: a, to: b, trouble: Trouble::Loss, ppm: 12_345 }, from.at_us).unwrap();
    timeline.act(Input::Crash(b), from.at_us).unwrap();
    let text = Script::record(&from, lab("raft"), &timeline, from.at_us).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("# not to be written"), "{text}");
    assert_eq!(lines[1..], ["crash S2"]);
}

/// What can be pointed at, with the first expression and its value.
fn first(id: &str, runner: &Runner, thing: Thing) -> (String, Value) {
    let picked = pick(lab(id), &timeline(id, runner), thing).into_iter().next().expect("something asks for it");
    (picked.expression, picked.value)
}

#[test]
fn what_is_pointed_at_is_asked_for() {
    let raft = runner("raft", &format!("{RAFT}; C1: put x 3; run until messages(replication) > 0"));
    let s1 = NodeId::at(0);
    let number = Value::Number;
    assert_eq!(first("raft", &raft, Thing::Node(s1)), ("role(S1)".into(), Value::word("leader")));
    assert_eq!(first("raft", &raft, Thing::Field(s1, 0)), ("field(S1, \"term\")".into(), number(1)));
    assert_eq!(first("raft", &raft, Thing::Cell(s1, 0)).0, "cell(S1, 1)");
    assert_eq!(first("raft", &raft, Thing::Check(0)).1, Value::Truth(true));
    assert_eq!(first("raft", &raft, Thing::Measure(0)), ("measure(term)".into(), number(1)));
    let message = timeline("raft", &raft).world().shown().messages[0].clone();
    let (expression, value) = first("raft", &raft, Thing::Message(message.id));
    assert!(expression.starts_with("messages(\"") && value == number(1), "{expression} = {value}");
    let balancing = runner("load-balancing", "scenario slow-server; run 3 s");
    let balancing = timeline("load-balancing", &balancing);
    let s3 = balancing.world().nodes().ids().find(|node| balancing.world().label(*node) == "S3").expect("a server");
    let s3 = pick(lab("load-balancing"), &balancing, Thing::Node(s3));
    assert!(s3.iter().any(|picked| picked.expression.starts_with("queue(")), "{s3:?}");
}

/// Everything that can be pointed at in any lab gives expressions that can be asked, and those stand in a goal.
#[test]
fn everything_on_the_screen_can_be_asked_for() {
    for about in labs::registry::ABOUT {
        let id = about().id;
        let mut runner = Runner::new(lab(id)).unwrap();
        runner.run(&Script::read("run 500 ms", 1, 1).unwrap()).unwrap();
        let timeline = timeline(id, &runner);
        let frame = timeline.world().shown();
        let nodes = frame.nodes.iter().flat_map(|node| {
            let fields = (0..node.fields.len()).map(|place| Thing::Field(node.id, place));
            let cells = (0..node.cells.len()).map(|place| Thing::Cell(node.id, place));
            [Thing::Node(node.id)].into_iter().chain(fields).chain(cells).collect::<Vec<_>>()
        });
        let checks = (0..lab(id).checks().len()).map(Thing::Check);
        let messages = frame.messages.iter().map(|message| Thing::Message(message.id));
        let measures = (0..frame.measures.len()).map(Thing::Measure);
        for thing in nodes.chain(checks).chain(messages).chain(measures) {
            let all = pick(lab(id), &timeline, thing);
            assert!(!all.is_empty(), "{id}: nothing asks for {thing:?}");
            for picked in all {
                let goal = Expression::read(&format!("{} != 123456789", picked.expression), 1, 1).unwrap();
                let mut watch = Watch::of(vec![goal], lab(id), Start { event: 0, at_us: 0 });
                let standing = watch.judge(&timeline, timeline.world().now_us()).unwrap()[0];
                let is_nothing = picked.value == Value::Nothing;
                assert_eq!(standing == Standing::Met, !is_nothing, "{id}: {}", picked.expression);
            }
        }
    }
}
