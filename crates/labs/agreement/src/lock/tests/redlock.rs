//! A key with a time to live, on one server and on a majority of them.

use super::*;

fn redlock(customers: i64, changes: &[(&str, Value)]) -> Director<Lock> {
    by_hand(customers, &[&[("scheme", word("redlock"))], changes].concat())
}

fn owners(director: &Director<Lock>) -> Vec<Option<OrderId>> {
    let world = director.world();
    let key = |node: NodeId| world.nodes().state(node).and_then(Node::key)?.value.map(|value| value.owner);
    world.config().locks().map(key).collect()
}

/// Redis documentation, The Redlock Algorithm, steps 1, 3 and 4: what is valid is the time to live without the time that it took to
/// get it, and without a share for clocks that differ: from the moment of asking, 400 ms - 1 % - 2 ms.
#[test]
fn the_lock_is_valid_for_less_than_its_time_to_live() {
    let mut director = redlock(2, &[]);
    director.run_for_us(5_000);
    let asked_us = director.now_us();
    director.operate(C1, "acquire", &[]);
    assert!(director.run_until(|world| holds(world, C1)));
    let until_us = customer(director.world(), C1).until_us;
    assert_eq!(until_us, Some(asked_us + 400_000 - 4_000 - 2_000));
}

/// Step 3: a majority that came too late is no lock. Step 5: it is given back everywhere.
#[test]
fn a_majority_that_comes_too_late_is_no_lock() {
    let mut director = redlock(2, &[("ttl_ms", number(20))]);
    director.operate(C1, "acquire", &[]);
    assert!(director.run_until(|world| customer(world, C1).step == Step::Backing));
    let sent = director.messages(|from, _, message| from == C1 && matches!(message, Message::Release { .. }));
    assert_eq!(sent.len(), 5);
    assert!(!holds(director.world(), C1));
}

/// Step 3: two servers of five are too few, and three are enough.
#[test]
fn a_majority_is_three_of_five() {
    for (lost, is_held) in [(2, true), (3, false)] {
        let mut director = redlock(2, &[]);
        let servers: Vec<NodeId> = director.world().config().locks().collect();
        servers[..lost].iter().for_each(|server| director.act(Input::Crash(*server)));
        director.operate(C1, "acquire", &[]);
        director.run_for_us(200_000);
        assert_eq!(holds(director.world(), C1), is_held, "{lost}");
    }
}

/// Retry on failure: customers that ask at the same time can split the servers, and try again after a random time.
#[test]
fn nobody_may_have_a_majority() {
    let mut director = redlock(3, &[]);
    let servers: Vec<NodeId> = director.world().config().locks().collect();
    let meant = [(C1, &servers[..2]), (C2, &servers[2..4]), (C3, &servers[4..])];
    for (node, own) in meant {
        director.operate(node, "acquire", &[]);
        for message in director.messages(|from, to, _| from == node && !own.contains(&to)) {
            director.act(Input::Drop(message));
        }
    }
    director.run_for_us(15_000);
    assert!(owners(&director).iter().all(Option::is_some));
    assert_eq!(outcome(&director, "split-majority"), Outcome::Seen);
    assert!(director.run_until(|world| [C1, C2, C3].iter().any(|node| holds(world, *node))));
}

/// Correct implementation with a single instance: whoever deletes the key compares the value first.
#[test]
fn a_late_release_leaves_the_lock_of_another_one() {
    for (rule, expected) in [(true, Outcome::Kept), (false, Outcome::Broken)] {
        let changes = [("scheme", word("single")), ("keepalive_ms", number(0)), ("owner_only", Value::Flag(rule))];
        let mut director = by_hand(2, &changes);
        director.operate(C1, "acquire", &[]);
        director.run_for_us(450_000);
        director.operate(C2, "acquire", &[]);
        director.run_until(|world| holds(world, C2));
        director.operate(C1, "release", &[]);
        director.run_for_us(100_000);
        assert_eq!(outcome(&director, "own-release"), expected);
        assert_eq!(owners(&director)[0].is_some(), rule);
    }
}

/// Kleppmann 2016, Breaking Redlock with bad timings: one clock that jumps, and two have the lock.
#[test]
fn one_clock_gives_the_lock_away_twice() {
    let mut director = prepared("clock-jump");
    director.run_for_us(60_000);
    assert!(holds(director.world(), C1) && holds(director.world(), C2));
    director.run_for_us(400_000);
    assert_eq!(outcome(&director, "sold-twice"), Outcome::Seen);
}

/// Redis documentation, Performance, crash recovery and fsync: a server without a disk gives the lock away twice, unless it is
/// silent after its restart for longer than a lock lasts.
#[test]
fn silence_after_a_restart_keeps_the_majority() {
    for (name, expected) in [("amnesia", Outcome::Seen), ("silence", Outcome::NotSeen)] {
        let mut director = prepared(name);
        director.run_for_us(600_000);
        assert_eq!(outcome(&director, "two-holders"), expected, "{name}");
    }
}
