//! The prepared scenarios. Each runs the real protocol up to a moment worth looking at.

use parts::values::{number, word};
use sim::check::Outcome;
use sim::{Beside, Director, Input, NodeId, Prepared, Scenarios, Sight, Value, WorldOf, t};

use super::{Lock, Message, Node, Step};

const C1: NodeId = NodeId(0);
const C2: NodeId = NodeId(1);
const C3: NodeId = NodeId(2);
/// The servers of Redlock behind two customers, by their numbers.
const R3: NodeId = NodeId(4);

/// The lanes tell the story, and the table of beliefs stands beside the stage.
const TABLE: Sight = Sight { beside: Some(Beside::Panels), ..Sight::LANES };

impl Scenarios for Lock {
    /// The scenarios; a visitor meets the first one first.
    fn scenarios() -> Vec<Prepared<Lock>> {
        vec![
            Prepared {
                name: "the-sleeper",
                title: t!("The sleeper"),
                summary: t!(
                    "C1 got the lock, read that one piece is left, and fell asleep. Its time ran out, C2 got the lock and bought that piece. Now C1 has woken up, and does not know: step on."
                ),
                seed: 1,
                settings: [by_hand(2), vec![("fencing", Value::Flag(false))]].concat(),
                sight: TABLE,
                direct: |director| {
                    asleep(director, true);
                    director.run_until(|world| owns(world, C2));
                    director.run_for_us(20_000);
                    director.act(Input::Resume(C1));
                },
                expect: vec![("never-oversold", Outcome::Kept), ("sold-twice", Outcome::NotSeen)],
            },
            Prepared {
                name: "last-product",
                title: t!("The last product, without a lock"),
                summary: t!(
                    "There is no lock. Three customers have read that one piece is left, and each is about to buy it."
                ),
                seed: 2,
                settings: [by_hand(3), vec![("scheme", word("none"))]].concat(),
                sight: Sight::LANES,
                direct: |director| {
                    director.run_for_us(5_000);
                    for customer in [C1, C2, C3] {
                        buy(director, customer);
                        director.run_for_us(6_000);
                    }
                    director.run_until(|world| [C1, C2, C3].iter().all(|node| thinks(world, *node)));
                },
                expect: vec![("sold-twice", Outcome::NotSeen)],
            },
            Prepared {
                name: "token-33",
                title: t!("The stock refuses token 33"),
                summary: t!(
                    "The same sleep, but the stock looks at tokens. C1’s write carries 33, and the stock has seen C2’s 34: step on, and it refuses the write."
                ),
                seed: 1,
                settings: by_hand(2),
                sight: TABLE,
                direct: |director| {
                    asleep(director, true);
                    director.run_until(|world| owns(world, C2));
                    director.run_for_us(20_000);
                    director.act(Input::Resume(C1));
                    director.run_until(|world| is_sent(world, |message| matches!(message, Message::Write { .. })));
                },
                expect: vec![("stale-write", Outcome::NotSeen), ("expired-at-work", Outcome::Seen)],
            },
            Prepared {
                name: "read-between",
                title: t!("Reads without a token"),
                summary: t!(
                    "Here only writes carry tokens. C2 has read that one piece is left, and the stock did not note its 34. C1 wakes just now, with 33: both will buy the piece."
                ),
                seed: 1,
                settings: [by_hand(2), vec![("token_on_read", Value::Flag(false))]].concat(),
                sight: TABLE,
                direct: |director| {
                    asleep(director, true);
                    director.run_until(|world| thinks(world, C2));
                    director.act(Input::Resume(C1));
                },
                expect: vec![("never-oversold", Outcome::Kept)],
            },
            Prepared {
                name: "clock-jump",
                title: t!("One clock jumps"),
                summary: t!(
                    "C1 has the lock of Redlock: R1, R2 and R3 gave it. The clock of R3 has just jumped ahead, so R3 takes its key for run out. C2 asks, and R3, R4 and R5 will do for it."
                ),
                seed: 3,
                settings: redlock(),
                sight: TABLE,
                direct: |director| {
                    three_of_five(director);
                    director.act(Input::SetClockOffset { node: R3, offset_us: 400_000 });
                    director.run_for_us(2_000);
                    buy(director, C2);
                },
                expect: vec![("two-holders", Outcome::NotSeen)],
            },
            Prepared {
                name: "amnesia",
                title: t!("A server forgets"),
                summary: t!(
                    "C1 has R1, R2 and R3. R3 crashed and is back with an empty memory, and C2 asks: R3, R4 and R5 will do for it."
                ),
                seed: 3,
                settings: redlock(),
                sight: TABLE,
                direct: forgetful,
                expect: vec![("two-holders", Outcome::NotSeen)],
            },
            Prepared {
                name: "silence",
                title: t!("A server keeps silent"),
                summary: t!(
                    "The same crash of R3, but a server that restarts says nothing for 500 ms, longer than any lock lasts. C2 finds no majority until C1 is done."
                ),
                seed: 3,
                settings: [redlock(), vec![("restart_silence_ms", number(500))]].concat(),
                sight: TABLE,
                direct: forgetful,
                expect: vec![("two-holders", Outcome::NotSeen)],
            },
            Prepared {
                name: "late-write",
                title: t!("Nobody slept"),
                summary: t!(
                    "C1 looked at its clock, had time left, and sent its write, which takes 500 ms. Meanwhile its time ran out and C2 bought the piece. The late write is about to arrive."
                ),
                seed: 1,
                settings: [
                    by_hand(2),
                    vec![
                        ("fencing", Value::Flag(false)),
                        ("check_lease", Value::Flag(true)),
                        ("keepalive_ms", number(0)),
                        ("answer_ms", number(2_000)),
                    ],
                ]
                .concat(),
                sight: TABLE,
                direct: |director| {
                    director.run_for_us(5_000);
                    buy(director, C1);
                    director.run_until(|world| is_sent(world, |message| matches!(message, Message::Write { .. })));
                    let late = director.messages(|_, _, message| matches!(message, Message::Write { .. }));
                    late.into_iter().for_each(|message| director.act(Input::Delay { message, by_us: 490_000 }));
                    director.run_for_us(150_000);
                    buy(director, C2);
                    director.run_until(|world| owns(world, C2));
                },
                expect: vec![("sold-twice", Outcome::NotSeen), ("expired-at-work", Outcome::Seen)],
            },
            Prepared {
                name: "lost-connection",
                title: t!("The renewals are cut"),
                summary: t!(
                    "C1’s link to L was cut while it worked, so nobody renewed its lock, and the key ran out. C1 works on, C2 has the lock, and both think that it is their own."
                ),
                seed: 2,
                settings: [by_hand(2), vec![("scheme", word("single")), ("work_ms", number(900))]].concat(),
                sight: TABLE,
                direct: |director| {
                    director.run_for_us(5_000);
                    buy(director, C1);
                    director.run_until(|world| thinks(world, C1));
                    let lock = NodeId(2);
                    director.act(Input::Cut { from: C1, to: lock });
                    director.act(Input::Cut { from: lock, to: C1 });
                    director.run_for_us(200_000);
                    buy(director, C2);
                    director.run_until(|world| thinks(world, C2));
                },
                expect: vec![("two-holders", Outcome::Seen), ("expired-at-work", Outcome::Seen)],
            },
            Prepared {
                name: "someone-elses-lock",
                title: t!("Someone else’s lock"),
                summary: t!(
                    "Here a release deletes the key, whoever has set it. C1’s lock ran out long ago, C2 has it now, and C1’s release is on its way. C3 waits for its turn."
                ),
                seed: 4,
                settings: [
                    by_hand(3),
                    vec![("scheme", word("single")), ("keepalive_ms", number(0)), ("owner_only", Value::Flag(false))],
                ]
                .concat(),
                sight: TABLE,
                direct: |director| {
                    director.run_for_us(5_000);
                    director.operate(C1, "acquire", &[]);
                    director.run_for_us(380_000);
                    director.operate(C2, "acquire", &[]);
                    director.run_until(|world| holds(world, C2));
                    director.operate(C3, "acquire", &[]);
                    director.run_for_us(100_000);
                    director.operate(C1, "release", &[]);
                },
                expect: vec![
                    ("own-release", Outcome::Kept),
                    ("two-holders", Outcome::Seen),
                    ("expired-at-work", Outcome::Seen),
                ],
            },
            Prepared {
                name: "busy-shop",
                title: t!("A busy shop"),
                summary: t!(
                    "Three customers buy all the time, and one more piece comes a second after the last one is sold. Put somebody to sleep, cut a link, or crash who you like."
                ),
                seed: 7,
                settings: vec![],
                sight: TABLE,
                direct: |director| director.run_for_us(1_000_000),
                expect: vec![],
            },
        ]
    }
}

/// C1 has the lock, has read that one piece is left, and sleeps. C2 asks for the lock, if it does.
pub(super) fn asleep(director: &mut Director<Lock>, asks: bool) {
    director.run_for_us(5_000);
    buy(director, C1);
    director.run_until(|world| thinks(world, C1));
    director.run_for_us(10_000);
    director.act(Input::Pause(C1));
    if asks {
        director.run_for_us(60_000);
        buy(director, C2);
    }
}

/// C1 has the lock at three of five servers, and thinks; the others have not heard of it.
fn three_of_five(director: &mut Director<Lock>) {
    director.run_for_us(5_000);
    buy(director, C1);
    for message in director.messages(|_, to, _| to > R3) {
        director.act(Input::Drop(message));
    }
    director.run_until(|world| thinks(world, C1));
    director.run_for_us(5_000);
}

fn forgetful(director: &mut Director<Lock>) {
    three_of_five(director);
    director.act(Input::Crash(R3));
    director.run_for_us(5_000);
    director.act(Input::Restart(R3));
    director.run_for_us(2_000);
    buy(director, C2);
}

pub(super) fn thinks(world: WorldOf<'_, Lock>, node: NodeId) -> bool {
    let customer = world.nodes().state(node).and_then(Node::customer);
    customer.is_some_and(|customer| matches!(customer.step, Step::Thinking { .. }))
}

pub(super) fn holds(world: WorldOf<'_, Lock>, node: NodeId) -> bool {
    world.nodes().state(node).and_then(Node::customer).is_some_and(|customer| customer.hold.is_some())
}

pub(super) fn owns(world: WorldOf<'_, Lock>, node: NodeId) -> bool {
    world.nodes().state(node).and_then(Node::customer).is_some_and(|customer| customer.bought > 0)
}

fn is_sent(world: WorldOf<'_, Lock>, is_meant: impl Fn(&Message) -> bool) -> bool {
    world.messages().any(|sent| is_meant(sent.payload))
}

pub(super) fn buy(director: &mut Director<Lock>, customer: NodeId) {
    director.operate(customer, "buy", &[]);
}

/// So many customers, who buy only when somebody says so, and one piece.
fn by_hand(customers: i64) -> Vec<(&'static str, Value)> {
    vec![("customers", number(customers)), ("workload_ms", number(0)), ("restock_ms", number(0))]
}

/// Redlock with five servers, and customers that think for long.
fn redlock() -> Vec<(&'static str, Value)> {
    [by_hand(2), vec![("scheme", word("redlock")), ("work_ms", number(250))]].concat()
}
