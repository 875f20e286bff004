//! The prepared scenarios. Each runs the real protocol up to a moment worth looking at.

use parts::values::{number, word};
use sim::check::Outcome;
use sim::{Beside, Director, Input, NodeId, Prepared, Scenarios, Sight, Value, t};

use super::settings::LETTERS;
use super::view::process;
use super::{Message, Snapshot};

const A: NodeId = NodeId(0);
const B: NodeId = NodeId(1);
const C: NodeId = NodeId(2);

/// The lanes tell the story, and the table of the snapshot stands beside the stage.
const TABLE: Sight = Sight { beside: Some(Beside::Panels), ..Sight::LANES };

impl Scenarios for Snapshot {
    /// The scenarios; a visitor meets the first one first.
    fn scenarios() -> Vec<Prepared<Snapshot>> {
        vec![
            Prepared {
                name: "how-much-money",
                title: t!("How much money is there?"),
                summary: t!(
                    "Three people had 100 each, and send money about: 20 are on their way from A to B, 15 from C to A. A has just recorded its 80 and sends a marker down each channel. Step on: everybody looks at another moment, and the sum is 300."
                ),
                seed: 1,
                settings: by_hand(3),
                sight: Sight::LANES,
                direct: |director| {
                    director.run_for_us(10_000);
                    transfer(director, C, A, 15);
                    director.run_for_us(3_000);
                    transfer(director, A, B, 20);
                    director.run_for_us(2_000);
                    director.operate(A, "start", &[]);
                },
                expect: vec![("in-flight", Outcome::NotSeen)],
            },
            Prepared {
                name: "nobody-stops",
                title: t!("Nobody stops for the picture"),
                summary: t!(
                    "Transfers go on all the while, and every 300 ms somebody takes a snapshot: the lines through the lanes. What crosses a line to the right was under way and belongs to the picture."
                ),
                seed: 5,
                settings: vec![],
                sight: Sight::LANES,
                direct: |director| completed(director, 2),
                expect: vec![("in-flight", Outcome::Seen)],
            },
            Prepared {
                name: "two-tokens",
                title: t!("One baton, and the picture shows two"),
                summary: t!(
                    "A recorded that it has the baton, and passed it on before the marker. So the baton is in the channel too: the picture of B shows two. Switch the rule on and let B start another one."
                ),
                seed: 2,
                settings: [by_hand(2), vec![("application", word("token")), ("marker_first", Value::Flag(false))]]
                    .concat(),
                sight: TABLE,
                direct: |director| {
                    director.run_for_us(5_000);
                    director.operate(B, "start", &[]);
                    director.run_until(|world| process(world, A).is_some_and(|a| a.newest().is_some()));
                    director.run_for_us(6_000);
                    director.operate(A, "pass", &[word("B")]);
                    completed(director, 1);
                },
                expect: vec![("channel-exact", Outcome::Broken), ("money-kept", Outcome::Broken)],
            },
            Prepared {
                name: "never-was",
                title: t!("A state that never was"),
                summary: t!(
                    "A recorded 100 and then sent 10; B sent 20 and then recorded 80. The table lists all states from the beginning to the end, and the recorded one is none of them. Yet it could have been, and its sum is right."
                ),
                seed: 3,
                settings: by_hand(2),
                sight: TABLE,
                direct: |director| {
                    director.run_for_us(10_000);
                    director.operate(A, "start", &[]);
                    director.run_for_us(2_000);
                    transfer(director, A, B, 10);
                    director.run_for_us(3_000);
                    transfer(director, B, A, 20);
                    completed(director, 1);
                },
                expect: vec![("never-was", Outcome::Seen), ("in-flight", Outcome::Seen)],
            },
            Prepared {
                name: "overtaken",
                title: t!("A marker overtakes a transfer"),
                summary: t!(
                    "The channels no longer keep the order. A sent 20 to B and then recorded 80; the marker came to B first and ended the channel. The 20 came later and are in no part of the picture: 280 of 300."
                ),
                seed: 4,
                settings: [by_hand(3), vec![("fifo", Value::Flag(false))]].concat(),
                sight: TABLE,
                direct: overtaken,
                expect: vec![("channel-exact", Outcome::Broken), ("money-kept", Outcome::Broken)],
            },
            Prepared {
                name: "not-fifo-and-right",
                title: t!("The same link, and nothing is missing"),
                summary: t!(
                    "The same slow transfer, without markers. Messages are white before their sender records and red after it. A told B how many white ones it had sent, and B waited for the last: 300 of 300."
                ),
                seed: 4,
                settings: [by_hand(3), vec![("fifo", Value::Flag(false)), ("algorithm", word("lai-yang"))]].concat(),
                sight: TABLE,
                direct: overtaken,
                expect: vec![("in-flight", Outcome::Seen)],
            },
            Prepared {
                name: "at-noon",
                title: t!("All look at the same time, by their clocks"),
                summary: t!(
                    "All were to record when their clocks show the same moment, and the clock of B is 300 ms behind. B has counted money that, by the picture, nobody had sent yet: the line leans back, and the sum is wrong."
                ),
                seed: 7,
                settings: vec![
                    ("algorithm", word("clock")),
                    ("clock_error_ms", number(300)),
                    ("snapshot_ms", number(0)),
                ],
                sight: Sight::LANES,
                direct: |director| {
                    director.run_for_us(100_000);
                    director.operate(A, "start", &[]);
                    completed(director, 1);
                },
                expect: vec![
                    ("cut-consistent", Outcome::NotPromised),
                    ("channel-exact", Outcome::NotPromised),
                    ("money-kept", Outcome::NotPromised),
                    ("wrong-total", Outcome::Seen),
                ],
            },
            Prepared {
                name: "is-it-over",
                title: t!("All are idle. Is the work over?"),
                summary: t!(
                    "B asked everybody, and everybody was idle: so the work seems to be over. But A had given work to C just before it was asked, and that is still under way. Nobody looked at the channels."
                ),
                seed: 6,
                settings: [
                    by_hand(3),
                    vec![
                        ("application", word("work")),
                        ("algorithm", word("together")),
                        ("delay", word("constant")),
                        ("delay_most_us", number(10_000)),
                    ],
                ]
                .concat(),
                sight: TABLE,
                direct: |director| {
                    director.run_for_us(5_000);
                    director.operate(B, "start", &[]);
                    director.run_for_us(4_000);
                    director.operate(A, "give", &[word("C")]);
                    delay(director, 30_000);
                    director.run_for_us(3_000);
                    director.operate(A, "idle", &[]);
                    completed(director, 1);
                },
                expect: vec![
                    ("cut-consistent", Outcome::NotPromised),
                    ("channel-exact", Outcome::NotPromised),
                    ("stable-told-true", Outcome::NotPromised),
                    ("wrong-total", Outcome::Seen),
                ],
            },
        ]
    }
}

/// A transfer that is slow, and a snapshot behind it.
fn overtaken(director: &mut Director<Snapshot>) {
    director.run_for_us(10_000);
    transfer(director, A, B, 20);
    delay(director, 40_000);
    director.run_for_us(3_000);
    director.operate(A, "start", &[]);
    completed(director, 1);
}

/// What has just been sent takes longer.
fn delay(director: &mut Director<Snapshot>, by_us: u64) {
    let sent = director.messages(|_, _, message| matches!(message, Message::Packet(_)));
    if let Some(message) = sent.last() {
        director.act(Input::Delay { message: *message, by_us });
    }
}

/// Runs until so many snapshots are complete.
fn completed(director: &mut Director<Snapshot>, snapshots: u64) {
    director.run_until(|world| {
        let all = world.nodes().ids().filter_map(|node| process(world, node));
        all.map(|process| process.completed).sum::<u64>() >= snapshots
    });
}

/// So many processes, where nothing happens that nobody does.
fn by_hand(processes: i64) -> Vec<(&'static str, Value)> {
    vec![("processes", number(processes)), ("workload_ms", number(0)), ("snapshot_ms", number(0))]
}

fn transfer(director: &mut Director<Snapshot>, from: NodeId, to: NodeId, amount: i64) {
    director.operate(from, "transfer", &[word(LETTERS[to.index()]), number(amount)]);
}
