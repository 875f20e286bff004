//! The experiments against the published numbers.

use parts::values::word;
use sim::experiment::Report;

use sim::Experiments;

use super::*;

fn measure(name: &str, changes: &[(&str, Value)], runs: u32) -> Report {
    Swim::measure(name, settings(changes), runs).expect("a report")
}

/// Whether a metric is as published, to so many thousandths of it.
fn is_near(report: &Report, name: &str, thousandths: i64) {
    let metric = report.metrics.iter().find(|metric| metric.name == name).expect("a metric");
    let published = metric.published_millionths.expect("a published number");
    let off = (metric.millionths - published).abs();
    assert!(off * 1_000 <= published * thousandths, "{name}: {} not {published}", metric.millionths);
}

/// SWIM, section 3.1: e/(e - 1) periods until the first detection, and a load that does not depend on the size.
#[test]
fn first_detection_takes_e_over_e_minus_1_periods() {
    for (nodes, phase) in [(10, "together"), (50, "together"), (50, "spread")] {
        let report = measure("first-detection", &[("nodes", number(nodes)), ("phase", word(phase))], 150);
        is_near(&report, "mean", 120);
        is_near(&report, "messages a member and period", 20);
    }
    let report = measure("first-detection", &[("nodes", number(10)), ("round_robin", Value::Flag(true))], 150);
    let longest = report.metrics.iter().find(|metric| metric.name.starts_with("longest")).expect("a metric");
    assert!(Some(longest.millionths) <= longest.published_millionths);
}

/// SWIM, section 3.1: a thousand members find a crash as soon, and each sends as little.
#[test]
fn a_thousand_members_are_no_slower_and_no_busier() {
    let report = measure("first-detection", &[("nodes", number(1_000)), ("phase", word("together"))], 8);
    // Periods are geometric with a deviation of 0.96: over 8 runs three standard errors are 1.02.
    is_near(&report, "mean", 645);
    is_near(&report, "messages a member and period", 20);
    let known = report.metrics.iter().find(|metric| metric.name.starts_with("runs in which all")).expect("a share");
    assert_eq!(known.millionths, 1_000_000);
}

/// SWIM, section 3.1: how often a probe of a live member fails.
#[test]
fn probes_fail_as_often_as_losses_say() {
    for (loss, k) in [(15, 2), (30, 1), (10, 0)] {
        let report = measure("false-suspicion", &[("loss_percent", number(loss)), ("k", number(k))], 5);
        is_near(&report, "probes that failed", 80);
        is_near(&report, "messages a member and period", 30);
    }
}

/// Frieze and Grimmett 1985, Pittel 1987, Karp et al. 2000: up to a constant.
#[test]
fn rumors_take_as_many_rounds_as_published() {
    for exchange in ["push", "pull", "push-pull"] {
        for n in [10, 100, 1_000, 10_000] {
            let report = measure("rumor-rounds", &[("n", number(n)), ("exchange", word(exchange))], 60);
            let mean = report.metrics.iter().find(|metric| metric.name == "mean").expect("a mean");
            let off = mean.millionths - mean.published_millionths.expect("a formula");
            assert!(off.abs() < 2_000_000, "{exchange} {n}: {off}");
        }
    }
}

/// Demers et al. 1987, Tables 1 to 3: residue, traffic, the average delay and the time until the last site.
#[test]
fn rumor_mongering_is_that_of_the_tables() {
    let table_1 = (1..=5).map(|k| (k, "push", true, "counter"));
    let table_2 = (1..=5).map(|k| (k, "push", false, "coin"));
    let table_3 = (1..=2).map(|k| (k, "pull", true, "counter"));
    for (k, exchange, feedback, interest) in table_1.chain(table_2).chain(table_3) {
        let changes = [
            ("k", number(k)),
            ("exchange", word(exchange)),
            ("feedback", Value::Flag(feedback)),
            ("interest", word(interest)),
        ];
        let report = measure("rumor-mongering", &changes, 200);
        is_near(&report, "residue", if k > 3 { 250 } else { 120 });
        is_near(&report, "traffic", 40);
        is_near(&report, "t_ave", 60);
        is_near(&report, "t_last", 60);
    }
}
