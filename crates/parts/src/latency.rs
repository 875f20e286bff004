//! How long servers take for each kind of message: the WARS model (Bailis et al. 2012, section 4.1).

use sim::Delay;
use sim::rng::Rng;

/// The four distributions, in the order of the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Latencies {
    /// W: from the coordinator's write until the replica has it.
    pub write: Latency,
    /// A: until the acknowledgement is back.
    pub acknowledge: Latency,
    /// R: from the coordinator's read until the replica has it.
    pub read: Latency,
    /// S: until the answer is back.
    pub answer: Latency,
    /// What is added for each message between two servers, in microseconds: each stands in a data centre of its own.
    pub away_us: u64,
}

/// A distribution: a Pareto body with an exponential tail, as the paper fits them (Table 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Latency {
    /// How many in a million are drawn from the Pareto distribution.
    pareto_ppm: u32,
    /// The least value of the Pareto distribution, in microseconds.
    least_us: u64,
    /// Its shape α, in hundredths.
    shape_hundredths: u64,
    /// The mean of the exponential distribution, 1/λ, in microseconds.
    mean_us: u64,
}

/// 1 in the fixed-point numbers below.
const ONE_BITS: u32 = 32;

impl Latency {
    /// An exponential distribution.
    pub const fn exponential(mean_us: u64) -> Latency {
        Latency { pareto_ppm: 0, least_us: 0, shape_hundredths: 1, mean_us }
    }

    const fn fit(pareto_ppm: u32, least_us: u64, shape_hundredths: u64, mean_us: u64) -> Latency {
        Latency { pareto_ppm, least_us, shape_hundredths, mean_us }
    }

    /// Whether it is always 0.
    pub fn is_none(self) -> bool {
        self.pareto_ppm == 0 && self.mean_us == 0
    }

    /// Draws a time, in microseconds.
    pub fn draw_us(self, rng: &mut Rng) -> u64 {
        if !rng.happens(self.pareto_ppm) {
            return Delay::Exponential { least_us: 0, mean_us: self.mean_us }.draw(rng);
        }
        // A Pareto variable is its least value times e^(E/α), where E is exponential of mean 1.
        let exponent = Delay::Exponential { least_us: 0, mean_us: (100 << ONE_BITS) / self.shape_hundredths }.draw(rng);
        ((u128::from(self.least_us) * exp_scaled(exponent)) >> ONE_BITS) as u64
    }
}

/// e^x in fixed point: halvings of x by ln 2, and the series for what is left.
fn exp_scaled(x: u64) -> u128 {
    const LN_2_SCALED: u64 = 2_977_044_472; // ln 2 · 2^32
    let (doublings, rest) = ((x / LN_2_SCALED).min(60), u128::from(x % LN_2_SCALED));
    let (mut term, mut sum) = (1_u128 << ONE_BITS, 1_u128 << ONE_BITS);
    for place in 1..16 {
        term = ((term * rest) >> ONE_BITS) / place;
        sum += term;
    }
    sum << doublings
}

impl Latencies {
    /// The fits of the paper, Table 3, and its wide-area model (section 5.5).
    pub const NAMES: [&'static str; 4] = ["lnkd-ssd", "lnkd-disk", "ymmr", "wan"];

    /// A fit by its name.
    pub fn named(name: &str) -> Option<Latencies> {
        // LinkedIn's Voldemort on solid-state disks, and its writes on spinning ones; Yammer's Riak.
        const SSD: Latency = Latency::fit(912_200, 235, 1_000, 602);
        const DISK_WRITE: Latency = Latency::fit(380_000, 1_050, 151, 5_464);
        const RIAK_WRITE: Latency = Latency::fit(939_000, 3_000, 335, 357_143);
        const RIAK: Latency = Latency::fit(982_000, 1_500, 380, 46_083);
        let all =
            |write, others, away_us| Latencies { write, acknowledge: others, read: others, answer: others, away_us };
        match name {
            "lnkd-ssd" => Some(all(SSD, SSD, 0)),
            "lnkd-disk" => Some(all(DISK_WRITE, SSD, 0)),
            "ymmr" => Some(all(RIAK_WRITE, RIAK, 0)),
            "wan" => Some(all(DISK_WRITE, SSD, 75_000)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_of_e_are_right() {
        let scaled = |x: u64| exp_scaled(x << ONE_BITS);
        assert_eq!(scaled(0), 1 << ONE_BITS);
        assert!(scaled(1).abs_diff(11_674_931_555) < 50, "{}", scaled(1)); // e · 2^32
        let tenth = scaled(10);
        assert!(tenth.abs_diff(94_602_950_235_157) < 1_000_000, "{tenth}"); // e^10 · 2^32
    }

    /// The median of a Pareto distribution is its least value times 2^(1/α): 235 µs · 2^(1/10) = 251.9 µs; that of the
    /// exponential one ln 2 / λ.
    #[test]
    fn drawn_times_have_their_medians() {
        let median = |latency: Latency| {
            let mut rng = Rng::stream(1, 1);
            let mut drawn: Vec<u64> = (0..50_001).map(|_| latency.draw_us(&mut rng)).collect();
            drawn.sort_unstable();
            drawn[25_000]
        };
        assert!(median(Latency::fit(1_000_000, 235_000, 1_000, 1)).abs_diff(251_866) < 500);
        assert!(median(Latency::fit(1_000_000, 100_000, 151, 1)).abs_diff(158_255) < 1_500);
        assert!(median(Latency::exponential(100_000)).abs_diff(69_315) < 1_000);
    }
}
