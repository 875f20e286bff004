//! What many round trips come to.

use parts::histogram::counted_as;
use serde::Serialize;
use sim::map::Map;

/// A summary of round trips, in microseconds.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Statistics {
    pub count: u64,
    pub least_us: i64,
    pub most_us: i64,
    sum_us: i64,
    /// The sum of squares: its upper and its lower half.
    squares: (u64, u64),
    /// Sixteen times the jitter of RFC 3550, section 6.4.1.
    jitter_16_us: u64,
    /// How long the last ping seemed to be under way.
    transit_us: Option<i64>,
    /// How many there were of about this length, and their sum.
    about: Map<u64, (u64, u64)>,
}

impl Statistics {
    /// Counts a round trip whose ping seemed to be under way so long.
    pub fn add(&mut self, round_us: i64, transit_us: i64) {
        (self.least_us, self.most_us) = match self.count {
            0 => (round_us, round_us),
            _ => (self.least_us.min(round_us), self.most_us.max(round_us)),
        };
        self.count += 1;
        self.sum_us = self.sum_us.saturating_add(round_us);
        let square = u128::from(round_us.unsigned_abs()).pow(2);
        let squares = self.squares().saturating_add(square);
        self.squares = ((squares >> 64) as u64, squares as u64);
        // What does not change between two of them is no jitter, and so it does not matter how wrong the clocks are.
        if let Some(before_us) = self.transit_us.replace(transit_us) {
            let difference_us = (transit_us - before_us).unsigned_abs();
            self.jitter_16_us += difference_us;
            self.jitter_16_us -= (self.jitter_16_us - difference_us + 8) / 16;
        }
        let time_us = u64::try_from(round_us).unwrap_or(0);
        let about = self.about.get_or_insert_with(counted_as(time_us), Default::default);
        *about = (about.0 + 1, about.1.saturating_add(time_us));
    }

    fn squares(&self) -> u128 {
        u128::from(self.squares.0) << 64 | u128::from(self.squares.1)
    }

    /// The mean; none without any.
    pub fn mean_us(&self) -> Option<i64> {
        (self.count > 0).then(|| self.sum_us / self.count as i64)
    }

    /// √(mean of squares − square of mean), as `ping` of iputils prints it.
    pub fn mdev_us(&self) -> Option<u64> {
        let mean_us = self.mean_us()?;
        let variance =
            (self.squares() / u128::from(self.count)).saturating_sub(u128::from(mean_us.unsigned_abs()).pow(2));
        Some(variance.isqrt() as u64)
    }

    /// The jitter of RFC 3550, section 6.4.1.
    pub fn jitter_us(&self) -> u64 {
        self.jitter_16_us / 16
    }

    /// The nearest-rank percentile: the mean of those that are about as long, which is exact where they are all the same.
    pub fn percentile_us(&self, percent: u64) -> Option<u64> {
        let (rank, mut seen) = ((self.count * percent).div_ceil(100).max(1), 0);
        let mut abouts = self.about.values();
        abouts
            .find(|(count, _)| {
                seen += count;
                seen >= rank
            })
            .map(|(count, sum_us)| sum_us / count)
    }
}
