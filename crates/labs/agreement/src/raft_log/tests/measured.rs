//! The experiments come near to what follows from section 7.

use sim::Experiments;

use super::*;

/// With snapshots a log is bounded, however long the run is; without, it is as long as all that was written.
#[test]
fn a_log_is_bounded_by_snapshots() {
    let report = RaftLog::measure("log-length", settings(&[]), 1).expect("a report");
    let [longest, all] = &report.metrics[..] else { panic!("two numbers") };
    assert!(longest.millionths <= longest.published_millionths.expect("a bound"), "{longest:?}");
    assert!(all.millionths > 10 * longest.millionths, "{all:?}");
    let report = RaftLog::measure("log-length", settings(&[("snapshot_every", number(0))]), 1).expect("a report");
    assert_eq!(report.metrics[0].millionths, report.metrics[1].millionths);
}

/// Exactly two delays a part.
#[test]
fn a_snapshot_takes_two_delays_a_part() {
    for parts in [1, 3, 5] {
        let report =
            RaftLog::measure("snapshot-time", settings(&[("snapshot_parts", number(parts))]), 2).expect("a report");
        assert_eq!(Some(report.metrics[0].millionths), report.metrics[0].published_millionths, "{parts}");
    }
}
