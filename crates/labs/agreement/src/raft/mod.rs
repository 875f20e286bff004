//! Raft: one leader, one log, and a majority that decides.
//!
//! Follows D. Ongaro and J. Ousterhout, "In Search of an Understandable Consensus Algorithm (Extended Version)", 2014
//! (here "the Raft paper"), and D. Ongaro, "Consensus: Bridging Theory and Practice", 2014 (here "the dissertation").

mod check_quorum;
mod election;
mod experiments;
mod initial;
mod log;
mod measures;
mod members;
mod membership;
mod message;
mod monitor;
mod operations;
mod operator;
pub(crate) mod picked;
mod pre_vote;
mod presets;
mod reads;
mod replication;
mod rules;
mod scenarios;
mod server;
mod settings;
mod snapshot;
pub(crate) mod staging;
mod storage;
mod transfer;
mod view;

#[cfg(test)]
mod tests;

use std::rc::Rc;

use parts::store::{Command, Request};
use serde::Serialize;
use sim::frame::Layout;
use sim::{About, NodeId, Protocol, System, t};

use crate::client::{Reply, Serving, Terms};

pub use crate::client::{Client, Open, ReadMode};
pub use log::{Base, Entry, Log};
pub use members::{Change, ChangeAnswer, Configured, Members, Refused, ServerSet};
pub use membership::{CatchingUp, Changing};
pub use message::{Appended, Message};
pub use monitor::Monitor;
pub use operator::Operator;
pub use server::{Leadership, Progress, Read, Role, Server};
pub use settings::{BackOff, Config, Membership, NewServers, Rules};
pub use snapshot::{Incoming, Sending, Snapshot};
pub use storage::Storage;

pub(crate) type Effects<'a> = sim::Effects<'a, RaftNode>;

/// The lab.
#[derive(Clone, Copy, Debug)]
pub struct Raft;

impl System for Raft {
    type Protocol = RaftNode;

    fn about() -> About {
        About {
            id: "raft",
            title: t!("Raft"),
            chapter: t!("Agreement"),
            summary: t!(
                "Servers elect a leader, and the leader's log becomes everybody's. Crash it, split it, and see what is kept."
            ),
            layout: Layout::Ring,
            new_leader: Some(t!("a leader is elected")),
            pace_us: About::PACE_US,
        }
    }
}

/// A node of this lab.
#[derive(Clone, Debug, Serialize)]
pub enum RaftNode {
    Server(Box<Server>),
    Client(Box<Client>),
    Operator(Operator),
}

/// What a server keeps through a crash (Figure 2, persistent state). Clients keep nothing.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Disk {
    pub term: u64,
    pub voted_for: Option<NodeId>,
    pub log: Log,
    /// The latest snapshot (section 7).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<Rc<Snapshot>>,
}

/// What nodes wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Timer {
    /// Of a follower or a candidate: the next election.
    Election,
    /// Of a leader: the next heartbeat.
    Heartbeat,
    /// Of a client: another server.
    Retry,
    /// Of a client: the next command.
    Workload,
    /// Of a server: a snapshot is due.
    Snapshot,
    /// Of a leader: whether a majority still answers (dissertation, section 6.2).
    CheckQuorum,
    /// Of a leader: to give up handing over (dissertation, section 3.10).
    Transfer,
    /// Of an operator: the next change of the members.
    Change,
    /// Of a server: the disk has written.
    Write,
}

/// What a person can tell nodes to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Of a client: give this command.
    Command(Command),
    /// Of a server: take a snapshot now.
    Snapshot,
    /// Of a leader: change the members.
    Change(Change),
    /// Of a leader: hand over to this server.
    Transfer(NodeId),
    /// Of a follower: act as if it had not heard from its leader.
    ForgetLeader,
}

impl RaftNode {
    /// The server, if it is one.
    pub fn server(&self) -> Option<&Server> {
        match self {
            RaftNode::Server(server) => Some(&**server),
            _ => None,
        }
    }

    /// The client, if it is one.
    pub fn client(&self) -> Option<&Client> {
        match self {
            RaftNode::Client(client) => Some(&**client),
            _ => None,
        }
    }
}

impl Protocol for RaftNode {
    type Config = Config;
    type Message = Message;
    type Timer = Timer;
    type Operation = Operation;
    type Disk = Disk;

    fn boot(disk: &Disk, effects: &mut Effects<'_>) -> RaftNode {
        let (servers, clients) = (effects.config().servers, effects.config().clients);
        match effects.me().0 {
            number if number < servers => RaftNode::Server(Box::new(Server::boot(disk, effects))),
            number if number < servers + clients => RaftNode::Client(Box::new(Client::boot(effects))),
            _ => RaftNode::Operator(Operator::boot(effects)),
        }
    }

    fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        match self {
            RaftNode::Server(server) => server.on_message(from, message, effects),
            RaftNode::Client(client) => match message {
                Message::Answer { client: id, serial, result } => {
                    client.on_reply(from, (id, serial), Reply::Answer(result), effects);
                }
                Message::Redirect { client: id, serial, leader } => {
                    client.on_reply(from, (id, serial), Reply::Redirect(leader), effects);
                }
                _ => {}
            },
            RaftNode::Operator(operator) => {
                if let Message::Changed { change, answer } = message {
                    operator.on_answer(from, change, answer, effects);
                }
            }
        }
    }

    fn on_timer(&mut self, timer: Timer, effects: &mut Effects<'_>) {
        match (self, timer) {
            (RaftNode::Server(server), _) => server.on_timer(timer, effects),
            (RaftNode::Client(client), Timer::Retry) => client.on_retry(effects),
            (RaftNode::Client(client), Timer::Workload) => client.on_workload(effects),
            (RaftNode::Operator(operator), Timer::Change) => operator.on_change_timer(effects),
            (RaftNode::Client(_) | RaftNode::Operator(_), _) => {}
        }
    }

    fn on_operation(&mut self, operation: Operation, effects: &mut Effects<'_>) {
        let me = effects.me();
        match (self, operation) {
            (RaftNode::Client(client), Operation::Command(command)) => client.on_operation(command, effects),
            (RaftNode::Server(server), Operation::Snapshot) => server.take_snapshot(effects),
            (RaftNode::Server(server), Operation::Change(change)) => server.on_change(change, None, effects),
            (RaftNode::Server(server), Operation::Transfer(target)) => server.start_transfer(target, effects),
            (RaftNode::Server(server), Operation::ForgetLeader) => server.forget_leader(effects),
            (_, Operation::Command(_)) => {
                effects.note(|| t!("{node} is no client: only clients give commands", node = me));
            }
            (_, Operation::Snapshot) => {
                effects.note(|| t!("{node} is no server: only servers take snapshots", node = me));
            }
            (_, Operation::Change(_) | Operation::Transfer(_) | Operation::ForgetLeader) => {
                effects.note(|| t!("{node} is no server: only servers do that", node = me));
            }
        }
    }
}

impl Serving for RaftNode {
    const RETRY: Timer = Timer::Retry;
    const WORKLOAD: Timer = Timer::Workload;

    fn terms(config: &Config) -> Terms {
        Terms { servers: config.servers, retry_us: config.retry_us, workload_us: config.workload_us }
    }

    fn request(request: Rc<Request>) -> Message {
        Message::Request(request)
    }
}
