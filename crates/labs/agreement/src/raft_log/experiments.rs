//! What follows from section 7 in numbers, measured: how long a log gets, and how long a snapshot takes.

use parts::values::{number, word};
use sim::experiment::{Experiment, Report};
use sim::{Configuration, Director, Experiments, Input, NodeId, Setting, Settings, Text, t};

use super::RaftLog;
use crate::raft::staging::{client_is_idle, lead, leader, put, server};
use crate::raft::{Message, Role};

/// One millisecond, and one of anything, in millionths.
const MS: i64 = 1_000_000;
const ONE: i64 = 1_000_000;

/// How long a run of `log-length` takes.
const RUN_US: u64 = 20_000_000;

impl Experiments for RaftLog {
    fn experiments() -> Vec<Experiment> {
        vec![
            Experiment {
                name: "log-length",
                title: t!("The longest log of a leader, with snapshots and without"),
                source: "Raft paper, section 7: with a snapshot after every s entries, of which t stay behind, a log holds at most s + t entries and what is not carried out yet: at most one command of each client",
                settings: some(&["servers", "clients", "workload_ms", "snapshot_every", "trailing"]),
                runs: 20,
                measure: log_length,
            },
            Experiment {
                name: "snapshot-time",
                title: t!("From the first part of a snapshot until the leader knows that it is there"),
                source: "Raft paper, Figure 13, one part on its way at a time: with p parts and a constant delay d, 2 p d",
                settings: some(&["snapshot_parts", "delay_most_us"]),
                runs: 20,
                measure: snapshot_time,
            },
        ]
    }
}

/// Some of the lab's settings.
fn some(names: &[&str]) -> Vec<Setting> {
    RaftLog::settings().into_iter().filter(|setting| names.contains(&setting.name)).collect()
}

/// The longest log that a leader has, in a run without faults.
fn log_length(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let (mut longest, mut entries) = (0, 0);
    for run in 0..u64::from(runs) {
        let mut director = Director::<RaftLog>::new(settings.clone(), seed.wrapping_add(run))?.unwatched();
        while director.now_us() < RUN_US && director.step() {
            let world = director.world();
            let Some(server) = leader(world).and_then(|id| server(world, id)) else { continue };
            longest = longest.max(server.log.length());
            entries = entries.max(server.log.last_index());
        }
    }
    let of = |name: &str| settings.integer(name);
    let bound = of("snapshot_every") + of("trailing") + of("clients");
    let mut report = Report::default();
    report.push("the longest log", "entries", longest as i64 * ONE, (of("snapshot_every") > 0).then_some(bound * ONE));
    report.push("all entries of a run, at most", "entries", entries as i64 * ONE, None);
    Ok(report)
}

/// The time that a snapshot takes to a follower that was down.
fn snapshot_time(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let (follower, client) = (NodeId(2), NodeId(3));
    let mut took = 0;
    for run in 0..u64::from(runs) {
        let changes = settings
            .clone()
            .with("delay", word("constant"))
            .with("workload_ms", number(0))
            .with("heartbeat_ms", number(5_000))
            .with("timeout_least_ms", number(9_000))
            .with("timeout_most_ms", number(10_000));
        let mut director = Director::<RaftLog>::new(changes, seed.wrapping_add(run))?.unwatched();
        lead(&mut director, NodeId(0));
        director.act(Input::Crash(follower));
        for value in 0..8 {
            put(&mut director, client, "x", &value.to_string());
            director.run_until(|world| client_is_idle(world, client));
        }
        director.act(Input::Restart(follower));
        put(&mut director, client, "x", "8");
        director.run_until(|world| {
            world.messages().any(|envelope| {
                envelope.sent_at_us >= world.now_us() && matches!(envelope.payload, Message::InstallSnapshot { .. })
            })
        });
        let sent_us = director.now_us();
        director.run_until(|world| match server(world, NodeId(0)).map(|server| &server.role) {
            Some(Role::Leader(leadership)) => {
                let progress = &leadership.followers[follower.index()];
                progress.sending.is_none() && progress.match_index > 0
            }
            _ => false,
        });
        took += (director.now_us() - sent_us) as i64;
    }
    let derived = 2 * settings.integer("snapshot_parts") * settings.integer("delay_most_us") * (MS / 1_000);
    let mut report = Report::default();
    report.push("a snapshot", "ms", took * (MS / 1_000) / i64::from(runs.max(1)), Some(derived));
    Ok(report)
}
