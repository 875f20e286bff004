//! The scenarios tip as their texts say.

use sim::Input;

use super::super::scenarios::{leads, member};
use super::*;

/// The aha of the lab: late answers, and two nodes give orders; then the coordinator asks, and there is one.
#[test]
fn slow_answer() {
    let mut director = prepared("slow-answer");
    assert!(!is_in_time(&director));
    director.run_for_us(150_000);
    assert_eq!(outcome(&director, "two-coordinators"), Outcome::Seen);
    assert_eq!(outcome(&director, "disk-torn"), Outcome::Seen);
    director.run_for_us(400_000);
    assert_eq!(outcome(&director, "agreed"), Outcome::Reached);
    assert_eq!(measure(&director, "coordinator"), 5);
    assert!(director.finish().2.is_empty());
}

/// Van Steen and Tanenbaum: 7 of 0 to 7 has crashed, 4 notices, and 6 wins: 6 `Election`, 3 `OK`, 6 `Coordinator`.
#[test]
fn eight_processes() {
    let mut director = prepared("eight-processes");
    director.run_for_us(300_000);
    assert_eq!(measure(&director, "coordinator"), 7);
    let counts = [Kind::Election, Kind::Ok, Kind::Coordinator].map(|kind| count(&director, kind));
    assert_eq!(counts, [6, 3, 6]);
    assert_eq!(outcome(&director, "agreed"), Outcome::Reached);
    assert!(director.finish().2.is_empty());
}

#[test]
fn comes_back() {
    for (name, kept) in [("comes-back", Outcome::Kept), ("comes-back-at-once", Outcome::Broken)] {
        let mut director = prepared(name);
        director.run_for_us(300_000);
        assert_eq!(outcome(&director, "one-coordinator"), kept, "{name}");
        assert_eq!(outcome(&director, "bullied"), Outcome::Seen, "{name}");
        assert_eq!(measure(&director, "coordinator"), 5);
        assert!(director.finish().2.is_empty());
    }
}

/// Elasticsearch issue 10935 is about two masters that stay after the cut has healed; here the coordinators ask, and one remains.
#[test]
fn two_halves() {
    let mut director = prepared("two-halves");
    director.run_for_us(400_000);
    assert_eq!(measure(&director, "coordinators"), 2);
    assert_eq!(outcome(&director, "disk-torn"), Outcome::Seen);
    director.act(Input::HealAll);
    director.run_for_us(500_000);
    assert_eq!(measure(&director, "coordinators"), 1);
    assert_eq!(outcome(&director, "agreed"), Outcome::Reached);
    let mut director = prepared("one-half-leads");
    director.run_for_us(600_000);
    assert_eq!(measure(&director, "coordinators"), 1);
    assert_eq!(outcome(&director, "two-coordinators"), Outcome::NotSeen);
    assert!(leads(director.world(), NodeId(4)));
    assert!(director.finish().2.is_empty());
}

#[test]
fn two_nodes() {
    let mut director = prepared("two-nodes");
    director.run_for_us(600_000);
    assert_eq!(measure(&director, "coordinators"), 0);
    director.act(Input::HealAll);
    director.run_for_us(500_000);
    assert_eq!(outcome(&director, "agreed"), Outcome::Reached);
    assert!(director.finish().2.is_empty());
}

/// A majority does not keep an old coordinator from writing; a term does.
#[test]
fn majority_is_not_enough() {
    let mut director = prepared("majority-is-not-enough");
    director.run_for_us(300_000);
    assert_eq!(outcome(&director, "disk-torn"), Outcome::Seen);
    assert!(director.finish().2.is_empty());
    let mut director = prepared("terms-refuse");
    assert_eq!(member(director.world(), NodeId(3)).map(|member| member.reign_term), Some(2));
    director.run_for_us(300_000);
    assert_eq!(outcome(&director, "disk-torn"), Outcome::NotSeen);
    assert_eq!(outcome(&director, "disk-in-order"), Outcome::Kept);
    director.run_for_us(600_000);
    assert_eq!(outcome(&director, "agreed"), Outcome::Reached);
    assert!(director.finish().2.is_empty());
}

/// Chang and Roberts 1979: n(n + 1)/2 in the worst case, 2n - 1 in the best, and n to tell all.
#[test]
fn rings() {
    for (name, numbers) in [("ring-worst", 15), ("ring-best", 9)] {
        let mut director = prepared(name);
        director.run_for_us(400_000);
        assert_eq!(i64::from(count(&director, Kind::Token)), numbers, "{name}");
        assert_eq!(measure(&director, "messages"), numbers + 5, "{name}");
        assert_eq!(outcome(&director, "agreed"), Outcome::Reached);
        assert!(director.finish().2.is_empty());
    }
}
