//! Hunts.

use sim::hunt::{Hunt, SEEDS_TO_SHOW};
use sim::{CheckKind, Director, NodeId, Settings};

use super::super::UnreliableNetwork;
use super::LAB;

#[test]
#[ignore = "prints"]
fn print_finds() {
    for rule in LAB.rules().iter().filter(|rule| rule.broken_check.is_some()) {
        let now = std::time::Instant::now();
        let hunt = Hunt::new(LAB, Settings::default()).without(rule.name).unwrap();
        let find = hunt.search(0..20_000, |_| true).unwrap();
        let short = hunt.shortest(SEEDS_TO_SHOW, |hunt, seeds| hunt.search(seeds, |_| true)).unwrap();
        println!(
            "{}: {:?} / shortest {:?} {:?}",
            rule.name,
            find.map(|find| (find.check, find.scenario.seed, find.scenario.inputs.len())),
            short.map(|find| (
                find.scenario.seed,
                find.scenario.cursor,
                find.scenario.inputs.iter().map(|timed| timed.input.clone()).collect::<Vec<_>>()
            )),
            now.elapsed()
        );
    }
    for check in LAB.checks().iter().filter(|check| check.kind == CheckKind::Sometimes) {
        let hunt = Hunt::to_see(LAB, check.name).unwrap();
        let find = hunt.shortest(SEEDS_TO_SHOW, |hunt, seeds| hunt.search(seeds, |_| true)).unwrap();
        println!(
            "{}: {:?}",
            check.name,
            find.map(|find| (find.scenario.seed, find.scenario.cursor, find.scenario.inputs.len()))
        );
    }
    let hunt = Hunt::new(LAB, Settings::default()).without("keep_answer").unwrap().for_check("same-answer").unwrap();
    println!("same-answer {:?}", hunt.search(0..3_000, |_| true).unwrap().map(|find| find.sentence.to_string()));
}

#[test]
#[ignore = "prints"]
fn print_seeds() {
    for (name, wanted) in [("bad-gateway", 1), ("one-bit", 228)] {
        let prepared =
            <UnreliableNetwork as sim::Scenarios>::scenarios().into_iter().find(|known| known.name == name).unwrap();
        for seed in 0..20_000 {
            let settings =
                prepared.settings.iter().fold(Settings::default(), |all, (name, value)| all.with(name, value.clone()));
            let mut director = Director::<UnreliableNetwork>::new(settings, seed).unwrap();
            (prepared.direct)(&mut director);
            let account = director.world().nodes().disk(NodeId(2)).book.accounts[0];
            if account.balance + account.limit == wanted && director.world().nodes().disk(NodeId(2)).book.log.len() == 1
            {
                println!("{name}: seed {seed}");
                break;
            }
        }
    }
}

#[test]
#[ignore = "long"]
fn many_runs_break_nothing() {
    let mut events = 0;
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
            all.with(name, parts::values::word(value))
                .with("workload_ms", parts::values::number(if changes.len() % 2 == 1 { 800 } else { 100 }))
        });
        for all in [false, true] {
            let mut hunt = Hunt::new(LAB, settings.clone());
            if all {
                (hunt.hazards, hunt.healed_events) = (sim::hunt::Hazard::ALL.to_vec(), 0);
            }
            let found = hunt.search(0..if all { 3_000 } else { 400 }, |progress| {
                events += progress.events;
                true
            });
            let found = found
                .unwrap()
                .map(|find| (find.check, find.sentence.to_string(), find.scenario.seed, find.scenario.inputs));
            assert_eq!(found, None, "{changes:?} {all}");
        }
    }
}

#[test]
fn with_all_rules_on_nothing_is_found() {
    let hunt = Hunt::new(LAB, Settings::default());
    let found = hunt.search(0..60, |_| true).unwrap();
    assert_eq!(found.map(|find| (find.check, find.sentence.to_string(), find.scenario.seed)), None);
    let first = Hunt { healed_events: 0, hazards: sim::hunt::Hazard::ALL.to_vec(), ..hunt };
    let found = first.search(0..2_000, |_| true).unwrap();
    assert_eq!(
        found.map(|find| (find.check, find.sentence.to_string(), find.scenario.seed, find.scenario.inputs)),
        None
    );
}
