//! What hunts find, and what they do not. That each rule is found is a test of the registry.

use sim::hunt::{Hazard, Hunt};

use crate::hunted::nothing_breaks;
use sim::{AnyLab, Of};

use super::*;

const LAB: &dyn AnyLab = Of::<Saga>::LAB;

/// With all rules on nothing breaks, in some settings. More runs: `many_runs_break_nothing`.
#[test]
fn nothing_breaks_with_all_rules_on() {
    runs_break_nothing(0..6);
}

/// A million events and more.
#[test]
#[ignore = "takes minutes"]
fn many_runs_break_nothing() {
    runs_break_nothing(0..120);
}

fn runs_break_nothing(seeds: std::ops::Range<u64>) {
    let settings = [
        vec![],
        vec![("style", word("choreography"))],
        vec![("recovery", word("forward")), ("loss_percent", number(5))],
        vec![("step_repeats", number(2)), ("undo_repeats", number(2)), ("retry_ms", number(30))],
        vec![("stock", number(1)), ("workload_ms", number(40)), ("cancel_percent", number(60))],
    ];
    nothing_breaks(LAB, &settings, &[Hazard::Clock, Hazard::Operation], seeds);
}

/// Whoever sees what a missing log leads to is told that there is none.
#[test]
fn a_log_that_is_missing_is_said_to_be_missing() {
    let hunt = Hunt::new(LAB, Settings::default()).without("saga_log").expect("a rule");
    let find = hunt.search(0..400, |_| true).expect("a search").expect("a find");
    let mut session = LAB.open().expect("the lab");
    session.load(&find.scenario).expect("a run");
    let events = session.trace(1, find.scenario.cursor);
    let is_said = |detail: &sim::Text| detail.to_string().contains("switched off: “");
    assert!(events.iter().any(|event| event.caption.detail.as_ref().is_some_and(is_said)));
}
