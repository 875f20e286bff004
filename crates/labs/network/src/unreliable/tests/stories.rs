//! The scenarios come to what their sentences say.

use sim::{NodeId, World};

use super::super::{Book, UnreliableNetwork, UnreliableNode, Verdict};
use super::LAB;

const C1: NodeId = NodeId(0);
const S: NodeId = NodeId(2);

/// The world so many events after the opening moment of a scenario.
fn world(scenario: &str, after: u64) -> World {
    let mut world = LAB.prepare(scenario).unwrap().world;
    for _ in 0..after {
        world.step();
    }
    world
}

fn book(world: &World) -> Book {
    world.of::<UnreliableNetwork>().nodes().disk(S).book.clone()
}

fn balance(scenario: &str, after: u64) -> u32 {
    book(&world(scenario, after)).accounts[0].balance
}

fn told(world: &World) -> Vec<Verdict> {
    world.of::<UnreliableNetwork>().nodes().disk(C1).client.told.iter().map(|told| told.verdict).collect()
}

#[test]
fn without_a_key_it_is_200_and_with_one_it_is_100() {
    assert_eq!(balance("charged-twice", 0), 200);
    assert_eq!((balance("same-key", 0), balance("same-key", 20)), (100, 100));
    assert_eq!(told(&world("same-key", 20)), [Verdict::Done]);
}

/// Saltzer, Reed and Clark 1984, section 2.2: 0x0100 comes as 0x0001.
#[test]
fn a_limit_of_256_comes_as_1() {
    assert_eq!(book(&world("bad-gateway", 0)).accounts[0].limit, 1);
}

/// Amazon S3, 20 July 2008: a single bit, and no check in that one layer.
#[test]
fn one_bit_makes_228_of_100() {
    assert_eq!(balance("one-bit", 0), 228);
    assert_eq!(told(&world("one-bit", 20)), [Verdict::Done]);
}

#[test]
fn a_crash_between_two_writes_charges_twice() {
    assert_eq!((balance("crash-between", 0), balance("crash-between", 20)), (100, 200));
}

#[test]
fn a_window_shorter_than_a_copy_lives_charges_twice() {
    assert_eq!(balance("window-too-short", 0), 200);
}

#[test]
fn a_late_copy_brings_the_old_limit_back() {
    let book = book(&world("swapped-sets", 0));
    let limits: Vec<u32> = book.log.iter().map(|entry| entry.after).collect();
    assert_eq!((limits, book.accounts[0].limit), (vec![500, 800, 500], 500));
}

#[test]
fn unknown_is_what_a_client_says_that_does_not_know() {
    let world = world("never-knew", 0);
    assert_eq!((told(&world), book(&world).accounts[0].balance), (vec![Verdict::Unknown], 100));
}

/// Gray 1978: whoever sends the last messenger does not know whether it came.
#[test]
fn the_general_who_waits_for_no_more_attacks_alone() {
    let world = world("two-generals", 20);
    let attacks = |place: u16| {
        let general = world.of::<UnreliableNetwork>().nodes().state(NodeId(place)).and_then(UnreliableNode::general);
        general.unwrap().decisions.last().unwrap().attacks
    };
    assert_eq!((attacks(0), attacks(1)), (false, true));
}
