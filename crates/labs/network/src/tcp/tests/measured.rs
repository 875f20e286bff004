//! Experiments come near to what follows from formulas.

use sim::experiment::Metric;
use sim::{Experiments, Settings};

use super::super::Tcp;

fn measure(name: &str, runs: u32) -> Vec<Metric> {
    let experiment = Tcp::experiments().into_iter().find(|known| known.name == name).unwrap();
    let settings = Settings::defaults(&experiment.settings);
    (experiment.measure)(&settings, runs, 1).unwrap().metrics
}

/// Each number is within so many thousandths of the published one.
fn assert_near(metrics: &[Metric], per_mille: i64) {
    for metric in metrics {
        let Some(published) = metric.published_millionths else { continue };
        assert!((metric.millionths - published).abs() <= published * per_mille / 1_000, "{metric:?}");
    }
}

#[test]
fn the_timeout_follows_the_formula() {
    assert_near(&measure("rto", 12), 1);
}

#[test]
fn slow_start_doubles() {
    assert_near(&measure("slow-start", 1), 0);
}

/// M. Mathis and others 1997, for few losses; Appenzeller and others 2004; Chiu and Jain 1989.
#[test]
fn losses_queues_and_shares_are_near() {
    assert_near(&measure("loss", 200)[..1], 80);
    assert_near(&measure("queue", 300), 60);
    assert_near(&measure("fairness", 200), 20);
}
