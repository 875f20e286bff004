//! Experiments come near to what follows from formulas.

use sim::experiment::{Experiment, Metric};
use sim::{Experiments, Settings};

use super::super::DistributedPing;

fn measure(name: &str, runs: u32) -> Vec<Metric> {
    let found: Option<Experiment> = DistributedPing::experiments().into_iter().find(|known| known.name == name);
    let experiment = found.unwrap();
    let settings = Settings::defaults(&experiment.settings);
    (experiment.measure)(&settings, runs, 1).unwrap().metrics
}

/// Each number is within so many thousandths of the published one, and at most so many millionths off where that is more.
fn assert_near(metrics: &[Metric], per_mille: i64, millionths: i64) {
    assert!(!metrics.is_empty());
    for metric in metrics {
        let published = metric.published_millionths.unwrap();
        let allowed = (published * per_mille / 1_000).max(millionths);
        assert!((metric.millionths - published).abs() <= allowed, "{metric:?}");
    }
}

#[test]
fn two_exponential_ways_add_up() {
    assert_near(&measure("round-trip", 20_000), 20, 6_000);
}

#[test]
fn a_ping_has_two_chances_to_be_lost() {
    assert_near(&measure("loss", 20_000), 40, 0);
}

#[test]
fn a_closed_schedule_omits_what_it_should_have_seen() {
    assert_near(&measure("omission", 60), 60, 1_500);
}
