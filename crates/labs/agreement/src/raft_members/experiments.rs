//! What follows from the dissertation in numbers, measured: how long it takes to hand over, and how long an empty server keeps
//! everybody waiting.

use parts::values::{number, word};
use sim::experiment::{Experiment, Report};
use sim::{Configuration, Director, Experiments, Input, NodeId, Setting, Settings, Text, Value, t};

use super::RaftMembers;
use crate::raft::staging::{client_is_idle, leader, put, server};

/// One millisecond, in millionths.
const MS: i64 = 1_000_000;

impl Experiments for RaftMembers {
    fn experiments() -> Vec<Experiment> {
        vec![
            Experiment {
                name: "transfer",
                title: t!("From handing over until all follow the new leader, and the same after a crash"),
                source: "Raft dissertation, section 3.10: with a constant delay d, TimeoutNow, a request for votes, the votes, and the first heartbeat: 4 d",
                settings: some(&["servers", "delay_most_us", "timeout_least_ms", "timeout_most_ms"]),
                runs: 200,
                measure: transfer,
            },
            Experiment {
                name: "empty-server",
                title: t!("How long a command waits while an empty server joins and one of three is down"),
                source: "Raft dissertation, section 4.2.1: a server that votes at once has to be sent the whole log first. With a constant delay d, n entries, m a message, and back-off term by term: 2 d (1 + n / m, rounded up); if it learns first, the way of the command and a round trip: 3 d (4 d for one entry a message)",
                settings: some(&["entries_a_message", "delay_most_us"]),
                runs: 20,
                measure: empty_server,
            },
        ]
    }
}

/// Some of the lab's settings.
fn some(names: &[&str]) -> Vec<Setting> {
    RaftMembers::settings().into_iter().filter(|setting| names.contains(&setting.name)).collect()
}

/// Members that change only as the experiment has it, on a network with a constant delay.
fn still(settings: &Settings) -> Settings {
    let changes = [("delay", word("constant")), ("workload_ms", number(0)), ("change_ms", number(0))];
    changes.into_iter().fold(settings.clone(), |all, (name, value)| all.with(name, value))
}

/// The time without a leader that all follow: handed over, and after a crash of the leader.
fn transfer(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let changes = still(settings).with("spares", number(0));
    let (mut handed_us, mut crashed_us) = (0, 0);
    for run in 0..u64::from(runs) {
        for (total_us, crashes) in [(&mut handed_us, false), (&mut crashed_us, true)] {
            let mut director = Director::<RaftMembers>::new(changes.clone(), seed.wrapping_add(run))?.unwatched();
            director.run_until(|world| leader(world).is_some());
            director.run_for_us(1_000_000);
            let Some(old) = leader(director.world()) else { continue };
            let servers = director.world().config().servers;
            let next = NodeId((old.0 + 1) % servers);
            let began_us = director.now_us();
            if crashes {
                director.act(Input::Crash(old));
            } else {
                director.operate(old, "transfer", &[word(&format!("S{}", next.0 + 1))]);
            }
            director.run_until(|world| {
                let Some(new) = leader(world).filter(|new| *new != old) else { return false };
                (0..servers).map(NodeId).filter_map(|id| server(world, id)).all(|server| server.leader == Some(new))
            });
            *total_us += (director.now_us() - began_us) as i64;
        }
    }
    let mean = |total_us: i64| total_us * (MS / 1_000) / i64::from(runs.max(1));
    let derived = 4 * settings.integer("delay_most_us") * (MS / 1_000);
    let mut report = Report::default();
    report.push("handed over", "ms", mean(handed_us), Some(derived));
    report.push("after a crash", "ms", mean(crashed_us), None);
    Ok(report)
}

/// How many commands there are before the new server comes.
const COMMANDS: i64 = 12;

/// The wait of a command that is given while an empty server joins.
fn empty_server(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let delay_us = settings.integer("delay_most_us");
    // The entry that opens the term, the commands, the members, and the command that waits.
    let entries = COMMANDS + 3;
    let a_message = settings.integer("entries_a_message").max(1);
    let delays = [2 * (1 + (entries + a_message - 1) / a_message), if a_message > 1 { 3 } else { 4 }];
    let mut report = Report::default();
    for ((name, new_servers), delays) in [("votes at once", "vote"), ("learns first", "learn")].into_iter().zip(delays)
    {
        let mut waited_us = 0;
        for run in 0..u64::from(runs) {
            waited_us += wait(settings, new_servers, seed.wrapping_add(run))?;
        }
        let mean = waited_us * (MS / 1_000) / i64::from(runs.max(1));
        report.push(name, "ms", mean, Some(delays * delay_us * (MS / 1_000)));
    }
    Ok(report)
}

/// The time from the new server's coming until a command is committed that is given at the same moment.
fn wait(settings: &Settings, new_servers: &str, seed: u64) -> Result<i64, Text> {
    let slow: [(&str, Value); 8] = [
        ("servers", number(3)),
        ("spares", number(1)),
        ("new_servers", word(new_servers)),
        ("back_off", word("term")),
        ("heartbeat_ms", number(5_000)),
        ("timeout_least_ms", number(9_000)),
        ("timeout_most_ms", number(10_000)),
        ("retry_ms", number(60_000)),
    ];
    let changes = slow.into_iter().fold(still(settings), |all, (name, value)| all.with(name, value));
    let mut director = Director::<RaftMembers>::new(changes, seed)?.unwatched();
    director.run_until(|world| leader(world).is_some());
    let Some(leads) = leader(director.world()) else { return Ok(0) };
    let (down, new, client) = (NodeId((leads.0 + 1) % 3), NodeId(3), NodeId(4));
    for value in 0..COMMANDS {
        put(&mut director, client, "x", &value.to_string());
        director.run_until(|world| client_is_idle(world, client));
    }
    director.run_for_us(1_000_000);
    director.act(Input::Crash(down));
    director.operate(leads, "add", &[word(&format!("S{}", new.0 + 1))]);
    let added = server(director.world(), leads).map_or(0, |server| server.log.last_index());
    put(&mut director, client, "x", "last");
    let began_us = director.now_us();
    director.run_until(|world| server(world, leads).is_some_and(|server| server.commit_index > added));
    Ok((director.now_us() - began_us) as i64)
}
