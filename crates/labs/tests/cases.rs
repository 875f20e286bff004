//! Runs that were found from outside, each of which has broken a promise once: `tests/cases/` holds them as scenarios.

use sim::{LabSession, Outcome, Scenario};

/// The run, as far as its scenario goes, and then so many events further.
fn replayed(case: &str, further: u64) -> Box<dyn LabSession> {
    let path = format!("{}/../../tests/cases/{case}.json", env!("CARGO_MANIFEST_DIR"));
    let scenario: Scenario = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut session = labs::registry::open(&scenario.lab).unwrap();
    session.load(&scenario).unwrap();
    session.seek(scenario.cursor + further);
    session
}

fn outcome(session: &mut dyn LabSession, check: &str) -> Outcome {
    session.frame().checks.iter().find(|row| row.name == check).expect("a check").outcome
}

/// A replica gave up as many entries as it took, and acknowledged them without writing them down.
#[test]
fn what_a_replica_acknowledges_after_going_back_is_kept() {
    let mut session = replayed("primary-replicas-rewound-as-many", 2_000);
    assert_eq!(outcome(&mut *session, "acknowledged-kept"), Outcome::Kept);
}

/// A seed welcomed others before it had the list of members itself, and then told them nothing of what the list brought.
#[test]
fn members_that_a_list_brings_are_passed_on() {
    let mut session = replayed("swim-list-passed-on", 0);
    assert_eq!(outcome(&mut *session, "views-agree"), Outcome::Reached);
}
