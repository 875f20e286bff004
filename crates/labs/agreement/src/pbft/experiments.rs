//! What a request costs: measured beside what follows from the paper.

use parts::values::{number, word};
use sim::experiment::{Experiment, Report};
use sim::{Director, Experiments, NodeId, Setting, Settings, Text, WorldOf, t};

use super::{Node, Pbft};

/// One of anything in millionths.
const ONE: i64 = 1_000_000;

/// How long a message takes here, in microseconds.
const DELAY_US: i64 = 10_000;

impl Experiments for Pbft {
    fn experiments() -> Vec<Experiment> {
        let all = <Pbft as sim::Configuration>::settings();
        let settings: Vec<Setting> =
            all.into_iter().filter(|setting| ["replicas", "f"].contains(&setting.name)).collect();
        vec![Experiment {
            name: "pbft-messages",
            title: t!("How many messages and delays a request takes"),
            source: "Castro and Liskov 1999, sections 4.1 and 4.2: a request, n - 1 pre-prepares, (n - 1) times n - 1 prepares, n times n - 1 commits and n replies, one after the other",
            settings,
            runs: 20,
            measure: messages,
        }]
    }
}

fn messages(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let replicas = settings.integer("replicas");
    let own = Settings::default()
        .with("replicas", number(replicas))
        .with("f", number(settings.integer("f")))
        .with("clients", number(1))
        .with("liars", number(0))
        .with("workload_ms", number(0))
        .with("repeat_ms", number(1_000))
        .with("delay", word("constant"))
        .with("delay_most_us", number(DELAY_US));
    let client = NodeId(replicas as u16);
    let (mut sent, mut delays) = (0, 0);
    for run in 0..u64::from(runs) {
        let mut director = Director::<Pbft>::new(own.clone(), seed.wrapping_add(run))?.unwatched();
        let began_us = director.now_us();
        director.operate(client, "put", &[word("x"), word("3")]);
        let has_answer = |world: WorldOf<'_, Pbft>| {
            let client = world.nodes().state(client).and_then(Node::client);
            client.is_some_and(|client| client.last.is_some())
        };
        director.run_until(has_answer);
        delays += (director.now_us() - began_us) as i64;
        director.run_for_us(10 * DELAY_US as u64);
        sent += director.world().messages_sent() as i64;
    }
    let others = replicas - 1;
    let published = 1 + others + others * others + replicas * others + replicas;
    let runs = i64::from(runs.max(1));
    let mut report = Report::default();
    report.push("messages a request", "messages", sent * ONE / runs, Some(published * ONE));
    report.push("from the request to its answer", "delays", delays * ONE / (DELAY_US * runs), Some(5 * ONE));
    Ok(report)
}
