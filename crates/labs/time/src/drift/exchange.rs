//! One question and its answer, and what they tell about the time.

use serde::Serialize;

use super::clock::allowance_us;
use super::settings::{Config, Method};

/// Microseconds are whole: the four readings and half of their sum are each off by less than one.
const PRECISION_US: u64 = 4;

/// Four readings in microseconds, in the words of RFC 5905, section 8: T1 and T4 by the asking node's clock, T2 and T3 by the
/// server's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Times {
    /// The question leaves.
    pub t1_us: i64,
    /// It comes to the server.
    pub t2_us: i64,
    /// The answer leaves.
    pub t3_us: i64,
    /// It comes back.
    pub t4_us: i64,
}

/// What an exchange tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Exchange {
    pub times: Times,
    /// How far the asking node's clock is behind: theta of RFC 5905.
    pub offset_us: i64,
    /// The round trip: delta of RFC 5905; for Cristian's algorithm with the time at the server.
    pub delay_us: u64,
    /// How far off the offset can be.
    pub bound_us: u64,
}

impl Exchange {
    /// Does the sums.
    pub fn new(times: Times, config: &Config) -> Exchange {
        let Times { t1_us, t2_us, t3_us, t4_us } = times;
        let round_trip_us = (t4_us - t1_us).unsigned_abs();
        let (offset_us, delay_us, least_us) = match config.method {
            // The answer was under way for half of the round trip, give or take (Cristian 1989, reading a remote clock).
            Method::Cristian => (t3_us + (t4_us - t1_us) / 2 - t4_us, round_trip_us, config.min_us),
            _ => {
                let delay_us = round_trip_us.saturating_sub((t3_us - t2_us).unsigned_abs());
                (((t2_us - t1_us) + (t3_us - t4_us)) / 2, delay_us, 0)
            }
        };
        let offset_us = if config.rules.half_round_trip { offset_us } else { t3_us - t4_us };
        let drift_us = if config.rules.dispersion { allowance_us(round_trip_us, config) } else { 0 };
        let bound_us = (delay_us / 2).saturating_sub(least_us) + drift_us + PRECISION_US;
        Exchange { times, offset_us, delay_us, bound_us }
    }
}
