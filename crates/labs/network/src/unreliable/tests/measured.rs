//! Experiments come near to what follows from formulas.

use sim::experiment::Report;
use sim::{Experiments, Settings};

use super::super::UnreliableNetwork;

fn measure(name: &str, runs: u32) -> Report {
    UnreliableNetwork::measure(name, Settings::default(), runs).unwrap()
}

#[test]
fn keys_make_one_effect_of_many_attempts() {
    assert_eq!(measure("effects", 1_500).off(40, 0), None);
}

#[test]
fn generals_come_to_what_lynch_derives() {
    assert_eq!(measure("generals", 1_500).off(0, 30_000), None);
}

#[test]
fn checks_let_through_what_theory_says() {
    assert_eq!(measure("undetected", 200_000).off(10, 30), None);
}

#[test]
fn a_window_has_to_be_longer_than_copies_live() {
    assert_eq!(measure("window", 1_000).off(0, 35_000), None);
}
