//! Random schedules: what is promised is kept with all rules on. That each rule is missed when it is off is a test of the registry.

use sim::AnyLab;
use sim::hunt::Hazard;

use crate::hunted::nothing_breaks;

use super::*;

const LAB: &dyn AnyLab = Of::<Lock>::LAB;

/// With all rules on nothing breaks, in some settings. More runs: `many_runs_break_nothing`.
#[test]
fn nothing_breaks_with_all_rules_on() {
    runs_break_nothing(0..100);
}

/// A million events and more.
#[test]
#[ignore = "takes a minute"]
fn many_runs_break_nothing() {
    runs_break_nothing(0..2_000);
}

fn runs_break_nothing(seeds: std::ops::Range<u64>) {
    let settings = [
        vec![],
        vec![("ttl_ms", number(60)), ("keepalive_ms", number(20)), ("loss_percent", number(5))],
        vec![("keepalive_ms", number(0)), ("lock_delay_ms", number(200)), ("customers", number(5))],
        vec![("check_lease", Value::Flag(true)), ("workload_ms", number(40)), ("restock_ms", number(100))],
        vec![("scheme", word("single")), ("ttl_ms", number(80))],
        vec![("scheme", word("redlock")), ("servers", number(3))],
        vec![("scheme", word("none"))],
    ];
    nothing_breaks(LAB, &settings, &[Hazard::Clock, Hazard::Damage, Hazard::Operation], seeds);
}
