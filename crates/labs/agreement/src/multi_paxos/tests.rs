//! Tests that cite the papers.

mod hunts;
mod papers;
mod stories;

use std::rc::Rc;

use parts::store::{ClientId, Command, Request};
use parts::values::{number, word};
use sim::history::Value as Data;
use sim::probe::{Asked, Probe};
use sim::{Configuration, NodeId, Of, Settings, Value};

use super::*;
use crate::paxos::{Ballot, Vote};

const S1: NodeId = NodeId(0);
const S2: NodeId = NodeId(1);
const S3: NodeId = NodeId(2);
const C1: NodeId = NodeId(3);

fn settings(changes: &[(&str, Value)]) -> Settings {
    changes.iter().fold(Settings::default(), |settings, (name, value)| settings.with(name, value.clone()))
}

fn marked() -> Disk {
    Disk { mark: true, ..Disk::default() }
}

fn ballot(round: u64, proposer: u16) -> Ballot {
    Ballot { round, proposer }
}

/// A command of C1 with this serial number: it puts that number.
fn put(serial: u64) -> Decree {
    let command = Command::Put { key: Data::text("x"), value: Data::Int(serial as i64) };
    Decree::Command(Rc::new(Request { client: ClientId { node: C1, life: 7 }, serial, command }))
}

fn vote(ballot: Ballot, serial: u64) -> Vote<Decree> {
    Vote { ballot, value: put(serial) }
}

fn request(decree: &Decree) -> Message {
    match decree {
        Decree::Command(request) => Message::Request(request.clone()),
        Decree::NoOp => panic!("nobody asks for that"),
    }
}

/// A server of three, with a client.
struct Bench {
    probe: Probe<LogNode>,
    node: LogNode,
}

impl Bench {
    fn new(me: NodeId, disk: &Disk, changes: &[(&str, Value)]) -> Bench {
        let changes = [&[("servers", number(3)), ("clients", number(1))], changes].concat();
        let settings = settings(&changes).accept(&sim::all_settings::<MultiPaxos>()).expect("known settings");
        let mut probe = Probe::new(me, 4, MultiPaxos::configure(&settings));
        let node = probe.run(|effects| LogNode::boot(disk, effects)).0;
        Bench { probe, node }
    }

    fn hear(&mut self, from: NodeId, message: Message) -> Asked<LogNode> {
        let node = &mut self.node;
        self.probe.run(|effects| node.on_message(from, message, effects)).1
    }

    fn fire(&mut self, timer: Timer) -> Asked<LogNode> {
        let node = &mut self.node;
        self.probe.run(|effects| node.on_timer(timer, effects)).1
    }

    fn server(&self) -> &Server {
        self.node.server().expect("a server")
    }

    /// S1 leads with ballot 1.1 after this promise of S2.
    fn leading(disk: &Disk, accepted: Vec<(u64, Vote<Decree>)>, changes: &[(&str, Value)]) -> (Bench, Asked<LogNode>) {
        let mut bench = Bench::new(S1, disk, changes);
        bench.fire(Timer::Suspect);
        let ballot = bench.server().ballot().expect("a candidate");
        let asked = bench.hear(S2, Message::Promise { ballot, accepted });
        assert!(bench.server().leadership().is_some());
        (bench, asked)
    }
}

/// What is proposed, by slot, in the messages to S2.
fn proposed(asked: &Asked<LogNode>) -> Vec<(u64, Decree)> {
    let of = |(to, message): &(NodeId, Message)| match message {
        Message::Accept { slot, decree, .. } if *to == S2 => Some((*slot, decree.clone())),
        _ => None,
    };
    asked.sends.iter().filter_map(of).collect()
}

fn answers(asked: &Asked<LogNode>) -> Vec<Data> {
    let result = |(_, message): &(NodeId, Message)| match message {
        Message::Answer { result, .. } => Some(result.clone()),
        _ => None,
    };
    asked.sends.iter().filter_map(result).collect()
}
