//! The experiments, beside theory.

use sim::experiment::Report;

use sim::Experiments;

use super::*;

fn measure(name: &str, changes: &[(&str, Value)], runs: u32) -> Report {
    Replicas::measure(name, settings(changes), runs).expect("a report")
}

/// The measured value and the predicted one.
fn metric(report: &Report, name: &str) -> (i64, i64) {
    let metric = report.metrics.iter().find(|metric| metric.name == name).expect("a metric");
    (metric.millionths, metric.published_millionths.expect("a prediction"))
}

/// Order statistics of the round trip: semi-synchronous waits for the fastest, synchronous for the slowest.
#[test]
fn a_write_takes_as_long_as_derived() {
    for delay in ["constant", "uniform", "exponential"] {
        for mode in ["async", "semi-sync", "quorum", "sync"] {
            for replicas in [1, 2, 5] {
                let changes = [("delay", word(delay)), ("mode", word(mode)), ("replicas", number(replicas))];
                let (mean, predicted) = metric(&measure("write-latency", &changes, 400), "mean");
                println!("{delay} {mode} {replicas}: {mean} for {predicted}");
                // The standard deviation of an exponential sum is at most 12 ms here, over the root of 400: 0.6 ms.
                assert!(mean.abs_diff(predicted) < 1_800_000, "{delay} {mode} {replicas}: {mean} for {predicted}");
            }
        }
    }
}

/// Little's law: the writes under way are their rate times the time that each takes.
#[test]
fn as_many_writes_are_lost_as_were_under_way() {
    for (delay_ms, cut_ms) in [(50, 0), (100, 0), (100, 200), (400, 0)] {
        let changes = [("delay_ms", number(delay_ms)), ("cut_ms", number(cut_ms))];
        let (mean, predicted) = metric(&measure("acknowledged-lost", &changes, 400), "mean");
        println!("{delay_ms} ms, cut {cut_ms} ms: {mean} for {predicted}");
        // At most as uneven as a Poisson process: the variance of a mean of 400 is that of one, its mean, over 400.
        let off = i128::from(mean.abs_diff(predicted));
        assert!(off * off < 9 * i128::from(predicted) * 1_000_000 / 400, "{delay_ms} {cut_ms}: {mean} for {predicted}");
    }
}

/// Three nodes that are up 10 of 11 hours: a majority is up 97.67 % of the time.
#[test]
fn a_majority_is_up_more_often_than_a_node() {
    let report = measure("availability", &[], 6);
    for (name, tolerance) in [("a node is up", 30_000), ("a majority is up", 20_000), ("a write is answered", 25_000)] {
        let (share, predicted) = metric(&report, name);
        println!("{name}: {share} for {predicted}");
        assert!(share.abs_diff(predicted) < tolerance, "{name}: {share} for {predicted}");
    }
}
