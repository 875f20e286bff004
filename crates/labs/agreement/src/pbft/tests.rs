//! Tests that cite the paper: M. Castro and B. Liskov, "Practical Byzantine Fault Tolerance", OSDI 1999.

mod checkpoints;
mod clients;
mod experiment;
mod hunts;
mod liars;
mod ordering;
mod stories;
mod views;

use std::rc::Rc;

use parts::store::{ClientId, Command, Request};
use sim::history::Value as Data;
use sim::probe::{Asked, Probe};
use sim::{Configuration, NodeId, Protocol, Settings};

use super::{Certificate, Config, Digest, Disk, Message, Node, Pbft, Replica, Signers, Timer, Vote};

const R0: NodeId = NodeId(0);
const R1: NodeId = NodeId(1);
const R2: NodeId = NodeId(2);
const R3: NodeId = NodeId(3);
const C1: NodeId = NodeId(4);

/// One replica of four, and nothing else.
struct Stand {
    probe: Probe<Node>,
    node: Node,
}

impl Stand {
    fn new(me: NodeId, change: impl FnOnce(&mut Config)) -> Stand {
        let mut config = Config::new(&Settings::defaults(&Pbft::settings()));
        config.rules = super::Rules {
            one_pre_prepare: true,
            quorum: true,
            commit_phase: true,
            carry_over: true,
            check_new_view: true,
            f_plus_one: true,
            view_timer: true,
        };
        change(&mut config);
        let mut probe = Probe::new(me, 6, config);
        let (node, _) = probe.run(|effects| Node::boot(&Disk(Some(Replica::default())), effects));
        Stand { probe, node }
    }

    fn hears(&mut self, from: NodeId, message: Message) -> Asked<Node> {
        self.probe.run(|effects| self.node.on_message(from, message, effects)).1
    }

    fn fires(&mut self, timer: Timer) -> Asked<Node> {
        self.probe.run(|effects| self.node.on_timer(timer, effects)).1
    }

    fn replica(&self) -> &Replica {
        self.node.replica().expect("a replica")
    }
}

fn request(serial: u64, value: i64) -> Rc<Request> {
    let command = Command::Put { key: Data::text("x"), value: Data::Int(value) };
    Rc::new(Request { client: ClientId { node: C1, life: 1 }, serial, command })
}

fn vote(view: u64, number: u64, request: &Request) -> Vote {
    Vote { view, number, digest: Digest::of(request) }
}

fn pre_prepare(view: u64, number: u64, request: &Rc<Request>) -> Message {
    Message::PrePrepare(vote(view, number, request), Rc::clone(request))
}

fn signed_by(nodes: &[NodeId]) -> Signers {
    nodes.iter().fold(Signers::default(), |signers, node| signers.with(*node))
}

/// A proof that this was prepared.
fn prepared(view: u64, request: &Request, backups: &[NodeId]) -> Certificate {
    Certificate { view, digest: Digest::of(request), signers: signed_by(backups) }
}

/// What was sent, without the receivers, each thing once.
fn said(asked: &Asked<Node>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for (_, message) in &asked.sends {
        let name = format!("{message:?}");
        let name = name.split(['(', ' ']).next().unwrap_or_default().to_string();
        if all.last() != Some(&name) {
            all.push(name);
        }
    }
    all
}
