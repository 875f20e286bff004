//! The load on Netsplit: a whole Raft with five servers that only keep their leader, with every message stamped.

use std::time::{Duration, Instant};

use agreement::raft::Raft;
use labs::workload::hunt;
use sim::{Of, Settings, Value, World};

use crate::load::{MESSAGES, Outcome, SEED};

/// With the checks of the lab or without.
pub fn run(watched: bool) -> Outcome {
    let settings = Settings::default().with("clients", Value::Integer(0));
    let began = Instant::now();
    let mut world = World::new(Of::<Raft>::LAB, settings, SEED).expect("the settings are right");
    if !watched {
        world = world.unwatched();
    }
    while world.messages_delivered() < MESSAGES && world.step() {}
    let took = began.elapsed();
    // Each election begins a term.
    let nodes = world.of::<Raft>().nodes();
    let elections = nodes.ids().map(|node| nodes.disk(node).term).max().unwrap_or_default();
    Outcome { delivered: world.messages_delivered(), elections, simulated: Duration::from_micros(world.now_us()), took }
}

/// Events a second of hunts in the whole lab: five servers, two clients, faults at random, all checks.
pub fn hunts() -> f64 {
    let began = Instant::now();
    let events = hunt().expect("the settings are right");
    events as f64 / began.elapsed().as_secs_f64()
}
