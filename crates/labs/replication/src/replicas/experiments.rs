//! What each mode costs and what it is worth, measured: how long a write takes, how many a failover loses, and how often a
//! majority answers.

use std::collections::BTreeMap;

use parts::links;
use parts::values::{number, word};
use sim::experiment::{Experiment, Report};
use sim::frame::Status;
use sim::history::Call;
use sim::rng::Rng;
use sim::{Delay, Director, Experiments, Input, NodeId, Setting, Settings, Text, t};

use super::scenarios::{client, server};
use super::settings::{self, Config, Mode};
use super::{Replica, Replicas};

mod formula;

/// One microsecond in millionths of a millisecond, and one of anything in millionths.
const US: i64 = 1_000;
const ONE: i64 = 1_000_000;

const HOUR_US: u64 = 3_600_000_000;

/// How long a run of the availability experiment is, in hours of virtual time.
const HOURS: u64 = 1_000;

/// How long a write may take there to count as answered, in microseconds. A failover takes less.
const PATIENCE_US: u64 = HOUR_US / 4;

impl Experiments for Replicas {
    fn experiments() -> Vec<Experiment> {
        vec![
            Experiment {
                name: "write-latency",
                title: t!("How long a write takes in each mode"),
                source: "One round trip to the primary; semi-synchronous, one more to the fastest of n replicas, quorum to the k-th fastest, synchronous to the slowest: order statistics of the sum of two delays (David and Nagaraja, Order Statistics, 2003, section 3.4)",
                settings: [Setting::integer("replicas", t!("replicas"), (1, 5), "", 2), settings::mode()]
                    .into_iter()
                    .chain(links::settings(8_000, 12_000))
                    .collect(),
                runs: 1_000,
                measure: write_latency,
            },
            Experiment {
                name: "acknowledged-lost",
                title: t!("How many acknowledged writes an asynchronous failover loses"),
                source: "Those under way at the crash: rate of writes times replication delay, and the time that the replicas were cut off before (Little 1961, L = λW)",
                settings: vec![
                    Setting::integer("clients", t!("clients"), (1, 3), "", 3),
                    Setting::integer(
                        "workload_ms",
                        t!("each client gives a command every (half are writes)"),
                        (60, 60_000),
                        "ms",
                        100,
                    ),
                    Setting::integer("delay_ms", t!("to the replicas it takes"), (1, 10_000), "ms", 100),
                    Setting::integer(
                        "cut_ms",
                        t!("the replicas are cut off before the crash for"),
                        (0, 60_000),
                        "ms",
                        0,
                    ),
                ],
                runs: 500,
                measure: acknowledged_lost,
            },
            Experiment {
                name: "availability",
                title: t!("A majority against a single node"),
                source: "A node is up a share p = MTTF / (MTTF + MTTR) of the time, and k of n nodes are Σ C(n, i) pⁱ (1 - p)ⁿ⁻ⁱ for i from k to n (Trivedi 2002, section 3.7)",
                settings: vec![
                    Setting::integer("replicas", t!("replicas"), (1, 5), "", 2),
                    Setting::integer("mttf_h", t!("mean time to failure of a node"), (10, 10_000), "h", 100),
                    Setting::integer("mttr_h", t!("mean time to its repair"), (1, 1_000), "h", 10),
                ],
                runs: 10,
                measure: availability,
            },
        ]
    }
}

/// The settings of the lab, as those of an experiment that it has too, and these changes.
fn lab_settings(settings: &Settings, own: &[&str], changes: &[(&str, sim::Value)]) -> Settings {
    let shared = settings.iter().filter(|(name, _)| !own.contains(name));
    let lab = shared.fold(Settings::default(), |lab, (name, value)| lab.with(name, value.clone()));
    changes.iter().fold(lab, |lab, (name, value)| lab.with(name, value.clone()))
}

/// Time from a client's write to its answer, while nothing else happens.
fn write_latency(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let changes = [
        ("clients", number(1)),
        ("workload_ms", number(0)),
        ("heartbeat_ms", number(60_000)),
        ("failover", word("manual")),
        ("fall_back_ms", number(0)),
        ("retry_ms", number(600_000)),
    ];
    let lab = lab_settings(settings, &[], &changes);
    let mut samples = Vec::new();
    for run in 0..u64::from(runs) {
        let mut director = Director::<Replicas>::new(lab.clone(), seed.wrapping_add(run))?.unwatched();
        // The first heartbeats.
        director.run_until(|world| world.messages().next().is_none());
        let asker = NodeId(director.world().config().servers + 1);
        let began_us = director.now_us();
        director.operate(asker, "put", &[word("x"), word("1")]);
        director.run_until(|world| client(world, asker).is_some_and(|client| client.open.is_none()));
        samples.push((director.world().now_us() - began_us) as i64 * US);
    }
    let config = Config::new(&lab);
    let replicas = u32::from(config.servers) - 1;
    // Of so many replicas, it waits for the answers of so many.
    let waits_for = match config.mode {
        Mode::Async => 0,
        Mode::SemiSync => 1,
        Mode::Quorum => config.majority() as u32 - 1,
        Mode::Sync => replicas,
    };
    let wait_us = formula::round_trip_us(waits_for, replicas, &links::delay(settings));
    let mean_us = formula::mean_us(&links::delay(settings)) * 2 + wait_us;
    let mut report = Report::default();
    report.push_distribution("ms", samples, &[("mean", mean_us * US)]);
    Ok(report)
}

/// Acknowledged writes that the most advanced replica does not have when the primary crashes at a random moment.
fn acknowledged_lost(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let changes = [
        ("mode", word("async")),
        ("failover", word("manual")),
        ("reads", word("primary")),
        ("retry_ms", number(600_000)),
    ];
    let lab = lab_settings(settings, &["delay_ms", "cut_ms"], &changes);
    let us = |name: &str| settings.integer(name).unsigned_abs() * 1_000;
    let (period_us, delay_us, cut_us) = (us("workload_ms"), us("delay_ms"), us("cut_ms"));
    let mut rng = Rng::stream(seed, 3 << 32);
    let mut samples = Vec::new();
    for run in 0..u64::from(runs) {
        let mut director = Director::<Replicas>::new(lab.clone(), seed.wrapping_add(run))?.unwatched();
        let replicas: Vec<NodeId> = (1..director.world().config().servers).map(NodeId).collect();
        for to in &replicas {
            director.act(Input::SetDelay { from: NodeId(0), to: *to, delay: Delay::Constant { us: delay_us } });
        }
        director.run_until_us(2 * delay_us + 10 * period_us + rng.below(10 * period_us));
        if cut_us > 0 {
            replicas.iter().for_each(|to| director.act(Input::Cut { from: NodeId(0), to: *to }));
            director.run_for_us(cut_us);
        }
        director.act(Input::Crash(NodeId(0)));
        let kept = replicas.iter().filter_map(|id| server(director.world(), *id)).map(|server| server.log.last_index());
        let kept = kept.max().unwrap_or(0) as i64;
        if let Some(best) = replicas
            .iter()
            .find(|id| server(director.world(), **id).is_some_and(|server| server.log.last_index() as i64 == kept))
        {
            director.operate(*best, "promote", &[]);
        }
        // What the old primary had acknowledged still comes to the clients.
        director.run_for_us(50_000);
        let is_acknowledged = |operation: &&sim::history::Operation| {
            matches!(operation.call, Call::Put(_)) && operation.result().is_some()
        };
        let acknowledged = director.world().history().iter().filter(is_acknowledged).count() as i64;
        samples.push((acknowledged - kept) * ONE);
    }
    // Half of the commands are writes.
    let exposed_us = i128::from(delay_us + cut_us) * i128::from(settings.integer("clients"));
    let expected = (exposed_us * i128::from(ONE) / (2 * i128::from(period_us))) as i64;
    let nothing = samples.iter().filter(|lost| **lost == 0).count() as i64;
    let mut report = Report::default();
    report.push_distribution("writes", samples, &[("mean", expected)]);
    report.push("failovers that lose nothing", "of 1", nothing * ONE / i64::from(runs.max(1)), None);
    Ok(report)
}

/// Nodes crash and are repaired at random; the observer and the client do not fail.
fn availability(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let changes = [
        ("mode", word("quorum")),
        ("clients", number(1)),
        ("workload_ms", number(0)),
        ("heartbeat_ms", number(60_000)),
        ("failover_ms", number(150_000)),
        ("retry_ms", number(30_000)),
    ];
    let lab = lab_settings(settings, &["mttf_h", "mttr_h"], &changes);
    let hours = |name: &str| settings.integer(name).max(1);
    let (mttf_h, mttr_h) = (hours("mttf_h"), hours("mttr_h"));
    let mut counted = Counted::default();
    for run in 0..u64::from(runs) {
        let seed = seed.wrapping_add(run);
        let director = Director::<Replicas>::new(lab.clone(), seed)?.unwatched();
        counted.watch(director, mttf_h as u64, mttr_h as u64, &mut Rng::stream(seed, 3 << 32));
    }
    let servers = u32::from(Config::new(&lab).servers);
    let majority = servers / 2 + 1;
    let share = |count: u64, of: u64| (i128::from(count) * i128::from(ONE) / i128::from(of.max(1))) as i64;
    let predicted = formula::at_least(majority, servers, mttf_h, mttr_h);
    let mut report = Report::default();
    let of_nodes = share(counted.nodes_up, counted.looks * u64::from(servers));
    report.push("a node is up", "of 1", of_nodes, Some(formula::at_least(1, 1, mttf_h, mttr_h)));
    report.push("a majority is up", "of 1", share(counted.majority_up, counted.looks), Some(predicted));
    report.push("a write is answered", "of 1", share(counted.answered, counted.looks), Some(predicted));
    report.push("looks", "", counted.looks as i64 * ONE, None);
    Ok(report)
}

#[derive(Debug, Default)]
struct Counted {
    looks: u64,
    nodes_up: u64,
    majority_up: u64,
    answered: u64,
}

impl Counted {
    /// Looks every hour who is up, and whether a client gets an answer to a write.
    fn watch(&mut self, mut director: Director<Replicas>, mttf_h: u64, mttr_h: u64, rng: &mut Rng) {
        let servers: Vec<NodeId> = (0..director.world().config().servers).map(NodeId).collect();
        let asker = NodeId(director.world().config().servers + 1);
        let majority = director.world().config().majority();
        let draw_us =
            |mean_h: u64, rng: &mut Rng| Delay::Exponential { least_us: 0, mean_us: mean_h * HOUR_US }.draw(rng);
        // For each server the moment at which it fails or is repaired next.
        let mut next_us: BTreeMap<NodeId, u64> = servers.iter().map(|id| (*id, draw_us(mttf_h, rng))).collect();
        let warm_up_h = 2 * mttr_h;
        for hour in 1..=warm_up_h + HOURS {
            let look_us = hour * HOUR_US;
            let mut run_until_us = |director: &mut Director<Replicas>, end_us: u64| {
                while let Some((id, at_us)) = next_us.iter().min_by_key(|(_, at_us)| **at_us).map(|(id, us)| (*id, *us))
                    && at_us < end_us
                {
                    director.run_until_us(at_us);
                    let is_up = director.world().nodes().status(id) == Status::Up;
                    director.act(if is_up { Input::Crash(id) } else { Input::Restart(id) });
                    next_us.insert(id, at_us + draw_us(if is_up { mttr_h } else { mttf_h }, rng));
                }
                director.run_until_us(end_us);
            };
            run_until_us(&mut director, look_us - PATIENCE_US);
            let is_waiting = |director: &Director<Replicas>| {
                director
                    .world()
                    .nodes()
                    .state(asker)
                    .and_then(Replica::client)
                    .is_some_and(|client| client.open.is_some())
            };
            if !is_waiting(&director) {
                director.operate(asker, "put", &[word("x"), word(&hour.to_string())]);
            }
            run_until_us(&mut director, look_us);
            if hour <= warm_up_h {
                continue;
            }
            let up = servers.iter().filter(|id| director.world().nodes().status(**id) == Status::Up).count();
            self.looks += 1;
            self.nodes_up += up as u64;
            self.majority_up += u64::from(up >= majority);
            self.answered += u64::from(!is_waiting(&director));
        }
    }
}
