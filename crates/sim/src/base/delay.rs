//! How long a message is under way.

use serde::{Deserialize, Serialize};

use crate::base::rng::Rng;
use crate::base::text::{Text, time_us};
use crate::t;

/// A distribution of delays, in microseconds of virtual time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delay {
    /// Always the same.
    Constant { us: u64 },
    /// Every length between two bounds is as likely as the next.
    Uniform { least_us: u64, most_us: u64 },
    /// A floor, and above it an exponential tail of this mean: most are short, a few are very long.
    Exponential { least_us: u64, mean_us: u64 },
}

impl Delay {
    /// Draws a delay.
    pub fn draw(&self, rng: &mut Rng) -> u64 {
        match *self {
            Delay::Constant { us } => us,
            Delay::Uniform { least_us, most_us } => rng.between(least_us, most_us.max(least_us)),
            Delay::Exponential { least_us, mean_us } => least_us.saturating_add(exponential(mean_us, rng)),
        }
    }

    /// The longest time that it names.
    pub fn longest_bound_us(&self) -> u64 {
        match *self {
            Delay::Constant { us } => us,
            Delay::Uniform { least_us, most_us } => least_us.max(most_us),
            Delay::Exponential { least_us, mean_us } => least_us.max(mean_us),
        }
    }

    /// The distribution in a few words.
    pub fn describe(&self) -> Text {
        match *self {
            Delay::Constant { us } => t!("{delay}", delay = time_us(us)),
            Delay::Uniform { least_us, most_us } => {
                t!("{least} to {most}", least = time_us(least_us), most = time_us(most_us))
            }
            Delay::Exponential { least_us, mean_us } => {
                t!("{least} + {mean} on average", least = time_us(least_us), mean = time_us(mean_us))
            }
        }
    }
}

/// An exponentially distributed number by inversion, -mean · ln(u), in whole numbers so that every machine draws the
/// same (von Neumann 1951 gives the method; the logarithm here is exact to 2^-24).
fn exponential(mean: u64, rng: &mut Rng) -> u64 {
    const LN_2_SCALED: u128 = 2_977_044_472; // ln 2 · 2^32
    let halvings_scaled = u128::from(64 * ONE - log2_scaled(rng.bits().max(1)));
    ((u128::from(mean) * halvings_scaled * LN_2_SCALED) >> (32 + FRACTION_BITS)) as u64
}

/// How many binary places [`log2_scaled`] has.
pub const FRACTION_BITS: u32 = 24;
const ONE: u64 = 1 << FRACTION_BITS;

/// log2(number) · 2^24 for a number of at least 1, digit by digit: squaring the mantissa doubles its logarithm.
pub fn log2_scaled(number: u64) -> u64 {
    let whole = number.ilog2();
    let mut mantissa = number << (63 - whole); // from 2^63 on
    let mut fraction = 0;
    for _ in 0..FRACTION_BITS {
        let square = u128::from(mantissa) * u128::from(mantissa);
        let (high, doubled) = ((square >> 64) as u64, (square >> 63) as u64);
        // No branch: the digits are as good as random, and half of the guesses at them would be wrong.
        let digit = high >> 63;
        mantissa = if digit == 1 { high } else { doubled };
        fraction = fraction << 1 | digit;
    }
    u64::from(whole) * ONE + fraction
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithms_are_right() {
        assert_eq!(log2_scaled(1), 0);
        assert_eq!(log2_scaled(1 << 40), 40 * ONE);
        assert!(log2_scaled(3).abs_diff(26_591_258) <= 1); // log2(3) = 1.5849625007
    }

    #[test]
    fn an_exponential_delay_has_its_mean_and_its_median() {
        let mut rng = Rng::stream(1, 1);
        let delay = Delay::Exponential { least_us: 0, mean_us: 10_000 };
        let mut drawn: Vec<u64> = (0..100_000).map(|_| delay.draw(&mut rng)).collect();
        drawn.sort_unstable();
        let mean = drawn.iter().sum::<u64>() / 100_000;
        assert!(mean.abs_diff(10_000) < 100, "mean {mean}");
        assert!(drawn[50_000].abs_diff(6_931) < 100, "median {}", drawn[50_000]);
    }
}
