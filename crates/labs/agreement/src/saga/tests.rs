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

/// What follows from the protocol is what is measured.
#[test]
fn experiments_come_out_as_predicted() {
    for experiment in <Saga as sim::Experiments>::experiments() {
        let settings = Settings::defaults(&experiment.settings);
        for style in ["orchestration", "choreography"] {
            let settings = settings.clone().with("style", parts::values::word(style));
            let runs = experiment.runs.min(1_000);
            for metric in (experiment.measure)(&settings, runs, 1).expect("a report").metrics {
                let Some(published) = metric.published_millionths else { continue };
                println!("{} {style}: {} {} {published}", experiment.name, metric.name, metric.millionths);
                let within = if experiment.name == "outcome" { 60_000 } else { 0 };
                assert!((metric.millionths - published).abs() <= within, "{metric:?}");
            }
        }
    }
}

/// Checks that no rule has for its own are broken by planted mistakes: a service that forgets that it has put something aside.
#[test]
fn books_that_do_not_add_up_are_seen() {
    let hunt = Hunt::new(LAB, Settings::default().with("inbox", sim::Value::Flag(false)));
    for check in ["once", "in-order"] {
        assert!(LAB.checks().iter().any(|known| known.name == check));
    }
    assert!(hunt.for_check("money-exact").unwrap().search(0..300, |_| true).unwrap().is_some());
}
