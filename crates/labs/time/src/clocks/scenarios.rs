//! The prepared scenarios. Each makes a small history by hand; some are the same in both labs, to compare.

use parts::values::{number, word};
use sim::check::Outcome;
use sim::{Director, Input, NodeId, Prepared, Scenarios, Sight, System, Value, t};

use super::process::Process;
use super::settings::LETTERS;
use super::{LamportClocks, VectorClocks};

const A: NodeId = NodeId(0);
const B: NodeId = NodeId(1);
const C: NodeId = NodeId(2);

impl Scenarios for LamportClocks {
    /// The scenarios of the Lamport lab; a visitor meets the first one first.
    fn scenarios() -> Vec<Prepared<LamportClocks>> {
        vec![
            Prepared {
                name: "ordered-by-chance",
                title: t!("Earlier, or just a smaller number?"),
                summary: t!(
                    "C's first event, C1, has time 1, and A's second, A2, has time 2: so C1 comes first in the total order. Yet neither could know of the other, and the numbers do not tell."
                ),
                seed: 1,
                settings: by_hand(),
                sight: Sight::LANES,
                direct: two_strangers,
                expect: vec![("ordered-concurrent", Outcome::Seen), ("clock-condition", Outcome::Kept)],
            },
            Prepared {
                name: "late-message",
                title: t!("A late message pushes a clock ahead"),
                summary: t!(
                    "A has had nine events and then sent m1, which is slow. B has had two. Step until m1 arrives: B's clock jumps."
                ),
                seed: 1,
                settings: with_slow_message(),
                sight: Sight::LANES,
                direct: late_message,
                expect: vec![("clock-condition", Outcome::Kept), ("total-order", Outcome::Kept)],
            },
            Prepared {
                name: "three-processes",
                title: t!("Three processes, in the manner of Figure 1"),
                summary: t!(
                    "Messages go to and fro between A and B and between B and C. Follow the arrows in the lanes: along each of them time grows."
                ),
                seed: 1,
                settings: by_hand(),
                sight: Sight::LANES,
                direct: three_processes,
                expect: vec![("clock-condition", Outcome::Kept), ("ordered-concurrent", Outcome::Seen)],
            },
            Prepared {
                name: "equal-times",
                title: t!("Three events with the same time"),
                summary: t!(
                    "A, B and C have each had one event, and all three have time 1. The total order takes them by the names of their nodes."
                ),
                seed: 1,
                settings: by_hand(),
                sight: Sight::LANES,
                direct: equal_times,
                expect: vec![("total-order", Outcome::Kept), ("ordered-concurrent", Outcome::NotSeen)],
            },
            Prepared {
                name: "your-own-history",
                title: t!("Make a history of your own"),
                summary: t!(
                    "B has had an event, and nothing more happens by itself. Take up a tool under the stage: press a node for an event, or two nodes for a message. A message is late if you pull the ring at its end in the lanes. Can you make two concurrent events of which one has the smaller time?"
                ),
                seed: 1,
                settings: only_by_hand(),
                sight: Sight::LANES,
                direct: |director| local(director, B, "b1"),
                expect: vec![("clock-condition", Outcome::Kept), ("ordered-concurrent", Outcome::NotSeen)],
            },
            Prepared {
                name: "no-maximum",
                title: t!("A receiver that does not look at the stamp"),
                summary: t!(
                    "A rule is broken: B only counts its own events. It has received m1, sent at time 4, and calls that time 1: the effect seems to come before its cause."
                ),
                seed: 1,
                settings: without_maximum(),
                sight: Sight::LANES,
                direct: ignored_stamp,
                expect: vec![("clock-condition", Outcome::Broken)],
            },
        ]
    }
}

impl Scenarios for VectorClocks {
    /// The scenarios of the vector lab; a visitor meets the first one first.
    fn scenarios() -> Vec<Prepared<VectorClocks>> {
        vec![
            Prepared {
                name: "siblings",
                title: t!("Two writes at once"),
                summary: t!(
                    "A and C have each changed the cart, and neither knew of the other. B has received both, and sees from the vectors that it must not throw one of them away."
                ),
                seed: 1,
                settings: by_hand(),
                sight: Sight::LANES,
                direct: siblings,
                expect: vec![("concurrent-events", Outcome::Seen), ("exact-causality", Outcome::Kept)],
            },
            Prepared {
                name: "answer-first",
                title: t!("The answer before the question"),
                summary: t!(
                    "A's question to C is slow. B has heard it too, and its answer reaches C first. The answer's vector counts two events of A, of which C has had no word from A itself."
                ),
                seed: 1,
                settings: with_slow_message(),
                sight: Sight::LANES,
                direct: answer_first,
                expect: vec![("exact-causality", Outcome::Kept), ("concurrent-events", Outcome::NotSeen)],
            },
            Prepared {
                name: "causal-chain",
                title: t!("Heard through a third node"),
                summary: t!(
                    "A has written to B, and B to C. A and C have never talked, but C's vector counts A's event: it could have been its cause."
                ),
                seed: 1,
                settings: by_hand(),
                sight: Sight::LANES,
                direct: causal_chain,
                expect: vec![("exact-causality", Outcome::Kept), ("concurrent-events", Outcome::NotSeen)],
            },
            Prepared {
                name: "same-history",
                title: t!("What Lamport clocks could not tell"),
                summary: t!(
                    "The history of the first scenario of the Lamport lab. There C's first event had time 1 and A's second time 2. Here they have [0 0 1] and [2 0 0], and neither is less than the other."
                ),
                seed: 1,
                settings: by_hand(),
                sight: Sight::LANES,
                direct: two_strangers,
                expect: vec![("concurrent-events", Outcome::Seen), ("exact-causality", Outcome::Kept)],
            },
            Prepared {
                name: "three-processes",
                title: t!("Three processes, with vectors"),
                summary: t!(
                    "The history of three processes from the Lamport lab. The table says of each two events which came first, or that they are concurrent."
                ),
                seed: 1,
                settings: by_hand(),
                sight: Sight::LANES,
                direct: three_processes,
                expect: vec![("concurrent-events", Outcome::Seen), ("exact-causality", Outcome::Kept)],
            },
            Prepared {
                name: "your-own-history",
                title: t!("Make a history of your own"),
                summary: t!(
                    "B has had an event, and nothing more happens by itself. Take up a tool under the stage: press a node for an event, or two nodes for a message. A message is late if you pull the ring at its end in the lanes. Then compare two events in the lanes: can you make two that are concurrent?"
                ),
                seed: 1,
                settings: only_by_hand(),
                sight: Sight::LANES,
                direct: |director| local(director, B, "b1"),
                expect: vec![("exact-causality", Outcome::Kept), ("concurrent-events", Outcome::NotSeen)],
            },
            Prepared {
                name: "no-maximum",
                title: t!("A receiver that does not look at the vector"),
                summary: t!(
                    "A rule is broken: B only counts its own events. It has received m1, and its vector looks as if it had never heard of A."
                ),
                seed: 1,
                settings: without_maximum(),
                sight: Sight::LANES,
                direct: ignored_stamp,
                expect: vec![("exact-causality", Outcome::Broken)],
            },
        ]
    }
}

/// Every message takes 100 ms. Nodes do something by themselves soon after what was made by hand: whoever plays on does not
/// wait long for it.
fn by_hand() -> Vec<(&'static str, Value)> {
    vec![("delay", word("constant")), ("delay_most_ms", number(100)), ("workload_ms", number(600))]
}

/// The same, and the nodes wait until a slow message has arrived.
fn with_slow_message() -> Vec<(&'static str, Value)> {
    [by_hand(), vec![("workload_ms", number(1_200))]].concat()
}

/// The same, and the nodes do nothing by themselves.
fn only_by_hand() -> Vec<(&'static str, Value)> {
    [by_hand(), vec![("workload_ms", number(0))]].concat()
}

fn without_maximum() -> Vec<(&'static str, Value)> {
    [by_hand(), vec![("receive_maximum", Value::Flag(false))]].concat()
}

/// A1 and A2 know nothing of C1, and C1 nothing of them.
fn two_strangers<L: System<Protocol = Process>>(director: &mut Director<L>) {
    local(director, A, "x=1");
    send(director, A, B, "m1");
    local(director, C, "y=1");
    run_until_count(director, B, 1);
    send(director, C, B, "m2");
}

fn late_message(director: &mut Director<LamportClocks>) {
    for turn in 1..=9 {
        local(director, A, &format!("x={turn}"));
    }
    send(director, A, B, "m1");
    slow_down(director, A, B);
    local(director, B, "y=1");
    local(director, B, "y=2");
}

/// Messages that cross, in both directions on both links, and events between them.
fn three_processes<L: System<Protocol = Process>>(director: &mut Director<L>) {
    local(director, A, "p");
    send(director, B, A, "m1");
    send(director, A, B, "m2");
    local(director, C, "r");
    run_until_count(director, B, 2);
    send(director, B, C, "m3");
    send(director, C, B, "m4");
    local(director, A, "q");
    run_until_count(director, B, 4);
    send(director, B, A, "m5");
}

fn equal_times(director: &mut Director<LamportClocks>) {
    for (node, name) in [(C, "z=1"), (A, "x=1"), (B, "y=1")] {
        local(director, node, name);
    }
}

fn ignored_stamp<L: System<Protocol = Process>>(director: &mut Director<L>) {
    for name in ["x=1", "x=2", "x=3"] {
        local(director, A, name);
    }
    send(director, A, B, "m1");
    run_until_count(director, B, 1);
}

fn siblings(director: &mut Director<VectorClocks>) {
    send(director, A, B, "cart=milk");
    send(director, C, B, "cart=eggs");
    run_until_count(director, B, 2);
}

fn answer_first(director: &mut Director<VectorClocks>) {
    send(director, A, C, "question");
    slow_down(director, A, C);
    send(director, A, B, "question");
    run_until_count(director, B, 1);
    send(director, B, C, "answer");
    run_until_count(director, C, 1);
}

fn causal_chain(director: &mut Director<VectorClocks>) {
    send(director, A, B, "m1");
    run_until_count(director, B, 1);
    send(director, B, C, "m2");
    run_until_count(director, C, 1);
    local(director, C, "z=1");
}

fn local<L: System<Protocol = Process>>(director: &mut Director<L>, node: NodeId, name: &str) {
    director.run_for_us(40_000);
    director.operate(node, "local", &[word(name)]);
}

fn send<L: System<Protocol = Process>>(director: &mut Director<L>, from: NodeId, to: NodeId, label: &str) {
    director.run_for_us(40_000);
    director.operate(from, "send", &[word(LETTERS[to.index()]), word(label)]);
}

/// The last message between two nodes takes 600 ms longer.
fn slow_down<L: System<Protocol = Process>>(director: &mut Director<L>, from: NodeId, to: NodeId) {
    let under_way = director.messages(|sender, receiver, _| (sender, receiver) == (from, to));
    if let Some(message) = under_way.last() {
        director.act(Input::Delay { message: *message, by_us: 600_000 });
    }
}

/// Runs until a node has had so many events.
fn run_until_count<L: System<Protocol = Process>>(director: &mut Director<L>, node: NodeId, count: u64) {
    director.run_until(|world| world.nodes().state(node).is_some_and(|process| process.count >= count));
}
