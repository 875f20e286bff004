//! Trying again: how long to wait for an answer, how often to ask, and how long to stay away in between.

use serde::Serialize;

/// How long somebody stays away before trying again: longer each time, up to a bound, and not all for equally long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct BackOff {
    /// The bound of the first wait, in microseconds; each next one is twice as much.
    pub first_us: u64,
    /// The bound of all of them.
    pub most_us: u64,
    pub spread: Spread,
}

/// How far the waits of several differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Spread {
    /// Half of the bound, and some of the other half.
    UpperHalf,
    /// The bound, and so many percent of it more or less.
    Percent(u8),
}

impl BackOff {
    /// The longest wait after so many attempts.
    pub fn bound_us(self, attempts: u32) -> u64 {
        let doublings = attempts.saturating_sub(1).min(40);
        self.first_us.saturating_mul(1 << doublings).min(self.most_us)
    }

    /// The least and the most wait after so many attempts.
    pub fn range_us(self, attempts: u32) -> (u64, u64) {
        let bound_us = self.bound_us(attempts);
        match self.spread {
            Spread::UpperHalf => (bound_us / 2, bound_us),
            Spread::Percent(percent) => {
                let part_us = bound_us / 100 * u64::from(percent.min(100));
                (bound_us - part_us, bound_us.saturating_add(part_us))
            }
        }
    }

    /// The wait after so many attempts. `draw` is a number at random.
    pub fn wait_us(self, attempts: u32, draw: u64) -> u64 {
        let (least_us, most_us) = self.range_us(attempts);
        least_us + ((u128::from(draw) * u128::from(most_us - least_us + 1)) >> 64) as u64
    }
}

/// How somebody asks until there is an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// How often, the first time included.
    pub attempts: u32,
    /// How long to wait for the answer to one attempt, in microseconds.
    pub timeout_us: u64,
    pub back_off: BackOff,
}

impl Plan {
    /// The longest that it can take from the first attempt until somebody gives up.
    pub fn longest_us(self) -> u64 {
        let waits = (1..self.attempts).map(|attempts| self.back_off.range_us(attempts).1);
        u64::from(self.attempts).saturating_mul(self.timeout_us).saturating_add(waits.sum())
    }
}

/// Where somebody stands who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Phase {
    /// Waiting for the answer to an attempt.
    Asking,
    /// Staying away before the next attempt.
    Away,
}

/// Attempts at one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Attempts {
    /// How many have been made.
    pub made: u32,
    /// When the first one was, on a clock that nobody sets, in microseconds.
    pub since_us: u64,
    pub phase: Phase,
    /// Until when the phase lasts, on the same clock.
    pub until_us: u64,
}

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Nothing yet: it is not time.
    Wait { us: u64 },
    /// Stay away for so long.
    StayAway { us: u64 },
    /// Try again.
    Try,
    /// All attempts are used up, and none was answered.
    GiveUp,
}

impl Attempts {
    /// The first attempt.
    pub fn first(plan: Plan, now_us: u64) -> Attempts {
        Attempts { made: 1, since_us: now_us, phase: Phase::Asking, until_us: now_us + plan.timeout_us }
    }

    /// A timer has run out, early perhaps.
    pub fn on_timer(&mut self, plan: Plan, now_us: u64, draw: u64) -> Next {
        if now_us < self.until_us {
            return Next::Wait { us: self.until_us - now_us };
        }
        match self.phase {
            Phase::Asking => self.stay_away(plan, now_us, draw),
            Phase::Away => {
                (self.made, self.phase, self.until_us) = (self.made + 1, Phase::Asking, now_us + plan.timeout_us);
                Next::Try
            }
        }
    }

    /// The answer to an attempt is to try again, or there is none.
    pub fn stay_away(&mut self, plan: Plan, now_us: u64, draw: u64) -> Next {
        if self.made >= plan.attempts {
            return Next::GiveUp;
        }
        let us = plan.back_off.wait_us(self.made, draw);
        (self.phase, self.until_us) = (Phase::Away, now_us + us);
        Next::StayAway { us }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAN: Plan = Plan { attempts: 3, timeout_us: 300, back_off: BACK_OFF };

    const BACK_OFF: BackOff = BackOff { first_us: 200, most_us: 500, spread: Spread::UpperHalf };

    /// gRPC proposal A6: plus or minus a fifth.
    #[test]
    fn a_spread_in_percent_lies_around_the_bound() {
        let back_off = BackOff { first_us: 100, most_us: 1_000, spread: Spread::Percent(20) };
        assert_eq!([0, u64::MAX].map(|draw| back_off.wait_us(1, draw)), [80, 120]);
        assert_eq!([0, u64::MAX].map(|draw| back_off.wait_us(9, draw)), [800, 1_200]);
        assert_eq!(Plan { attempts: 3, timeout_us: 0, back_off }.longest_us(), 120 + 240);
    }

    #[test]
    fn waits_double_up_to_their_bound() {
        let bounds: Vec<u64> = (1..6).map(|attempts| PLAN.back_off.bound_us(attempts)).collect();
        assert_eq!(bounds, [200, 400, 500, 500, 500]);
        assert_eq!(PLAN.back_off.bound_us(u32::MAX), 500);
        assert_eq!([0, u64::MAX].map(|draw| PLAN.back_off.wait_us(2, draw)), [200, 400]);
        assert_eq!(PLAN.longest_us(), 3 * 300 + 200 + 400);
    }

    #[test]
    fn a_timer_that_runs_out_early_changes_nothing() {
        let mut attempts = Attempts::first(PLAN, 1_000);
        assert_eq!(attempts.on_timer(PLAN, 1_299, 0), Next::Wait { us: 1 });
        assert_eq!(attempts, Attempts::first(PLAN, 1_000));
        assert_eq!(attempts.on_timer(PLAN, 1_300, 0), Next::StayAway { us: 100 });
        assert_eq!(attempts.on_timer(PLAN, 1_350, 0), Next::Wait { us: 50 });
        assert_eq!(attempts.on_timer(PLAN, 1_400, 0), Next::Try);
        assert_eq!(attempts.on_timer(PLAN, 1_700, u64::MAX), Next::StayAway { us: 400 });
        assert_eq!(attempts.on_timer(PLAN, 2_100, 0), Next::Try);
        assert_eq!(attempts.on_timer(PLAN, 2_400, 0), Next::GiveUp);
        assert!(2_400 - attempts.since_us <= PLAN.longest_us());
    }
}
