//! The lock service with leases: queue, tokens, times.

use super::*;

/// Gray and Cheriton 1989, section 2: whoever has a lease counts it from before it was granted, so its time ends first.
#[test]
fn the_holders_time_ends_before_the_services() {
    let mut director = Director::<Lock>::new(Settings::default(), 5).expect("settings");
    let mut compared = 0;
    for _ in 0..3_000 {
        director.step();
        let world = director.world();
        for node in world.config().customers() {
            let customer = customer(world, node);
            let end = lease(world).ends.get(&customer.attempt(node));
            if let (Some(own_us), Some(end), true) = (customer.until_us, end, customer.hold.is_some()) {
                assert!(own_us < end.at_us, "{node:?} {own_us} {end:?}");
                compared += 1;
            }
        }
    }
    assert!(compared > 100);
}

/// Burrows 2006, section 2.4: after a release the lock is there for others at once; one whose holder has failed stays shut for the
/// lock delay.
#[test]
fn only_a_lock_that_ran_out_stays_shut() {
    for (fails, least_us, most_us) in [(false, 0, 40_000), (true, 700_000, 940_000)] {
        let mut director = by_hand(2, &[("lock_delay_ms", number(500))]);
        director.operate(C1, "acquire", &[]);
        director.run_until(|world| holds(world, C1));
        director.operate(C2, "acquire", &[]);
        director.run_for_us(100_000);
        let from_us = director.now_us();
        match fails {
            true => director.act(Input::Crash(C1)),
            false => director.operate(C1, "release", &[]),
        }
        assert!(director.run_until(|world| holds(world, C2)));
        let took_us = director.now_us() - from_us;
        assert!((least_us..=most_us).contains(&took_us), "{fails} {took_us}");
    }
}

/// Hunt et al. 2010, ZooKeeper, section 2.4: the lock goes to whoever has asked first, and a release wakes one client.
#[test]
fn a_release_wakes_the_first_who_waits() {
    let mut director = by_hand(4, &[]);
    for (node, other) in [(C1, None), (C2, Some(C1)), (C3, Some(C2)), (NodeId(3), Some(C3))] {
        director.operate(node, "acquire", &[]);
        director.run_for_us(60_000);
        assert_eq!(holds(director.world(), node), other.is_none());
    }
    director.operate(C1, "release", &[]);
    let before = lease(director.world()).sessions.queue.len();
    director.run_until(|world| lease(world).sessions.queue.len() < before);
    let woken = director.messages(|_, _, message| matches!(message, Message::Granted { .. }));
    assert_eq!(woken.len(), 1);
    director.run_for_us(60_000);
    assert!(holds(director.world(), C2) && !holds(director.world(), C3));
}

/// Burrows 2006, section 2.9, step 3: after a fail-over leases last for as long as they may have lasted, and locks are held as
/// before.
#[test]
fn a_restart_of_the_service_extends_leases() {
    let mut director = by_hand(2, &[("keepalive_ms", number(0))]);
    director.operate(C1, "acquire", &[]);
    director.run_until(|world| holds(world, C1));
    let lock = service(director.world());
    director.run_for_us(300_000);
    director.act(Input::Crash(lock));
    director.act(Input::Restart(lock));
    let restarted_us = director.now_us();
    let token = lease(director.world()).sessions.holder.map(|holder| holder.token);
    assert_eq!(token, Some(33));
    director.run_until(|world| lease(world).sessions.holder.is_none());
    assert_eq!(director.now_us() - restarted_us, 400_000);
}

/// Jepsen 2020, etcd 3.4.3: whoever has waited for a lock may have lost its own lease meanwhile, and must not get the lock then.
#[test]
fn whoever_slept_in_the_queue_has_lost_its_place() {
    let mut director = by_hand(3, &[]);
    for node in [C1, C2, C3] {
        director.operate(node, "acquire", &[]);
        director.run_for_us(60_000);
    }
    director.act(Input::Pause(C2));
    director.run_for_us(600_000);
    director.operate(C1, "release", &[]);
    director.run_for_us(60_000);
    director.act(Input::Resume(C2));
    director.run_for_us(200_000);
    assert!(holds(director.world(), C3) && !holds(director.world(), C2));
    assert!(customer(director.world(), C2).is_waiting());
    director.operate(C3, "release", &[]);
    director.run_for_us(100_000);
    assert!(holds(director.world(), C2));
}

/// Kleppmann 2016, Making the lock safe with fencing; Burrows 2006, section 2.4: the stock compares a token with the most recent
/// one that it has seen. The sleeper is refused, and the piece has one owner.
#[test]
fn a_sleeper_is_refused() {
    let mut director = by_hand(2, &[]);
    asleep(&mut director, true);
    assert!(holds(director.world(), C1) && thinks(director.world(), C1));
    director.run_until(|world| owns(world, C2));
    director.act(Input::Resume(C1));
    director.run_for_us(200_000);
    buy(&mut director, C1);
    director.run_for_us(200_000);
    let shelf = shelf(director.world());
    assert_eq!((shelf.taken, shelf.refused, shelf.seen), (1, 1, Some(35)));
    assert_eq!(outcome(&director, "stale-write"), Outcome::Seen);
}

/// The check on old tokens sees them: without fencing, and where reads carry no token.
#[test]
fn old_tokens_that_are_taken_are_seen() {
    for name in ["the-sleeper", "read-between"] {
        let mut director = prepared(name);
        assert_eq!(outcome(&director, "stale-refused"), Outcome::Kept);
        director.run_for_us(200_000);
        assert_eq!(outcome(&director, "stale-refused"), Outcome::Broken, "{name}");
    }
}

/// A write that comes twice sells one piece.
#[test]
fn a_write_is_taken_once() {
    let mut director = by_hand(2, &[("restock_ms", number(1))]);
    buy(&mut director, C1);
    director.run_until(|world| world.messages().any(|sent| matches!(sent.payload, Message::Write { .. })));
    for message in director.messages(|_, _, message| matches!(message, Message::Write { .. })) {
        director.act(Input::Duplicate(message));
    }
    director.run_for_us(200_000);
    let world = director.world();
    assert_eq!((shelf(world).taken, shelf(world).sold, customer(world, C1).bought), (1, 1, 1));
}
