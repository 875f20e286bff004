//! Tests that cite the papers.

mod measured;
mod papers;
mod schedules;
mod stories;

use parts::values::{number, word};
use sim::{Director, NodeId, Of, Settings, Value, World};

use super::scenarios::{is_idle, order};
use super::*;

fn settings(changes: &[(&str, Value)]) -> Settings {
    changes.iter().fold(Settings::default(), |settings, (name, value)| settings.with(name, value.clone()))
}

/// A run in which only the test acts.
fn director(changes: &[(&str, Value)]) -> Director<LeaderlessQuorum> {
    let by_hand = [("workload_ms", number(0)), ("anti_entropy_ms", number(0))];
    Director::new(settings(&[&by_hand, changes].concat()), 1).expect("known settings")
}

/// A client's operation, until it is answered and all is quiet.
fn done(director: &mut Director<LeaderlessQuorum>, client: NodeId, action: &str, values: &[&str]) {
    order(director, client, action, values);
    assert!(director.run_until(|world| is_idle(world, client) && world.messages().next().is_none()));
}

/// What a client was told last.
fn answer(director: &Director<LeaderlessQuorum>, client: NodeId) -> Answer {
    let client = director.world().nodes().state(client).and_then(QuorumNode::client).expect("a client");
    client.last.clone().and_then(|(_, answer)| answer).expect("an answer")
}

/// What a client has just read: items and clock of each version, in the paper's writing.
fn read(director: &Director<LeaderlessQuorum>, client: NodeId) -> Vec<String> {
    let Answer::Found { versions, .. } = answer(director, client) else { panic!("a get") };
    versions.iter().map(|version| written(director, version)).collect()
}

fn written(director: &Director<LeaderlessQuorum>, version: &Version) -> String {
    let labels: Vec<String> = director.world().nodes().ids().map(|id| director.world().label(id).to_string()).collect();
    format!("{} {}", version.items.join(" "), version.clock().text().with_labels(&labels))
}

/// What a server holds of a key.
fn held(director: &Director<LeaderlessQuorum>, server: NodeId, key: &str) -> Vec<String> {
    let store = &director.world().nodes().disk(server).store;
    store.versions(&key.into()).iter().map(|version| written(director, version)).collect()
}
