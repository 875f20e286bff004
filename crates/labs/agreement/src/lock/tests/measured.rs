//! The experiments come near to what follows from the leases.

use sim::Experiments;

use super::*;

/// Gray and Cheriton 1989, section 2: a lock whose holder is gone is free when the lease has run out.
#[test]
fn a_lock_is_gone_until_its_lease_runs_out() {
    for changes in [vec![], vec![("ttl_ms", number(1_000)), ("lock_delay_ms", number(300))]] {
        let report = Lock::measure("recovery", settings(&changes), 100).expect("a report");
        assert_eq!(report.off(0, 2_000_000), None, "{report:?}");
    }
}

/// A sleep that lasts longer than what is left of the lease makes two holders, and no other.
#[test]
fn sleeps_make_two_holders_as_often_as_derived() {
    for pause_ms in [100, 300, 1_000] {
        let report =
            Lock::measure("two-holders", settings(&[("pause_ms", number(pause_ms))]), 1_000).expect("a report");
        assert_eq!(report.off(0, 30_000), None, "{report:?}");
    }
}
