//! How requests come: at their own pace, whether those before are answered or not (an open loop; Kleinrock 1975, section 2.4).

use sim::Delay;

/// How the times between requests are spread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrivals {
    /// All of them are the same.
    Even,
    /// At random: a Poisson stream.
    Random,
}

impl Arrivals {
    /// The time between two requests of one source, of so many that send so many requests a second together.
    pub fn gap(self, per_second: u64, sources: u64) -> Delay {
        let us = sources * 1_000_000 / per_second.max(1);
        match self {
            Arrivals::Even => Delay::Constant { us },
            Arrivals::Random => Delay::Exponential { least_us: 0, mean_us: us },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_share_the_rate() {
        assert_eq!(Arrivals::Even.gap(40, 4), Delay::Constant { us: 100_000 });
        assert_eq!(Arrivals::Random.gap(1_000, 1), Delay::Exponential { least_us: 0, mean_us: 1_000 });
    }
}
