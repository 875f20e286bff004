//! Tests that cite the sections of the Raft paper.

mod clients;
mod figure_2;
mod figure_3;
mod hunts;
mod measured;
mod stories;
mod why;

use parts::values::{number, word};
use sim::probe::{Asked, Probe};
use sim::{Director, NodeId, Of, Settings, Value, WorldOf};

use super::log::Entry;
use super::server::Role;
use super::{Config, Disk, Log, Message, Protocol, Raft, RaftNode, Server};

const S1: NodeId = NodeId(0);
const S2: NodeId = NodeId(1);
const S3: NodeId = NodeId(2);

/// The default settings with some changes.
fn settings(changes: &[(&str, Value)]) -> Settings {
    changes.iter().fold(Settings::default(), |settings, (name, value)| settings.with(name, value.clone()))
}

/// Settings with all defaults filled in.
fn config(changes: &[(&str, Value)]) -> Config {
    let known = sim::all_settings::<Raft>();
    Config::new(&settings(changes).accept(&known).expect("known settings"))
}

fn director(changes: &[(&str, Value)], seed: u64) -> Director<Raft> {
    Director::new(settings(changes), seed).expect("known settings")
}

fn log_of(terms: &[u64]) -> Log {
    terms.iter().copied().map(Entry::no_op).collect()
}

fn terms(log: &Log) -> Vec<u64> {
    log.iter().map(|entry| entry.term).collect()
}

/// S1 of three servers, and what it last asked for.
struct Bench {
    probe: Probe<RaftNode>,
    server: Server,
}

impl Bench {
    /// S1 starts in this term with a log of these terms.
    fn new(term: u64, log: &[u64]) -> Bench {
        Bench::with(term, log, &[])
    }

    fn with(term: u64, log: &[u64], changes: &[(&str, Value)]) -> Bench {
        let changes = [&[("servers", number(3))], changes].concat();
        let mut probe = Probe::new(S1, 3, config(&changes));
        let disk = Disk { term, voted_for: None, log: log_of(log), snapshot: None };
        let (node, _) = probe.run(|effects| RaftNode::boot(&disk, effects));
        let RaftNode::Server(server) = node else { panic!("S1 is a server") };
        Bench { probe, server: *server }
    }

    fn receive(&mut self, from: NodeId, message: Message) -> Asked<RaftNode> {
        let server = &mut self.server;
        self.probe.run(|effects| server.on_message(from, message, effects)).1
    }

    fn fire(&mut self, timer: super::Timer) -> Asked<RaftNode> {
        let server = &mut self.server;
        self.probe.run(|effects| server.on_timer(timer, effects)).1
    }

    /// S1 wins the election of the next term with the vote of S2.
    fn leads(mut self) -> Bench {
        self.fire(super::Timer::Election);
        let term = self.server.term;
        self.receive(S2, Message::Vote { term, granted: true });
        assert!(matches!(self.server.role, Role::Leader(_)));
        self
    }
}

fn append(term: u64, (prev_log_index, prev_log_term): (u64, u64), entries: &[u64], leader_commit: u64) -> Message {
    let entries = entries.iter().copied().map(Entry::no_op).collect();
    Message::AppendEntries { term, leader: S2, prev_log_index, prev_log_term, entries, leader_commit, round: 1 }
}
