//! A node's own clock, which is never quite right.

use serde::Serialize;

const MILLION: i128 = 1_000_000;

/// A clock that is ahead or behind by an offset and runs too fast or too slow. All times in microseconds.
///
/// Beside the time that it shows, which can be set, it counts how long it has run, which nobody can set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Clock {
    drift_ppm: i64,
    /// What it showed at `since_us` of true time.
    shown_us: i64,
    since_us: u64,
    /// What it had counted at `since_us`. It follows from how the clock was set before, and digests of links that were made
    /// before there was this stay.
    #[serde(skip)]
    counted_us: u64,
}

impl Clock {
    /// A clock that shows true time.
    pub const TRUE: Clock = Clock { drift_ppm: 0, shown_us: 0, since_us: 0, counted_us: 0 };

    /// The least and the most drift: half speed and double speed.
    pub const DRIFT_PPM: (i64, i64) = (-500_000, 1_000_000);

    /// The greatest offset either way: 100 days.
    pub const OFFSET_US: i64 = 8_640_000_000_000;

    /// What it shows at a moment of true time.
    pub fn shows(&self, at_us: u64) -> i64 {
        self.shown_us + self.elapsed(at_us.saturating_sub(self.since_us)) as i64
    }

    /// How long it has run at a moment of true time, by its own rate: what only goes forward, whoever sets the clock.
    pub fn counts(&self, at_us: u64) -> u64 {
        self.counted_us + self.elapsed(at_us.saturating_sub(self.since_us))
    }

    /// When it was last set or made to run at another rate, in true time; 0 for a clock that never was.
    pub fn since_us(&self) -> u64 {
        self.since_us
    }

    /// How far it is ahead of true time.
    pub fn offset_us(&self, at_us: u64) -> i64 {
        self.shows(at_us) - at_us as i64
    }

    /// Parts per million that it runs too fast.
    pub fn drift_ppm(&self) -> i64 {
        self.drift_ppm
    }

    /// The same clock, set to be ahead by `offset_us` at this moment.
    pub fn with_offset(self, at_us: u64, offset_us: i64) -> Clock {
        Clock { shown_us: at_us as i64 + offset_us, since_us: at_us, counted_us: self.counts(at_us), ..self }
    }

    /// The same clock, running at another rate from this moment on.
    pub fn with_drift(self, at_us: u64, drift_ppm: i64) -> Clock {
        Clock { drift_ppm, shown_us: self.shows(at_us), since_us: at_us, counted_us: self.counts(at_us) }
    }

    /// How much true time passes while this clock counts `local_us`.
    pub fn true_duration(&self, local_us: u64) -> u64 {
        if self.drift_ppm == 0 {
            return local_us;
        }
        (i128::from(local_us) * MILLION / (MILLION + i128::from(self.drift_ppm))) as u64
    }

    /// How much this clock counts while so much true time passes.
    pub fn elapsed(&self, true_us: u64) -> u64 {
        if self.drift_ppm == 0 {
            return true_us;
        }
        (i128::from(true_us) * (MILLION + i128::from(self.drift_ppm)) / MILLION) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fast_clock_gains_and_its_timers_are_short() {
        let clock = Clock::TRUE.with_drift(1_000_000, 1_000_000);
        assert_eq!(clock.shows(2_000_000), 3_000_000);
        assert_eq!(clock.true_duration(100), 50);
        assert_eq!(clock.elapsed(50), 100);
    }

    #[test]
    fn an_offset_moves_what_is_shown_and_not_the_rate() {
        let clock = Clock::TRUE.with_offset(500, -200);
        assert_eq!((clock.shows(500), clock.offset_us(900)), (300, -200));
        assert_eq!(clock.true_duration(100), 100);
    }

    #[test]
    fn what_is_counted_goes_on_when_the_clock_is_set() {
        let clock = Clock::TRUE.with_drift(0, 1_000_000).with_offset(500, -9_000).with_offset(700, 40);
        assert_eq!((clock.counts(700), clock.counts(1_000)), (1_400, 2_000));
        assert_eq!((clock.shows(700), clock.since_us()), (740, 700));
        assert_eq!(clock.with_drift(1_000, 0).counts(1_100), 2_100);
    }
}
