//! Tests that cite the papers.

use sim::hunt::{Hunt, without_rule};
use sim::{Lab, LabTools, Of, Settings};

use super::*;

#[test]
fn tmp_scenarios() {
    let lab = Of::<Swim>::LAB;
    for card in Swim::scenarios() {
        let run = lab.prepare(card.name).unwrap();
        let mut session = sim::AnyLab::open(&lab).unwrap();
        session.open(card.name).unwrap();
        let frame = session.frame();
        println!("{} event {} at {} refusals {:?}", card.name, frame.event, frame.at_us, run.refusals.iter().map(ToString::to_string).collect::<Vec<_>>());
        for row in &frame.checks { println!("    {} {:?} {:?}", row.name, row.outcome, row.sentence.as_ref().map(ToString::to_string)); }
        let start = std::time::Instant::now();
        session.frame();
        println!("   frame {:?} {}", start.elapsed(), frame.caption.headline);
    }
}

#[test]
fn tmp_hunts() {
    for rule in rules::rules().iter().filter(|rule| rule.broken_check.is_some()) {
        let hunt = Hunt::new(without_rule::<Swim>(Settings::default(), rule.name).unwrap()).for_check::<Swim>(rule.broken_check.unwrap()).unwrap();
        let start = std::time::Instant::now();
        let find = hunt.search::<Swim>(0..300, |_| true).unwrap();
        match find {
            None => println!("{}: NOT FOUND {:?}", rule.name, start.elapsed()),
            Some(find) => {
                let (seed, count) = (find.scenario.seed, find.scenario.inputs.len());
                let took = start.elapsed();
                let short = hunt.shorten::<Swim>(find).unwrap();
                println!("{}: seed {} inputs {} -> {} {:?} {:?} {}", rule.name, seed, count, short.scenario.inputs.len(), took, start.elapsed(), short.sentence);
            }
        }
    }
}

#[test]
fn tmp_all_on() {
    let start = std::time::Instant::now();
    let find = Hunt::new(Settings::default()).search::<Swim>(0..2000, |_| true).unwrap();
    println!("always: {:?} {:?}", find.map(|f| (f.check, f.sentence.to_string(), f.scenario.seed)), start.elapsed());
    let mut hunt = Hunt::new(Settings::default());
    hunt.healed_events = 3000;
    let find = hunt.search::<Swim>(0..300, |_| true).unwrap();
    println!("eventually: {:?} {:?}", find.map(|f| (f.check, f.sentence.to_string(), f.scenario.seed)), start.elapsed());
}
