//! How wrong clocks are, and how many writes that puts into the wrong order, measured beside what follows from the formulas.

use parts::links;
use parts::theory::exp_of_minus;
use parts::values::{number, word};
use sim::experiment::{Experiment, Report};
use sim::rng::Rng;
use sim::{Configuration, Delay, Director, Experiments, Input, NodeId, Setting, Settings, Text, t};

use super::scenarios::replica;
use super::{ClockDrift, SERVER};

/// One microsecond in millionths of a millisecond, and one of anything in millionths.
const US: i64 = 1_000;
const ONE: i64 = 1_000_000;

const N1: NodeId = NodeId(1);
const N2: NodeId = NodeId(2);

impl Experiments for ClockDrift {
    fn experiments() -> Vec<Experiment> {
        vec![
            Experiment {
                name: "offset-error",
                title: t!("How wrong a clock is that has asked for the time"),
                source: "RFC 5905, section 8: with delays f forth and b back, the offset is wrong by (f - b) / 2, at most by half of the delay; Cristian 1989, reading a remote clock: with the time s at the server by (f + s - b) / 2. For one sample and delays spread evenly over w that is w / 6 on average, for exponential ones of mean m it is m / 2",
                settings: offset_settings(),
                runs: 1_000,
                measure: offset_error,
            },
            Experiment {
                name: "drift",
                title: t!("How far a clock goes wrong if nobody asks"),
                source: "A clock that drifts by ρ is off by ρT after T (Cristian 1989, clocks of bounded drift)",
                settings: vec![
                    Setting::integer("drift_ppm", t!("drift"), (0, 100_000), "ppm", 200),
                    Setting::integer("seconds", t!("without asking for"), (1, 1_000_000), "s", 3_600),
                ],
                runs: 1,
                measure: drift,
            },
            Experiment {
                name: "lost-writes",
                title: t!("How many writes are lost to one that their writer had seen"),
                source: "A write is lost if it comes less than e after the one that it knows, e being how far the first writer's clock is ahead. With delay d and exponential gaps of mean m: 1 - exp(-(e - d) / m). With hybrid clocks none is (Kulkarni et al. 2014, Theorem 1)",
                settings: vec![
                    Setting::choice(
                        "timestamps",
                        t!("writes are ordered by"),
                        vec![("wall", t!("the node's own clock")), ("hybrid", t!("a hybrid logical clock"))],
                    ),
                    Setting::integer("ahead_ms", t!("first writer ahead by (e)"), (0, 60_000), "ms", 100),
                    Setting::integer("gap_ms", t!("mean gap after seeing the first write (m)"), (1, 60_000), "ms", 100),
                    Setting::integer("delay_us", t!("delay of the link (d)"), (1, 1_000_000), "µs", 10_000),
                ],
                runs: 4_000,
                measure: lost_writes,
            },
        ]
    }
}

/// The lab's own settings that matter here, and the asymmetry.
fn offset_settings() -> Vec<Setting> {
    let names = ["protocol", "service_us", "delay", "delay_least_us", "delay_most_us"];
    let is_meant = |setting: &Setting| names.contains(&setting.name);
    let mut settings: Vec<Setting> = ClockDrift::settings().into_iter().filter(is_meant).collect();
    settings.push(Setting::integer("samples", t!("samples in NTP's clock filter"), (1, 8), "", 1));
    settings.push(Setting::integer("drift_ppm", t!("drift"), (0, 400), "ppm", 0));
    settings.push(Setting::integer("asymmetry_us", t!("the way back takes longer by"), (0, 1_000_000), "µs", 0));
    settings
}

/// The same delay, longer by so much.
fn longer(delay: Delay, by_us: u64) -> Delay {
    match delay {
        Delay::Constant { us } => Delay::Constant { us: us + by_us },
        Delay::Uniform { least_us, most_us } => Delay::Uniform { least_us: least_us + by_us, most_us: most_us + by_us },
        Delay::Exponential { least_us, mean_us } => Delay::Exponential { least_us: least_us + by_us, mean_us },
    }
}

/// A world of two replicas without writes.
fn quiet(changes: Settings, seed: u64) -> Result<Director<ClockDrift>, Text> {
    let settings = changes.with("replicas", number(2)).with("write_ms", number(0));
    Director::new(settings, seed).map(Director::unwatched)
}

fn offset_error(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let asymmetry_us = settings.integer("asymmetry_us");
    let of_lab = settings.iter().filter(|(name, _)| *name != "asymmetry_us");
    // Steps put a clock right at once, so that what it shows is what was measured.
    let lab = of_lab
        .fold(Settings::default(), |lab, (name, value)| lab.with(name, value.clone()))
        .with("step_threshold_ms", number(0));
    let back = longer(links::delay(&lab), asymmetry_us as u64);
    let samples = lab.integer("samples") as u64;
    let (mut errors, mut signed_us, mut bounds_us, mut outside) = (Vec::new(), 0, 0, 0);
    for run in 0..u64::from(runs) {
        let mut director = quiet(lab.clone(), seed.wrapping_add(run))?;
        director.act(Input::SetDelay { from: SERVER, to: N1, delay: back });
        director.run_until(|world| replica(world, N1).is_some_and(|replica| replica.exchanges >= samples));
        let world = director.world();
        let (at_us, config) = (world.now_us() as i64, world.config());
        let Some(replica) = replica(world, N1) else { continue };
        let error_us = replica.shows(N1, at_us, config) - at_us;
        let claim_us = replica.claim_us(N1, at_us, config).unwrap_or(0) as i64;
        errors.push(error_us.abs() * US);
        signed_us += error_us;
        bounds_us += claim_us;
        outside += i64::from(error_us.abs() > claim_us);
    }
    let runs = errors.len().max(1) as i64;
    let mut report = Report::default();
    let predicted = mean_error_us(&lab, asymmetry_us).map(|us| ("mean", us * US));
    report.push_distribution("ms", errors, predicted.as_slice());
    report.push("mean with its sign", "ms", signed_us * US / runs, bias_us(&lab, asymmetry_us).map(|us| us * US));
    report.push("mean claim", "ms", bounds_us * US / runs, None);
    report.push("outside of the claim", "runs", outside * ONE, Some(0));
    Ok(report)
}

/// How far a clock is put ahead on average; none where a filter chooses among samples.
fn bias_us(lab: &Settings, asymmetry_us: i64) -> Option<i64> {
    let service_us = if lab.word("protocol") == "cristian" { lab.integer("service_us") } else { 0 };
    (takes_one_sample(lab) && lab.integer("drift_ppm") == 0).then_some((service_us - asymmetry_us) / 2)
}

/// How far off a clock is on average, either way.
fn mean_error_us(lab: &Settings, asymmetry_us: i64) -> Option<i64> {
    let bias_us = bias_us(lab, asymmetry_us)?;
    let spread_us = lab.integer("delay_most_us") - lab.integer("delay_least_us");
    match lab.word("delay") {
        "constant" => Some(bias_us.abs()),
        "uniform" if bias_us == 0 => Some(spread_us / 6),
        "exponential" if bias_us == 0 => Some(spread_us / 2),
        // So far off that no draw of the delays changes the sign.
        "uniform" if bias_us.abs() >= spread_us / 2 => Some(bias_us.abs()),
        _ => None,
    }
}

fn takes_one_sample(lab: &Settings) -> bool {
    lab.word("protocol") == "cristian" || lab.integer("samples") == 1
}

fn drift(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let (drift_ppm, seconds) = (settings.integer("drift_ppm"), settings.integer("seconds"));
    let lab = Settings::default()
        .with("protocol", word("none"))
        .with("offset_ms", number(0))
        .with("drift_ppm", number(drift_ppm))
        .with("poll_ms", number(3_600_000));
    let mut errors_us = [0, 0];
    for run in 0..u64::from(runs) {
        let mut director = quiet(lab.clone(), seed.wrapping_add(run))?;
        director.run_until_us(seconds.unsigned_abs() * ONE as u64);
        let (world, at_us) = (director.world(), director.now_us() as i64);
        for (id, error_us) in [N1, N2].into_iter().zip(&mut errors_us) {
            let shows = replica(world, id).map(|replica| replica.shows(id, at_us, world.config()));
            *error_us += shows.unwrap_or(at_us) - at_us;
        }
    }
    let [fast_us, slow_us] = errors_us.map(|us| us / i64::from(runs.max(1)));
    let predicted_us = drift_ppm * seconds;
    let mut report = Report::default();
    report.push("fast clock ahead", "ms", fast_us * US, Some(predicted_us * US));
    report.push("slow clock behind", "ms", -slow_us * US, Some(predicted_us * US));
    report.push("between the two", "ms", (fast_us - slow_us) * US, Some(2 * predicted_us * US));
    Ok(report)
}

fn lost_writes(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let (ahead_us, gap_us) = (settings.integer("ahead_ms") * 1_000, settings.integer("gap_ms") * 1_000);
    let delay_us = settings.integer("delay_us");
    let lab = Settings::default()
        .with("protocol", word("none"))
        .with("timestamps", word(settings.word("timestamps")))
        .with("offset_ms", number(settings.integer("ahead_ms")))
        .with("drift_ppm", number(0))
        .with("delay", word("constant"))
        .with("delay_most_us", number(delay_us));
    let gaps = Delay::Exponential { least_us: 0, mean_us: gap_us as u64 };
    let mut rng = Rng::stream(seed, 3 << 32);
    let mut lost = 0;
    for run in 0..u64::from(runs) {
        let mut director = quiet(lab.clone(), seed.wrapping_add(run))?;
        director.run_for_us(ONE as u64);
        director.operate(N1, "write", &[word("first")]);
        director.run_for_us(delay_us as u64 + gaps.draw(&mut rng));
        director.operate(N2, "write", &[word("second")]);
        let held = replica(director.world(), N2).and_then(|replica| replica.kept.register.as_ref());
        lost += i64::from(held.is_some_and(|write| write.value == "first"));
    }
    let is_wall = settings.word("timestamps") == "wall";
    let excess_us = if is_wall { (ahead_us - delay_us).max(0) } else { 0 };
    let predicted = ONE - exp_of_minus(excess_us as u128 * ONE as u128 / gap_us as u128);
    let mut report = Report::default();
    report.push("writes lost", "of 1", lost * ONE / i64::from(runs.max(1)), Some(predicted));
    Ok(report)
}
