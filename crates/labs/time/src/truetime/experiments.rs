//! How long a commit waits, how large the doubt is, and how often timestamps are reversed without the wait, measured beside what the
//! paper says and what follows from it.

use parts::links;
use parts::theory::exp_of_minus;
use parts::values::{number, word};
use sim::experiment::{Experiment, Report};
use sim::rng::Rng;
use sim::{Configuration, Delay, Director, Experiments, NodeId, Setting, Settings, Text, Value, t};

use super::TrueTime;
use super::scenarios::{client_of, leader};
use super::settings::KEYS;
use super::transaction::Key;
use super::view::interval;

/// One microsecond in millionths of a millisecond, and one of anything in millionths.
const US: i64 = 1_000;
const ONE: i64 = 1_000_000;

/// The clients of a world without replicas.
const C1: NodeId = NodeId(5);
const C2: NodeId = NodeId(6);

/// How often ε is looked at.
const LOOKS: u64 = 600;

impl Experiments for TrueTime {
    fn experiments() -> Vec<Experiment> {
        let keys = KEYS.map(|key| (key, Text::verbatim(key))).to_vec();
        let own =
            |names: &[&str]| TrueTime::settings().into_iter().filter(|setting| names.contains(&setting.name)).collect();
        let mut wait: Vec<Setting> =
            own(&["master_us", "drift_bound_ppm", "replicate_ms", "delay_least_us", "delay_most_us"]);
        wait.push(Setting::choice("key", t!("key that is written"), keys));
        vec![
            Experiment {
                name: "wait",
                title: t!("How long a commit waits"),
                source: "Corbett et al. 2012, section 4.2.1: the wait is at least twice the mean ε, and overlaps the logging; so the answer takes the longer of the two, and the messages. Section 5.1: with one replica commit wait is about 5 ms and Paxos about 9 ms",
                settings: wait,
                runs: 400,
                measure: wait_of_commits,
            },
            Experiment {
                name: "epsilon",
                title: t!("How large ε is"),
                source: "Corbett et al. 2012, section 3: ε is a sawtooth from about 1 to 7 ms, 4 ms most of the time: 0 to 6 ms from the drift of 200 µs a second over 30 s, and 1 ms from the way to the masters. Its mean is the error of a master, half of the round trip, and half of what the drift comes to",
                settings: exact_masters(own(&[
                    "master_us",
                    "poll_ms",
                    "drift_bound_ppm",
                    "delay_least_us",
                    "delay_most_us",
                ])),
                runs: 10,
                measure: epsilon,
            },
            Experiment {
                name: "reversed",
                title: t!("How often timestamps are reversed without the wait"),
                source: "Section 4.1.2 without its second rule: D is how much later TT.now() ends at the first leader than at the second, d the way of a message, m the mean gap: reversed are 1 - exp(-(D - 2d) / m)",
                settings: vec![
                    Setting::switch("commit_wait", t!("with the wait"), false),
                    Setting::integer("delay_us", t!("way of a message (d)"), (0, 100_000), "µs", 1_000),
                    Setting::integer("gap_us", t!("mean gap (m)"), (1, 1_000_000), "µs", 10_000),
                ],
                runs: 4_000,
                measure: reversed,
            },
        ]
    }
}

/// Masters with satellite receivers are off by next to nothing (section 3).
fn exact_masters(mut settings: Vec<Setting>) -> Vec<Setting> {
    for setting in settings.iter_mut().filter(|setting| setting.name == "master_us") {
        setting.default = number(0);
    }
    settings
}

/// A world of leaders and clients where nothing happens that nobody does.
fn quiet(settings: Settings, seed: u64) -> Result<Director<TrueTime>, Text> {
    let settings = settings.with("workload_ms", number(0)).with("replicas", number(0));
    Director::new(settings, seed).map(Director::unwatched)
}

/// The settings of the lab among these.
fn of_lab(settings: &Settings) -> Settings {
    let known = TrueTime::settings();
    let is_known = |name: &str| known.iter().any(|setting| setting.name == name);
    let kept = settings.iter().filter(|(name, _)| is_known(name));
    kept.fold(Settings::default(), |lab, (name, value)| lab.with(name, value.clone()))
}

fn wait_of_commits(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let (lab, name) = (of_lab(settings), settings.word("key"));
    let place = KEYS.iter().position(|key| *key == name).unwrap_or(0);
    let (mut waits, mut answer_us, mut doubt_us) = (Vec::new(), 0, 0);
    for run in 0..u64::from(runs) {
        let mut director = quiet(lab.clone(), seed.wrapping_add(run))?;
        director.run_for_us(100_000);
        let begun_us = director.now_us();
        director.operate(C1, "write", &[word(name), word("7")]);
        let group = director.world().config().leader(Key(place as u8));
        director.run_until(|world| leader(world, group).is_some_and(|leader| leader.tells > 0));
        let world = director.world();
        let told_us = world.now_us() as i64;
        doubt_us += interval(world, group).map_or(0, |interval| interval.epsilon_us()) as i64;
        waits.extend(leader(world, group).and_then(|leader| leader.told).map(|told| (told_us - told.chosen_us) * US));
        director.run_until(|world| client_of(world, C1).is_some_and(|client| client.ended > 0));
        answer_us += (director.now_us() - begun_us) as i64;
    }
    let runs = i64::from(runs.max(1));
    let replicate_us = settings.integer("replicate_ms") * 1_000;
    let wait_us = (2 * doubt_us / runs).max(replicate_us);
    let way_us = (settings.integer("delay_least_us") + settings.integer("delay_most_us")) / 2;
    let mut report = Report::default();
    report.push("ε", "ms", doubt_us * US / runs, None);
    report.push_distribution("ms", waits, &[("mean", wait_us * US)]);
    report.push("from asking to the answer", "ms", answer_us * US / runs, Some((wait_us + 2 * way_us) * US));
    Ok(report)
}

fn epsilon(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let lab = of_lab(settings);
    let poll_us = settings.integer("poll_ms").unsigned_abs() * 1_000;
    let mut seen = Vec::new();
    for run in 0..u64::from(runs) {
        let mut director = quiet(lab.clone(), seed.wrapping_add(run))?;
        // Beyond what leaders were told before the run.
        director.run_until_us(2 * poll_us);
        for look in 1..=LOOKS {
            director.run_until_us(2 * poll_us + look * 4 * poll_us / LOOKS);
            let world = director.world();
            let at_us = director.now_us();
            for key in Key::all() {
                let id = world.config().leader(key);
                let shows = leader(world, id).and_then(|leader| leader.daemon.shows(id, at_us as i64, world.config()));
                seen.extend(shows.map(|interval| interval.epsilon_us() as i64 * US));
            }
        }
    }
    let way_us = (settings.integer("delay_least_us") + settings.integer("delay_most_us")) / 2;
    let least_us = settings.integer("master_us") + way_us;
    let drift_us = (poll_us as i64 / 1_000) * settings.integer("drift_bound_ppm") / 1_000;
    let (lowest, highest) = (seen.iter().copied().min().unwrap_or(0), seen.iter().copied().max().unwrap_or(0));
    let mut report = Report::default();
    report.push_distribution("ms", seen, &[("mean", (least_us + drift_us / 2) * US)]);
    // The better one of two answers counts.
    report.push("right after an answer", "ms", lowest, None);
    report.push("right before the next one", "ms", highest, None);
    Ok(report)
}

fn reversed(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let (delay_us, gap_us) = (settings.integer("delay_us"), settings.integer("gap_us"));
    let waits = settings.is_on("commit_wait");
    let lab = Settings::default()
        .with("commit_wait", Value::Flag(waits))
        .with("replicate_ms", number(0))
        .with("delay", word("constant"))
        .with("delay_most_us", number(delay_us));
    let gaps = Delay::Exponential { least_us: 0, mean_us: gap_us as u64 };
    debug_assert_eq!(links::delay(&lab), Delay::Constant { us: delay_us as u64 });
    let mut rng = Rng::stream(seed, 3 << 32);
    let (mut count, mut ahead_us) = (0, 0);
    for run in 0..u64::from(runs) {
        let mut director = quiet(lab.clone(), seed.wrapping_add(run))?;
        director.run_for_us(100_000);
        let [first, second] = [Key(2), Key(0)].map(|key| director.world().config().leader(key));
        let latest = |world, node| interval(world, node).map_or(0, |interval| interval.latest_us);
        ahead_us += latest(director.world(), first) - latest(director.world(), second);
        director.operate(C1, "write", &[word("z"), word("1")]);
        director.run_until(|world| client_of(world, C1).is_some_and(|client| client.ended > 0));
        director.run_for_us(gaps.draw(&mut rng));
        director.operate(C2, "write", &[word("x"), word("2")]);
        director.run_until(|world| client_of(world, C2).is_some_and(|client| client.ended > 0));
        let stamp =
            |client| client_of(director.world(), client).and_then(|client| client.last.as_ref()?.stamp_us).unwrap_or(0);
        count += i64::from(stamp(C2) <= stamp(C1));
    }
    let runs = i64::from(runs.max(1));
    let excess_us = if waits { 0 } else { (ahead_us / runs - 2 * delay_us).max(0) };
    let predicted = ONE - exp_of_minus(excess_us as u128 * ONE as u128 / gap_us.max(1) as u128);
    let mut report = Report::default();
    report.push("TT.now() ends later at the first leader by", "ms", ahead_us * US / runs, None);
    report.push("reversed", "of 1", count * ONE / runs, Some(predicted));
    Ok(report)
}
