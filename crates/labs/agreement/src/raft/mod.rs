//! Raft: one leader, one log, and a majority that decides.
//!
//! Follows D. Ongaro and J. Ousterhout, "In Search of an Understandable Consensus Algorithm (Extended Version)", 2014
//! (here "the Raft paper"), and D. Ongaro, "Consensus: Bridging Theory and Practice", 2014 (here "the dissertation").

mod election;
mod experiments;
mod initial;
mod log;
mod measures;
mod message;
mod monitor;
mod operations;
mod presets;
mod reads;
mod replication;
mod rules;
mod scenarios;
mod server;
mod settings;
mod snapshot;
pub(crate) mod staging;
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
pub use message::{Appended, Message};
pub use monitor::Monitor;
pub use server::{Leadership, Progress, Read, Role, Server, Votes};
pub use settings::{BackOff, Config, Rules};
pub use snapshot::{Incoming, Sending, Snapshot};

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
    Server(Server),
    Client(Client),
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
}

/// What a person can tell nodes to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Of a client: give this command.
    Command(Command),
    /// Of a server: take a snapshot now.
    Snapshot,
}

impl RaftNode {
    /// The server, if it is one.
    pub fn server(&self) -> Option<&Server> {
        match self {
            RaftNode::Server(server) => Some(server),
            RaftNode::Client(_) => None,
        }
    }

    /// The client, if it is one.
    pub fn client(&self) -> Option<&Client> {
        match self {
            RaftNode::Client(client) => Some(client),
            RaftNode::Server(_) => None,
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
        if effects.me().0 < effects.config().servers {
            RaftNode::Server(Server::boot(disk, effects))
        } else {
            RaftNode::Client(Client::boot(effects))
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
        }
    }

    fn on_timer(&mut self, timer: Timer, effects: &mut Effects<'_>) {
        match (self, timer) {
            (RaftNode::Server(server), _) => server.on_timer(timer, effects),
            (RaftNode::Client(client), Timer::Retry) => client.on_retry(effects),
            (RaftNode::Client(client), Timer::Workload) => client.on_workload(effects),
            (RaftNode::Client(_), Timer::Election | Timer::Heartbeat | Timer::Snapshot) => {}
        }
    }

    fn on_operation(&mut self, operation: Operation, effects: &mut Effects<'_>) {
        match (self, operation) {
            (RaftNode::Client(client), Operation::Command(command)) => client.on_operation(command, effects),
            (RaftNode::Server(server), Operation::Snapshot) => server.take_snapshot(effects),
            (RaftNode::Server(_), Operation::Command(_)) => {
                let me = effects.me();
                effects.note(|| t!("{node} is a server: only clients give commands", node = me));
            }
            (RaftNode::Client(_), Operation::Snapshot) => {
                let me = effects.me();
                effects.note(|| t!("{node} is a client: only servers take snapshots", node = me));
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
