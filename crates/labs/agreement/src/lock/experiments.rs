//! What a crash of the holder costs: measured beside what follows from the leases.

use parts::values::{number, word};
use sim::experiment::{Experiment, Report};
use sim::{Configuration, Director, Experiments, Input, NodeId, Setting, Settings, Text, t};

use super::scenarios::{buy, holds};
use super::{Lock, Node};

/// One microsecond in millionths of a millisecond.
const US: i64 = 1_000;

/// How long a message takes here, in microseconds.
const DELAY_US: i64 = 10_000;

impl Experiments for Lock {
    fn experiments() -> Vec<Experiment> {
        let names = ["ttl_ms", "keepalive_ms", "lock_delay_ms"];
        let settings: Vec<Setting> =
            Lock::settings().into_iter().filter(|setting| names.contains(&setting.name)).collect();
        vec![Experiment {
            name: "recovery",
            title: t!("How long the lock is gone when its holder crashes"),
            source: "Gray and Cheriton 1989, section 2: until the lease runs out. The last renewal was half a keep-alive ago on average, and took a delay d: ttl - keepalive / 2 + d + lock delay",
            settings,
            runs: 200,
            measure: recovery,
        }]
    }
}

fn recovery(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let (customer, lock) = (NodeId(0), NodeId(2));
    let keepalive_us = settings.integer("keepalive_ms").max(1) * 1_000;
    let own = settings.iter().fold(Settings::default(), |all, (name, value)| all.with(name, value.clone()));
    let own = own
        .with("customers", number(2))
        .with("workload_ms", number(0))
        .with("restock_ms", number(0))
        .with("work_ms", number(120_000))
        .with("delay", word("constant"))
        .with("delay_most_us", number(DELAY_US));
    let mut took_us = Vec::new();
    for run in 0..u64::from(runs) {
        let mut director = Director::<Lock>::new(own.clone(), seed.wrapping_add(run))?;
        director.run_for_us(1_000);
        buy(&mut director, customer);
        director.run_until(|world| holds(world, customer));
        // Moments that lie evenly between two keep-alives, which have come to L by then.
        let after_us = 3 * keepalive_us + keepalive_us * (2 * run as i64 + 1) / (2 * i64::from(runs).max(1));
        director.run_for_us(after_us as u64);
        director.act(Input::Crash(customer));
        let crashed_us = director.now_us();
        director.run_until(|world| {
            let lease = world.nodes().state(lock).and_then(Node::lease);
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
