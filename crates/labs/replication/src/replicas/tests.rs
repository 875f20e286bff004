//! Tests that cite the literature.

mod failover;
mod measured;
mod replication;
mod schedules;
mod sessions;
mod stories;

use parts::values::{number, word};
use sim::probe::Probe;
use sim::{Checks, Director, Input, NodeId, Of, Outcome, Settings, Value, World, WorldOf};

use super::scenarios::{client, get, primary, put_and_wait, server, wait};
use super::*;

const S1: NodeId = NodeId(0);
const S2: NodeId = NodeId(1);
const S3: NodeId = NodeId(2);
const O: NodeId = NodeId(3);
const C1: NodeId = NodeId(4);
const C2: NodeId = NodeId(5);

fn settings(changes: &[(&str, Value)]) -> Settings {
    changes.iter().fold(Settings::default(), |settings, (name, value)| settings.with(name, value.clone()))
}

/// A run in which commands come only by hand, after the first heartbeats.
fn by_hand(changes: &[(&str, Value)]) -> Director<Replicas> {
    let settings = settings(changes).with("workload_ms", number(0));
    let mut director = Director::new(settings, 1).expect("known settings");
    director.run_for_us(50_000);
    director
}

fn state(director: &Director<Replicas>, id: NodeId) -> &Server {
    server(director.world(), id).expect("it is up")
}

fn is_waiting(director: &Director<Replicas>, id: NodeId) -> bool {
    client(director.world(), id).expect("it is up").open.is_some()
}

/// The value that the client has read last.
fn read(director: &Director<Replicas>, id: NodeId) -> String {
    client(director.world(), id).and_then(|client| client.last.as_ref()).expect("an answer").answer.value.to_string()
}

/// How a check stands, by its name.
fn outcome(world: WorldOf<'_, Replicas>, name: &str) -> Outcome {
    let place = Replicas::checks().iter().position(|check| check.name == name).expect("a check");
    world.verdicts().get(place).outcome
}
