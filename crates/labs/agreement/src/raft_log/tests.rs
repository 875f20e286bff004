//! Tests that cite section 7 of the Raft paper.

mod figure_13;
mod hunts;
mod measured;
mod stories;

use std::rc::Rc;

use parts::store::{ClientId, Command, Request, Store};
use parts::values::number;
use sim::check::Outcome;
use sim::history::Value as Data;
use sim::probe::{Asked, Probe};
use sim::{Checks, Director, NodeId, Of, Protocol, Scenarios, Settings, Value, WorldOf};

use super::RaftLog;
use crate::raft::{
    Base, Config, Configured, Disk, Entry, Log, Members, Message, Operation, RaftNode, Role, Server, ServerSet,
    Snapshot, Timer,
};

const S1: NodeId = NodeId(0);
const S2: NodeId = NodeId(1);
const S3: NodeId = NodeId(2);

/// The default settings with some changes.
fn settings(changes: &[(&str, Value)]) -> Settings {
    changes.iter().fold(Settings::default(), |settings, (name, value)| settings.with(name, value.clone()))
}

/// How a check stands.
fn outcome(world: WorldOf<'_, RaftLog>, name: &str) -> Outcome {
    let checks = RaftLog::checks();
    let place = checks.iter().position(|check| check.name == name).expect("a check");
    let verdict = sim::judge_history(&checks[place], world.history());
    verdict.unwrap_or_else(|| world.verdicts().get(place).clone()).outcome
}

/// A scenario at its opening moment.
fn open(name: &str) -> Director<RaftLog> {
    let scenarios = RaftLog::scenarios();
    let prepared = scenarios.iter().find(|prepared| prepared.name == name).expect("a scenario");
    let mut director = Director::new(settings(&prepared.settings), prepared.seed).expect("known settings");
    (prepared.direct)(&mut director);
    let (world, _, refusals) = director.finish();
    assert!(refusals.is_empty(), "{name}: {refusals:?}");
    for check in RaftLog::checks() {
        let found = outcome(world.of(), check.name);
        match prepared.expect.iter().find(|(known, _)| *known == check.name) {
            Some((_, expected)) => assert_eq!(found, *expected, "{name}: {}", check.name),
            None => assert_ne!(found, Outcome::Broken, "{name}: {}", check.name),
        }
    }
    Director::at(world)
}

fn server(director: &Director<RaftLog>, id: NodeId) -> Server {
    crate::raft::staging::server(director.world(), id).expect("a running server").clone()
}

/// S1 of three servers, and what it last asked for.
struct Bench {
    probe: Probe<RaftNode>,
    server: Server,
}

impl Bench {
    /// S1 starts in this term with a log of these terms.
    fn new(term: u64, log: &[u64], changes: &[(&str, Value)]) -> Bench {
        Bench::on(Disk { term, log: log_of(log), ..Disk::default() }, changes)
    }

    fn on(disk: Disk, changes: &[(&str, Value)]) -> Bench {
        let known = sim::all_settings::<RaftLog>();
        let config = Config::new(&settings(changes).accept(&known).expect("known settings"));
        let mut probe = Probe::new(S1, 3, config);
        let (node, _) = probe.run(|effects| RaftNode::boot(&disk, effects));
        let RaftNode::Server(server) = node else { panic!("S1 is a server") };
        Bench { probe, server: *server }
    }

    fn run(&mut self, act: impl FnOnce(&mut RaftNode, &mut sim::Effects<'_, RaftNode>)) -> Asked<RaftNode> {
        let mut node = RaftNode::Server(Box::new(self.server.clone()));
        let asked = self.probe.run(|effects| act(&mut node, effects)).1;
        let RaftNode::Server(server) = node else { panic!("S1 is a server") };
        self.server = *server;
        asked
    }

    fn receive(&mut self, from: NodeId, message: Message) -> Asked<RaftNode> {
        self.run(|node, effects| node.on_message(from, message, effects))
    }

    fn fire(&mut self, timer: Timer) -> Asked<RaftNode> {
        self.run(|node, effects| node.on_timer(timer, effects))
    }

    fn take_snapshot(&mut self) -> Asked<RaftNode> {
        self.run(|node, effects| node.on_operation(Operation::Snapshot, effects))
    }
}

fn log_of(terms: &[u64]) -> Log {
    terms.iter().copied().map(Entry::no_op).collect()
}

fn terms(log: &Log) -> Vec<u64> {
    log.iter().map(|entry| entry.term).collect()
}

/// What a client wants done: x = this number.
fn put(value: i64) -> Rc<Request> {
    let client = ClientId { node: NodeId(3), life: 1 };
    Rc::new(Request {
        client,
        serial: value as u64,
        command: Command::Put { key: Data::text("x"), value: Data::Int(value) },
    })
}

/// A snapshot up to this entry, in which x is 7.
fn snapshot(index: u64, term: u64) -> Rc<Snapshot> {
    let mut store = Store::default();
    store.apply(&put(7), true);
    let configured = Configured { index: 0, members: Members::voting(ServerSet::first(3)) };
    Rc::new(Snapshot { last: Base { index, term }, store, configured })
}

/// A part of a snapshot of S2, the leader of term 3.
fn part(snapshot: &Rc<Snapshot>, offset: u64, done: bool) -> Message {
    Message::InstallSnapshot { term: 3, leader: S2, snapshot: snapshot.clone(), offset, done, round: 1 }
}

/// Entries of S2, the leader of term 3.
fn append((prev_log_index, prev_log_term): (u64, u64), entries: &[u64], leader_commit: u64) -> Message {
    let entries = entries.iter().copied().map(Entry::no_op).collect();
    Message::AppendEntries { term: 3, leader: S2, prev_log_index, prev_log_term, entries, leader_commit, round: 1 }
}

/// What it answered about a snapshot: the part that it wants next, or none.
fn next_part(asked: &Asked<RaftNode>) -> Option<u64> {
    match asked.sends[..] {
        [(S2, Message::Installed { next, .. })] => next,
        _ => panic!("{:?}", asked.sends),
    }
}
