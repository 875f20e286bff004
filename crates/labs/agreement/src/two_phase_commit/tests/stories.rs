//! Scenarios and experiments.

use sim::experiment::Report;
use sim::{AnyLab, Experiments, LabSession, Of, Outcome};

use super::*;

fn opened(name: &str) -> Box<dyn LabSession> {
    let lab: &'static dyn AnyLab = Of::<TwoPhaseCommit>::LAB;
    let mut session = lab.open().expect("the lab");
    session.open(name).expect("a scenario");
    session
}

fn outcome_of(session: &mut dyn LabSession, check: &str) -> Outcome {
    session.frame().checks.into_iter().find(|row| row.name == check).expect("a check").outcome
}

fn go_on(session: &mut dyn LabSession, events: u64) {
    let cursor = session.frame().event;
    session.seek(cursor + events);
}

/// Whoever has promised waits as long as the coordinator is down, and the next customer with it.
#[test]
fn in_doubt_lasts_as_long_as_the_coordinator_is_down() {
    let mut session = opened("in-doubt");
    go_on(&mut *session, 40);
    let frame = session.frame();
    let in_doubt = frame.nodes.iter().filter(|node| node.role.to_string() == "service in doubt").count();
    assert_eq!(in_doubt, 3);
    assert_eq!(outcome_of(&mut *session, "blocked"), Outcome::Seen);
}

#[test]
fn one_that_knows_sets_the_others_free() {
    let mut session = opened("told-one");
    assert_eq!(outcome_of(&mut *session, "rescued"), Outcome::NotSeen);
    go_on(&mut *session, 30);
    assert_eq!(outcome_of(&mut *session, "rescued"), Outcome::Seen);
}

#[test]
fn what_was_decided_is_carried_out_when_the_coordinator_is_back() {
    let mut session = opened("tm-comes-back");
    go_on(&mut *session, 30);
    let frame = session.frame();
    let done = frame.measures.iter().find(|measure| measure.name == "done").map(|measure| measure.value);
    assert_eq!((done, outcome_of(&mut *session, "same-decision")), (Some(1), Outcome::Kept));
}

fn measured(name: &str, changes: &[(&str, Value)], runs: u32) -> Report {
    let changes = changes.iter().fold(Settings::default(), |all, (name, value)| all.with(name, value.clone()));
    TwoPhaseCommit::measure(name, changes, runs).expect("a report")
}

/// What is published, or follows from the rules, is what is measured.
#[test]
fn experiments_come_out_as_predicted() {
    for presumption in ["abort", "nothing"] {
        for services in [2, 5] {
            let changes = [("services", number(services)), ("presumption", word(presumption))];
            for metric in measured("costs", &changes, 1).metrics {
                assert_eq!(
                    Some(metric.millionths),
                    metric.published_millionths,
                    "{services} {presumption} {}",
                    metric.name
                );
            }
        }
    }
    for (name, runs, within) in [("latency", 2, 0), ("doubt", 400, 5_000), ("waiting", 200, 2_000_000)] {
        let report = measured(name, &[], runs);
        for metric in &report.metrics {
            if let Some(published) = metric.published_millionths {
                println!("{name}: {} {} {published}", metric.name, metric.millionths);
                assert!((metric.millionths - published).abs() <= within, "{name}: {metric:?}");
            }
        }
    }
}
