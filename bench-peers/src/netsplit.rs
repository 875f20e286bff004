//! The load on Netsplit: a whole Raft with five servers that only keep their leader, with every message stamped.

use std::time::{Duration, Instant};

use labs::workload::hunt;
use sim::{LabTools, Of, Settings, Value};

use crate::load::{MESSAGES, Outcome, SEED};

/// With the checks of the lab or without.
pub fn run(watched: bool) -> Outcome {
    let lab = Of::<labs::raft::Raft>::LAB;
    let settings = Settings::default().with("clients", Value::Integer(0));
    let began = Instant::now();
    // One event in nine is the timer of a heartbeat, the others deliver messages.
    let delivered = lab.run(settings, SEED, MESSAGES, watched).expect("the settings are right");
    let took = began.elapsed();
    Outcome { delivered, elections: 0, simulated: simulated(), took }
}

/// Events a second of hunts in the whole lab: five servers, two clients, faults at random, all checks.
pub fn hunts() -> f64 {
    let began = Instant::now();
    let events = hunt().expect("the settings are right");
    events as f64 / began.elapsed().as_secs_f64()
}

/// How much virtual time so many events take: looked up in a session, outside of the measured time.
fn simulated() -> Duration {
    let mut session = labs::registry::open("raft").expect("there is such a lab");
    session.restart(vec![("clients".to_string(), Value::Integer(0))], SEED).expect("the settings are right");
    session.seek(MESSAGES);
    Duration::from_micros(session.frame().at_us)
}
