//! The load, the same for every simulator.

use std::time::Duration;

pub const FOLLOWERS: u8 = 4;
pub const HEARTBEAT: Duration = Duration::from_millis(50);
/// A follower that hears nothing for so long would start an election.
pub const ELECTION: Duration = Duration::from_millis(300);
/// Heartbeats and replies together.
pub const MESSAGES: u64 = 2_000_000;
pub const SEED: u64 = 1;

/// What one simulator did.
#[derive(Debug)]
pub struct Outcome {
    pub delivered: u64,
    pub elections: u64,
    pub simulated: Duration,
    pub took: Duration,
}

impl Outcome {
    /// Messages delivered in a second of real time.
    pub fn rate(&self) -> f64 {
        self.delivered as f64 / self.took.as_secs_f64()
    }
}

pub fn print(name: &str, outcome: &Outcome) {
    let took = outcome.took.as_secs_f64();
    let rate = outcome.rate();
    let times = outcome.simulated.as_secs_f64() / took;
    println!("{name}: {rate:.0} messages/s");
    println!(
        "  {} messages in {took:.2} s, {times:.0} times real time, {} elections",
        outcome.delivered, outcome.elections
    );
}
