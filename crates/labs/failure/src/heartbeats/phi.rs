//! How suspicious a silence is: phi, in whole numbers.
//!
//! N. Hayashibara, X. Défago, R. Yared and T. Katayama, "The phi accrual failure detector", SRDS 2004, section 4.

use std::collections::VecDeque;

use serde::Serialize;

use super::settings::{Config, Detector, ONE_PHI};

/// Where the table begins, how far its entries are apart, both in millionths of a standard deviation.
const FIRST: i64 = -4_000_000;
const STEP: i64 = 100_000;

/// -log10(1/2 · erfc(z / √2)) in millionths for z = -4.0, -3.9, … 10.0: the tail of the normal distribution, computed
/// with the complementary error function of the C library and rounded to the nearest millionth. Between two entries a
/// straight line is at most 0.0006 too high. Beyond the last entry phi stays where it is: 23.1, and thresholds end at 16.
const TABLE: [u32; 141] = [
    14, 21, 31, 47, 69, 101, 146, 210, 299, 420, 587, 811, 1_111, 1_508, 2_029, 2_705, 3_575, 4_683, 6_081, 7_829,
    9_994, 12_654, 15_892, 19_799, 24_476, 30_029, 36_570, 44_216, 53_091, 63_318, 75_026, 88_342, 103_394, 120_310,
    139_215, 160_231, 183_479, 209_074, 237_127, 267_745, 301_030, 337_080, 375_986, 417_836, 462_712, 510_692,
    561_848, 616_250, 673_960, 735_040, 799_546, 867_529, 939_039, 1_014_122, 1_092_822, 1_175_177, 1_261_225,
    1_351_002, 1_444_539, 1_541_868, 1_643_016, 1_748_011, 1_856_877, 1_969_639, 2_086_317, 2_206_932, 2_331_503,
    2_460_049, 2_592_587, 2_729_132, 2_869_699, 3_014_303, 3_162_956, 3_315_672, 3_472_461, 3_633_336, 3_798_306,
    3_967_382, 4_140_573, 4_317_888, 4_499_335, 4_684_922, 4_874_657, 5_068_547, 5_266_599, 5_468_818, 5_675_213,
    5_885_787, 6_100_547, 6_319_498, 6_542_646, 6_769_994, 7_001_548, 7_237_311, 7_477_289, 7_721_485, 7_969_903,
    8_222_546, 8_479_419, 8_740_524, 9_005_864, 9_275_444, 9_549_265, 9_827_330, 10_109_643, 10_396_206, 10_687_021,
    10_982_092, 11_281_419, 11_585_005, 11_892_854, 12_204_965, 12_521_343, 12_841_988, 13_166_902, 13_496_088,
    13_829_546, 14_167_280, 14_509_289, 14_855_576, 15_206_143, 15_560_990, 15_920_119, 16_283_532, 16_651_229,
    17_023_213, 17_399_484, 17_780_043, 18_164_893, 18_554_033, 18_947_464, 19_345_189, 19_747_208, 20_153_522,
    20_564_131, 20_979_038, 21_398_242, 21_821_745, 22_249_547, 22_681_650, 23_118_053,
];

/// log10(e) in millionths.
const LOG10_E: u64 = 434_294;

/// Phi of a silence that is so many millionths of a standard deviation longer than the mean, in millionths.
pub fn phi_of_deviations(deviations: i64) -> u64 {
    let last = TABLE.len() - 1;
    let along = deviations.saturating_sub(FIRST);
    if along < 0 {
        return 0;
    }
    let place = (along / STEP) as usize;
    if place >= last {
        return u64::from(TABLE[last]);
    }
    let (below, above) = (u64::from(TABLE[place]), u64::from(TABLE[place + 1]));
    below + (above - below) * (along % STEP) as u64 / STEP as u64
}

/// What a watcher expects, after the intervals it has seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Estimate {
    /// The mean of the window, in microseconds.
    pub mean_us: u64,
    /// The standard deviation of the window, in microseconds; not less than the settings allow.
    pub deviation_us: u64,
    /// How much longer than the mean a silence may be before it counts at all, in microseconds (Akka).
    pub pause_us: u64,
}

impl Estimate {
    /// The mean and the deviation of the intervals in a window (section 4.2 of the paper).
    pub fn of(window: &VecDeque<u64>, config: &Config) -> Estimate {
        let count = window.len().max(1) as u128;
        let sum: u128 = window.iter().map(|interval| u128::from(*interval)).sum();
        let mean = sum / count;
        let squares: u128 = window.iter().map(|interval| mean.abs_diff(u128::from(*interval)).pow(2)).sum();
        let deviation_us = (squares / count).isqrt() as u64;
        Estimate {
            mean_us: mean as u64,
            deviation_us: deviation_us.max(config.least_deviation_us).max(1),
            pause_us: config.pause_us,
        }
    }

    /// Phi after so many microseconds of silence, in millionths; 0 for a detector that has none.
    pub fn phi(&self, silence_us: u64, detector: Detector) -> u64 {
        let most = u64::from(TABLE[TABLE.len() - 1]);
        match detector {
            Detector::Timeout => 0,
            Detector::Phi => {
                let over = i128::from(silence_us) - i128::from(self.mean_us) - i128::from(self.pause_us);
                let deviations = over * i128::from(ONE_PHI) / i128::from(self.deviation_us.max(1));
                phi_of_deviations(deviations.clamp(-100 * i128::from(ONE_PHI), 100 * i128::from(ONE_PHI)) as i64)
            }
            Detector::Exponential => {
                let phi = u128::from(silence_us) * u128::from(LOG10_E) / u128::from(self.mean_us.max(1));
                phi.min(u128::from(most)) as u64
            }
        }
    }

    /// The shortest silence at which phi reaches this many millionths, in microseconds.
    pub fn silence_us(&self, phi: u64, detector: Detector) -> u64 {
        // Thresholds end at 16: less than 9 deviations, and less than 37 means of the exponential distribution.
        let mut too_long = 40 * self.mean_us + self.pause_us + 20 * self.deviation_us + 1;
        let mut too_short = 0;
        while too_short < too_long {
            let middle = too_short + (too_long - too_short) / 2;
            if self.phi(middle, detector) >= phi {
                too_long = middle;
            } else {
                too_short = middle + 1;
            }
        }
        too_long
    }
}
