//! What a snapshot costs and how long it takes, what it finds in channels, and what it is worth by clocks: measured beside what
//! follows from the rules.

use parts::values::{number, word};
use sim::experiment::{Experiment, Report};
use sim::{Director, Experiments, NodeId, Setting, Settings, Text, WorldOf, t};

use super::view::process;
use super::{Complete, Process, Snapshot, SnapshotId};

/// One of anything in millionths, and one microsecond in millionths of a millisecond.
const ONE: i64 = 1_000_000;
const US: i64 = 1_000;

const A: NodeId = NodeId(0);

/// The snapshot that is measured.
const FIRST: SnapshotId = SnapshotId { initiator: A, number: 1 };

impl Experiments for Snapshot {
    fn experiments() -> Vec<Experiment> {
        let of_lab = |names: &[&str]| {
            let all = <Snapshot as sim::Configuration>::settings();
            all.into_iter().filter(|setting| names.contains(&setting.name)).collect::<Vec<Setting>>()
        };
        let delay_us = || Setting::integer("delay_us", t!("delay of each link (d)"), (100, 1_000_000), "µs", 10_000);
        vec![
            Experiment {
                name: "markers",
                title: t!("How many markers a snapshot takes"),
                source: "Chandy and Lamport 1985, section 3.2: one marker down each channel; a complete graph of n has n(n - 1), a one-way ring n",
                settings: of_lab(&["processes", "topology"]),
                runs: 20,
                measure: markers,
            },
            Experiment {
                name: "duration",
                title: t!("How long until the last channel is recorded"),
                source: "With delay d a marker comes down the channel from u to v when u has recorded and d later: d times the longest of (distance of u from the initiator + 1), over all channels from u. That is 2d in a complete graph, nd in a one-way ring of n (follows from Chandy and Lamport 1985, section 3.3)",
                settings: [of_lab(&["processes", "topology"]), vec![delay_us()]].concat(),
                runs: 20,
                measure: duration,
            },
            Experiment {
                name: "in-channels",
                title: t!("How many messages are recorded in a channel"),
                source: "Little 1961, L = λW, with rate λ in a channel of a complete graph and delay d: towards the initiator what was sent in 2d, between two others in d, from the initiator nothing",
                settings: [
                    of_lab(&["processes"]),
                    vec![
                        Setting::integer("workload_ms", t!("a process acts every"), (1, 60_000), "ms", 10),
                        delay_us(),
                    ],
                ]
                .concat(),
                runs: 2_000,
                measure: in_channels,
            },
            Experiment {
                name: "clock-error",
                title: t!("How often a picture by the clock is inconsistent"),
                source: "If the receiver's clock is behind by e, what is sent within e - d after the agreed moment is received before it: with a Poisson stream of rate λ, 1 - exp(-λ(e - d)) for e > d, else 0",
                settings: vec![
                    Setting::integer("clock_error_ms", t!("the clock of B is behind by"), (0, 1_000), "ms", 30),
                    Setting::integer("workload_ms", t!("a process acts every (1 / λ)"), (1, 60_000), "ms", 30),
                    delay_us(),
                ],
                runs: 4_000,
                measure: clock_error,
            },
        ]
    }
}

/// The settings of an experiment as settings of the lab, with links that always take the same.
fn lab(settings: &Settings) -> Settings {
    let known = <Snapshot as sim::Configuration>::settings();
    let own = settings.iter().filter(|(name, _)| known.iter().any(|setting| setting.name == *name));
    let lab = own.fold(Settings::default(), |lab, (name, value)| lab.with(name, value.clone()));
    let delay_us = settings.get("delay_us").map_or(10_000, |_| settings.integer("delay_us"));
    lab.with("snapshot_ms", number(0)).with("delay", word("constant")).with("delay_most_us", number(delay_us))
}

fn part(world: WorldOf<'_, Snapshot>, node: NodeId) -> Option<&Process> {
    process(world, node).filter(|process| process.done.iter().any(|done| done.id == FIRST))
}

fn is_recorded(world: WorldOf<'_, Snapshot>) -> bool {
    world.nodes().ids().all(|node| part(world, node).is_some())
}

fn complete(world: WorldOf<'_, Snapshot>) -> Option<&Complete> {
    process(world, A)?.complete.iter().map(|complete| &**complete).find(|complete| complete.id == FIRST)
}

fn markers(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let processes = settings.integer("processes");
    let mut sent = Vec::new();
    for run in 0..u64::from(runs) {
        let mut director = Director::<Snapshot>::new(lab(settings), seed.wrapping_add(run))?.unwatched();
        director.run_for_us(100_000);
        director.operate(A, "start", &[]);
        director.run_until(|world| complete(world).is_some());
        let world = director.world();
        let all = world.nodes().ids().filter_map(|node| process(world, node));
        sent.push(all.map(|process| process.markers as i64).sum::<i64>() * ONE);
    }
    let channels = if settings.word("topology") == "ring" { processes } else { processes * (processes - 1) };
    let mut report = Report::default();
    report.push_distribution("markers", sent, &[("mean", channels * ONE)]);
    Ok(report)
}

fn duration(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let (processes, delay_us) = (settings.integer("processes"), settings.integer("delay_us"));
    let mut took_us = Vec::new();
    for run in 0..u64::from(runs) {
        let mut director = Director::<Snapshot>::new(lab(settings), seed.wrapping_add(run))?.unwatched();
        director.run_for_us(100_000);
        let began_us = director.now_us();
        director.operate(A, "start", &[]);
        director.run_until(is_recorded);
        took_us.push((director.world().now_us() - began_us) as i64 * US);
    }
    let hops = if settings.word("topology") == "ring" { processes } else { 2 };
    let mut report = Report::default();
    report.push_distribution("ms", took_us, &[("mean", hops * delay_us * US)]);
    Ok(report)
}

fn in_channels(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let processes = settings.integer("processes");
    let (delay_us, workload_us) = (settings.integer("delay_us"), settings.integer("workload_ms") * 1_000);
    let warm_us = 3 * delay_us as u64;
    let (mut to_initiator, mut between, mut from_initiator) = (0, 0, 0);
    for run in 0..u64::from(runs) {
        let mut director = Director::<Snapshot>::new(lab(settings), seed.wrapping_add(run))?.unwatched();
        director.run_for_us(warm_us);
        director.operate(A, "start", &[]);
        director.run_until(|world| complete(world).is_some());
        let Some(snapshot) = complete(director.world()) else { continue };
        for (to, part) in snapshot.parts.iter().enumerate() {
            for (from, channel) in part.channels.iter().enumerate() {
                let count = channel.as_ref().map_or(0, |channel| channel.loads.len() as i64);
                match (from, to) {
                    (_, 0) => to_initiator += count,
                    (0, _) => from_initiator += count,
                    _ => between += count,
                }
            }
        }
    }
    let others = processes - 1;
    let mean = |count: i64, channels: i64| count * ONE / (i64::from(runs) * channels).max(1);
    // λd in millionths: each process sends one message in a workload, to one of the others.
    let in_d = delay_us * ONE / (workload_us * others);
    let mut report = Report::default();
    report.push("towards the initiator", "messages", mean(to_initiator, others), Some(2 * in_d));
    if others > 1 {
        report.push("between two others", "messages", mean(between, others * (others - 1)), Some(in_d));
    }
    report.push("from the initiator", "messages", mean(from_initiator, others), Some(0));
    Ok(report)
}

fn clock_error(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let (delay_us, error_us) = (settings.integer("delay_us"), settings.integer("clock_error_ms") * 1_000);
    let workload_us = settings.integer("workload_ms") * 1_000;
    let lab = lab(settings).with("processes", number(2)).with("algorithm", word("clock"));
    let (mut inconsistent, mut wrong) = (0, 0);
    for run in 0..u64::from(runs) {
        let mut director = Director::<Snapshot>::new(lab.clone(), seed.wrapping_add(run))?;
        director.run_for_us(1_000);
        director.operate(A, "start", &[]);
        director.run_until(|world| complete(world).is_some());
        let world = director.world();
        let line = world.monitor().lines().find(|line| line.id == FIRST);
        inconsistent += i64::from(line.is_some_and(|line| line.backwards.is_some()));
        wrong += i64::from(complete(world).is_some_and(|complete| complete.total() != 200));
    }
    let excess_us = (error_us - delay_us).max(0);
    let expected = ONE - parts::theory::exp_of_minus(excess_us as u128 * ONE as u128 / workload_us as u128);
    let mut report = Report::default();
    let share = |count: i64| count * ONE / i64::from(runs.max(1));
    report.push("inconsistent", "of 1", share(inconsistent), Some(expected));
    report.push("with a wrong sum", "of 1", share(wrong), None);
    Ok(report)
}
