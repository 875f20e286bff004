//! The prepared scenarios. Each runs the real protocol up to a moment worth looking at.

use parts::values::{number, word};
use sim::check::Outcome;
use sim::{Director, Input, NodeId, Prepared, Scenarios, Sight, Value, WorldOf, t};

use super::wire::Record;
use super::{Message, UnreliableNetwork};

const C1: NodeId = NodeId(0);
const G: NodeId = NodeId(1);
const S: NodeId = NodeId(2);

impl Scenarios for UnreliableNetwork {
    /// The scenarios; a visitor meets the first one first.
    fn scenarios() -> Vec<Prepared<UnreliableNetwork>> {
        vec![
            Prepared {
                name: "charged-twice",
                title: t!("Charged twice"),
                summary: t!(
                    "C1 wanted to pay 100. The answer was lost, so C1 has tried again, and the ledger S has charged the card a second time: 200."
                ),
                seed: 1,
                settings: alone(&[("semantics", word("at-least-once"))]),
                sight: Sight::LANES,
                direct: |director| {
                    lose_the_first_answer(director);
                    director.run_until(|world| effects(world) == 2);
                },
                expect: vec![("twice", Outcome::Seen), ("at-most-once", Outcome::NotPromised)],
            },
            Prepared {
                name: "same-key",
                title: t!("The same with a key"),
                summary: t!(
                    "The same loss, but C1 has written a key on its request, and S has kept the answer under that key. The second attempt is about to come to S: what will it do?"
                ),
                seed: 1,
                settings: alone(&[]),
                sight: Sight::LANES,
                direct: |director| {
                    lose_the_first_answer(director);
                    director.run_until(|world| is_under_way(world, G, S, |record| record.flag == 2));
                },
                expect: vec![("twice", Outcome::NotSeen), ("at-most-once", Outcome::Kept)],
            },
            Prepared {
                name: "bad-gateway",
                title: t!("Both hops were good, and the gateway was not"),
                summary: t!(
                    "The gateway G swaps two bytes while it copies, as one at MIT did, and computes a good check of the wrong bytes. A limit of 256 has come to S as 1, and S does not look at the check of C1."
                ),
                seed: 17,
                settings: alone(&[("gateway_swaps", number(1_000)), ("end_to_end", Value::Flag(false))]),
                sight: Sight::PANELS,
                direct: |director| {
                    director.operate(C1, "set", &[word("a"), number(256)]);
                    director.run_until(|world| is_under_way(world, G, S, |_| true));
                    // Once is enough.
                    director.act(Input::Set { name: "gateway_swaps".to_string(), value: number(0) });
                    director.run_until(|world| effects(world) == 1);
                },
                expect: vec![("right-effect", Outcome::Broken), ("slipped-through", Outcome::NotSeen)],
            },
            Prepared {
                name: "one-bit",
                title: t!("One bit, and nobody looks"),
                summary: t!(
                    "Nobody checks anything here, as in the messages about servers that stopped Amazon S3 on 20 July 2008. One bit has changed under way: C1 wanted to pay 100, and S has charged 228."
                ),
                seed: 92,
                settings: alone(&[("hop_check", word("none")), ("end_to_end", Value::Flag(false))]),
                sight: Sight::PANELS,
                direct: |director| {
                    director.operate(C1, "charge", &[word("a"), number(100)]);
                    let sent = director.messages(|from, _, _| from == C1);
                    sent.into_iter().for_each(|message| director.act(Input::Corrupt(message)));
                    director.run_until(|world| effects(world) == 1);
                },
                expect: vec![("right-effect", Outcome::Broken)],
            },
            Prepared {
                name: "crash-between",
                title: t!("A crash between two writes"),
                summary: t!(
                    "S has charged 100, and crashed before it wrote the key to its disk. It is up again, knows the charge but not the key, and C1 is about to try again."
                ),
                seed: 1,
                settings: alone(&[("one_write", Value::Flag(false))]),
                sight: Sight::PANELS,
                direct: |director| {
                    director.operate(C1, "charge", &[word("a"), number(100)]);
                    director.run_until(|world| effects(world) == 1);
                    director.run_for_us(1_000);
                    director.act(Input::Crash(S));
                    let answers = director.messages(|from, _, _| from == S);
                    answers.into_iter().for_each(|message| director.act(Input::Drop(message)));
                    director.run_for_us(100_000);
                    director.act(Input::Restart(S));
                    director.run_until(|world| is_under_way(world, G, S, |record| record.flag == 2));
                },
                expect: vec![("at-most-once", Outcome::Kept), ("twice", Outcome::NotSeen)],
            },
            Prepared {
                name: "window-too-short",
                title: t!("Forgotten too soon"),
                summary: t!(
                    "S forgets a key after 2 seconds. A copy of the request was held up for 3 seconds, and now it is here: S does not know its key any more, and charges once more."
                ),
                seed: 1,
                settings: alone(&[("window_s", number(2))]),
                sight: Sight::LANES,
                direct: |director| {
                    director.operate(C1, "charge", &[word("a"), number(100)]);
                    director.run_until(|world| is_under_way(world, G, S, |_| true));
                    copy_and_hold(director, 3_000_000);
                    director.run_until(|world| effects(world) == 2);
                },
                expect: vec![("at-most-once", Outcome::Broken), ("twice", Outcome::Seen)],
            },
            Prepared {
                name: "swapped-sets",
                title: t!("The old limit is back"),
                summary: t!(
                    "C1 has set a limit of 500, and then one of 800. A copy of the first request was slow, comes after the second, and the limit is 500 again: to do it twice is harmless, to do it late is not."
                ),
                seed: 1,
                settings: alone(&[("semantics", word("at-least-once")), ("outdated", Value::Flag(false))]),
                sight: Sight::LANES,
                direct: |director| {
                    director.operate(C1, "set", &[word("a"), number(500)]);
                    director.run_until(|world| is_under_way(world, G, S, |_| true));
                    copy_and_hold(director, 600_000);
                    director.run_until(|world| told(world) == 1);
                    director.operate(C1, "set", &[word("a"), number(800)]);
                    director.run_until(|world| effects(world) == 3);
                },
                expect: vec![("no-stale-set", Outcome::Broken), ("twice", Outcome::Seen)],
            },
            Prepared {
                name: "never-knew",
                title: t!("Neither done nor failed"),
                summary: t!(
                    "C1 has tried as often as it may, and no answer came through. It tells its user “unknown”: S has charged the card long since, and C1 cannot know that."
                ),
                seed: 1,
                settings: alone(&[("attempts", number(2))]),
                sight: Sight::LANES,
                direct: |director| {
                    director.act(Input::Cut { from: G, to: C1 });
                    director.operate(C1, "charge", &[word("a"), number(100)]);
                    director.run_until(|world| told(world) == 1);
                },
                expect: vec![("never-knew", Outcome::Seen), ("told-failed", Outcome::Kept)],
            },
            Prepared {
                name: "bad-day",
                title: t!("A bad day, and all is well"),
                summary: t!(
                    "One message in five is lost, one in ten is doubled, one in ten is damaged, and the gateway swaps bytes. Two clients pay all the same: whatever was told to be done has had effect, once."
                ),
                seed: 3,
                settings: vec![
                    ("loss_percent", number(20)),
                    ("copies_percent", number(10)),
                    ("damage_percent", number(10)),
                    ("gateway_swaps", number(50)),
                ],
                sight: Sight::PANELS,
                direct: |director| director.run_until_us(30_000_000),
                expect: vec![
                    ("at-most-once", Outcome::Kept),
                    ("right-effect", Outcome::Kept),
                    ("told-done", Outcome::Kept),
                ],
            },
            Prepared {
                name: "two-generals",
                title: t!("Two generals"),
                summary: t!(
                    "A and B win if both attack. Each messenger says that the one before came through; the fourth and last one was just caught. B has all that it waits for, and will attack alone."
                ),
                seed: 1,
                settings: quiet(&[("story", word("generals"))]),
                sight: Sight::PANELS,
                direct: |director| {
                    director.operate(NodeId(0), "battle", &[]);
                    director.run_until(last_messenger);
                    let last = director.messages(
                        |_, _, message| matches!(message, Message::Messenger(messenger) if messenger.number == 4),
                    );
                    last.into_iter().for_each(|message| director.act(Input::Drop(message)));
                },
                expect: vec![("one-attacks-alone", Outcome::NotSeen)],
            },
            Prepared {
                name: "secret-number",
                title: t!("Two generals with a secret number"),
                summary: t!(
                    "A draws a number from 1 to 4 and tells it. Each round brings both one level higher, as far as messengers come through. Who has reached the number attacks: whichever messengers are caught, one attacks alone in one of four battles at the most."
                ),
                seed: 2,
                settings: vec![
                    ("story", word("generals")),
                    ("plan", word("random-key")),
                    ("loss_percent", number(20)),
                    ("copies_percent", number(0)),
                    ("damage_percent", number(0)),
                ],
                sight: Sight::PANELS,
                direct: |director| {
                    director.run_until_us(60_000_000);
                    director.run_until(|world| world.messages().any(|_| true));
                },
                expect: vec![("both-attack", Outcome::Seen), ("one-attacks-alone", Outcome::Seen)],
            },
        ]
    }
}

/// A network that does nothing by itself, and nobody who wants anything.
fn quiet(changes: &[(&'static str, Value)]) -> Vec<(&'static str, Value)> {
    let mut settings = vec![
        ("workload_ms", number(0)),
        ("loss_percent", number(0)),
        ("copies_percent", number(0)),
        ("reordering_percent", number(0)),
        ("damage_percent", number(0)),
        ("delay", word("constant")),
        ("delay_most_us", number(20_000)),
    ];
    settings.extend(changes.iter().cloned());
    settings
}

/// The same with one client, and a gateway that works.
fn alone(changes: &[(&'static str, Value)]) -> Vec<(&'static str, Value)> {
    let mut settings = quiet(&[("clients", number(1))]);
    if !changes.iter().any(|(name, _)| *name == "gateway_swaps") {
        settings.push(("gateway_swaps", number(0)));
    }
    settings.extend(changes.iter().cloned());
    settings
}

/// C1 charges 100, and the answer is lost on its way to the gateway.
fn lose_the_first_answer(director: &mut Director<UnreliableNetwork>) {
    director.operate(C1, "charge", &[word("a"), number(100)]);
    director.run_until(|world| effects(world) == 1);
    let answers = director.messages(|from, _, _| from == S);
    answers.into_iter().for_each(|message| director.act(Input::Drop(message)));
}

/// Doubles what is under way from the gateway to the ledger, and lets the copy come so much later.
fn copy_and_hold(director: &mut Director<UnreliableNetwork>, by_us: u64) {
    let requests = director.messages(|from, to, _| (from, to) == (G, S));
    requests.iter().for_each(|message| director.act(Input::Duplicate(*message)));
    let copies = director.messages(|from, to, _| (from, to) == (G, S));
    let copies = copies.into_iter().filter(|message| !requests.contains(message));
    copies.for_each(|message| director.act(Input::Delay { message, by_us }));
}

/// How many effects stand on the ledger's disk.
fn effects(world: WorldOf<'_, UnreliableNetwork>) -> usize {
    world.nodes().disk(world.config().ledger()).book.log.len()
}

/// Of how many requests the user of the first client was told lately.
fn told(world: WorldOf<'_, UnreliableNetwork>) -> usize {
    world.nodes().disk(C1).client.told.len()
}

fn is_under_way(world: WorldOf<'_, UnreliableNetwork>, from: NodeId, to: NodeId, is_meant: fn(Record) -> bool) -> bool {
    world.messages().any(|envelope| {
        let record = match envelope.payload {
            Message::Packet(packet) => Some(Record::read(&packet.bytes)),
            Message::Messenger(_) => None,
        };
        (envelope.from, envelope.to) == (from, to) && record.is_some_and(is_meant)
    })
}

fn last_messenger(world: WorldOf<'_, UnreliableNetwork>) -> bool {
    let messages = world.config().messages;
    world
        .messages()
        .any(|envelope| matches!(envelope.payload, Message::Messenger(messenger) if messenger.number == messages))
}
