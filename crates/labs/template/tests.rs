//! Tests that cite the paper.

use sim::probe::Probe;
use sim::{Configuration, Protocol, Settings, Value};

use super::*;

/// A alone, after its first ping.
fn node(last_only: bool) -> (Probe<Node>, Node) {
    let settings = Settings::default().with("last_only", Value::Flag(last_only));
    let settings = settings.accept(&sim::all_settings::<NewLab>()).expect("known settings");
    let mut probe = Probe::new(A, 2, NewLab::configure(&settings));
    let node = probe.run(|effects| Node::boot(&(), effects)).0;
    (probe, node)
}

/// Author, "Title", section: B answers each ping with its number.
#[test]
fn a_ping_is_answered_with_its_number() {
    let (mut probe, mut node) = node(true);
    let asked = probe.run(|effects| node.on_message(B, Message::Ping(7), effects)).1;
    assert_eq!(asked.sends, [(B, Message::Pong(7))]);
}

/// Author, "Title", section: an answer counts if it is the first one to the last ping.
#[test]
fn an_answer_that_comes_twice_counts_once() {
    for (last_only, answered) in [(true, 1), (false, 2)] {
        let (mut probe, mut node) = node(last_only);
        for _ in 0..2 {
            probe.run(|effects| node.on_message(B, Message::Pong(1), effects));
        }
        assert_eq!(node.answered, answered);
    }
}
