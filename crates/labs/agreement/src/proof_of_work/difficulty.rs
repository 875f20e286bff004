//! How much work a block has to take, and how long that takes somebody.

use sim::delay::{FRACTION_BITS, log2_scaled};

use super::block::{Link, ancestor};
use super::settings::{Config, Retarget};

/// No window changes the work by more than this factor, either way.
const MOST_FACTOR: i64 = 4;

/// A block of Ethereum changes the work by so many parts of its parent's, a step of ten seconds each, and no more than 99 steps down.
const STEP: i64 = 2_048;
const STEP_US: i64 = 10_000_000;
const MOST_STEPS_DOWN: i64 = 99;

/// The work of a block on top of this one, which its miner gives this time.
pub fn next_work(parent: &Link, time_us: i64, config: &Config) -> u64 {
    match config.retarget {
        Retarget::Never => parent.work,
        Retarget::Bitcoin => {
            let window = config.window;
            let height = parent.height + 1;
            if !height.is_multiple_of(window) {
                return parent.work;
            }
            // From the first block of the window to the last one there is one interval less than there are blocks.
            let first_us = ancestor(parent, height - window).map_or(0, |first| first.time_us);
            let expected_us = window as i64 * config.interval_us as i64;
            let actual_us = (parent.time_us - first_us).clamp(expected_us / MOST_FACTOR, expected_us * MOST_FACTOR);
            let work = u128::from(parent.work) * expected_us as u128 / actual_us.max(1) as u128;
            (work as u64).max(1)
        }
        Retarget::Homestead => {
            let steps = (1 - (time_us - parent.time_us).max(0) / STEP_US).max(-MOST_STEPS_DOWN);
            (parent.work as i64 + parent.work as i64 / STEP * steps).max(1) as u64
        }
    }
}

/// How long it takes on average to find a block of this work, with so many millionths of the power that there was at the start.
pub fn mean_us(work: u64, power_ppm: u64, interval_us: u64) -> u64 {
    let us = u128::from(work) * u128::from(interval_us) / u128::from(power_ppm.max(1));
    us.min(u128::from(u64::MAX >> 8)) as u64
}

/// How long it takes this time: exponential with this mean, by inversion of a draw from 0 to 2^48 - 1.
pub fn luck_us(mean_us: u64, draw: u64) -> u64 {
    const LN_2_SCALED: u128 = 2_977_044_472; // ln 2 · 2^32
    let bits = (u64::from(DRAW_BITS) << FRACTION_BITS).saturating_sub(log2_scaled(draw.max(1)));
    let us = ((u128::from(mean_us) * u128::from(bits)) >> FRACTION_BITS) * LN_2_SCALED;
    ((us >> 32) as u64).max(1)
}

/// How many bits the draw of [`luck_us`] has.
pub const DRAW_BITS: u32 = 48;
