//! Experiments come near to what follows from formulas.

use sim::experiment::Report;
use sim::{Experiments, Settings};

use super::super::RpcRest;

fn measure(name: &str, runs: u32) -> Report {
    RpcRest::measure(name, Settings::default(), runs).unwrap()
}

/// van Steen and Tanenbaum, section 8.3.2: no strategy is right in all columns.
#[test]
fn the_printers_table_is_that_of_the_book() {
    let report = measure("printer", 1);
    assert_eq!((report.metrics.len(), report.off(0, 0)), (24, None));
    let is_always_ok = report.metrics.chunks(6).any(|row| row.iter().all(|metric| metric.millionths == 1_000_000));
    assert!(!is_always_ok);
}

#[test]
fn a_loop_of_calls_takes_n_round_trips() {
    assert_eq!(measure("chatty", 1).off(0, 0), None);
}

#[test]
fn work_for_nobody_is_as_long_as_the_formula_says() {
    assert_eq!(measure("wasted", 4_000).off(80, 0), None);
}

#[test]
fn attempts_of_layers_multiply() {
    assert_eq!(measure("layers", 1).off(0, 0), None);
}
