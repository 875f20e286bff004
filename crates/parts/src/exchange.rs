//! One question for the time and its answer.

use serde::Serialize;

/// Four readings of an exchange in microseconds, in the words of RFC 5905, section 8: T1 and T4 by the asking node's clock, T2 and T3 by the
/// server's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Times {
    /// The question leaves.
    pub t1_us: i64,
    /// It comes to the server.
    pub t2_us: i64,
    /// The answer leaves.
    pub t3_us: i64,
    /// It comes back.
    pub t4_us: i64,
}

impl Times {
    /// How long the asking node waited, the time at the server counted in.
    pub fn round_trip_us(self) -> u64 {
        (self.t4_us - self.t1_us).unsigned_abs()
    }

    /// How long question and answer were under way: delta of RFC 5905.
    pub fn delay_us(self) -> u64 {
        self.round_trip_us().saturating_sub((self.t3_us - self.t2_us).unsigned_abs())
    }

    /// How far the asking node's clock is behind: theta of RFC 5905.
    pub fn offset_us(self) -> i64 {
        ((self.t2_us - self.t1_us) + (self.t3_us - self.t4_us)) / 2
    }

    /// The same without T2: the answer was under way for half of the round trip, give or take (Cristian 1989, reading a
    /// remote clock).
    pub fn cristian_offset_us(self) -> i64 {
        self.t3_us + (self.t4_us - self.t1_us) / 2 - self.t4_us
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A clock that is 100 behind, 10 on the way, 4 at the server, 20 on the way back: theta is wrong by half of the
    /// difference of the ways (RFC 5905, section 8), and Cristian's offset by half of the time at the server besides.
    #[test]
    fn an_offset_is_wrong_by_half_of_what_the_ways_differ() {
        let times = Times { t1_us: 1_000, t2_us: 1_110, t3_us: 1_114, t4_us: 1_034 };
        assert_eq!((times.round_trip_us(), times.delay_us()), (34, 30));
        assert_eq!((times.offset_us(), times.cristian_offset_us()), (95, 97));
    }
}
