//! How long to wait for an acknowledgment (RFC 6298).

use std::collections::VecDeque;

use serde::Serialize;

/// The granularity of the clock, in microseconds.
const G_US: u64 = 1;

/// No timeout is longer, in microseconds (RFC 6298, section 2.5: at least 60 seconds).
pub const MOST_US: u64 = 60_000_000;

/// How many measurements are kept for the chart.
const KEPT: usize = 60;

/// How the timeout follows from what was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Formula {
    /// The mean and four times the deviation (Jacobson and Karels 1988; RFC 6298).
    Deviation,
    /// Twice the mean (RFC 793, section 3.7, with β = 2).
    TwiceTheMean,
}

/// What is known of the round trip, and the timeout that follows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RoundTrip {
    /// Eight times the smoothed round trip, in microseconds.
    srtt8: Option<u64>,
    /// Four times its deviation.
    rttvar4: u64,
    /// The timeout, in microseconds.
    pub rto_us: u64,
    /// How many times it was measured.
    pub count: u64,
    /// The last measurement.
    pub last: Option<Sample>,
    /// The last ones: when, how long, and the timeout after it.
    pub chart: VecDeque<(u64, u64, u64)>,
}

/// A measurement, with what shows whether it is true.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Sample {
    pub us: u64,
    /// The transmission that it was measured from.
    pub number: u64,
    /// The highest one that had arrived when the acknowledgment left.
    pub echo: u64,
}

impl RoundTrip {
    /// Section 2.1: before anything is measured.
    pub fn new(initial_us: u64) -> RoundTrip {
        RoundTrip { srtt8: None, rttvar4: 0, rto_us: initial_us, count: 0, last: None, chart: VecDeque::new() }
    }

    /// Sections 2.2 to 2.4: a round trip was measured.
    pub fn measure(&mut self, sample: Sample, now_us: u64, formula: Formula, least_us: u64) {
        let us = sample.us;
        let (srtt8, rttvar4) = match self.srtt8 {
            None => (8 * us, 2 * us),
            Some(srtt8) => {
                // The deviation first: it is that from the mean before.
                let deviation = (srtt8 / 8).abs_diff(us);
                (srtt8 - srtt8 / 8 + us, self.rttvar4 - self.rttvar4 / 4 + deviation)
            }
        };
        (self.srtt8, self.rttvar4) = (Some(srtt8), rttvar4);
        let wished_us = match formula {
            Formula::Deviation => srtt8 / 8 + rttvar4.max(G_US),
            Formula::TwiceTheMean => srtt8 / 4,
        };
        self.rto_us = wished_us.max(least_us).clamp(1, MOST_US);
        self.count += 1;
        self.last = Some(sample);
        self.chart.push_back((now_us, us, self.rto_us));
        while self.chart.len() > KEPT {
            self.chart.pop_front();
        }
    }

    /// Section 5.5: the timer has run out.
    pub fn back_off(&mut self) {
        self.rto_us = (self.rto_us * 2).min(MOST_US);
    }

    /// The smoothed round trip, in microseconds.
    pub fn smoothed_us(&self) -> Option<u64> {
        self.srtt8.map(|srtt8| srtt8 / 8)
    }

    /// How far round trips are from it, in microseconds.
    pub fn deviation_us(&self) -> Option<u64> {
        self.srtt8.map(|_| self.rttvar4 / 4)
    }
}
