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
#[ignore = "prints what experiments measure"]
fn print_experiments() {
    for experiment in Tcp::experiments() {
        for metric in measure(experiment.name, experiment.runs) {
            println!("{}: {:?}", experiment.name, metric);
        }
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
