//! Random schedules: every property holds with all rules on. That each rule is missed when it is off is a test of the
//! registry.

use sim::hunt::{Hazard, Hunt};

use super::*;

/// Crashes, pauses, splits, lost, late and doubled messages, timers that run out early, snapshots by hand.
#[test]
fn all_checks_hold_in_random_schedules() {
    let variants: [&[(&str, Value)]; 6] = [
        &[],
        &[("snapshot_every", number(1)), ("snapshot_parts", number(1)), ("workload_ms", number(30))],
        &[("snapshot_every", number(3)), ("trailing", number(2)), ("servers", number(5)), ("workload_ms", number(30))],
        &[("snapshot_every", number(2)), ("loss_percent", number(10)), ("entries_a_message", number(1))],
        &[("in_flight", number(2)), ("entries_a_message", number(1)), ("workload_ms", number(30))],
        &[("write_us", number(20_000)), ("in_flight", number(3)), ("workload_ms", number(30))],
    ];
    for (changes, seed) in variants.into_iter().zip((0..).step_by(1_000)) {
        let hazards = Hazard::USUAL.into_iter().chain([Hazard::Operation]).collect();
        let hunt = Hunt { healed_events: 0, hazards, ..Hunt::new(Of::<RaftLog>::LAB, settings(changes)) };
        let find = hunt.search(seed..seed + 150, |_| true).expect("settings");
        assert_eq!(find, None, "{changes:?}");
    }
}

/// After the faults there is a leader that all follow, and all logs become equal, also by snapshots. The case: a follower got by
/// entries to where a snapshot would have brought it, and was sent that snapshot for ever.
#[test]
fn everything_comes_right_after_the_faults() {
    for changes in [vec![], vec![("clients", number(1)), ("snapshot_every", number(2))]] {
        let hunt = Hunt { healed_events: 3_000, ..Hunt::new(Of::<RaftLog>::LAB, settings(&changes)) };
        assert_eq!(hunt.search(0..200, |_| true).expect("settings"), None);
    }
}
