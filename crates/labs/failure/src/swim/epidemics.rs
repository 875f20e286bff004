//! What the literature says of epidemics in numbers, measured on the models of [`super::rumor`].

use parts::values::word;
use sim::delay::log2_scaled;
use sim::experiment::{Experiment, Report};
use sim::rng::Rng;
use sim::{Setting, Settings, Text, Value, t};

use super::rumor::{Exchange, Mongering};

/// One of anything, in millionths.
const ONE: i64 = 1_000_000;

/// ln 2 in millionths.
const LN_2: i64 = 693_147;

/// log2 3 in millionths.
const LOG2_3: i64 = 1_584_963;

pub(super) fn experiments() -> Vec<Experiment> {
    vec![
        Experiment {
            name: "rumor-rounds",
            title: t!("Rounds until all have heard a rumor"),
            source: "Synchronous rounds, each site calls another at random. Push: log2 n + ln n + O(1) (Frieze and Grimmett 1985; Pittel 1987). Push-pull: log3 n + O(ln ln n) (Karp et al. 2000). Compared with log2 n + ln n, log2 n + log2 ln n (pull) and log3 n + log2 ln n (push-pull), all + O(1) (Doerr and Kostrygin 2017)",
            settings: vec![
                Setting::integer("n", t!("sites"), (10, 100_000), "", 1_000),
                Setting::choice(
                    "exchange",
                    t!("who tells"),
                    vec![("push", t!("the caller")), ("pull", t!("the one that is called")), ("push-pull", t!("both"))],
                ),
            ],
            runs: 200,
            measure: rumor_rounds,
        },
        Experiment {
            name: "rumor-mongering",
            title: t!("Whom a rumor misses, and what it costs"),
            source: "Demers et al. 1987, section 1.4, Tables 1 to 3 (n = 1,000). Push with feedback and coin: s = exp(-(k + 1)(1 - s)); push: s = exp(-m)",
            settings: vec![
                Setting::integer("n", t!("sites"), (10, 100_000), "", 1_000),
                Setting::integer("k", t!("how soon interest is lost (k)"), (1, 20), "", 1),
                Setting::choice(
                    "exchange",
                    t!("who tells"),
                    vec![("push", t!("the caller")), ("pull", t!("the one that is called"))],
                ),
                Setting::switch("feedback", t!("only contacts in vain count"), true),
                Setting::choice(
                    "interest",
                    t!("interest is lost"),
                    vec![("counter", t!("after k of them")), ("coin", t!("at each with probability 1/k"))],
                ),
            ],
            runs: 200,
            measure: rumor_mongering,
        },
    ]
}

/// A logarithm of `log2_scaled` in millionths.
fn log2(number: u64) -> i64 {
    ((u128::from(log2_scaled(number)) * ONE as u128) >> 24) as i64
}

fn ln(number: u64) -> i64 {
    log2(number) * LN_2 / ONE
}

fn rumor_rounds(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let n = settings.integer("n").unsigned_abs();
    // ln n is at least 2.3 here; its logarithm is taken in millionths.
    let log2_ln = log2(ln(n).unsigned_abs()) - log2(ONE as u64);
    let (exchange, published) = match settings.word("exchange") {
        "pull" => (Exchange::Pull, log2(n) + log2_ln),
        "push-pull" => (Exchange::PushPull, log2(n) * ONE / LOG2_3 + log2_ln),
        _ => (Exchange::Push, log2(n) + ln(n)),
    };
    let mut rng = Rng::stream(seed, 3 << 32);
    let rounds = (0..runs).map(|_| i64::from(super::rumor::spread(n as usize, exchange, &mut rng)) * ONE).collect();
    let mut report = Report::default();
    report.push_distribution("rounds", rounds, &[("mean", published)]);
    Ok(report)
}

/// A row of the tables, in millionths: residue, traffic, t_ave, t_last.
type Row = [i64; 4];

/// Push, feedback and counter.
const TABLE_1: &[Row] = &[
    [180_000, 1_740_000, 11_000_000, 16_800_000],
    [37_000, 3_300_000, 12_100_000, 16_900_000],
    [11_000, 4_530_000, 12_500_000, 17_400_000],
    [3_600, 5_640_000, 12_700_000, 17_500_000],
    [1_200, 6_680_000, 12_800_000, 17_700_000],
];

/// Push, blind and coin.
const TABLE_2: &[Row] = &[
    [960_000, 40_000, 19_000_000, 38_000_000],
    [200_000, 1_590_000, 17_000_000, 33_000_000],
    [60_000, 2_820_000, 15_000_000, 32_000_000],
    [21_000, 3_910_000, 14_100_000, 32_000_000],
    [8_000, 4_950_000, 13_800_000, 32_000_000],
];

/// Pull, feedback and counter.
const TABLE_3: &[Row] = &[
    [31_000, 2_700_000, 9_970_000, 17_600_000],
    [580, 4_490_000, 10_070_000, 15_400_000],
    [4, 6_090_000, 10_080_000, 14_000_000],
];

/// The published row for these settings, where there is one.
fn published(mongering: &Mongering) -> Option<&'static Row> {
    let Mongering { n: 1_000, k, is_pull, has_feedback, has_counter } = *mongering else { return None };
    let table = match (is_pull, has_feedback, has_counter) {
        (false, true, true) => TABLE_1,
        (false, false, false) => TABLE_2,
        (true, true, true) => TABLE_3,
        _ => return None,
    };
    table.get(k as usize - 1)
}

fn rumor_mongering(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let mongering = Mongering {
        n: settings.integer("n").unsigned_abs() as usize,
        k: settings.integer("k").unsigned_abs(),
        is_pull: settings.word("exchange") == "pull",
        has_feedback: settings.get("feedback") != Some(&Value::Flag(false)),
        has_counter: settings.get("interest") != Some(&word("coin")),
    };
    let mut rng = Rng::stream(seed, 3 << 32);
    let (mut missed, mut traffic, mut last) = (0, 0, 0);
    let (mut delay, mut delay_of_all) = (0, 0);
    for _ in 0..runs {
        let outcome = mongering.run(&mut rng);
        (missed, traffic, last) = (missed + outcome.missed, traffic + outcome.traffic, last + outcome.last);
        delay += outcome.mean_delay(outcome.delays, mongering.n) as i64;
        delay_of_all += outcome.mean_delay(outcome.delays_of_all, mongering.n) as i64;
    }
    let (delay, delay_of_all) = (delay / i64::from(runs.max(1)), delay_of_all / i64::from(runs.max(1)));
    let (runs, sites) = (u64::from(runs), u64::from(runs) * mongering.n as u64);
    let share = |sum: u64, of: u64| (i128::from(sum) * i128::from(ONE) / i128::from(of.max(1))) as i64;
    let row = published(&mongering);
    let is_coin = !mongering.has_counter || mongering.k == 1;
    let by_formula = (!mongering.is_pull && mongering.has_feedback && is_coin).then(|| residue(mongering.k));
    let mut report = Report::default();
    report.push("residue", "of 1", share(missed, sites), row.map(|row| row[0]).or(by_formula));
    report.push("traffic", "updates a site", share(traffic, sites), row.map(|row| row[1]));
    // The tables count a site once for each that brought it the rumor in the same cycle, see the README.
    report.push("t_ave", "cycles", delay_of_all, row.map(|row| row[2]));
    report.push("mean delay of a site", "cycles", delay, None);
    report.push("t_last", "cycles", share(last, runs), row.map(|row| row[3]));
    if !mongering.is_pull && missed > 0 {
        let exponent = ln(sites) - ln(missed);
        report.push(
            "traffic that the residue stands for, -ln s",
            "updates a site",
            exponent,
            Some(share(traffic, sites)),
        );
    }
    Ok(report)
}

/// The solution below 1 of s = exp(-(k + 1)(1 - s)), in millionths: where -ln s / (1 - s) comes down to k + 1.
fn residue(k: u64) -> i64 {
    const WHOLE: u64 = 1_000_000_000;
    let is_below = |s: u64| {
        let minus_ln = i128::from(ln(WHOLE) - ln(s)) * i128::from(WHOLE);
        minus_ln > i128::from(k + 1) * i128::from(WHOLE - s) * i128::from(ONE)
    };
    let (mut low, mut high) = (1, WHOLE - WHOLE / 1_000);
    while high - low > 1 {
        let middle = (low + high) / 2;
        if is_below(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    (low / 1_000) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Demers et al. 1987, section 1.4: at k = 1 the formula suggests that 20 % miss the rumor, at k = 2 only 6 %.
    #[test]
    fn the_residue_solves_its_equation() {
        assert!(residue(1).abs_diff(203_188) < 20, "{}", residue(1));
        assert!(residue(2).abs_diff(59_520) < 20, "{}", residue(2));
    }

    #[test]
    fn logarithms_are_in_millionths() {
        assert!(log2(1_000).abs_diff(9_965_784) < 3);
        assert!(ln(1_000).abs_diff(6_907_755) < 10);
    }
}
