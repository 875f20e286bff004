//! Random schedules: every property holds with all rules on. That each rule is missed when it is off is a test of the
//! registry.

use sim::hunt::{Hazard, Hunt};

use super::*;
use crate::hunted::nothing_breaks;

/// Crashes, pauses, splits, lost, late and doubled messages, timers that run out early, and all that a person may ask for.
#[test]
fn all_checks_hold_in_random_schedules() {
    let variants: [&[(&str, Value)]; 5] = [
        &[],
        &[("membership", word("joint")), ("change_ms", number(100))],
        &[("new_servers", word("vote")), ("change_ms", number(100)), ("snapshot_every", number(2))],
        &[("change_ms", number(0)), ("new_servers", word("learn")), ("transfer_on_leave", Value::Flag(true))],
        &[("pre_vote", Value::Flag(false)), ("new_servers", word("vote")), ("membership", word("joint"))],
    ];
    for (changes, seed) in variants.into_iter().zip((0..).step_by(1_000)) {
        let hazards = Hazard::USUAL.into_iter().chain([Hazard::Operation]).collect();
        let hunt = Hunt { healed_events: 0, hazards, ..Hunt::new(Of::<RaftMembers>::LAB, settings(changes)) };
        let find = hunt.search(seed..seed + 150, |_| true).expect("settings");
        assert_eq!(find, None, "{changes:?}");
    }
}

/// After the faults all that vote go by the same committed members, also while an operator goes on to change them.
#[test]
fn all_agree_after_the_faults() {
    for changes in [vec![], vec![("membership", word("joint"))]] {
        let hunt = Hunt { healed_events: 3_000, ..Hunt::new(Of::<RaftMembers>::LAB, settings(&changes)) };
        assert_eq!(hunt.search(0..200, |_| true).expect("settings"), None);
    }
}

/// Millions of events; by hand, since it takes minutes: `cargo test --release -- --ignored many_runs_break_nothing`.
#[test]
#[ignore = "takes minutes"]
fn many_runs_break_nothing() {
    let all = [
        vec![],
        vec![("membership", word("joint")), ("change_ms", number(100))],
        vec![("new_servers", word("vote")), ("change_ms", number(100)), ("snapshot_every", number(3))],
        vec![("change_ms", number(0))],
    ];
    nothing_breaks(Of::<RaftMembers>::LAB, &all, &[Hazard::Operation, Hazard::Clock], 0..5_000);
}
