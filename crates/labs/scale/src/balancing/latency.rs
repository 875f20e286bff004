//! What the balancer measures: how long answers take, and how many there are, in windows of time.

use std::collections::VecDeque;

use serde::Serialize;

/// Buckets in each doubling of a time.
const PARTS: u64 = 16;
/// Times from about 18 minutes on fall into the last bucket.
const BUCKETS: usize = 16 * 27;
/// How many windows are kept.
const KEPT: usize = 120;

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

/// What happened in one window of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Point {
    /// When the window ended, on the balancer's clock in microseconds.
    pub at_us: i64,
    pub window_us: u64,
    /// The 50th, 95th and 99th percentile of the response time, in microseconds; none where nothing was served.
    pub percentiles_us: Option<[u64; 3]>,
    pub served: u32,
    pub failed: u32,
}

/// The statistics of the balancer: the last windows, and the one that is open.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Statistics {
    pub points: VecDeque<Point>,
    began_us: i64,
    times: Histogram,
    served: u32,
    failed: u32,
}

impl Statistics {
    /// Nothing yet; the first window opens now.
    pub fn new(now_us: i64) -> Statistics {
        Statistics { points: VecDeque::new(), began_us: now_us, times: Histogram::default(), served: 0, failed: 0 }
    }

    /// Counts a request that was served, and how long that took.
    pub fn serve(&mut self, us: u64) {
        self.times.add(us);
        self.served += 1;
    }

    /// Counts a request that was not.
    pub fn fail(&mut self) {
        self.failed += 1;
    }

    /// Closes the windows that are over.
    pub fn turn(&mut self, now_us: i64, window_us: u64) {
        let window = window_us as i64;
        // After a clock was set far ahead, or back, the windows begin anew.
        if now_us - self.began_us > window * KEPT as i64 || now_us < self.began_us {
            *self = Statistics::new(now_us);
        }
        while now_us - self.began_us >= window {
            self.began_us += window;
            let percentile = |percent| self.times.percentile(percent).unwrap_or(0);
            self.points.push_back(Point {
                at_us: self.began_us,
                window_us,
                percentiles_us: (self.served > 0).then(|| [50, 95, 99].map(percentile)),
                served: self.served,
                failed: self.failed,
            });
            if self.points.len() > KEPT {
                self.points.pop_front();
            }
            if self.served > 0 {
                self.times.clear();
            }
            (self.served, self.failed) = (0, 0);
        }
    }

    /// The last 99th percentile that there is.
    pub fn p99_us(&self) -> Option<u64> {
        self.points.iter().rev().find_map(|point| point.percentiles_us).map(|[.., p99]| p99)
    }
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

    #[test]
    fn windows_close_in_order_and_the_old_ones_go() {
        let mut statistics = Statistics::new(0);
        for second in 0..200 {
            statistics.serve(10);
            statistics.turn((second + 1) * 1_000_000, 1_000_000);
        }
        assert_eq!(statistics.points.len(), KEPT);
        assert!(statistics.points.iter().all(|point| point.served == 1 && point.percentiles_us == Some([10; 3])));
        assert_eq!(statistics.points.back().map(|point| point.at_us), Some(200_000_000));
    }
}
