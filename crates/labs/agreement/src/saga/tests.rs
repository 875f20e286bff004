//! What hunts find, and what they do not.

use sim::hunt::{Hazard, Hunt};
use sim::{AnyLab, Of, Rules, Settings};

use super::*;

const LAB: &dyn AnyLab = Of::<Saga>::LAB;

/// Each rule that can be switched off is found, for its own check.
#[test]
fn each_rule_is_found() {
    let mut missing = Vec::new();
    for rule in Saga::rules().into_iter().filter(|rule| rule.broken_check.is_some()) {
        let hunt = Hunt::new(LAB, Settings::default()).without(rule.name).unwrap();
        match hunt.shortest(0..400, |hunt, seeds| hunt.search(seeds, |_| true)).unwrap() {
            Some(find) => println!(
                "{}: {} seed {} inputs {} events {}: {}",
                rule.name,
                find.check,
                find.scenario.seed,
                find.scenario.inputs.len(),
                find.scenario.cursor,
                find.sentence,
            ),
            None => missing.push(rule.name),
        }
    }
    assert!(missing.is_empty(), "{missing:?}");
}

/// With all rules on nothing breaks.
#[test]
fn nothing_breaks_with_all_rules_on() {
    for changes in [
        vec![],
        vec![("style", parts::values::word("choreography"))],
        vec![("recovery", parts::values::word("forward")), ("loss_percent", parts::values::number(5))],
    ] {
        let settings = changes.iter().fold(Settings::default(), |all, (name, value)| all.with(name, value.clone()));
        for all in [false, true] {
            let mut hunt = Hunt::new(LAB, settings.clone());
            if all {
                let usual = Hazard::USUAL.iter().copied();
                hunt.hazards = usual.chain([Hazard::Clock, Hazard::Operation]).collect();
                hunt.healed_events = 0;
            }
            let found = hunt.search(0..100, |_| true).unwrap();
            let found =
                found.map(|find| (find.check, find.sentence.to_string(), find.scenario.seed, find.scenario.inputs));
            assert_eq!(found, None, "{changes:?} {all}");
        }
    }
}

/// Each scenario tips as it says.
#[test]
fn scenarios_show_what_they_promise() {
    for name in <Saga as sim::Scenarios>::scenarios().into_iter().map(|known| known.name) {
        let mut session = LAB.open().expect("the lab");
        session.open(name).expect("a scenario");
        let frame = session.frame();
        let checks: Vec<String> = frame.checks.iter().map(|row| format!("{}={:?}", row.name, row.outcome)).collect();
        println!("{name}: {} us {}: {} | {}", frame.event, frame.at_us, frame.caption.headline, checks.join(" "));
    }
}
