//! Tests that cite the papers.

mod hunts;
mod measured;
mod papers;
mod stories;

use sim::{Configuration, Director, Of, Outcome, Scenarios, Settings, Value};

use super::counts::Kind;
use super::*;

fn settings(changes: &[(&str, Value)]) -> Settings {
    changes.iter().fold(Settings::default(), |settings, (name, value)| settings.with(name, value.clone()))
}

/// A scenario at its opening moment.
fn prepared(name: &str) -> Director<Elections> {
    let run = Elections::scenarios().into_iter().find(|scenario| scenario.name == name).expect("a scenario");
    let mut director = Director::new(settings(&run.settings), run.seed).expect("settings");
    (run.direct)(&mut director);
    director
}

fn outcome(director: &Director<Elections>, check: &str) -> Outcome {
    let lab: &dyn sim::AnyLab = Of::<Elections>::LAB;
    let place = lab.checks().iter().position(|known| known.name == check).expect("a check");
    director.world().verdicts().get(place).outcome
}

fn measure(director: &Director<Elections>, name: &str) -> i64 {
    director.world().measures().iter().find(|measure| measure.name == name).expect("a measure").value
}

/// How many messages of a kind the election has taken.
fn count(director: &Director<Elections>, kind: Kind) -> u32 {
    director.world().monitor().counts().get(kind)
}

/// Whether everything was in time so far.
fn is_in_time(director: &Director<Elections>) -> bool {
    director.world().monitor().breach().is_none()
}
