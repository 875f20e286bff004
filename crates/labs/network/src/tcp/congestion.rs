//! How much may be under way: slow start, congestion avoidance, fast retransmit and fast recovery (RFC 5681 and 6582).

use std::collections::VecDeque;

use serde::Serialize;

use super::seq::Seq;

/// No limit, in bytes.
const UNLIMITED: u32 = 1 << 24;

/// How many points are kept for the chart.
const KEPT: usize = 120;

/// Who decides how much may be under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Algorithm {
    /// The receiver alone: TCP before 1988.
    None,
    Reno,
    NewReno,
}

/// The window that the sender sets itself, in bytes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Congestion {
    pub algorithm: Algorithm,
    pub cwnd: u32,
    pub ssthresh: u32,
    /// How many duplicate acknowledgments have come in a row.
    pub duplicates: u32,
    /// Whether a hole is being filled.
    pub is_recovering: bool,
    /// What was sent when the last recovery or timeout began: what is acknowledged up to here tells of that loss.
    pub recover: Seq,
    /// Whether the timer has been restarted in this recovery.
    has_moved_on: bool,
    /// Bytes acknowledged since the window grew by a segment.
    credit: u32,
    /// For the chart: when, the window, the threshold, what was under way.
    pub chart: VecDeque<(u64, u32, u32, u32)>,
}

/// What an acknowledgment of new data means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// All is well.
    Plain,
    /// One hole is filled, and there is another one.
    Partial { is_first: bool },
    /// All that was missing has come.
    Recovered,
}

impl Congestion {
    pub fn new(algorithm: Algorithm, iss: Seq) -> Congestion {
        Congestion {
            algorithm,
            cwnd: UNLIMITED,
            ssthresh: UNLIMITED,
            duplicates: 0,
            is_recovering: false,
            recover: iss,
            has_moved_on: false,
            credit: 0,
            chart: VecDeque::new(),
        }
    }

    /// Whether the sender limits itself.
    pub fn is_limited(&self) -> bool {
        self.algorithm != Algorithm::None
    }

    /// Whether it is in slow start.
    pub fn is_slow_start(&self) -> bool {
        self.cwnd < self.ssthresh
    }

    /// The first window (RFC 5681, section 3.1; RFC 6928 where more than four segments are wished for).
    pub fn start(&mut self, segments: u32, mss: u32, has_lost_syn: bool) {
        if !self.is_limited() {
            return;
        }
        let allowed = match mss {
            _ if segments > 4 => segments,
            0..=1_095 => 4,
            1_096..=2_190 => 3,
            _ => 2,
        };
        self.cwnd = if has_lost_syn { 1 } else { segments.min(allowed) } * mss;
    }

    /// New data is acknowledged, up to `ack`, while so much is still under way.
    pub fn acknowledge(&mut self, bytes: u32, ack: Seq, flight: u32, mss: u32, has_sack: bool) -> Progress {
        self.duplicates = 0;
        if !self.is_limited() {
            return Progress::Plain;
        }
        if !self.is_recovering {
            self.grow(bytes, mss);
            return Progress::Plain;
        }
        let is_whole = self.recover.is_at_most(ack);
        if is_whole || self.algorithm == Algorithm::Reno {
            self.is_recovering = false;
            // RFC 6582, section 3.2, step 3, the first option: no burst.
            self.cwnd = if is_whole { self.ssthresh.min(flight.max(mss) + mss) } else { self.ssthresh };
            return Progress::Recovered;
        }
        if !has_sack {
            self.cwnd = self.cwnd.saturating_sub(bytes) + if bytes >= mss { mss } else { 0 };
            self.cwnd = self.cwnd.max(mss);
        }
        let is_first = !std::mem::replace(&mut self.has_moved_on, true);
        Progress::Partial { is_first }
    }

    /// Section 3.1: slow start below the threshold, one segment a round trip above it.
    fn grow(&mut self, bytes: u32, mss: u32) {
        if self.is_slow_start() {
            self.cwnd = (self.cwnd + bytes.min(mss)).min(UNLIMITED);
            return;
        }
        self.credit += bytes;
        if self.credit >= self.cwnd {
            self.credit -= self.cwnd;
            self.cwnd = (self.cwnd + mss).min(UNLIMITED);
        }
    }

    /// A duplicate acknowledgment. Returns whether the hole is to be filled now: it is the third.
    pub fn duplicate(&mut self, una: Seq, next: Seq, flight: u32, mss: u32, has_sack: bool) -> bool {
        self.duplicates += 1;
        if !self.is_limited() {
            return false;
        }
        if self.is_recovering {
            if !has_sack {
                self.cwnd += mss;
            }
            return false;
        }
        // RFC 6582, section 3.2, step 2: not again for what the last loss tells.
        let is_news = self.algorithm == Algorithm::Reno || self.recover.is_before(una);
        if self.duplicates != 3 || !is_news {
            return false;
        }
        self.ssthresh = (flight / 2).max(2 * mss);
        self.cwnd = self.ssthresh + if has_sack { 0 } else { 3 * mss };
        (self.is_recovering, self.recover, self.has_moved_on, self.credit) = (true, next, false, 0);
        true
    }

    /// The timer has run out (RFC 5681, section 3.1). `is_first`: for this segment.
    pub fn time_out(&mut self, is_first: bool, next: Seq, flight: u32, mss: u32) {
        self.duplicates = 0;
        (self.is_recovering, self.recover, self.credit) = (false, next, 0);
        if !self.is_limited() {
            return;
        }
        if is_first {
            self.ssthresh = (flight / 2).max(2 * mss);
        }
        self.cwnd = mss;
    }

    /// Writes down how it stands.
    pub fn note(&mut self, now_us: u64, flight: u32) {
        if !self.is_limited() && self.chart.back().is_some_and(|last| last.3 == flight) {
            return;
        }
        let (cwnd, ssthresh) = (self.cwnd, self.ssthresh);
        if self.chart.back().is_some_and(|last| (last.1, last.2, last.3) == (cwnd, ssthresh, flight)) {
            return;
        }
        if self.chart.back().is_some_and(|last| last.0 == now_us) {
            self.chart.pop_back();
        }
        self.chart.push_back((now_us, cwnd, ssthresh, flight));
        while self.chart.len() > KEPT {
            self.chart.pop_front();
        }
    }

    /// Whether the threshold has been set.
    pub fn has_threshold(&self) -> bool {
        self.ssthresh < UNLIMITED
    }
}
