//! The prepared scenarios. Each runs the real protocol up to a moment worth looking at.

use parts::shop::OrderId;
use parts::values::{number, word};
use sim::check::Outcome;
use sim::{Beside, Director, Input, NodeId, Prepared, Scenarios, Sight, Value, WorldOf, t};

use super::act::Act;
use super::conductor::Stage;
use super::message::What;
use super::service::Entry;
use super::settings::{A, ORDER, PAY, SHIP, STOCK, V};
use super::{Message, Saga};

/// The lanes tell the story, and the table of orders stands beside the stage.
const TABLE: Sight = Sight { beside: Some(Beside::Panels), ..Sight::LANES };

impl Scenarios for Saga {
    /// The scenarios; a visitor meets the first one first.
    fn scenarios() -> Vec<Prepared<Saga>> {
        let with = |changes: Vec<(&'static str, Value)>| [by_hand(), changes].concat();
        let choreography = || ("style", word("choreography"));
        vec![
            Prepared {
                name: "paid-and-sold-out",
                title: t!("Paid, and sold out"),
                summary: t!(
                    "Pay holds A’s 30, and then Stock finds that the last piece is gone. The money is being freed, but V has seen it missing already."
                ),
                seed: 1,
                settings: with(vec![("stock", number(0))]),
                sight: TABLE,
                direct: |director| {
                    order(director, A);
                    director.run_until(|world| is(world, PAY, Entry::is_in_effect));
                    director.operate(V, "look", &[]);
                    director.run_until(|world| stage(world) == Some(Stage::Begun(Act::Void)));
                },
                expect: vec![("half-done-seen", Outcome::Seen)],
            },
            Prepared {
                name: "one-order",
                title: t!("An order, step by step"),
                summary: t!(
                    "A orders one piece. Step on: Order asks one service after the other, and each step takes effect at once."
                ),
                seed: 1,
                settings: by_hand(),
                sight: TABLE,
                direct: |director| order(director, A),
                expect: vec![],
            },
            Prepared {
                name: "crash-in-the-middle",
                title: t!("The one that conducts crashes"),
                summary: t!(
                    "Stock has put a piece aside, and Order has crashed and started again. It reads its log and goes back; no service was locked meanwhile."
                ),
                seed: 1,
                settings: by_hand(),
                sight: TABLE,
                direct: |director| {
                    order(director, A);
                    director.run_until(|world| is(world, STOCK, Entry::is_in_effect));
                    director.act(Input::Crash(ORDER));
                    director.run_for_us(200_000);
                    director.act(Input::Restart(ORDER));
                },
                expect: vec![],
            },
            Prepared {
                name: "charged-twice",
                title: t!("Charged twice"),
                summary: t!(
                    "Pay’s answer was lost, so Order asked again. Pay keeps no list of what it has done: it holds A’s 30 a second time."
                ),
                seed: 1,
                settings: with(vec![("inbox", Value::Flag(false))]),
                sight: TABLE,
                direct: |director| {
                    order(director, A);
                    director.run_until(|world| is(world, PAY, Entry::is_in_effect));
                    drop_from(director, PAY);
                    director.run_until(|world| is(world, PAY, |entry| entry.times[0] > 1));
                },
                expect: vec![("once", Outcome::Broken), ("twice-delivered", Outcome::Seen)],
            },
            Prepared {
                name: "too-late",
                title: t!("The step comes after its compensation"),
                summary: t!(
                    "Order crashed and went back: Pay was told to free money that it had not held yet. Now the late order to hold it has come, and Pay does that."
                ),
                seed: 1,
                settings: with(vec![("tombstone", Value::Flag(false))]),
                sight: TABLE,
                direct: |director| {
                    order(director, A);
                    director.run_until(|world| stage(world) == Some(Stage::Begun(Act::Authorize)));
                    director.act(Input::Crash(ORDER));
                    director.act(Input::Restart(ORDER));
                    director.run_for_us(8_000);
                    let late = director.messages(|_, to, message| to == PAY && is_do(message, Act::Authorize));
                    late.into_iter().for_each(|message| director.act(Input::Delay { message, by_us: 100_000 }));
                    director.run_until(|world| is(world, PAY, |entry| entry.undone && entry.is_in_effect()));
                },
                expect: vec![("overtaken", Outcome::Seen)],
            },
            Prepared {
                name: "lost-event",
                title: t!("Saved, and never said"),
                summary: t!(
                    "Nobody conducts here. Pay held A’s 30, and crashed before it told Stock: it had saved the one and not the other. The order hangs."
                ),
                seed: 1,
                settings: with(vec![choreography(), ("outbox", Value::Flag(false))]),
                sight: TABLE,
                direct: |director| {
                    order(director, A);
                    director.run_until(|world| is(world, PAY, Entry::is_in_effect));
                    director.act(Input::Crash(PAY));
                    director.act(Input::Restart(PAY));
                    director.run_for_us(6_000_000);
                    director.operate(V, "look", &[]);
                },
                expect: vec![],
            },
            Prepared {
                name: "cancel-race",
                title: t!("Cancelled, and then confirmed"),
                summary: t!(
                    "A cancelled while Ship booked. Order called that cancelled at once, and the saga ran on: its last step wrote confirmed over it."
                ),
                seed: 1,
                settings: with(vec![("respect_pending", Value::Flag(false))]),
                sight: TABLE,
                direct: |director| {
                    order(director, A);
                    director.run_until(|world| stage(world) == Some(Stage::Begun(Act::Book)));
                    director.operate(A, "cancel", &[]);
                    director.run_until(|world| stage(world) == Some(Stage::Confirmed));
                },
                expect: vec![
                    ("cancelled-stays", Outcome::Broken),
                    ("in-order", Outcome::Broken),
                    ("once", Outcome::Broken),
                    ("no-way-back", Outcome::Broken),
                ],
            },
            Prepared {
                name: "nobody-conducts",
                title: t!("Nobody conducts"),
                summary: t!(
                    "Each service goes by the event of the one before. A’s order is booked, and only all four tables together say so."
                ),
                seed: 1,
                settings: with(vec![choreography()]),
                sight: TABLE,
                direct: |director| {
                    order(director, A);
                    director.run_until(|world| is(world, SHIP, Entry::is_in_effect));
                },
                expect: vec![],
            },
            Prepared {
                name: "busy-shop",
                title: t!("A busy shop"),
                summary: t!(
                    "Two customers order all the time, and now and then cancel. Cut a link, or crash who you like."
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

const A1: OrderId = OrderId { customer: A, number: 1 };

/// Whether something is true of what a service has done for A's first order.
fn is(world: WorldOf<'_, Saga>, node: NodeId, of: fn(&Entry) -> bool) -> bool {
    world.nodes().disk(node).books.entry(A1).is_some_and(of)
}

fn stage(world: WorldOf<'_, Saga>) -> Option<Stage> {
    world.nodes().disk(ORDER).orders.row(A1).map(|row| row.stage)
}

fn is_do(message: &Message, act: Act) -> bool {
    matches!(message, Message::Letter { letter, .. } if letter.what == What::Do(act))
}

/// All that a service has said since comes never.
fn drop_from(director: &mut Director<Saga>, node: NodeId) {
    let acks = director.messages(|from, _, _| from == node);
    acks.into_iter().for_each(|message| director.act(Input::Drop(message)));
    director.run_for_us(6_000);
    let letters = director.messages(|from, _, _| from == node);
    letters.into_iter().for_each(|message| director.act(Input::Drop(message)));
}

fn order(director: &mut Director<Saga>, customer: NodeId) {
    director.run_for_us(5_000);
    director.operate(customer, "order", &[]);
}

/// Nothing happens that nobody does, and nobody refuses by chance.
fn by_hand() -> Vec<(&'static str, Value)> {
    vec![("workload_ms", number(0)), ("fail_percent", number(0)), ("cancel_percent", number(0))]
}
