//! What a decision costs: measured beside what the papers say.

use parts::values::{number, word};
use sim::experiment::{Experiment, Report};
use sim::{Director, Experiments, NodeId, Setting, Settings, Text, WorldOf, t};

use super::proposer::Phase;
use super::{Message, Paxos, PaxosNode};

/// One of anything in millionths.
const ONE: i64 = 1_000_000;

const P1: NodeId = NodeId(0);

impl Experiments for Paxos {
    fn experiments() -> Vec<Experiment> {
        let of_lab = |names: &[&str]| {
            let all = <Paxos as sim::Configuration>::settings();
            all.into_iter().filter(|setting| names.contains(&setting.name)).collect::<Vec<Setting>>()
        };
        vec![
            Experiment {
                name: "delays",
                title: t!("How many message delays a decision takes"),
                source: "Paxos Made Simple, section 2.2: four messages one after the other, two of them once phase 1 is done (section 3)",
                settings: of_lab(&["acceptors"]),
                runs: 20,
                measure: delays,
            },
            Experiment {
                name: "messages",
                title: t!("How many messages a decision takes"),
                source: "Paxos Made Simple, sections 2.2 and 2.3: n questions, n promises, n requests, and n times (learners + 1) acceptances: 3n + n(learners + 1)",
                settings: of_lab(&["acceptors", "learners"]),
                runs: 20,
                measure: messages,
            },
        ]
    }
}

/// How long a message takes here, in microseconds.
const DELAY_US: i64 = 10_000;

/// One proposer, told by hand, on links that always take the same; its disk takes no time.
fn lab(settings: &Settings) -> Settings {
    let own = settings.iter().fold(Settings::default(), |lab, (name, value)| lab.with(name, value.clone()));
    own.with("proposers", number(1))
        .with("begin_ms", number(0))
        .with("proposer_disk_ms", number(0))
        .with("repeat_ms", number(10_000))
        .with("delay", word("constant"))
        .with("delay_most_us", number(DELAY_US))
}

fn knows(world: WorldOf<'_, Paxos>) -> bool {
    let proposer = world.nodes().state(P1).and_then(PaxosNode::proposer);
    proposer.is_some_and(|proposer| matches!(proposer.phase, Phase::Done(_)))
}

fn delays(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let (mut both, mut second) = (0, 0);
    for run in 0..u64::from(runs) {
        let mut director = Director::<Paxos>::new(lab(settings), seed.wrapping_add(run))?.unwatched();
        director.run_for_us(1_000);
        let began_us = director.now_us();
        director.operate(P1, "propose", &[word("red")]);
        director.run_until(|world| world.messages().any(|envelope| matches!(envelope.payload, Message::Accept(_))));
        let asked_us = director.now_us();
        director.run_until(knows);
        both += (director.now_us() - began_us) as i64;
        second += (director.now_us() - asked_us) as i64;
    }
    let mean = |sum_us: i64| sum_us * ONE / (DELAY_US * i64::from(runs.max(1)));
    let mut report = Report::default();
    report.push("from the proposal until the proposer knows", "delays", mean(both), Some(4 * ONE));
    report.push("with phase 1 done before", "delays", mean(second), Some(2 * ONE));
    Ok(report)
}

fn messages(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let (acceptors, learners) = (settings.integer("acceptors"), settings.integer("learners"));
    let mut sent = Vec::new();
    for run in 0..u64::from(runs) {
        let mut director = Director::<Paxos>::new(lab(settings), seed.wrapping_add(run))?.unwatched();
        director.operate(P1, "propose", &[word("red")]);
        director.run_for_us(20 * DELAY_US as u64);
        let (world, ..) = director.finish();
        sent.push(world.messages_sent() as i64 * ONE);
    }
    let mut report = Report::default();
    report.push_distribution("messages", sent, &[("mean", (3 * acceptors + acceptors * (learners + 1)) * ONE)]);
    Ok(report)
}
