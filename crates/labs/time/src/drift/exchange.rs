//! One question and its answer, and what they tell about the time.

use parts::exchange::Times;
use serde::Serialize;

use super::clock::allowance_us;
use super::settings::{Config, Method};

/// Microseconds are whole: the four readings and half of their sum are each off by less than one.
const PRECISION_US: u64 = 4;

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
        let (offset_us, delay_us, least_us) = match config.method {
            Method::Cristian => (times.cristian_offset_us(), times.round_trip_us(), config.min_us),
            _ => (times.offset_us(), times.delay_us(), 0),
        };
        let offset_us = if config.rules.half_round_trip { offset_us } else { times.t3_us - times.t4_us };
        let drift_us = if config.rules.dispersion { allowance_us(times.round_trip_us(), config) } else { 0 };
        let bound_us = (delay_us / 2).saturating_sub(least_us) + drift_us + PRECISION_US;
        Exchange { times, offset_us, delay_us, bound_us }
    }
}
