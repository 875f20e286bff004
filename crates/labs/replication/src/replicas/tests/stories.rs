//! What the scenarios tell, and how they go on.

use sim::Scenarios;

use super::*;

/// A scenario at its opening moment, and how so many microseconds go on.
fn play(name: &str, us: u64) -> Director<Replicas> {
    let prepared = Replicas::scenarios().into_iter().find(|prepared| prepared.name == name).expect("a scenario");
    let changes = prepared.settings.clone();
    let mut director = Director::new(settings(&changes), prepared.seed).expect("settings");
    (prepared.direct)(&mut director);
    director.run_for_us(us);
    director
}

#[test]
fn the_read_from_the_slow_replica_is_stale() {
    let director = play("stale-read", 20_000);
    assert_eq!(read(&director, C2), "1");
    assert_eq!(outcome(director.world(), "stale-read"), Outcome::Seen);
}

#[test]
fn the_session_waits_for_its_own_write() {
    let director = play("own-write-waits", 400_000);
    assert_eq!(read(&director, C1), "2");
}

#[test]
fn semi_synchronous_keeps_the_write() {
    let director = play("semi-sync-failover", 1_000_000);
    assert_eq!(primary(director.world()), Some(S3));
    assert_eq!(outcome(director.world(), "acknowledged-kept"), Outcome::Kept);
}

#[test]
fn falling_back_lets_the_client_go_on_and_a_promotion_then_loses_the_write() {
    let mut director = play("semi-sync-timeout", 100_000);
    assert!(!is_waiting(&director, C1));
    director.operate(S2, "promote", &[]);
    assert_eq!(outcome(director.world(), "acknowledged-kept"), Outcome::Broken);
}

#[test]
fn the_observer_strikes_the_silent_replica_off() {
    let director = play("dropped-replica", 100_000);
    assert!(!is_waiting(&director, C1));
}

#[test]
fn a_failover_ends_with_one_primary_and_all_writes() {
    let mut director = play("automatic-failover", 300_000);
    assert_eq!(primary(director.world()), Some(S2));
    director.act(Input::HealAll);
    director.run_for_us(500_000);
    assert_eq!(outcome(director.world(), "converged"), Outcome::Reached);
    assert_eq!(outcome(director.world(), "acknowledged-kept"), Outcome::Kept);
}

#[test]
fn fencing_ends_the_split_brain_and_nothing_else_does() {
    assert_eq!(outcome(play("fenced", 500_000).world(), "converged"), Outcome::Reached);
    assert_eq!(outcome(play("split-brain", 5_000_000).world(), "converged"), Outcome::Waiting);
}

#[test]
fn cap_gives_up_answers_and_keeps_them_right() {
    let (c1, c2) = (NodeId(6), NodeId(7));
    let mut director = play("cap-consistent", 5_000_000);
    assert!(is_waiting(&director, c1), "no answer while the cut lasts");
    assert_eq!(read(&director, c2), "3");
    director.act(Input::HealAll);
    wait(&mut director, c1);
    assert_eq!(outcome(director.world(), "acknowledged-kept"), Outcome::Kept);
}

/// Each coast has what the other lacks; the epoch of the west wins, and the writes of the east go.
#[test]
fn both_coasts_have_taken_writes() {
    let director = play("github-2018", 0);
    let (east, west) = (state(&director, S1), state(&director, S3));
    assert!(east.is_primary() && west.is_primary());
    assert!(!west.log.contains(east.last()) && !east.log.contains(west.last()));
    let director = play("github-2018", 5_000_000);
    assert_eq!(primary(director.world()), Some(S3));
    assert!(!state(&director, S1).is_primary());
}
