//! The experiments come near to what was published.

use parts::values::number;
use sim::Experiments;
use sim::experiment::Report;

use super::*;

fn measured(name: &str, runs: u32, changes: &[(&str, Value)]) -> Report {
    Elections::measure(name, settings(changes), runs).expect("a report")
}

/// For all starters, exactly.
#[test]
fn bully_messages_are_as_derived() {
    for (nodes, starter) in [(8, 5), (8, 1), (8, 7), (5, 2), (3, 2)] {
        let report = measured("bully-messages", 3, &[("nodes", number(nodes)), ("starter", number(starter))]);
        for metric in report.metrics {
            assert_eq!(Some(metric.millionths), metric.published_millionths, "{nodes} {starter} {}", metric.name);
        }
    }
}

/// Chang and Roberts 1979.
#[test]
fn ring_messages_are_as_published() {
    for nodes in [3, 5, 8] {
        for metric in measured("ring-messages", 600, &[("nodes", number(nodes))]).metrics {
            let published = metric.published_millionths.expect("a number");
            let bound = if metric.name == "mean" { 400_000 } else { 0 };
            assert!(metric.millionths.abs_diff(published) <= bound, "{nodes}: {metric:?}");
        }
    }
}

#[test]
fn late_answers_are_as_derived() {
    for metric in measured("false-elections", 4_000, &[]).metrics {
        let derived = metric.published_millionths.expect("a number");
        assert!(metric.millionths.abs_diff(derived) <= 20_000, "{metric:?}");
    }
}
