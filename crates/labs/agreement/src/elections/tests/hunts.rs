//! What rules are for, and that nothing breaks where they are followed.

use parts::values::word;
use sim::hunt::{Hazard, Hunt, SEEDS_TO_SHOW};
use sim::{Of, Rules, Settings};

use super::super::Elections;

#[test]
#[ignore = "prints"]
fn print_hunts() {
    for rule in Elections::rules().into_iter().filter(|rule| rule.broken_check.is_some()) {
        let began = std::time::Instant::now();
        let hunt = Hunt::new(Of::<Elections>::LAB, Settings::default()).without(rule.name).unwrap();
        let find = hunt.shortest(SEEDS_TO_SHOW, |hunt, seeds| hunt.search(seeds, |_| true)).unwrap();
        match find {
            Some(find) => println!(
                "{}: seed {} inputs {} events {} {:?}: {:?}\n   {:?}",
                rule.name,
                find.scenario.seed,
                find.scenario.inputs.len(),
                find.scenario.cursor,
                began.elapsed(),
                find.sentence.to_string(),
                find.scenario.inputs.iter().map(|timed| (timed.after_event, &timed.input)).collect::<Vec<_>>()
            ),
            None => println!("{}: NOTHING {:?}", rule.name, began.elapsed()),
        }
    }
}

#[test]
#[ignore = "prints"]
fn print_faults() {
    let grounds = [
        ("usual", Hazard::USUAL.to_vec()),
        ("all", Hazard::ALL.to_vec()),
        ("in time", vec![Hazard::Crash, Hazard::Copy]),
        ("by hand", vec![Hazard::Crash, Hazard::Copy, Hazard::Operation]),
    ];
    for guard in ["none", "majority", "terms"] {
        for algorithm in ["bully", "ring"] {
            for (name, hazards) in &grounds {
                let settings = Settings::default().with("guard", word(guard)).with("algorithm", word(algorithm));
                let hunt = Hunt { hazards: hazards.clone(), ..Hunt::new(Of::<Elections>::LAB, settings) };
                let find = hunt.search(0..60, |_| true).unwrap();
                println!(
                    "{guard} {algorithm} {name}: {:?}",
                    find.map(|find| (
                        find.check,
                        find.scenario.seed,
                        find.scenario.inputs.len(),
                        find.sentence.to_string(),
                    ))
                );
            }
        }
    }
}
