//! When pings leave.

use serde::Serialize;
use sim::Delay;
use sim::rng::Rng;

/// What decides when the next ping leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Schedule {
    /// One is due every interval, whatever comes back.
    Open,
    /// The next one leaves an interval after the last one, but not before that one is decided.
    Closed,
    /// As open, with gaps drawn at random (RFC 2330, section 11.1.1: Poisson sampling).
    Poisson,
}

/// A schedule as it is followed since some moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Plan {
    pub schedule: Schedule,
    pub interval_us: u64,
    /// Since when, by the clock that nobody sets.
    pub since_us: u64,
    /// How many pings had left or been skipped by then.
    pub before: u64,
}

impl Schedule {
    /// The schedule of this name.
    pub fn named(name: &str) -> Schedule {
        match name {
            "closed" => Schedule::Closed,
            "poisson" => Schedule::Poisson,
            _ => Schedule::Open,
        }
    }
}

impl Plan {
    /// From one ping to the next, where no answer is waited for. `draw` is a number at random.
    pub fn gap_us(self, draw: u64) -> u64 {
        match self.schedule {
            Schedule::Poisson => {
                Delay::Exponential { least_us: 1, mean_us: self.interval_us }.draw(&mut Rng::stream(draw, 0))
            }
            Schedule::Open | Schedule::Closed => self.interval_us,
        }
    }

    /// How many pings have fallen due by now at the least.
    pub fn due(self, now_us: u64) -> u64 {
        now_us.saturating_sub(self.since_us) / self.interval_us.max(1)
    }
}
