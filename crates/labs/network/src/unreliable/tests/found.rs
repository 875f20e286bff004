//! With all rules on nothing is found, whatever happens.

use parts::values::{number, word};
use sim::Settings;
use sim::hunt::{Hazard, Hunt};

use super::LAB;

#[test]
#[ignore = "long"]
fn many_runs_break_nothing() {
    for changes in [
        vec![],
        vec![("semantics", "at-least-once")],
        vec![("semantics", "maybe")],
        vec![("hop_check", "none")],
        vec![("hop_check", "crc")],
        vec![("story", "generals")],
        vec![("story", "generals"), ("plan", "random-key")],
    ] {
        let settings = changes.iter().fold(Settings::default(), |all, (name, value)| {
            all.with(name, word(value)).with("workload_ms", number(if changes.len() % 2 == 1 { 800 } else { 100 }))
        });
        for all in [false, true] {
            let mut hunt = Hunt::new(LAB, settings.clone());
            if all {
                (hunt.hazards, hunt.healed_events) = (Hazard::ALL.to_vec(), 0);
            }
            assert_eq!(hunt.search(0..if all { 3_000 } else { 400 }, |_| true), Ok(None), "{changes:?} {all}");
        }
    }
}

#[test]
fn with_all_rules_on_nothing_is_found() {
    let hunt = Hunt::new(LAB, Settings::default());
    assert_eq!(hunt.search(0..60, |_| true), Ok(None));
    let first = Hunt { healed_events: 0, hazards: Hazard::ALL.to_vec(), ..hunt };
    assert_eq!(first.search(0..2_000, |_| true), Ok(None));
}
