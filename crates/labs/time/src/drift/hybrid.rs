//! Hybrid logical clocks (Kulkarni et al. 2014, Figure 5).

use serde::Serialize;

use super::settings::Rules;

/// A hybrid time: the largest clock reading heard of, and a counter for what happens while that stands still.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Hybrid {
    /// `l` of the paper, in microseconds.
    pub l_us: i64,
    /// `c` of the paper.
    pub c: u64,
}

impl Hybrid {
    /// A send or local event while the clock shows `wall_us` (`pt` of the paper).
    pub fn local(self, wall_us: i64, rules: Rules) -> Hybrid {
        let l_us = (self.l_us + step_us(rules)).max(wall_us);
        let c = if l_us == self.l_us && rules.hlc_counter { self.c + 1 } else { 0 };
        Hybrid { l_us, c }
    }

    /// The receipt of a message with this time.
    pub fn receive(self, heard: Hybrid, wall_us: i64, rules: Rules) -> Hybrid {
        if !rules.hlc_receive {
            return self.local(wall_us, rules);
        }
        let l_us = (self.l_us.max(heard.l_us) + step_us(rules)).max(wall_us);
        let counters = [self, heard].into_iter().filter(|time| time.l_us == l_us).map(|time| time.c);
        let c = counters.max().filter(|_| rules.hlc_counter).map_or(0, |c| c + 1);
        Hybrid { l_us, c }
    }
}

/// What an event adds to `l`: nothing; in the naive algorithm of section 3, which has no `c`, a unit of time.
fn step_us(rules: Rules) -> i64 {
    i64::from(!rules.hlc_separate)
}
