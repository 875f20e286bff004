//! What is counted, beside what follows from the order of the flights.

use parts::values::{number, word};
use sim::experiment::{Experiment, Report};
use sim::{Director, Experiments, NodeId, Settings, Text, Value, t};

use super::scenarios::{answers, ask, bought, quiet};
use super::{Tls, TlsNode};

/// One of anything, in millionths.
const ONE: i64 = 1_000_000;

const C1: NodeId = NodeId(0);

impl Experiments for Tls {
    fn experiments() -> Vec<Experiment> {
        vec![
            Experiment {
                name: "round-trips",
                title: t!("Round trips until the first byte of the answer"),
                source: "RFC 8446, section 2: one round trip for the connection below, one for a handshake (figures 1 and 3), none with early data (figure 4), and one for the request",
                settings: Vec::new(),
                runs: 1,
                measure: round_trips,
            },
            Experiment {
                name: "replays",
                title: t!("How often one early purchase has effect"),
                source: "RFC 8446, section 8: each server that takes 0-RTT with single-use tickets of its own accepts a copy once, so N servers accept N",
                settings: Vec::new(),
                runs: 1,
                measure: replays,
            },
        ]
    }
}

fn director(changes: &[(&'static str, Value)], seed: u64) -> Result<Director<Tls>, Text> {
    let settings = quiet(changes).into_iter().fold(Settings::default(), |all, (name, value)| all.with(name, value));
    Ok(Director::new(settings, seed)?.unwatched())
}

fn round_trips(_settings: &Settings, _runs: u32, seed: u64) -> Result<Report, Text> {
    let mut report = Report::default();
    for (name, connections, is_early, published) in
        [("full handshake", 1, true, 3), ("from a ticket", 2, false, 3), ("early data", 2, true, 2)]
    {
        let mut director = director(&[("mallory", word("passive")), ("early_data", Value::Flag(is_early))], seed)?;
        for connection in 1..=connections {
            ask(&mut director, C1, "get");
            director.run_until(|world| answers(world, C1) == connection);
        }
        let world = director.world();
        let client = world.nodes().state(C1).and_then(TlsNode::client);
        let first_us = client.and_then(|client| client.ended.back()?.first_us).unwrap_or(0) as i64;
        let measured = first_us * ONE / world.config().round_trip_us() as i64;
        report.push(name, "", measured, Some(published * ONE));
    }
    Ok(report)
}

fn replays(_settings: &Settings, _runs: u32, seed: u64) -> Result<Report, Text> {
    let mut report = Report::default();
    for servers in 1..=3 {
        let mut director = director(&[("mallory", word("replay")), ("servers", number(servers))], seed)?;
        ask(&mut director, C1, "get");
        director.run_until(|world| answers(world, C1) == 1);
        ask(&mut director, C1, "post");
        director.run_for_us(10_000_000);
        let measured = bought(director.world()) as i64;
        report.push(&format!("{servers} servers"), "", measured * ONE, Some(servers * ONE));
    }
    Ok(report)
}
