//! What hunts find, and what they do not.

use sim::hunt::Hazard;

use crate::hunted::nothing_breaks;
use sim::{AnyLab, Of};

use super::*;

const LAB: &dyn AnyLab = Of::<TwoPhaseCommit>::LAB;

/// With all rules on nothing breaks, in some settings. More runs: `many_runs_break_nothing`.
#[test]
fn nothing_breaks_with_all_rules_on() {
    runs_break_nothing(0..6);
}

/// A million events and more.
#[test]
#[ignore = "takes a minute"]
fn many_runs_break_nothing() {
    runs_break_nothing(0..300);
}

fn runs_break_nothing(seeds: std::ops::Range<u64>) {
    let settings = [
        vec![],
        vec![("presumption", word("nothing"))],
        vec![("presumption", word("commit"))],
        vec![("protocol", word("3pc"))],
        vec![("protocol", word("3pc")), ("presumption", word("commit")), ("loss_percent", number(5))],
        vec![("services", number(2)), ("cooperative", Value::Flag(false)), ("stock", number(1))],
        vec![("services", number(5)), ("workload_ms", number(40)), ("loss_percent", number(5))],
        vec![("disk_ms", number(0)), ("workload_ms", number(20))],
    ];
    nothing_breaks(LAB, &settings, &[Hazard::Clock, Hazard::Damage], seeds);
}
