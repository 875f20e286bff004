//! Experiments come near to what follows from formulas.

use sim::experiment::Report;
use sim::{Experiments, Settings};

use super::super::DistributedPing;

fn measure(name: &str, runs: u32) -> Report {
    DistributedPing::measure(name, Settings::default(), runs).unwrap()
}

#[test]
fn two_exponential_ways_add_up() {
    assert_eq!(measure("round-trip", 20_000).off(20, 6_000), None);
}

#[test]
fn a_ping_has_two_chances_to_be_lost() {
    assert_eq!(measure("loss", 20_000).off(40, 0), None);
}

#[test]
fn a_closed_schedule_omits_what_it_should_have_seen() {
    assert_eq!(measure("omission", 60).off(60, 1_500), None);
}
