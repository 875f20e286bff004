//! What hunts find without a rule, and that they find nothing with all of them.

use std::time::Instant;

use parts::values::{number, word};
use sim::Settings;
use sim::hunt::{Hazard, Hunt, SEEDS_TO_SHOW};

use super::LAB;

#[test]
#[ignore = "long"]
fn what_each_rule_is_for() {
    for rule in LAB.rules().iter().filter(|rule| rule.broken_check.is_some()) {
        let begun = Instant::now();
        let hunt = Hunt::new(LAB, Settings::default()).without(rule.name).unwrap();
        let find = hunt.shortest(SEEDS_TO_SHOW, |hunt, seeds| hunt.search(seeds, |_| true)).unwrap();
        match find {
            Some(find) => println!(
                "{} → {} seed {} events {} inputs {} {:?}: {} {:?}",
                rule.name,
                find.check,
                find.scenario.seed,
                find.scenario.cursor,
                find.scenario.inputs.len(),
                begun.elapsed(),
                find.sentence,
                find.scenario.inputs,
            ),
            None => println!("{} not found {:?}", rule.name, begun.elapsed()),
        }
    }
}

#[test]
fn with_all_rules_on_nothing_is_found() {
    let begun = Instant::now();
    let hunt = Hunt::new(LAB, Settings::default());
    let mut events = 0;
    let found = hunt
        .search(0..40, |progress| {
            events += progress.events;
            true
        })
        .unwrap();
    assert_eq!(
        found.map(|find| (find.check, find.sentence.to_string(), find.scenario.seed, find.scenario.inputs)),
        None
    );
    println!("healed {:?} {events}", begun.elapsed());
    let first = Hunt { healed_events: 0, ..hunt.clone() };
    let found = first.search(0..2_000, |_| true).unwrap();
    assert_eq!(
        found.map(|find| (find.check, find.sentence.to_string(), find.scenario.seed, find.scenario.inputs)),
        None
    );
    println!("first {:?}", begun.elapsed());
    let all = Hunt { healed_events: 0, hazards: Hazard::ALL.to_vec(), ..hunt };
    let found = all.search(0..2_000, |_| true).unwrap();
    assert_eq!(
        found.map(|find| (find.check, find.sentence.to_string(), find.scenario.seed, find.scenario.inputs)),
        None
    );
    println!("all {:?}", begun.elapsed());
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
                let found = hunt.search(0..if all { 2_000 } else { 100 }, |_| true).unwrap();
                let found =
                    found.map(|find| (find.check, find.sentence.to_string(), find.scenario.seed, find.scenario.inputs));
                assert_eq!(found, None, "{strategy} {all}");
            }
        }
    }
}

/// 10,000 events of a default run, without checks, and what becomes of memory and time later.
#[test]
#[ignore = "long"]
fn how_fast_it_is() {
    let mut world = sim::World::new(LAB, Settings::default(), 1).unwrap();
    for _ in 0..10 {
        let begun = Instant::now();
        for _ in 0..10_000 {
            world.step();
        }
        println!("10,000 events in {:?}", begun.elapsed());
    }
}
