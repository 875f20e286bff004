//! Multi-Paxos: a log of which each slot is an instance of Paxos, and one leader that does phase 1 for all of them at once.
//!
//! Follows L. Lamport, "Paxos Made Simple", 2001, section 3; for what a system needs besides T. Chandra, R. Griesemer and J. Redstone, "Paxos
//! Made Live", 2007. What a ballot, a promise and a vote are stands in `paxos`; the clients and their store are those that Raft
//! has too.

mod acceptor;
mod candidate;
mod experiments;
mod leader;
mod learner;
mod lease;
mod ledger;
mod log;
mod measures;
mod message;
mod monitor;
mod operations;
mod panels;
mod presets;
mod reads;
mod rules;
mod scenarios;
mod server;
mod settings;
mod view;

#[cfg(test)]
mod tests;

use std::rc::Rc;

use parts::store::{Command, Request};
use serde::Serialize;
use sim::frame::Layout;
use sim::{About, NodeId, Protocol, System, t};

use crate::client::{Reply, Serving, Terms};
use crate::paxos::Promised;

pub use crate::client::{Client, ReadMode};
pub use candidate::Candidacy;
pub use leader::{Leadership, Proposal};
pub use ledger::{Ledger, Row};
pub use log::{Decree, Log, Slot};
pub use message::Message;
pub use monitor::Monitor;
pub use reads::Read;
pub use server::{Grant, Part, Server};
pub use settings::{Config, Rules};

pub(crate) type Effects<'a> = sim::Effects<'a, LogNode>;

/// The lab.
#[derive(Clone, Copy, Debug)]
pub struct MultiPaxos;

impl System for MultiPaxos {
    type Protocol = LogNode;

    fn about() -> About {
        About {
            id: "multi-paxos",
            title: t!("Multi-Paxos"),
            chapter: t!("Agreement"),
            summary: t!(
                "A log in which every slot is chosen by Paxos. A leader asks for promises once, and then fills slot after slot. Crash it, and see what its successor does with the gaps."
            ),
            layout: Layout::Ring,
            new_leader: Some(t!("a leader is elected")),
            pace_us: About::PACE_US,
        }
    }
}

/// A node of this lab.
#[derive(Clone, Debug, Serialize)]
pub enum LogNode {
    Server(Server),
    Client(Client),
}

/// What a server keeps through a crash. Clients keep nothing.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Disk {
    /// There from the beginning: who starts without it knows that its disk was lost (Paxos Made Live, section 5.1).
    pub mark: bool,
    /// The highest round that it has used.
    pub round: u64,
    /// The highest ballot that it has promised, for all slots at once.
    pub promised: Promised,
    /// What it has accepted, and what it knows to be chosen.
    pub log: Log,
}

/// What nodes wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Timer {
    /// Of a server: it has heard no leader for long.
    Suspect,
    /// Of a leader: the next heartbeat.
    Beat,
    /// Of a candidate or a leader: not all have answered.
    Repeat,
    /// Of a client: another server.
    Retry,
    /// Of a client: the next command.
    Workload,
}

/// What nodes can be told to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// A client asks for this.
    Ask(Command),
    /// A server tries to become the leader.
    Stand,
}

impl LogNode {
    /// The server, if it is one.
    pub fn server(&self) -> Option<&Server> {
        if let LogNode::Server(server) = self { Some(server) } else { None }
    }

    /// The client, if it is one.
    pub fn client(&self) -> Option<&Client> {
        if let LogNode::Client(client) = self { Some(client) } else { None }
    }
}

impl Protocol for LogNode {
    type Config = Config;
    type Message = Message;
    type Timer = Timer;
    type Operation = Operation;
    type Disk = Disk;

    fn boot(disk: &Disk, effects: &mut Effects<'_>) -> LogNode {
        if effects.me().0 < effects.config().servers {
            LogNode::Server(Server::boot(disk, effects))
        } else {
            LogNode::Client(Client::boot(effects))
        }
    }

    fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        match (self, message) {
            (LogNode::Server(server), message) => server.on_message(from, message, effects),
            (LogNode::Client(client), Message::Answer { client: id, serial, result }) => {
                client.on_reply(from, (id, serial), Reply::Answer(result), effects);
            }
            (LogNode::Client(client), Message::Redirect { client: id, serial, leader }) => {
                client.on_reply(from, (id, serial), Reply::Redirect(leader), effects);
            }
            (LogNode::Client(_), _) => {}
        }
    }

    fn on_timer(&mut self, timer: Timer, effects: &mut Effects<'_>) {
        match (self, timer) {
            (LogNode::Server(server), _) => server.on_timer(timer, effects),
            (LogNode::Client(client), Timer::Retry) => client.on_retry(effects),
            (LogNode::Client(client), Timer::Workload) => client.on_workload(effects),
            (LogNode::Client(_), Timer::Suspect | Timer::Beat | Timer::Repeat) => {}
        }
    }

    fn on_operation(&mut self, operation: Operation, effects: &mut Effects<'_>) {
        let me = effects.me();
        match (self, operation) {
            (LogNode::Client(client), Operation::Ask(command)) => client.on_operation(command, effects),
            (LogNode::Server(server), Operation::Stand) => server.stand(effects),
            (LogNode::Client(_), Operation::Stand) => {
                effects.note(|| t!("{node} is a client: only servers lead", node = me))
            }
            (LogNode::Server(_), Operation::Ask(_)) => {
                effects.note(|| t!("{node} is a server: only clients give commands", node = me));
            }
        }
    }
}

impl Serving for LogNode {
    const RETRY: Timer = Timer::Retry;
    const WORKLOAD: Timer = Timer::Workload;

    fn terms(config: &Config) -> Terms {
        Terms { servers: config.servers, retry_us: config.retry_us, workload_us: config.workload_us }
    }

    fn request(request: Rc<Request>) -> Message {
        Message::Request(request)
    }
}
