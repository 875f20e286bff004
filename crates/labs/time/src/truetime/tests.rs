//! Tests that cite the paper: Corbett et al., "Spanner", OSDI 2012.

use parts::values::{number, word};
use sim::hunt::{Hazard, Hunt};
use sim::{Director, Input, LabSession, NodeId, Of, Outcome, Scenarios, Settings, Value};

use super::interval::believed;
use super::locks::Stage;
use super::scenarios::{client_of, leader};
use super::*;

mod paper;
mod stories;

const T1: NodeId = NodeId(0);
const T2: NodeId = NodeId(1);
const S1: NodeId = NodeId(2);
const S2: NodeId = NodeId(3);
const S3: NodeId = NodeId(4);

/// The clients of a world without replicas.
const C1: NodeId = NodeId(5);
const C2: NodeId = NodeId(6);

fn settings(changes: &[(&str, Value)]) -> Settings {
    changes.iter().fold(Settings::default(), |settings, (name, value)| settings.with(name, value.clone()))
}

fn config(changes: &[(&str, Value)]) -> Config {
    Config::new(&settings(changes).accept(&sim::all_settings::<TrueTime>()).expect("known settings"))
}

/// A world of leaders and clients where nothing happens that nobody does.
fn quiet(changes: &[(&str, Value)], seed: u64) -> Director<TrueTime> {
    let quiet = [("workload_ms", number(0)), ("replicas", number(0))];
    Director::new(settings(&[&quiet, changes].concat()), seed).expect("settings")
}

/// A scenario at its opening moment.
fn prepared(name: &str) -> Director<TrueTime> {
    let run = TrueTime::scenarios().into_iter().find(|scenario| scenario.name == name).expect("a scenario");
    let settings = run.settings.iter().fold(Settings::default(), |all, (name, value)| all.with(name, value.clone()));
    let mut director = Director::new(settings, run.seed).expect("settings");
    (run.direct)(&mut director);
    director
}

fn write(director: &mut Director<TrueTime>, client: NodeId, key: &str, value: &str) {
    director.operate(client, "write", &[word(key), word(value)]);
}

fn transfer(director: &mut Director<TrueTime>, client: NodeId, from: &str, to: &str) {
    director.operate(client, "transfer", &[word(from), word(to)]);
}

/// Runs until a client was told the end of so many transactions, and returns the last one.
fn told(director: &mut Director<TrueTime>, client: NodeId, count: u64) -> client::Ended {
    assert!(director.run_until(|world| client_of(world, client).is_some_and(|client| client.ended >= count)));
    client_of(director.world(), client).and_then(|client| client.last.clone()).expect("an end")
}
