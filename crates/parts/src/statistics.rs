//! How long answers take, and how many there are, in windows of time.

use std::collections::VecDeque;

use serde::Serialize;

use crate::histogram::Histogram;

/// How many windows are kept.
const KEPT: usize = 120;

/// What happened in one window of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Point {
    /// When the window ended, on the clock of whoever measures, in microseconds.
    pub at_us: i64,
    pub window_us: u64,
    /// The 50th, 95th and 99th percentile of the response time, in microseconds; none where nothing was served.
    pub percentiles_us: Option<[u64; 3]>,
    pub served: u32,
    pub failed: u32,
}

/// What one node has measured: the last windows, and the one that is open.
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
