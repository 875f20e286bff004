//! Session guarantees (Terry et al. 1994).

use sim::Delay;

use super::*;

fn with_a_slow_s3(changes: &[(&str, Value)]) -> Director<Replicas> {
    let mut director = by_hand(&[&[("mode", word("async"))], changes].concat());
    put_and_wait(&mut director, C1, "1");
    director.run_for_us(100_000);
    director.act(Input::SetDelay { from: S1, to: S3, delay: Delay::Constant { us: 300_000 } });
    put_and_wait(&mut director, C1, "2");
    director
}

/// "Read Your Writes": a read that follows a write in a session sees it.
#[test]
fn a_session_reads_its_own_writes() {
    let mut director = with_a_slow_s3(&[]);
    get(&mut director, C1, "S3");
    wait(&mut director, C1);
    assert_eq!(read(&director, C1), "2");
    assert_eq!(outcome(director.world(), "read-your-writes"), Outcome::Kept);
    let mut director = with_a_slow_s3(&[("read_your_writes", Value::Flag(false))]);
    get(&mut director, C1, "S3");
    wait(&mut director, C1);
    assert_eq!(read(&director, C1), "1");
    assert_eq!(outcome(director.world(), "read-your-writes"), Outcome::Broken);
}

/// "Monotonic Reads": a read sees at least what an earlier read of the session has seen. C2 wrote nothing itself.
#[test]
fn a_session_does_not_read_backwards() {
    let run = |rule: bool| {
        let mut director = with_a_slow_s3(&[("monotonic_reads", Value::Flag(rule))]);
        director.run_for_us(20_000);
        for server in ["S2", "S3"] {
            get(&mut director, C2, server);
            wait(&mut director, C2);
        }
        (read(&director, C2), outcome(director.world(), "monotonic-reads"))
    };
    assert_eq!(run(true), ("2".to_string(), Outcome::Kept));
    assert_eq!(run(false), ("1".to_string(), Outcome::Broken));
}

/// A replica that is behind can send the session to the primary instead of letting it wait.
#[test]
fn a_replica_that_is_behind_can_redirect() {
    let mut director = with_a_slow_s3(&[("behind", word("redirect"))]);
    let before_us = director.now_us();
    get(&mut director, C1, "S3");
    wait(&mut director, C1);
    assert_eq!(read(&director, C1), "2");
    assert!(director.world().now_us() - before_us < 60_000, "two round trips");
    assert_eq!(client(director.world(), C1).and_then(|client| client.last.clone()).expect("an answer").server, S1);
}

/// Sessions promise nothing to others: C2 may read what is old, which no linearizable store would (Kleppmann 2017, chapter 9).
#[test]
fn another_session_may_read_what_is_old() {
    let mut director = with_a_slow_s3(&[]);
    get(&mut director, C2, "S3");
    wait(&mut director, C2);
    assert_eq!(read(&director, C2), "1");
    assert_eq!(outcome(director.world(), "stale-read"), Outcome::Seen);
    for name in ["read-your-writes", "monotonic-reads", "current-reads"] {
        assert_eq!(outcome(director.world(), name), Outcome::Kept, "{name}");
    }
}

/// MySQL 8 manual, rpl_semi_sync_source_wait_point: with AFTER_SYNC all clients see a write at the same time, after a replica
/// has it; with AFTER_COMMIT others see it before, and may lose it again.
#[test]
fn others_read_a_write_when_it_is_committed() {
    let run = |rule: bool| {
        let mut director = by_hand(&[("reads", word("primary")), ("read_committed", Value::Flag(rule))]);
        director.act(Input::Crash(S3));
        director.operate(C1, "put", &[word("x"), word("1")]);
        director.run_for_us(60_000);
        get(&mut director, C2, "as-set");
        director.run_for_us(60_000);
        read(&director, C2)
    };
    assert_eq!((run(true), run(false)), ("nil".to_string(), "1".to_string()));
}
