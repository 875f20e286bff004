//! What hunts find, and what they do not.

use sim::hunt::{Hazard, Hunt};
use sim::{AnyLab, Of, Rules};

use super::*;

const LAB: &dyn AnyLab = Of::<Lock>::LAB;

/// Each rule that can be switched off is found, for its own check.
#[test]
fn each_rule_is_found() {
    for rule in Lock::rules().into_iter().filter(|rule| rule.broken_check.is_some()) {
        let hunt = Hunt::new(LAB, Settings::default()).without(rule.name).unwrap();
        let find = hunt.shortest(0..3_000, |hunt, seeds| hunt.search(seeds, |_| true)).unwrap();
        let find = find.unwrap_or_else(|| panic!("{} is not found", rule.name));
        println!(
            "{}: {} seed {} inputs {} events {}: {}\n{:?}",
            rule.name,
            find.check,
            find.scenario.seed,
            find.scenario.inputs.len(),
            find.scenario.cursor,
            find.sentence,
            find.scenario.inputs
        );
        assert_eq!(Some(find.check), rule.broken_check);
        assert!(find.scenario.inputs.len() <= 25);
    }
}

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
    let mut events = 0;
    for changes in [
        vec![],
        vec![("ttl_ms", number(60)), ("keepalive_ms", number(20)), ("loss_percent", number(5))],
        vec![("keepalive_ms", number(0)), ("lock_delay_ms", number(200)), ("customers", number(5))],
        vec![("check_lease", Value::Flag(true)), ("workload_ms", number(40)), ("restock_ms", number(100))],
        vec![("scheme", word("single")), ("ttl_ms", number(80))],
        vec![("scheme", word("redlock")), ("servers", number(3))],
        vec![("scheme", word("none"))],
    ] {
        let settings = changes.iter().fold(Settings::default(), |all, (name, value)| all.with(name, value.clone()));
        for all in [false, true] {
            let mut hunt = Hunt::new(LAB, settings.clone());
            if all {
                let usual = Hazard::USUAL.iter().copied();
                hunt.hazards = usual.chain([Hazard::Clock, Hazard::Damage, Hazard::Operation]).collect();
                hunt.healed_events = 0;
            }
            let found = hunt.search(seeds.clone(), |progress| {
                events += progress.events / progress.runs.max(1);
                true
            });
            let found = found
                .unwrap()
                .map(|find| (find.check, find.sentence.to_string(), find.scenario.seed, find.scenario.inputs));
            assert_eq!(found, None, "{changes:?} {all}");
        }
    }
    println!("{events} events");
}
