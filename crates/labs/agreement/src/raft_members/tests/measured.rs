//! The experiments come near to what follows from the dissertation.

use sim::Experiments;

use super::*;

/// Exactly four delays, and far less than after a crash.
#[test]
fn handing_over_takes_four_delays() {
    let changes = [("delay_most_us", number(10_000))];
    let report = RaftMembers::measure("transfer", settings(&changes), 1).expect("a report");
    let [handed, crashed] = &report.metrics[..] else { panic!("two numbers") };
    assert_eq!(Some(handed.millionths), handed.published_millionths);
    assert!(crashed.millionths > 3 * handed.millionths, "{crashed:?}");
}

/// Exactly a round trip for each message that the log takes; none of it if the server learns first.
#[test]
fn an_empty_server_is_waited_for() {
    for entries in [1, 4, 100] {
        let changes = [("entries_a_message", number(entries)), ("delay_most_us", number(10_000))];
        let report = RaftMembers::measure("empty-server", settings(&changes), 2).expect("a report");
        for metric in &report.metrics {
            assert_eq!(Some(metric.millionths), metric.published_millionths, "{entries} {metric:?}");
        }
    }
}
