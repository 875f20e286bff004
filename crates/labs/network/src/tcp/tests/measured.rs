//! Experiments come near to what follows from formulas.

use sim::experiment::Report;
use sim::{Experiments, Settings};

use super::super::Tcp;

fn measure(name: &str, runs: u32) -> Report {
    Tcp::measure(name, Settings::default(), runs).unwrap()
}

#[test]
fn the_timeout_follows_the_formula() {
    assert_eq!(measure("rto", 12).off(1, 0), None);
}

#[test]
fn slow_start_doubles() {
    assert_eq!(measure("slow-start", 1).off(0, 0), None);
}

/// M. Mathis and others 1997, for few losses; Appenzeller and others 2004; Chiu and Jain 1989.
#[test]
fn losses_queues_and_shares_are_near() {
    let loss = measure("loss", 200);
    let few = Report { metrics: vec![loss.metrics[0].clone()] };
    assert_eq!(few.off(80, 0), None);
    assert_eq!(measure("queue", 300).off(60, 0), None);
    assert_eq!(measure("fairness", 200).off(20, 0), None);
}
