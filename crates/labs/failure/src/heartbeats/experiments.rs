//! What a detector costs and what it is worth, measured: how long until a crash is noticed, and how often a live node is
//! suspected.

use std::collections::VecDeque;

use parts::values::number;
use sim::experiment::{Experiment, Report};
use sim::rng::Rng;
use sim::{Configuration, Director, Experiments, Input, NodeId, Setting, Settings, Text, t};

use super::Heartbeats;
use super::phi::Estimate;
use super::scenarios::watchers;
use super::settings::{Config, Detector};

mod normal;

/// One microsecond in millionths of a millisecond, and one of anything in millionths.
const US: i64 = 1_000;
const ONE: i64 = 1_000_000;

/// How many heartbeats a run is watched for before the crash, after the window has filled.
const WATCHED_BEATS: u64 = 200;

impl Experiments for Heartbeats {
    fn experiments() -> Vec<Experiment> {
        let detection = Experiment {
            name: "detection",
            title: t!("How fast a crash is noticed, and how often a live node is suspected"),
            source: "For a fixed timeout T (Chen, Toueg and Aguilera 2002, section 1), heartbeats every i and delays d without loss: detection takes T + d - U, U uniform in (0, i); with delays spread evenly over j < i, an interval is longer than T with probability (j - (T - i))² / 2j²",
            settings: experiment_settings(),
            runs: 200,
            measure: detection,
        };
        vec![detection, normal::experiment()]
    }
}

/// All settings of the lab but the number of watchers: there is one.
fn experiment_settings() -> Vec<Setting> {
    Heartbeats::settings().into_iter().filter(|setting| setting.name != "watchers").collect()
}

/// What one run shows.
#[derive(Debug, Default)]
struct Seen {
    mistakes: i64,
    mistaken_us: u64,
    watched_us: u64,
    /// From the crash to the suspicion; none if there was one already.
    detection_us: Option<u64>,
}

fn detection(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let lab = settings.iter().fold(Settings::default(), |lab, (name, value)| lab.with(name, value.clone()));
    let lab = lab.with("watchers", number(1));
    let mut rng = Rng::stream(seed, 3 << 32);
    let (mut mistakes, mut mistaken_us, mut watched_us, mut detections) = (0, 0, 0, Vec::new());
    for run in 0..u64::from(runs) {
        let director = Director::new(lab.clone(), seed.wrapping_add(run))?.unwatched();
        let seen = watch(director, &mut rng);
        mistakes += seen.mistakes;
        mistaken_us += seen.mistaken_us;
        watched_us += seen.watched_us;
        detections.extend(seen.detection_us.map(|us| us as i64 * US));
    }
    let config = Config::new(&lab);
    let predicted = Prediction::new(settings, &config);
    let longest = detections.iter().copied().max().unwrap_or(0);
    let already = i64::from(runs) - detections.len() as i64;
    let mut report = Report::default();
    let published: &[(&str, i64)] = &[("mean", predicted.detection_us.unwrap_or(0) * US)];
    report.push_distribution("ms", detections, if predicted.detection_us.is_some() { published } else { &[] });
    report.push("longest", "ms", longest, None);
    report.push("bound of the longest", "ms", predicted.bound_us.map_or(0, |us| us * US), None);
    let hour = i128::from(ONE) * 3_600_000_000;
    let an_hour = (i128::from(mistakes) * hour / i128::from(watched_us.max(1))) as i64;
    report.push("false suspicions an hour", "", an_hour, predicted.mistakes_an_hour);
    let mean_us = mistaken_us as i64 / mistakes.max(1);
    report.push("length of a false suspicion", "ms", mean_us * US, predicted.mistake_us.map(|us| us * US));
    report.push("hours watched", "", (i128::from(watched_us) * i128::from(ONE) / 3_600_000_000) as i64, None);
    report.push("suspected already at the crash", "runs", already * ONE, None);
    Ok(report)
}

/// Lets the window fill, watches for a while, crashes the node at a random moment, and waits until that is noticed.
fn watch(mut director: Director<Heartbeats>, rng: &mut Rng) -> Seen {
    let config = director.world().config().clone();
    let warm_up_us = config.interval_us * (config.window as u64 + 2);
    director.run_until_us(warm_up_us);
    let crash_us = warm_up_us + WATCHED_BEATS * config.interval_us + rng.below(config.interval_us);
    let mut seen = Seen { watched_us: crash_us - warm_up_us, ..Seen::default() };
    let mut since_us = (!trusts(&director)).then_some(warm_up_us);
    while director.world().next_at_us().is_some_and(|next_us| next_us <= crash_us) {
        director.step();
        let now_us = director.world().now_us();
        match (since_us, trusts(&director)) {
            (None, false) => {
                seen.mistakes += 1;
                since_us = Some(now_us);
            }
            (Some(began_us), true) => {
                seen.mistaken_us += now_us - began_us;
                since_us = None;
            }
            _ => {}
        }
    }
    director.run_until_us(crash_us);
    director.act(Input::Crash(NodeId(0)));
    if trusts(&director) {
        // A heartbeat that is still under way may end a suspicion: the last one counts.
        let mut noticed_us = u64::MAX;
        while director.step() {
            if trusts(&director) {
                noticed_us = u64::MAX;
            } else {
                noticed_us = noticed_us.min(director.world().now_us());
            }
        }
        seen.detection_us = Some(noticed_us.saturating_sub(crash_us));
    }
    seen
}

fn trusts(director: &Director<Heartbeats>) -> bool {
    watchers(director.world()).all(|watcher| watcher.trusts())
}

/// What follows from the settings, where something does.
#[derive(Debug, Default)]
struct Prediction {
    detection_us: Option<i64>,
    bound_us: Option<i64>,
    /// In millionths.
    mistakes_an_hour: Option<i64>,
    mistake_us: Option<i64>,
}

impl Prediction {
    fn new(settings: &Settings, config: &Config) -> Prediction {
        let (least_us, most_us) = (settings.integer("delay_least_us"), settings.integer("delay_most_us"));
        let (least_us, spread_us) = match settings.word("delay") {
            "uniform" => (least_us, most_us - least_us),
            "constant" => (most_us, 0),
            _ => return Prediction::default(),
        };
        let interval_us = config.interval_us as i64;
        // Beyond this, heartbeats are lost or wait for each other.
        if settings.integer("loss_percent") > 0 || spread_us < 0 || spread_us >= interval_us {
            return Prediction::default();
        }
        let wait_us = match config.detector {
            Detector::Timeout => config.timeout_us as i64,
            // With a constant delay the window holds nothing but the interval.
            detector if spread_us == 0 => {
                let window = VecDeque::from([config.interval_us]);
                Estimate::of(&window, config).silence_us(config.threshold, detector) as i64
            }
            _ => return Prediction::default(),
        };
        // A timeout shorter than the interval suspects at each heartbeat.
        let over_us = wait_us - interval_us;
        if over_us <= 0 {
            return Prediction::default();
        }
        let mean_delay_us = least_us + spread_us / 2;
        let mut predicted = Prediction {
            detection_us: (over_us >= spread_us).then_some(wait_us + mean_delay_us - interval_us / 2),
            bound_us: Some(wait_us + least_us + spread_us),
            mistakes_an_hour: Some(0),
            mistake_us: None,
        };
        let excess_us = spread_us - over_us;
        if excess_us > 0 {
            let heartbeats_an_hour = 3_600_000_000 * i128::from(ONE) / i128::from(interval_us);
            let (excess, spread) = (i128::from(excess_us), i128::from(spread_us));
            predicted.mistakes_an_hour = Some((heartbeats_an_hour * excess * excess / (2 * spread * spread)) as i64);
            predicted.mistake_us = Some(excess_us / 3);
        }
        predicted
    }
}
