//! What pings measure, beside what follows from formulas.

use parts::values::{number, word};
use sim::experiment::{Experiment, Report};
use sim::rng::Rng;
use sim::{Director, Experiments, Input, NodeId, Setting, Settings, Text, t};

use super::DistributedPing;
use super::scenarios::pair;

/// One microsecond in millionths of a millisecond, and one of anything in millionths.
const US: i64 = 1_000;
const ONE: i64 = 1_000_000;

const S1: NodeId = NodeId(0);
const S2: NodeId = NodeId(1);
const S3: NodeId = NodeId(2);

/// The integral part of √2 · 1,000,000.
const ROOT_2: i64 = 1_414_214;

/// What (1 + x) e^−x is for x = 1 to 6, in millionths.
const LONGER: [i64; 6] = [735_759, 406_006, 199_148, 91_578, 40_428, 17_351];

impl Experiments for DistributedPing {
    fn experiments() -> Vec<Experiment> {
        vec![
            Experiment {
                name: "round-trip",
                title: t!("How long it takes there and back, where both ways vary"),
                source: "With a floor f and an exponential tail of mean m each way, a round trip R is 2f and the sum of two exponential times: P(R > 2f + xm) = (1 + x) e^-x, on average 2f + 2m, with a deviation of m √2",
                settings: vec![
                    Setting::integer("floor_us", t!("least delay of a way (f)"), (0, 1_000_000), "µs", 10_000),
                    Setting::integer("mean_us", t!("mean of what comes on top (m)"), (1, 100_000), "µs", 10_000),
                ],
                runs: 20_000,
                measure: round_trip,
            },
            Experiment {
                name: "loss",
                title: t!("How many pings are lost"),
                source: "A ping is answered if it and its answer come through: 1 - (1 - p)² are lost (RFC 7680 measures one way)",
                settings: vec![Setting::integer("loss_percent", t!("messages lost (p)"), (0, 90), "%", 10)],
                runs: 20_000,
                measure: loss,
            },
            Experiment {
                name: "omission",
                title: t!("Who sees a stall"),
                source: "G. Tene, How NOT to Measure Latency (coordinated omission). A server stands still for S once in P and is pinged every i: pinged whatever comes back, S / P of the samples are slow, by S / 2 on average; pinged after each answer, one in (P - S) / i + 1 is, by S - i / 2",
                settings: vec![
                    Setting::integer("stall_ms", t!("it stands still for (S)"), (100, 60_000), "ms", 5_000),
                    Setting::integer("period_ms", t!("once in (P)"), (1_000, 600_000), "ms", 100_000),
                    Setting::integer("interval_ms", t!("a ping every (i)"), (10, 60_000), "ms", 1_000),
                ],
                runs: 100,
                measure: omission,
            },
        ]
    }
}

/// A world with clocks that are right, and without work at the servers.
fn quiet(changes: Settings, seed: u64) -> Result<Director<DistributedPing>, Text> {
    let settings = changes
        .with("offset_ms", number(0))
        .with("drift_ppm", number(0))
        .with("ntp_s", number(0))
        .with("service_us", number(0));
    Director::new(settings, seed).map(Director::unwatched)
}

/// Runs until so many pings of a server to another one are decided, and gives back the round trips of those that were answered.
fn samples(director: &mut Director<DistributedPing>, from: NodeId, to: NodeId, decided: u64) -> Vec<i64> {
    let (mut samples, mut counted) = (Vec::new(), 0);
    loop {
        let Some(pair) = pair(director.world(), from, to) else { return samples };
        if pair.statistics.count > counted {
            counted = pair.statistics.count;
            samples.extend(pair.last_sample.map(|(_, round_us)| round_us));
        }
        if pair.answered + pair.lost >= decided || !director.step() {
            return samples;
        }
    }
}

fn round_trip(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let (floor_us, mean_us) = (settings.integer("floor_us"), settings.integer("mean_us"));
    let lab = Settings::default()
        .with("servers", number(2))
        .with("delay", word("exponential"))
        .with("delay_least_us", number(floor_us))
        .with("delay_most_us", number(floor_us + mean_us))
        // So long that no message has to wait for the one before it, and none is given up.
        .with("interval_ms", number(60_000))
        .with("timeout_ms", number(60_000));
    let mut director = quiet(lab, seed)?;
    let samples = samples(&mut director, S1, S2, u64::from(runs));
    let count = samples.len().max(1) as i64;
    let mdev_us = pair(director.world(), S1, S2).and_then(|pair| pair.statistics.mdev_us()).unwrap_or(0);
    let mut report = Report::default();
    report.push("mean", "ms", samples.iter().sum::<i64>() * US / count, Some(2 * (floor_us + mean_us) * US));
    report.push("deviation (mdev)", "ms", mdev_us as i64 * US, Some(mean_us * ROOT_2 / US));
    for (x, published) in (1..).zip(LONGER) {
        let longer = samples.iter().filter(|us| **us > 2 * floor_us + x * mean_us).count() as i64;
        report.push(&format!("longer than 2f + {x}m"), "of 1", longer * ONE / count, Some(published));
    }
    Ok(report)
}

fn loss(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let percent = settings.integer("loss_percent");
    let lab = Settings::default().with("servers", number(2)).with("loss_percent", number(percent));
    let mut director = quiet(lab, seed)?;
    samples(&mut director, S1, S2, u64::from(runs));
    let measured = pair(director.world(), S1, S2).and_then(super::Pair::loss_ppm).unwrap_or(0) as i64;
    let mut report = Report::default();
    report.push("pings lost", "of 1", measured, Some(ONE - (100 - percent) * (100 - percent) * 100));
    Ok(report)
}

fn omission(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    const WAY_US: i64 = 1_000;
    let us = |name: &str| settings.integer(name) * 1_000;
    let (stall_us, period_us, interval_us) = (us("stall_ms"), us("period_ms"), us("interval_ms"));
    if stall_us >= period_us {
        return Err(t!(
            "a server that stands still all the time answers nothing: make the stall shorter than the period"
        ));
    }
    let lab = Settings::default()
        .with("servers", number(3))
        .with("schedule_first", word("closed"))
        .with("interval_ms", number(settings.integer("interval_ms")))
        .with("timeout_ms", number(60_000))
        .with("delay", word("constant"))
        .with("delay_most_us", number(WAY_US));
    let mut director = quiet(lab, seed)?;
    let mut rng = Rng::stream(seed, 4 << 32);
    let (mut found, mut counted) = ([Vec::new(), Vec::new()], [0, 0]);
    let mut run_until = |director: &mut Director<DistributedPing>, end_us: u64, found: &mut [Vec<i64>; 2]| {
        while director.world().next_at_us().is_some_and(|next_us| next_us <= end_us) {
            director.step();
            for (place, from) in [S1, S2].into_iter().enumerate() {
                if let Some(pair) =
                    pair(director.world(), from, S3).filter(|pair| pair.statistics.count > counted[place])
                {
                    counted[place] = pair.statistics.count;
                    found[place].extend(pair.last_sample.map(|(_, round_us)| round_us - 2 * WAY_US));
                }
            }
        }
        director.run_until_us(end_us);
    };
    let rest_us = (period_us - stall_us) as u64;
    for run in 0..u64::from(runs) {
        let (from_us, next_us) = (run * period_us as u64, (run + 1) * period_us as u64);
        // At a moment of its own in each period, not in step with the pings.
        let stall_at_us = from_us + rng.below(rest_us);
        run_until(&mut director, stall_at_us, &mut found);
        director.act(Input::Pause(S3));
        run_until(&mut director, stall_at_us + stall_us as u64, &mut found);
        director.act(Input::Resume(S3));
        run_until(&mut director, next_us, &mut found);
    }
    let share = |numerator: i64, denominator: i64| numerator * ONE / denominator.max(1);
    let published = [
        (share(stall_us, period_us), stall_us / 2),
        (ONE * interval_us / (period_us - stall_us + interval_us), stall_us - interval_us / 2),
    ];
    let names = [("closed", S1), ("open", S2)];
    let mut report = Report::default();
    for ((name, from), (slow_published, wait_published_us)) in names.into_iter().zip(published.into_iter().rev()) {
        let samples = &found[from.index()];
        let slow: Vec<i64> = samples.iter().copied().filter(|wait_us| *wait_us > 0).collect();
        let mean_us = slow.iter().sum::<i64>() / slow.len().max(1) as i64;
        report.push(
            &format!("{name}: slow samples"),
            "of 1",
            share(slow.len() as i64, samples.len() as i64),
            Some(slow_published),
        );
        report.push(&format!("{name}: their wait"), "ms", mean_us * US, Some(wait_published_us * US));
    }
    Ok(report)
}
