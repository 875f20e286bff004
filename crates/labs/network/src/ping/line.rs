//! A line of the log: four times, and what they can mean.

use parts::exchange::Times;
use serde::Serialize;
use sim::NodeId;

/// A ping that was answered. T1 and T4 are by the clock of the server that asked, T2 and T3 by that of the other one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    pub peer: NodeId,
    pub number: u64,
    pub times: Times,
    /// From the ping's leaving to its answer's coming, in microseconds.
    pub round_us: i64,
    /// When it was written, by the clock that nobody sets.
    pub at_us: u64,
}

/// A world in which a line could have been written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct World {
    /// How long the ping was under way.
    pub forth_us: i64,
    /// How long the answer was.
    pub back_us: i64,
    /// How far the other clock is ahead.
    pub ahead_us: i64,
}

impl Line {
    /// From T1 to T2, as if the clocks agreed.
    pub fn forth_us(&self) -> i64 {
        self.times.t2_us - self.times.t1_us
    }

    /// From T3 to T4, as if the clocks agreed.
    pub fn back_us(&self) -> i64 {
        self.times.t4_us - self.times.t3_us
    }

    /// What of the round trip was spent on the way (delta of RFC 5905, section 8).
    pub fn network_us(&self) -> i64 {
        self.round_us - (self.times.t3_us - self.times.t2_us)
    }

    /// The world in which the other clock is so far ahead.
    pub fn if_ahead(&self, ahead_us: i64) -> World {
        World { forth_us: self.forth_us() - ahead_us, back_us: self.back_us() + ahead_us, ahead_us }
    }

    /// Both ways take equally long (RFC 5905, section 8: what NTP takes for granted).
    pub fn if_ways_are_equal(&self) -> World {
        self.if_ahead(self.times.offset_us())
    }

    /// Both clocks are right.
    pub fn if_clocks_are_right(&self) -> World {
        self.if_ahead(0)
    }

    /// The ping took all of the time, and the answer none.
    pub fn if_all_is_forth(&self) -> World {
        self.if_ahead(-self.back_us())
    }

    /// The answer took all of the time, and the ping none.
    pub fn if_all_is_back(&self) -> World {
        self.if_ahead(self.forth_us())
    }
}

impl World {
    /// Whether such a world can be: nothing comes before it has left.
    pub fn is_possible(self) -> bool {
        self.forth_us >= 0 && self.back_us >= 0
    }
}
