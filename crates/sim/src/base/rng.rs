//! Portable random numbers: one stream for each link and each node.
//!
//! The traits are `rand`'s. How a number becomes one of a range is written here, and so is how labs shuffle and choose:
//! `rand` may change what its functions draw with any minor version, and a link has to replay the same run for years.

use rand::{Rng as _, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// A stream of random numbers that is the same natively and in WebAssembly (Blackman and Vigna, xoshiro256++).
#[derive(Clone, Debug)]
pub struct Rng(Xoshiro256PlusPlus);

impl Rng {
    /// The stream of this number under this seed. Streams do not depend on each other, so that what happens on one
    /// link does not change the delays of another.
    pub fn stream(seed: u64, stream: u64) -> Rng {
        Rng(Xoshiro256PlusPlus::seed_from_u64(mix(seed ^ mix(stream))))
    }

    /// The next 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A number from 0 to `bound - 1`, each as likely as the next but for a part in 2^64; 0 where `bound` is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(bound)) >> 64) as u64
    }

    /// A number from `least` to `most`, both possible.
    pub fn between(&mut self, least: u64, most: u64) -> u64 {
        least + self.below((most - least).saturating_add(1))
    }

    /// True so many times in a million. Draws nothing where the answer is certain.
    pub fn happens(&mut self, ppm: u32) -> bool {
        ppm != 0 && (ppm >= 1_000_000 || self.below(1_000_000) < u64::from(ppm))
    }
}

/// Spreads the bits of a number over all 64 (the finalizer of SplitMix64).
pub fn mix(number: u64) -> u64 {
    let number = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use rand::RngExt;

    use super::*;

    #[test]
    fn numbers_stay_within_their_bounds_and_reach_them() {
        let mut rng = Rng::stream(7, 1);
        let mut seen = [false; 3];
        for _ in 0..200 {
            seen[(rng.between(4, 6) - 4) as usize] = true;
        }
        assert_eq!(seen, [true; 3]);
        assert_eq!(rng.below(0), 0);
    }

    /// Lemire, “Fast random integer generation in an interval”, 2019: `rand` takes the same product, and looks at its lower
    /// half as well, which decides otherwise once in 2^64 / `bound` draws.
    #[test]
    fn numbers_are_as_uniform_as_those_of_rand() {
        let (mut ours, mut theirs) = (Rng::stream(7, 1), Rng::stream(7, 1));
        for bound in (1..40).flat_map(|power| [(1 << power) - 1, 1 << power, 3 << power]) {
            for _ in 0..100 {
                assert_eq!(ours.below(bound), theirs.0.random_range(0..bound), "below {bound}");
            }
        }
    }

    #[test]
    fn streams_differ_and_repeat() {
        let first = |stream| Rng::stream(42, stream).bits();
        assert_ne!(first(1), first(2));
        assert_eq!(first(1), first(1));
    }
}
