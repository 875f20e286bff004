//! Counts of times from which percentiles are read.

use serde::Serialize;

/// Buckets in each doubling of a time.
const PARTS: u64 = 16;
/// Times from about 18 minutes on fall into the last bucket.
const BUCKETS: usize = 16 * 27;

/// Counts of times in buckets that grow with the time, 16 in each doubling (as in HdrHistogram): a percentile is at most
/// one part in 32 off.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Histogram {
    counts: Vec<u32>,
    total: u64,
}

impl Default for Histogram {
    fn default() -> Histogram {
        Histogram { counts: vec![0; BUCKETS], total: 0 }
    }
}

impl Histogram {
    /// Counts a time.
    pub fn add(&mut self, us: u64) {
        self.counts[bucket(us)] += 1;
        self.total += 1;
    }

    /// Forgets all times.
    pub fn clear(&mut self) {
        self.counts.fill(0);
        self.total = 0;
    }

    /// The nearest-rank percentile, in microseconds; none where nothing has been counted.
    pub fn percentile(&self, percent: u64) -> Option<u64> {
        let rank = (self.total * percent).div_ceil(100).max(1);
        let mut seen = 0;
        let place = self.counts.iter().position(|count| {
            seen += u64::from(*count);
            seen >= rank
        });
        place.map(middle)
    }
}

/// As which time this one is counted: all of a bucket are counted as the one in its middle.
pub fn counted_as(us: u64) -> u64 {
    middle(bucket(us))
}

/// Times under 16 have a bucket each; above, a bucket is a sixteenth of a doubling.
fn bucket(us: u64) -> usize {
    if us < PARTS {
        return us as usize;
    }
    let doublings = u64::from(us.ilog2()) - 4;
    let part = (us >> doublings) - PARTS;
    ((PARTS + doublings * PARTS + part) as usize).min(BUCKETS - 1)
}

/// The time in the middle of a bucket.
fn middle(bucket: usize) -> u64 {
    let bucket = bucket as u64;
    if bucket < PARTS {
        return bucket;
    }
    let (doublings, part) = (bucket / PARTS - 1, bucket % PARTS);
    ((PARTS + part) << doublings) + (1 << doublings) / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_time_is_near_the_middle_of_its_bucket() {
        for us in (0..1_000).chain((1_000..60_000_000).step_by(7_919)) {
            let near = middle(bucket(us));
            assert!(near.abs_diff(us) * 32 <= us.max(1), "{us} counts as {near}");
        }
        assert_eq!(bucket(u64::MAX), BUCKETS - 1);
    }

    #[test]
    fn percentiles_are_nearest_ranks() {
        let mut times = Histogram::default();
        assert_eq!(times.percentile(50), None);
        (1..=10).for_each(|us| times.add(us));
        assert_eq!([50, 95, 99].map(|percent| times.percentile(percent)), [Some(5), Some(10), Some(10)]);
    }
}
