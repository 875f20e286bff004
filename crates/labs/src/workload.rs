//! Loads to measure the simulator with. Whoever has a clock runs them: a native program or a browser.

use sim::{Settings, Text, Value};

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
];

/// How many events the seek measurement goes back and forth in.
pub const SEEK_EVENTS: u64 = 1_000_000;

/// Five servers that only send heartbeats: the load that other simulators are measured with too.
fn heartbeats(watched: bool) -> Result<u64, Text> {
    let settings = Settings::default().with("clients", Value::Integer(0));
    registry::tools("raft")?.run(settings, 1, 2_000_000, watched)
}

/// Three seconds and a third of the load balancer's busiest scenario, with stamps and checks.
fn ten_thousand() -> Result<u64, Text> {
    let lab = registry::tools("load-balancing")?;
    let scenario = lab.prepare("ten-thousand")?.scenario;
    lab.run(scenario.settings, scenario.seed, 200_000, true)
}

/// Hunts in the default settings for 500 runs of 400 events. Returns how many events there were.
pub fn hunt() -> Result<u64, Text> {
    let lab = registry::tools("raft")?;
    let hunt = lab.hunt(Settings::default(), Some("election-safety"), None)?;
    let mut events = 0;
    lab.search(&hunt, 0..500, &mut |progress| {
        events = progress.events;
        true
    })?;
    Ok(events)
}
