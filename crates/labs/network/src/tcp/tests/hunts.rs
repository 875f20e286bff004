//! What hunts find, and do not find.

use std::time::Instant;

use sim::hunt::{Hazard, Hunt, SEEDS_TO_SHOW};
use sim::{AnyLab, CheckKind, Of, Settings};

use super::super::Tcp;

const LAB: &dyn AnyLab = Of::<Tcp>::LAB;

#[test]
#[ignore = "prints what hunts find"]
fn print_hunts() {
    for rule in LAB.rules().iter().filter(|rule| rule.broken_check.is_some()) {
        let began = Instant::now();
        let hunt = Hunt::new(LAB, Settings::default()).without(rule.name).unwrap();
        let find = hunt.shortest(SEEDS_TO_SHOW, |hunt, seeds| hunt.search(seeds, |_| true)).unwrap();
        match find {
            Some(find) => println!(
                "{}: {} seed {}, {} events, {} inputs, {:?}: {} {:?}",
                rule.name,
                find.check,
                find.scenario.seed,
                find.scenario.cursor,
                find.scenario.inputs.len(),
                began.elapsed(),
                find.sentence,
                find.scenario.inputs.iter().map(|timed| &timed.input).collect::<Vec<_>>()
            ),
            None => println!("{}: NOTHING in {:?}", rule.name, began.elapsed()),
        }
    }
    for check in LAB.checks().iter().filter(|check| check.kind == CheckKind::Sometimes) {
        let began = Instant::now();
        let hunt = Hunt::to_see(LAB, check.name).unwrap();
        let find = hunt.shortest(SEEDS_TO_SHOW, |hunt, seeds| hunt.search(seeds, |_| true)).unwrap();
        match find {
            Some(find) => println!(
                "{}: seed {}, {} events, {} inputs, {:?}",
                check.name,
                find.scenario.seed,
                find.scenario.cursor,
                find.scenario.inputs.len(),
                began.elapsed()
            ),
            None => println!("{}: NOT SEEN in {:?}", check.name, began.elapsed()),
        }
    }
}

#[test]
#[ignore = "takes long"]
fn print_plain() {
    let hunt = Hunt::new(LAB, Settings::default());
    let first = Hunt { healed_events: 0, ..hunt.clone() };
    let all = Hunt { hazards: Hazard::ALL.to_vec(), healed_events: 0, ..hunt.clone() };
    for (name, hunt, seeds) in [("usual", hunt, 0..100), ("first", first, 0..3_000), ("all", all, 0..20_000)] {
        let began = Instant::now();
        let find = hunt.search(seeds, |_| true).unwrap();
        let find = find.map(|find| hunt.shorten(find).unwrap());
        println!(
            "{name}: {:?} in {:?}",
            find.map(|find| (
                find.check,
                find.sentence.to_string(),
                find.scenario.seed,
                find.scenario.cursor,
                find.scenario.inputs.clone()
            )),
            began.elapsed()
        );
    }
}
