//! The clock as a node reads it: its quartz, and a correction that is added to it.

use serde::Serialize;

use super::settings::Config;

const MILLION: i64 = 1_000_000;

/// What one exchange with the server has taught about the quartz. All times in microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Sample {
    /// How much has to be added to the quartz for true time.
    pub offset_us: i64,
    /// The round trip without the time at the server.
    pub delay_us: u64,
    /// How far off the offset can be, when it was measured.
    pub bound_us: u64,
    /// When it was measured, by the quartz.
    pub at_us: i64,
}

/// The clock as the node reads it: the quartz and a correction, which goes over to a new value at once (a step) or bit by
/// bit (a slew; RFC 5905, section 11.3, and `adjtime`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SoftClock {
    from_us: i64,
    target_us: i64,
    /// When the slew began, by the quartz.
    since_us: i64,
    /// What it goes by; none before the first exchange.
    pub sample: Option<Sample>,
}

/// How a clock was put right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Adjustment {
    Step,
    Slew,
}

impl Sample {
    /// How far off the offset can be now: the quartz may have drifted since (RFC 5905, section 10: the dispersion grows by
    /// PHI).
    pub fn bound_us(&self, quartz_us: i64, config: &Config) -> u64 {
        let age_us = quartz_us.saturating_sub(self.at_us).unsigned_abs();
        self.bound_us + if config.rules.dispersion { allowance_us(age_us, config) } else { 0 }
    }
}

/// How far a clock can drift in so long, rounded up.
pub(super) fn allowance_us(us: u64, config: &Config) -> u64 {
    (u128::from(us) * u128::from(config.drift_bound_ppm) / MILLION as u128) as u64 + 1
}

impl SoftClock {
    /// What is added to the quartz now.
    pub fn correction_us(&self, quartz_us: i64, config: &Config) -> i64 {
        let passed_us = quartz_us.saturating_sub(self.since_us).max(0);
        let most_us = (i128::from(passed_us) * i128::from(config.slew_ppm) / i128::from(MILLION)) as i64;
        self.from_us + (self.target_us - self.from_us).clamp(-most_us, most_us)
    }

    /// What the clock shows.
    pub fn shows(&self, quartz_us: i64, config: &Config) -> i64 {
        quartz_us + self.correction_us(quartz_us, config)
    }

    /// How far from true time the clock can be, as the node believes; none if it has never asked.
    pub fn claim_us(&self, quartz_us: i64, config: &Config) -> Option<u64> {
        let still_to_slew_us = (self.target_us - self.correction_us(quartz_us, config)).unsigned_abs();
        self.sample.map(|sample| sample.bound_us(quartz_us, config) + still_to_slew_us)
    }

    /// Goes by another sample from now on.
    pub fn follow(&mut self, sample: Sample, quartz_us: i64, config: &Config) -> Adjustment {
        let now_us = self.correction_us(quartz_us, config);
        let steps = (sample.offset_us - now_us).unsigned_abs() > config.step_threshold_us;
        let from_us = if steps { sample.offset_us } else { now_us };
        *self = SoftClock { from_us, target_us: sample.offset_us, since_us: quartz_us, sample: Some(sample) };
        if steps { Adjustment::Step } else { Adjustment::Slew }
    }
}
