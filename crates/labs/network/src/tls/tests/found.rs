//! Hunts find nothing with all rules on.

use parts::values::{number, word};
use sim::Settings;
use sim::hunt::{Hazard, Hunt};

use super::LAB;

#[test]
fn with_all_rules_on_nothing_is_found() {
    let healed = Hunt::new(LAB, Settings::default());
    let first = Hunt { healed_events: 0, ..healed.clone() };
    let all = Hunt { hazards: Hazard::ALL.to_vec(), ..first.clone() };
    for (hunt, seeds) in [(healed, 40), (first, 2_000), (all, 2_000)] {
        assert_eq!(hunt.search(0..seeds, |_| true), Ok(None));
    }
}

#[test]
#[ignore = "long"]
fn many_runs_break_nothing() {
    for strategy in [
        "anything",
        "passive",
        "own-certificate",
        "own-root",
        "old-certificate",
        "real-certificate",
        "replay",
        "cut-off",
    ] {
        let settings = Settings::default().with("mallory", word(strategy));
        for all in [false, true] {
            for (workload, tampers) in [(1_000, 20), (200, 200)] {
                let settings = settings.clone().with("workload_ms", number(workload)).with("tampers", number(tampers));
                let mut hunt = Hunt::new(LAB, settings);
                if all {
                    (hunt.hazards, hunt.healed_events) = (Hazard::ALL.to_vec(), 0);
                }
                assert_eq!(hunt.search(0..if all { 2_000 } else { 100 }, |_| true), Ok(None), "{strategy} {all}");
            }
        }
    }
}
