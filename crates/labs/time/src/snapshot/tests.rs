//! Tests that cite the papers.

use sim::hunt::Hunt;
use sim::{AnyLab, Director, LabSession, Of, Scenarios, Settings};

use super::*;

#[test]
fn stories() {
    let lab: &'static dyn AnyLab = Of::<Snapshot>::LAB;
    let mut session = lab.open().unwrap();
    for card in session.scenarios() {
        session.open(card.name).unwrap();
        let at = session.scenario().cursor;
        println!("\n== {} (opens at {at})", card.name);
        let run = lab.prepare(card.name).unwrap();
        for refusal in &run.refusals { println!("REFUSED {refusal}"); }
        let frame = session.frame();
        for row in &frame.checks { println!("   {} {:?} {}", row.name, row.outcome, row.sentence.as_ref().map(ToString::to_string).unwrap_or_default()); }
        for cut in &frame.cuts { println!("   cut {} {:?} {:?}", cut.name, cut.points.iter().map(|p| (p.event, p.at_us)).collect::<Vec<_>>(), cut.wrong.as_ref().map(ToString::to_string)); }
        for panel in &frame.panels { if let sim::frame::Panel::Table { title, head, rows } = panel { println!("   [{title}]"); println!("   {}", head.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | ")); for row in rows { println!("   {}", row.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | ")); } } }
        let last = session.seek(at + 25);
        for event in session.trace(at.saturating_sub(25).max(1), last) {
            println!("{}{} {} [{:?}] {} | {}", if event.number == at {"> "} else {"  "}, event.number, event.at_us, event.caption.weight, event.caption.headline, event.caption.detail.map(|d| d.to_string()).unwrap_or_default());
        }
    }
}

#[test]
fn hunts() {
    for rule in <Snapshot as sim::Rules>::rules().into_iter().filter(|rule| rule.broken_check.is_some()) {
        let began = std::time::Instant::now();
        let hunt = Hunt::new(Of::<Snapshot>::LAB, Settings::default()).without(rule.name).unwrap();
        match hunt.search(0..3_000, |_| true).unwrap() {
            None => println!("{}: NOT FOUND {:?}", rule.name, began.elapsed()),
            Some(find) => {
                let (seed, before) = (find.scenario.seed, find.scenario.inputs.len());
                let short = hunt.shorten(find).unwrap();
                println!("{}: seed {seed} inputs {before} -> {} events {} {:?}: {}", rule.name, short.scenario.inputs.len(), short.scenario.cursor, began.elapsed(), short.sentence);
            }
        }
    }
    let began = std::time::Instant::now();
    let find = Hunt::new(Of::<Snapshot>::LAB, Settings::default()).search(0..300, |_| true).unwrap();
    println!("plain {:?} {:?}", began.elapsed(), find.map(|f| (f.check, f.sentence.to_string(), f.scenario.seed, f.scenario.inputs.len())));
    let _ = (Director::<Snapshot>::new(Settings::default(), 1), Snapshot::scenarios().len());
}

#[test]
fn speed() {
    let mut director = Director::<Snapshot>::new(Settings::default(), 1).unwrap();
    let began = std::time::Instant::now();
    director.run(10_000);
    println!("10,000 events in {:?}, {} us, complete {:?}", began.elapsed(), director.now_us(), director.world().measures().iter().map(|m| (m.name, m.value)).collect::<Vec<_>>());
}
