//! The time as an interval, what one answer of a time master tells of it, and which answers are to be believed.

use serde::Serialize;

use super::settings::Config;

const MILLION: u128 = 1_000_000;

/// Microseconds are whole: the four readings of an exchange and half of their sum are each off by less than one.
const PRECISION_US: u64 = 4;

/// What `TT.now()` returns: true time is somewhere in it, both ends included (section 3, Table 1). In microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Interval {
    pub earliest_us: i64,
    pub latest_us: i64,
}

impl Interval {
    /// Whether this moment may be now.
    pub fn has(self, at_us: i64) -> bool {
        (self.earliest_us..=self.latest_us).contains(&at_us)
    }

    /// Whether both can be right.
    pub fn overlaps(self, other: Interval) -> bool {
        self.earliest_us <= other.latest_us && other.earliest_us <= self.latest_us
    }

    /// `TT.after`: whether this moment has certainly passed.
    pub fn is_after(self, at_us: i64) -> bool {
        self.earliest_us > at_us
    }

    /// Half of its length: ε.
    pub fn epsilon_us(self) -> u64 {
        (self.latest_us - self.earliest_us).unsigned_abs() / 2
    }

    pub fn middle_us(self) -> i64 {
        self.earliest_us + (self.latest_us - self.earliest_us) / 2
    }
}

/// What a question to a time master has told about the quartz.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Sample {
    /// How much has to be added to the quartz for true time, in microseconds.
    pub offset_us: i64,
    /// How far off that can be, when it was measured.
    pub bound_us: u64,
    /// When it was measured, by the quartz.
    pub at_us: i64,
}

impl Sample {
    /// What a master has told that is off by `error_us` at the most, after half of a round trip (section 3: ε depends on the
    /// uncertainty of the masters and on the way to them).
    pub fn new(offset_us: i64, (error_us, delay_us): (u64, u64), at_us: i64, config: &Config) -> Sample {
        let bound_us = error_us + delay_us / 2 + allowance_us(delay_us, config) + PRECISION_US;
        Sample { offset_us, bound_us, at_us }
    }

    /// How far off true time the clock can be now: the quartz has drifted since, by no more than is allowed for (section 3).
    pub fn epsilon_us(&self, quartz_us: i64, config: &Config) -> u64 {
        let age_us = quartz_us.saturating_sub(self.at_us).unsigned_abs();
        self.bound_us + if config.rules.growing_epsilon { allowance_us(age_us, config) } else { 0 }
    }

    /// Between which moments true time is.
    pub fn interval(&self, quartz_us: i64, config: &Config) -> Interval {
        let (now_us, epsilon_us) = (quartz_us + self.offset_us, self.epsilon_us(quartz_us, config) as i64);
        Interval { earliest_us: now_us - epsilon_us, latest_us: now_us + epsilon_us }
    }
}

/// How far a quartz can drift in so long, rounded up.
fn allowance_us(us: u64, config: &Config) -> u64 {
    (u128::from(us) * u128::from(config.drift_bound_ppm) / MILLION) as u64 + 1
}

/// The best answer among those that agree with the most others: liars are found out (section 3, after Marzullo). What the node
/// believed before has a voice too where masters disagree, but it is never the answer. None if nobody can tell who lies.
pub fn believed(answers: &[Sample], own: Option<Sample>, quartz_us: i64, config: &Config) -> Option<Sample> {
    let of = |sample: &Sample| sample.interval(quartz_us, config);
    let all: Vec<Interval> = answers.iter().chain(&own).map(of).collect();
    let voices = |at_us: i64| all.iter().filter(|interval| interval.has(at_us)).count();
    // Where the most overlap, an interval begins.
    let most = all.iter().map(|interval| voices(interval.earliest_us)).max()?;
    if most < 2 && answers.len() > 1 {
        return None;
    }
    let agree = |sample: &&Sample| {
        let interval = of(sample);
        all.iter().any(|other| voices(other.earliest_us) == most && interval.has(other.earliest_us))
    };
    answers.iter().filter(agree).min_by_key(|sample| sample.bound_us).copied()
}
