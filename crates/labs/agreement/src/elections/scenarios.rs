//! The prepared scenarios. Each runs the real protocol up to a moment worth looking at.

use parts::values::{number, word};
use sim::check::Outcome;
use sim::{Beside, Director, Input, NodeId, Prepared, Scenarios, Sight, Value, WorldOf, t};

use super::member::{Member, Stage};
use super::messages::Message;
use super::{Elections, Node};

const N1: NodeId = NodeId(0);
const N2: NodeId = NodeId(1);
const N3: NodeId = NodeId(2);
const N4: NodeId = NodeId(3);
const N5: NodeId = NodeId(4);

/// The lanes tell the story, and the table of messages stands beside the stage.
const TABLE: Sight = Sight { beside: Some(Beside::Panels), ..Sight::LANES };

impl Scenarios for Elections {
    /// The scenarios; a visitor meets the first one first.
    fn scenarios() -> Vec<Prepared<Elections>> {
        vec![
            Prepared {
                name: "slow-answer",
                title: t!("One slow answer, two coordinators"),
                summary: t!(
                    "N5 is the coordinator. Its answers to N4 take 45 ms, N4 waits for 40, and so it takes N5 for dead and begins to take over. Play on: both write their names on the disk D."
                ),
                seed: 1,
                settings: vec![],
                sight: Sight::STAGE,
                direct: |director| {
                    director.run_for_us(10_000);
                    late_answer(director, |message| matches!(message, Message::There { .. }));
                    late_answer(director, |message| matches!(message, Message::Up(_)));
                    director.run_until(|world| stage(world, N4) == Some(Stage::Halting));
                },
                expect: vec![("two-coordinators", Outcome::NotSeen), ("disk-torn", Outcome::NotSeen)],
            },
            Prepared {
                name: "eight-processes",
                title: t!("Eight nodes, and the highest is down"),
                summary: t!(
                    "The example of textbooks: N8 has crashed, N5 has noticed and asks all with higher numbers. Guess who will lead; the table counts what it costs."
                ),
                seed: 2,
                settings: [by_hand(), vec![("nodes", number(8)), ("halt_first", Value::Flag(false))]].concat(),
                sight: TABLE,
                direct: |director| {
                    director.run_for_us(10_000);
                    director.act(Input::Crash(NodeId(7)));
                    director.run_for_us(5_000);
                    director.operate(N5, "start", &[]);
                },
                expect: vec![("agreed", Outcome::Waiting)],
            },
            Prepared {
                name: "comes-back",
                title: t!("The strongest comes back"),
                summary: t!(
                    "N5 had crashed, and N4 has led since, without a fault. Now N5 is up again. It has the highest number: it halts all others, and takes over."
                ),
                seed: 3,
                settings: vec![],
                sight: Sight::STAGE,
                direct: back_again,
                expect: vec![("bullied", Outcome::NotSeen), ("one-coordinator", Outcome::Kept)],
            },
            Prepared {
                name: "comes-back-at-once",
                title: t!("The same, and nobody is halted first"),
                summary: t!(
                    "The short form of textbooks: N5 is up again and tells all that it leads. Until N4 hears that, both lead."
                ),
                seed: 3,
                settings: vec![("halt_first", Value::Flag(false))],
                sight: Sight::STAGE,
                direct: back_again,
                expect: vec![("one-coordinator", Outcome::Broken), ("two-coordinators", Outcome::Seen)],
            },
            Prepared {
                name: "two-halves",
                title: t!("A cut, and each side has a coordinator"),
                summary: t!(
                    "A cut parts N1 and N2 from the others; all still reach the disk D. N1 and N2 hear nothing of N5 and elect N2. Now two nodes write, and nobody is wrong by the rules."
                ),
                seed: 4,
                settings: vec![],
                sight: Sight::STAGE,
                direct: |director| {
                    halves(director);
                    director.run_until(|world| leads(world, N2));
                },
                expect: vec![("two-coordinators", Outcome::Seen)],
            },
            Prepared {
                name: "one-half-leads",
                title: t!("The same cut, and a majority is asked for"),
                summary: t!(
                    "Now a coordinator needs answers of three of the five, with its own. N2 has two, and does not lead. N5 still has three."
                ),
                seed: 4,
                settings: vec![("guard", word("majority"))],
                sight: Sight::STAGE,
                direct: |director| {
                    halves(director);
                    director.run_until(|world| member(world, N2).is_some_and(|node| node.lacks));
                },
                expect: vec![("two-coordinators", Outcome::NotSeen), ("stalled", Outcome::NotSeen)],
            },
            Prepared {
                name: "two-nodes",
                title: t!("Two nodes: a majority of two is two"),
                summary: t!(
                    "Two nodes, and each needs answers of more than half. The link between them is cut: both are up, and nobody leads."
                ),
                seed: 5,
                settings: vec![("nodes", number(2)), ("guard", word("majority"))],
                sight: Sight::STAGE,
                direct: |director| {
                    director.run_for_us(20_000);
                    director.act(Input::Split(vec![vec![N1], vec![N2]]));
                    director.run_until(|world| [N1, N2].iter().all(|node| !leads(world, *node)));
                    director.run_until(|world| {
                        [N1, N2].iter().all(|node| member(world, *node).is_some_and(|node| node.lacks))
                    });
                },
                expect: vec![("stalled", Outcome::Seen)],
            },
            Prepared {
                name: "majority-is-not-enough",
                title: t!("A majority, and still two write"),
                summary: t!(
                    "N5 led with a majority and stood still for a while. N4 was elected with a majority too, and writes. Now N5 goes on where it was: for itself it still leads."
                ),
                seed: 6,
                settings: vec![("guard", word("majority"))],
                sight: Sight::STAGE,
                direct: sleeper,
                expect: vec![("two-coordinators", Outcome::Seen), ("disk-torn", Outcome::NotSeen)],
            },
            Prepared {
                name: "terms-refuse",
                title: t!("The same with terms: the disk refuses"),
                summary: t!(
                    "Each election has a term, one higher than the last. N5 wakes with term 1 and writes. D has taken writes of term 2, and refuses."
                ),
                seed: 6,
                settings: vec![("guard", word("terms"))],
                sight: Sight::STAGE,
                direct: sleeper,
                expect: vec![("disk-in-order", Outcome::Kept), ("disk-torn", Outcome::NotSeen)],
            },
            Prepared {
                name: "ring-worst",
                title: t!("A ring with falling numbers: the worst case"),
                summary: t!(
                    "All have sent their number to the next one round the ring. A node passes a higher number on and swallows a lower one. Here every number gets as far as N5: that takes 15 messages."
                ),
                seed: 7,
                settings: [by_hand(), vec![("algorithm", word("ring")), ("ids", word("worst"))]].concat(),
                sight: TABLE,
                direct: all_start,
                expect: vec![("agreed", Outcome::Waiting)],
            },
            Prepared {
                name: "ring-best",
                title: t!("A ring with rising numbers: the best case"),
                summary: t!(
                    "The same, and each number meets a higher one at once. Only the highest goes all the way round: 4 messages that are swallowed, and 5 for N5."
                ),
                seed: 7,
                settings: [by_hand(), vec![("algorithm", word("ring"))]].concat(),
                sight: TABLE,
                direct: all_start,
                expect: vec![("agreed", Outcome::Waiting)],
            },
        ]
    }
}

/// Nobody looks at the coordinator, and the coordinator does not write.
fn by_hand() -> Vec<(&'static str, Value)> {
    vec![("beat_ms", number(60_000)), ("work_ms", number(0))]
}

/// One of those that elect; none while it is down.
pub(super) fn member(world: WorldOf<'_, Elections>, node: NodeId) -> Option<&Member> {
    world.nodes().state(node).and_then(Node::member)
}

pub(super) fn leads(world: WorldOf<'_, Elections>, node: NodeId) -> bool {
    member(world, node).is_some_and(|member| member.leads(node))
}

fn stage(world: WorldOf<'_, Elections>, node: NodeId) -> Option<Stage> {
    member(world, node).map(|member| member.stage)
}

/// The next answer of this kind from N5 to N4 takes 45 ms, with its question.
fn late_answer(director: &mut Director<Elections>, is_meant: fn(&Message) -> bool) {
    let is_it = |from, to, message: &Message| from == N5 && to == N4 && is_meant(message);
    director.run_until(|world| world.messages().any(|message| is_it(message.from, message.to, message.payload)));
    if let Some(message) = director.messages(is_it).first() {
        director.act(Input::Delay { message: *message, by_us: 25_000 });
    }
}

/// N5 crashes, N4 takes over and writes, and N5 is started again.
fn back_again(director: &mut Director<Elections>) {
    director.run_for_us(20_000);
    director.act(Input::Crash(N5));
    director.run_until(|world| leads(world, N4));
    director.run_until(|world| world.messages().any(|message| matches!(message.payload, Message::Written)));
    director.run_for_us(10_000);
    director.act(Input::Restart(N5));
}

/// N1 and N2 on one side.
fn halves(director: &mut Director<Elections>) {
    director.run_for_us(20_000);
    director.act(Input::Split(vec![vec![N1, N2], vec![N3, N4, N5]]));
}

/// N5 stands still until N4 leads and has written twice.
fn sleeper(director: &mut Director<Elections>) {
    director.run_for_us(70_000);
    director.act(Input::Pause(N5));
    director.run_until(|world| leads(world, N4));
    let writes = |world: WorldOf<'_, Elections>| world.nodes().disk(NodeId(5)).page.taken;
    let before = writes(director.world());
    director.run_until(|world| writes(world) >= before + 2);
    director.act(Input::Resume(N5));
}

/// All start at once.
fn all_start(director: &mut Director<Elections>) {
    director.run_for_us(10_000);
    for node in [N1, N2, N3, N4, N5] {
        director.operate(node, "start", &[]);
    }
}
