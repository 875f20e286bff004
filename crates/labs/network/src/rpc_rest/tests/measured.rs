//! Experiments come near to what follows from formulas.

use sim::experiment::{Experiment, Metric};
use sim::{Experiments, Settings};

use super::super::RpcRest;

fn measure(name: &str, runs: u32) -> Vec<Metric> {
    let found: Option<Experiment> = RpcRest::experiments().into_iter().find(|known| known.name == name);
    let experiment = found.unwrap();
    let settings = Settings::defaults(&experiment.settings);
    (experiment.measure)(&settings, runs, 1).unwrap().metrics
}

/// Each number that is published is within so many thousandths of it, and at most so many millionths off where that is more.
fn assert_near(metrics: &[Metric], per_mille: i64, millionths: i64) {
    assert!(!metrics.is_empty());
    for metric in metrics {
        println!("{metric:?}");
        let Some(published) = metric.published_millionths else { continue };
        let allowed = (published * per_mille / 1_000).max(millionths);
        assert!((metric.millionths - published).abs() <= allowed, "{metric:?}");
    }
}

/// van Steen and Tanenbaum, section 8.3.2: no strategy is right in all columns.
#[test]
fn the_printers_table_is_that_of_the_book() {
    let metrics = measure("printer", 1);
    assert_eq!(metrics.len(), 24);
    assert_near(&metrics, 0, 0);
    let is_always_ok = metrics.chunks(6).any(|row| row.iter().all(|metric| metric.millionths == 1_000_000));
    assert!(!is_always_ok);
}

#[test]
fn a_loop_of_calls_takes_n_round_trips() {
    assert_near(&measure("chatty", 1), 0, 0);
}

#[test]
fn work_for_nobody_is_as_long_as_the_formula_says() {
    assert_near(&measure("wasted", 4_000), 80, 0);
}

#[test]
fn attempts_of_layers_multiply() {
    assert_near(&measure("layers", 1), 0, 0);
}
