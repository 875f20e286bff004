//! Experiments come near to what follows from formulas.

use sim::experiment::{Experiment, Metric};
use sim::{Experiments, Settings};

use super::super::UnreliableNetwork;

fn measure(name: &str, runs: u32) -> Vec<Metric> {
    let found: Option<Experiment> = UnreliableNetwork::experiments().into_iter().find(|known| known.name == name);
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

#[test]
fn keys_make_one_effect_of_many_attempts() {
    assert_near(&measure("effects", 1_500), 40, 0);
}

#[test]
fn generals_come_to_what_lynch_derives() {
    assert_near(&measure("generals", 1_500), 0, 30_000);
}

#[test]
fn checks_let_through_what_theory_says() {
    assert_near(&measure("undetected", 200_000), 10, 30);
}

#[test]
fn a_window_has_to_be_longer_than_copies_live() {
    assert_near(&measure("window", 1_000), 0, 35_000);
}
