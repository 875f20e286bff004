//! The lab against the formulas.

use parts::values::{number, word};
use sim::experiment::Report;
use sim::{Experiments, Value};

use super::super::LoadBalancing;
use super::settings;

fn measure(name: &str, changes: &[(&str, Value)], runs: u32) -> Report {
    LoadBalancing::measure(name, settings(changes), runs).expect("a report")
}

/// Whether a measured number is within so many percent of the published one.
fn is_within(report: &Report, name: &str, percent: i64) -> bool {
    let metric = report.metrics.iter().find(|metric| metric.name == name).expect("a metric");
    let published = metric.published_millionths.expect("a published number");
    println!("{name}: {} for {published}", metric.millionths);
    (metric.millionths - published).abs() * 100 <= published * percent
}

/// The lab's servers are the queues of the textbook.
#[test]
fn the_lab_waits_as_long_as_theory_says() {
    let constant = [("service", word("constant"))];
    for changes in [&[("rho_percent", number(50))][..], &[("c", number(4))], &constant] {
        let report = measure("waiting-time", changes, 12);
        assert!(is_within(&report, "mean", 6) && is_within(&report, "requests that wait", 2), "{changes:?}");
    }
}

/// Two choices are worth as much as Mitzenmacher says.
#[test]
fn the_lab_is_a_supermarket() {
    for choices in [2, 3] {
        let changes =
            [("lambda_percent", number(80)), ("d", number(choices)), ("n", number(100)), ("requests", number(40_000))];
        assert!(is_within(&measure("choices", &changes, 2), "mean", 4), "{choices} choices");
    }
}

/// Mitzenmacher 2001, section 3: the share of 500 servers that have 6 requests or more, 0.9^63, is seen.
#[test]
fn the_lab_has_the_tails_of_the_supermarket() {
    let report = measure("choices", &[("requests", number(150_000))], 1);
    for (load, percent) in [(1, 2), (2, 4), (4, 12), (5, 25), (6, 60)] {
        assert!(is_within(&report, &format!("servers with {load} or more"), percent), "{load}");
    }
}

/// The lab's policy throws balls as Azar and others do: at 2^12 bins the fullest of two choices has 3 balls.
#[test]
fn the_policy_throws_balls_into_bins() {
    for choices in [1, 2, 3] {
        let report = measure("balls-in-bins", &[("d", number(choices))], 50);
        assert!(is_within(&report, "bins with 2 or more", 2) && is_within(&report, "mean", 6), "{choices} choices");
    }
}

/// One slow answer in a hundred makes two pages of three slow.
#[test]
fn the_lab_has_a_tail() {
    let report = measure("tail-at-scale", &[("requests", number(40_000))], 2);
    assert!(is_within(&report, "slow pages", 8));
}
