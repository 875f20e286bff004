//! What a command costs, and a change of leaders: measured beside what the papers say.

use parts::values::{number, word};
use sim::experiment::{Experiment, Report};
use sim::{Director, Experiments, Input, NodeId, Setting, Settings, Text, WorldOf, t};

use super::{LogNode, Message, MultiPaxos};

/// One of anything in millionths.
const ONE: i64 = 1_000_000;

/// How long a message takes here, in microseconds.
const DELAY_US: i64 = 10_000;

const S1: NodeId = NodeId(0);
const S2: NodeId = NodeId(1);

impl Experiments for MultiPaxos {
    fn experiments() -> Vec<Experiment> {
        let of_lab = |names: &[&str]| {
            let all = <MultiPaxos as sim::Configuration>::settings();
            all.into_iter().filter(|setting| names.contains(&setting.name)).collect::<Vec<Setting>>()
        };
        vec![
            Experiment {
                name: "delays",
                title: t!("How many message delays a command takes"),
                source: "Paxos Made Simple, section 3: phase 1 is done before, so phase 2 alone is left: two delays, and two more to the client and back. A new leader first takes two for phase 1",
                settings: of_lab(&["servers"]),
                runs: 20,
                measure: delays,
            },
            Experiment {
                name: "messages",
                title: t!("How many messages a command takes"),
                source: "One request for each other server and its answer, and the client's two: 2(n - 1) + 2, as in Raft (Raft paper, Figure 2 and section 8); phase 1 takes 2(n - 1), once, and a round of heartbeats as many",
                settings: of_lab(&["servers"]),
                runs: 20,
                measure: messages,
            },
        ]
    }
}

/// One client, told by hand, on links that always take the same; nothing goes out by itself for a minute.
fn lab(settings: &Settings) -> Settings {
    let own = settings.iter().fold(Settings::default(), |lab, (name, value)| lab.with(name, value.clone()));
    own.with("clients", number(1))
        .with("workload_ms", number(0))
        .with("heartbeat_ms", number(10_000))
        .with("suspect_ms", number(60_000))
        .with("repeat_ms", number(10_000))
        .with("retry_ms", number(60_000))
        .with("delay", word("constant"))
        .with("delay_most_us", number(DELAY_US))
}

/// S1 leads, all know that, and nothing is under way.
fn led(settings: &Settings, seed: u64) -> Result<(Director<MultiPaxos>, NodeId), Text> {
    let mut director = Director::<MultiPaxos>::new(lab(settings), seed)?.unwatched();
    director.run_for_us(1_000);
    director.operate(S1, "stand", &[]);
    director.run_for_us(10 * DELAY_US as u64);
    Ok((director, NodeId(settings.integer("servers") as u16)))
}

fn leads(world: WorldOf<'_, MultiPaxos>, id: NodeId) -> bool {
    world.nodes().state(id).and_then(LogNode::server).is_some_and(|server| server.leadership().is_some())
}

fn is_idle(world: WorldOf<'_, MultiPaxos>, client: NodeId) -> bool {
    world.nodes().state(client).and_then(LogNode::client).is_some_and(|client| client.open.is_none())
}

fn delays(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let (mut chosen, mut answered, mut takeover) = (0, 0, 0);
    for run in 0..u64::from(runs) {
        let (mut director, client) = led(settings, seed.wrapping_add(run))?;
        let asked_us = director.now_us();
        director.operate(client, "put", &[word("x"), word("1")]);
        director.run_until(|world| world.messages().any(|sent| matches!(sent.payload, Message::Accept { .. })));
        let proposed_us = director.now_us();
        let knows = |world: WorldOf<'_, MultiPaxos>| {
            world.nodes().state(S1).and_then(LogNode::server).is_some_and(|server| server.log.chosen_to() == 1)
        };
        director.run_until(knows);
        chosen += (director.now_us() - proposed_us) as i64;
        director.run_until(|world| is_idle(world, client));
        answered += (director.now_us() - asked_us) as i64;
        director.act(Input::Crash(S1));
        let stood_us = director.now_us();
        director.operate(S2, "stand", &[]);
        director.run_until(|world| leads(world, S2));
        takeover += (director.now_us() - stood_us) as i64;
    }
    let mean = |sum_us: i64| sum_us * ONE / (DELAY_US * i64::from(runs.max(1)));
    let mut report = Report::default();
    report.push("from the proposal until the leader knows", "delays", mean(chosen), Some(2 * ONE));
    report.push("from the client's request to its answer", "delays", mean(answered), Some(4 * ONE));
    report.push("phase 1 of a new leader, for all slots", "delays", mean(takeover), Some(2 * ONE));
    Ok(report)
}

fn messages(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let others = settings.integer("servers") - 1;
    let (mut phase_1, mut command) = (0, 0);
    for run in 0..u64::from(runs) {
        let (mut director, client) = led(settings, seed.wrapping_add(run))?;
        let led = director.world().messages_sent();
        director.operate(client, "put", &[word("x"), word("1")]);
        director.run_for_us(10 * DELAY_US as u64);
        phase_1 += led as i64;
        command += (director.world().messages_sent() - led) as i64;
    }
    let mean = |sum: i64| sum * ONE / i64::from(runs.max(1));
    let mut report = Report::default();
    report.push("phase 1, and the first round of heartbeats", "messages", mean(phase_1), Some(4 * others * ONE));
    report.push("a command", "messages", mean(command), Some((2 * others + 2) * ONE));
    Ok(report)
}
