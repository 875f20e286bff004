//! What the rules are for.

use std::time::Instant;

use sim::hunt::Hunt;
use sim::{AnyLab, Experiments, Of, Rules as _, Scenarios};

use super::*;

#[test]
#[ignore = "to look at"]
fn show_hunts() {
    for rule in Dns::rules().into_iter().filter(|rule| rule.broken_check.is_some()) {
        let start = Instant::now();
        let hunt = Hunt::new(Of::<Dns>::LAB, settings(&[])).without(rule.name).expect("a rule");
        let find = hunt.shortest(0..2_000, |hunt, seeds| hunt.search(seeds, |_| true));
        match find {
            Ok(Some(find)) => println!(
                "{} seed {} inputs {} in {:?} {:.600}",
                rule.name,
                find.scenario.seed,
                find.scenario.inputs.len(),
                start.elapsed(),
                format!("{find:?}")
            ),
            other => println!("{}: NOTHING in {:?} {:?}", rule.name, start.elapsed(), other.is_err()),
        }
    }
}

#[test]
#[ignore = "to look at"]
fn show_experiments() {
    for experiment in Dns::experiments() {
        let start = Instant::now();
        let settings = Settings::default().accept(&experiment.settings).expect("settings");
        let report = (experiment.measure)(&settings, experiment.runs, 1).expect("a report");
        for metric in report.metrics {
            println!("{} {} {} beside {:?} in {:?}", experiment.name, metric.name, metric.millionths, metric.published_millionths, start.elapsed());
        }
    }
}

#[test]
#[ignore = "to look at"]
fn show_scenarios() {
    for prepared in Dns::scenarios() {
        let mut session = (Of::<Dns>::LAB as &dyn AnyLab).open().expect("a session");
        session.open(prepared.name).expect("a scenario");
        let frame = session.frame();
        println!("== {} event {} at {} us", prepared.name, frame.event, frame.at_us);
        for node in &frame.nodes {
            println!("  {} {} [{}] tag {:?}", node.label, node.role, node.badge, node.tag.as_ref().map(|tag| tag.to_string()));
        }
        for check in &frame.checks {
            println!("  {} {:?} {:?}", check.name, check.outcome, check.sentence.as_ref().map(|text| text.to_string()));
        }
        for event in 0..60 {
            println!("   {:>9} {:?} {} | {}", session.frame().at_us, session.frame().caption.weight, session.frame().caption.headline, session.frame().caption.detail.map(|text| text.to_string()).unwrap_or_default());
            let next = session.frame().event + 1;
            if event > 40 { break; }
            session.seek(next);
        }
    }
}

#[test]
#[ignore = "to look at"]
fn show_quiet() {
    let start = Instant::now();
    let hunt = Hunt::new(Of::<Dns>::LAB, settings(&[]));
    let mut events = 0;
    let find = hunt.search(0..2_500, |progress| {
        events = progress.events;
        true
    });
    println!("all rules on: {events} events in {:?}: {:.900}", start.elapsed(), format!("{find:?}"));
}

