//! Loads to measure the simulator with. Whoever has a clock runs them: a native program or a browser.

use sim::hunt::Hunt;
use sim::{Settings, Text, Value, World};

use crate::registry;

/// A load with a name.
#[derive(Clone, Copy, Debug)]
pub struct Workload {
    pub name: &'static str,
    /// What the returned number counts.
    pub unit: &'static str,
    /// Runs it and returns how much of the unit was done.
    pub run: fn() -> Result<u64, Text>,
}

/// The loads of the benchmark table.
pub const WORKLOADS: &[Workload] = &[
    Workload { name: "five-server Raft, stamps and checks", unit: "messages", run: || heartbeats(true) },
    Workload { name: "five-server Raft, stamps, no checks", unit: "messages", run: || heartbeats(false) },
    Workload { name: "load balancing: 10,000 requests a second", unit: "messages", run: ten_thousand },
    Workload { name: "hunt: five-server Raft, random faults", unit: "events", run: hunt },
    Workload { name: "SWIM, 200 members, stamps and checks", unit: "events", run: || gossip(true) },
    Workload { name: "SWIM, 200 members, stamps, no checks", unit: "events", run: || gossip(false) },
];

/// How many events the seek measurement goes back and forth in.
pub const SEEK_EVENTS: u64 = 1_000_000;

/// Five servers that only send heartbeats: the load that other simulators are measured with too.
fn heartbeats(watched: bool) -> Result<u64, Text> {
    let settings = Settings::default().with("clients", Value::Integer(0));
    run("raft", settings, 2_000_000, watched).map(|world| world.messages_delivered())
}

/// A group of 200 in which nothing fails: pings and acks, period by period.
fn gossip(watched: bool) -> Result<u64, Text> {
    let settings = Settings::default().with("nodes", Value::Integer(200));
    run("swim", settings, 1_000_000, watched).map(|world| world.event())
}

/// A lab from its start for so many events, with its checks or without.
fn run(lab: &str, settings: Settings, events: u64, watched: bool) -> Result<World, Text> {
    let mut world = World::new(registry::lab(lab)?, settings, 1)?;
    if !watched {
        world = world.unwatched();
    }
    while world.event() < events && world.step() {}
    Ok(world)
}

/// Three seconds and a third of the load balancer's busiest scenario, with stamps and checks.
fn ten_thousand() -> Result<u64, Text> {
    let scenario = registry::lab("load-balancing")?.prepare("ten-thousand")?.scenario;
    run("load-balancing", scenario.settings, 200_000, true).map(|world| world.messages_delivered())
}

/// Hunts in the default settings for 500 runs of 400 events. Returns how many events there were.
pub fn hunt() -> Result<u64, Text> {
    let hunt = Hunt::new(registry::lab("raft")?, Settings::default()).for_check("election-safety")?;
    let mut events = 0;
    hunt.search(0..500, |progress| {
        events = progress.events;
        true
    })?;
    Ok(events)
}
