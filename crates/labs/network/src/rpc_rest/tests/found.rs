//! With all rules on nothing is found, whatever happens.

use parts::values::{number, word};
use sim::hunt::{Hazard, Hunt};
use sim::{Settings, Value};

use super::LAB;

#[test]
fn with_all_rules_on_nothing_is_found() {
    let hunt = Hunt::new(LAB, Settings::default());
    assert_eq!(hunt.search(0..60, |_| true), Ok(None));
    let first = Hunt { healed_events: 0, hazards: Hazard::ALL.to_vec(), ..hunt };
    assert_eq!(first.search(0..2_000, |_| true), Ok(None));
}

#[test]
#[ignore = "long"]
fn many_runs_break_nothing() {
    for changes in [
        vec![],
        vec![("styles", word("rpc"))],
        vec![("styles", word("rest"))],
        vec![("semantics", word("at-least-once"))],
        vec![("semantics", word("maybe"))],
        vec![("printer", Value::Flag(true))],
        vec![("deadline_ms", number(0)), ("twin", Value::Flag(false))],
        vec![("deadline_ms", number(400)), ("work_ms", number(150)), ("reads", word("lines")), ("items", number(3))],
        vec![("max_age_s", number(60)), ("retry_ms", number(150)), ("tokens", number(10))],
    ] {
        let settings = changes.iter().fold(Settings::default(), |all, (name, value)| all.with(name, value.clone()));
        for all in [false, true] {
            let settings = settings.clone().with("workload_ms", number(if all { 400 } else { 1_500 }));
            let mut hunt = Hunt::new(LAB, settings);
            if all {
                (hunt.hazards, hunt.healed_events) = (Hazard::ALL.to_vec(), 0);
            }
            assert_eq!(hunt.search(0..if all { 3_000 } else { 400 }, |_| true), Ok(None), "{changes:?} {all}");
        }
    }
}
