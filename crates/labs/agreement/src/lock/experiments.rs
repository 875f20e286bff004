//! What a crash of the holder costs, and how often a sleep makes two holders: measured beside what follows from the leases.

use parts::theory::{ONE, exp_of_minus, ln};
use parts::values::{number, word};
use sim::experiment::{Experiment, Report};
use sim::rng::Rng;
use sim::{Configuration, Director, Experiments, Input, NodeId, Setting, Settings, Text, t};

use super::scenarios::{buy, holds};
use super::{Lock, Node};

const C1: NodeId = NodeId(0);
const C2: NodeId = NodeId(1);
const LOCK: NodeId = NodeId(2);

/// One microsecond in millionths of a millisecond.
const US: i64 = 1_000;

/// How long a message takes here, in microseconds.
const DELAY_US: i64 = 10_000;

impl Experiments for Lock {
    fn experiments() -> Vec<Experiment> {
        let own = |names: &[&str]| -> Vec<Setting> {
            Lock::settings().into_iter().filter(|setting| names.contains(&setting.name)).collect()
        };
        let mut with_pause = own(&["ttl_ms", "keepalive_ms"]);
        with_pause.push(Setting::integer("pause_ms", t!("a sleep lasts on average (m)"), (1, 60_000), "ms", 300));
        vec![
            Experiment {
                name: "recovery",
                title: t!("How long the lock is gone when its holder crashes"),
                source: "Gray and Cheriton 1989, section 2: until the lease runs out. The last renewal was half a keep-alive ago on average, and took a delay d: ttl - keepalive / 2 + d + lock delay",
                settings: own(&["ttl_ms", "keepalive_ms", "lock_delay_ms"]),
                runs: 200,
                measure: recovery,
            },
            Experiment {
                name: "two-holders",
                title: t!("How often a sleep at work makes two holders"),
                source: "Follows from the lease: a sleep that is exponential with mean m outlasts what is left of the lease, r, with chance exp(-r/m); r lies evenly between ttl - keepalive and ttl",
                settings: with_pause,
                runs: 2_000,
                measure: two_holders,
            },
        ]
    }
}

/// Two customers, all messages equally fast, and C1 has just got the lock and thinks for long.
fn held(settings: &Settings, seed: u64) -> Result<Director<Lock>, Text> {
    let names: Vec<&str> = Lock::settings().iter().map(|setting| setting.name).collect();
    let own = settings.iter().filter(|(name, _)| names.contains(name));
    let own = own.fold(Settings::default(), |all, (name, value)| all.with(name, value.clone()));
    let own = own
        .with("customers", number(2))
        .with("workload_ms", number(0))
        .with("restock_ms", number(0))
        .with("work_ms", number(120_000))
        .with("delay", word("constant"))
        .with("delay_most_us", number(DELAY_US));
    let mut director = Director::<Lock>::new(own, seed)?.unwatched();
    director.run_for_us(1_000);
    buy(&mut director, C1);
    director.run_until(|world| holds(world, C1));
    Ok(director)
}

/// Of moments that lie evenly between two keep-alives, the one of this run.
fn moment_us(keepalive_us: i64, run: u64, runs: u32) -> i64 {
    keepalive_us * (2 * run as i64 + 1) / (2 * i64::from(runs).max(1))
}

fn recovery(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let keepalive_us = settings.integer("keepalive_ms").max(1) * 1_000;
    let mut took_us = Vec::new();
    for run in 0..u64::from(runs) {
        let mut director = held(settings, seed.wrapping_add(run))?;
        // The keep-alives that were sent have come to L by then.
        director.run_for_us((3 * keepalive_us + moment_us(keepalive_us, run, runs)) as u64);
        director.act(Input::Crash(C1));
        let crashed_us = director.now_us();
        director.run_until(|world| {
            let lease = world.nodes().state(LOCK).and_then(Node::lease);
            lease.is_some_and(|lease| lease.sessions.holder.is_none() && !lease.sessions.is_shut)
        });
        took_us.push((director.now_us() - crashed_us) as i64 * US);
    }
    let mean_us =
        settings.integer("ttl_ms") * 1_000 - keepalive_us / 2 + DELAY_US + settings.integer("lock_delay_ms") * 1_000;
    let mut report = Report::default();
    report.push_distribution("ms", took_us, &[("mean", mean_us * US)]);
    Ok(report)
}

fn two_holders(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let keepalive_us = settings.integer("keepalive_ms").max(1) * 1_000;
    let (ttl_us, mean_us) = (settings.integer("ttl_ms") * 1_000, settings.integer("pause_ms") * 1_000);
    let mut rng = Rng::stream(seed, u64::MAX);
    let (mut both, mut derived) = (0, 0);
    for run in 0..u64::from(runs) {
        let mut director = held(settings, seed.wrapping_add(run))?;
        let began_us = director.now_us() as i64 - 2 * DELAY_US;
        let since_us = moment_us(keepalive_us, run, runs);
        buy(&mut director, C2);
        // C1 says that it is there since it asked for the lock, every `keepalive_us`.
        director.run_until_us((began_us + 2 * keepalive_us + since_us) as u64);
        director.act(Input::Pause(C1));
        let pause_us = -ln(rng.below(ONE as u64) + 1, ONE as u64) * mean_us / ONE;
        director.run_for_us(pause_us as u64);
        director.act(Input::Resume(C1));
        director.run_for_us((ttl_us + 4 * DELAY_US) as u64);
        both += i64::from(holds(director.world(), C1) && holds(director.world(), C2));
        derived += exp_of_minus((ttl_us - since_us).max(0) as u128 * ONE as u128 / mean_us as u128);
    }
    let runs = i64::from(runs.max(1));
    let mut report = Report::default();
    report.push("two holders", "of sleeps", both * ONE / runs, Some(derived / runs));
    Ok(report)
}
