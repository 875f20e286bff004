//! Who becomes primary, what that loses, and what an old primary does.

use super::*;

fn cut_off_s1(director: &mut Director<Replicas>) {
    director.act(Input::Split(vec![vec![S1, C1], vec![S2, S3, O, C2]]));
}

/// Kleppmann 2017, chapter 5, "Leader failure: Failover": the replica with the most up-to-date data changes becomes leader.
#[test]
fn the_most_advanced_replica_becomes_primary() {
    let mut director = by_hand(&[("mode", word("async"))]);
    director.act(Input::Cut { from: S1, to: S2 });
    put_and_wait(&mut director, C1, "1");
    director.run_for_us(20_000);
    director.act(Input::Crash(S1));
    director.act(Input::HealAll);
    director.run_for_us(1_000_000);
    assert_eq!(primary(director.world()), Some(S3));
    assert_eq!(outcome(director.world(), "acknowledged-kept"), Outcome::Kept);
    assert_eq!(state(&director, S2).log, state(&director, S3).log);
}

/// Kleppmann 2017, chapter 5: if the leader fails, writes that have not yet been replicated are lost with asynchronous
/// replication, even if they have been confirmed to the client.
#[test]
fn an_asynchronous_failover_loses_what_was_not_replicated() {
    let lost = |mode: &str| {
        let mut director = by_hand(&[("mode", word(mode))]);
        cut_off_s1(&mut director);
        director.operate(C1, "put", &[word("x"), word("1")]);
        director.run_for_us(1_500_000);
        (outcome(director.world(), "acknowledged-kept"), is_waiting(&director, C1))
    };
    assert_eq!(lost("async"), (Outcome::Broken, false));
    for mode in ["semi-sync", "quorum", "sync"] {
        assert_eq!(lost(mode), (Outcome::Kept, true), "{mode}");
    }
}

/// GFS (Ghemawat et al. 2003), section 3.1, and PacificA, "Leases and Failure Detection": the lease of the old primary is over
/// before there is a new one.
#[test]
fn a_primary_without_a_lease_does_not_answer() {
    let mut director = by_hand(&[("reads", word("primary"))]);
    put_and_wait(&mut director, C1, "1");
    cut_off_s1(&mut director);
    get(&mut director, C1, "as-set");
    wait(&mut director, C1);
    assert_eq!(read(&director, C1), "1");
    director.run_until(|world| primary(world) == Some(S2));
    get(&mut director, C1, "as-set");
    director.run_for_us(1_000_000);
    assert!(is_waiting(&director, C1));
    assert!(state(&director, S1).is_primary(), "it knows nothing of the other one");
}

/// pg_rewind: a former primary whose log has diverged gives up what came after the point at which it did.
#[test]
fn the_old_primary_steps_down_and_rewinds() {
    let mut director = by_hand(&[("mode", word("async")), ("lease", Value::Flag(false))]);
    put_and_wait(&mut director, C1, "1");
    director.run_for_us(100_000);
    cut_off_s1(&mut director);
    put_and_wait(&mut director, C1, "5");
    director.run_until(|world| primary(world) == Some(S2));
    put_and_wait(&mut director, C2, "6");
    assert!(!state(&director, S2).log.contains(state(&director, S1).last()));
    director.act(Input::HealAll);
    director.run_for_us(500_000);
    assert!(!state(&director, S1).is_primary());
    assert_eq!(state(&director, S1).log, state(&director, S2).log);
    assert_eq!(outcome(director.world(), "converged"), Outcome::Reached);
}

/// Without fencing two primaries go on side by side for ever.
#[test]
fn without_fencing_the_split_brain_lasts() {
    let off = Value::Flag(false);
    let mut director = by_hand(&[("mode", word("async")), ("lease", off.clone()), ("fencing", off)]);
    cut_off_s1(&mut director);
    director.run_until(|world| primary(world) == Some(S2));
    put_and_wait(&mut director, C1, "5");
    director.act(Input::HealAll);
    director.run_for_us(3_000_000);
    assert!(state(&director, S1).is_primary() && state(&director, S2).is_primary());
    assert_eq!(outcome(director.world(), "split-brain"), Outcome::Seen);
}

/// PacificA, "Reconfiguration": only a replica of the current configuration may become primary.
#[test]
fn a_dropped_replica_is_not_promoted() {
    let run = |only_in_sync: bool| {
        let mut director = by_hand(&[("in_sync_only", Value::Flag(only_in_sync))]);
        director.act(Input::Split(vec![vec![S3], vec![S1, S2, O]]));
        put_and_wait(&mut director, C1, "1");
        director.act(Input::HealAll);
        director.act(Input::Crash(S1));
        director.act(Input::Crash(S2));
        director.run_for_us(2_000_000);
        (primary(director.world()), outcome(director.world(), "acknowledged-kept"))
    };
    assert_eq!(run(true), (None, Outcome::Kept));
    assert_eq!(run(false), (Some(S3), Outcome::Broken));
}

/// PostgreSQL documentation, "Timelines", and pg_promote: who is promoted by hand begins a timeline of its own.
#[test]
fn a_promotion_by_hand_opens_an_epoch() {
    let mut director = by_hand(&[("failover", word("manual"))]);
    put_and_wait(&mut director, C1, "1");
    director.act(Input::Crash(S1));
    director.run_for_us(3_000_000);
    assert_eq!(primary(director.world()), None, "nobody does it by itself");
    director.operate(S3, "promote", &[]);
    director.run_for_us(500_000);
    assert_eq!((primary(director.world()), state(&director, S3).epoch), (Some(S3), 2));
    assert_eq!(state(&director, S3).log.entry(2).map(|entry| entry.epoch), Some(2));
    put_and_wait(&mut director, C1, "2");
    director.act(Input::Restart(S1));
    director.run_for_us(500_000);
    assert!(!state(&director, S1).is_primary());
    assert_eq!(state(&director, S1).log, state(&director, S3).log);
}

/// A primary that restarts soon enough goes on from its disk.
#[test]
fn a_restarted_primary_goes_on() {
    let mut director = by_hand(&[]);
    put_and_wait(&mut director, C1, "1");
    director.act(Input::Crash(S1));
    director.run_for_us(100_000);
    director.act(Input::Restart(S1));
    director.run_for_us(200_000);
    assert_eq!((primary(director.world()), state(&director, S1).epoch), (Some(S1), 1));
    put_and_wait(&mut director, C1, "2");
    assert_eq!(outcome(director.world(), "failover"), Outcome::NotSeen);
}
