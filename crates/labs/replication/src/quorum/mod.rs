//! Leaderless quorum: n replicas, r that answer a read, w that acknowledge a write, and nobody in charge.
//!
//! Follows G. DeCandia et al., "Dynamo: Amazon's highly available key-value store", SOSP 2007 (here "Dynamo"), with
//! dotted version vectors (Preguiça et al. 2010), and Apache Cassandra's documentation for blocking read repair and last
//! write wins. P. Bailis et al., "Probabilistically bounded staleness for practical partial quorums", VLDB 2012, is what
//! the experiments measure.

mod anti_entropy;
mod client;
mod coordination;
mod coordinator;
mod experiments;
mod measures;
mod merkle;
mod message;
mod monitor;
mod operations;
mod presets;
mod replica;
mod rules;
mod scenarios;
mod server;
mod settings;
mod version;
mod view;

#[cfg(test)]
mod tests;

use std::rc::Rc;

use serde::Serialize;
use sim::frame::Layout;
use sim::{About, NodeId, Protocol, System, t};

pub use client::{Client, Known, Open};
pub use coordination::{Asked, Coordination, Task};
pub use merkle::Place;
pub use message::{Answer, Command, Message, Promise};
pub use monitor::Monitor;
pub use server::{Server, Store, Suspects};
pub use settings::{Config, Coordinator, Repair, Rules};
pub use version::{Conflicts, Dot, Key, Siblings, VectorClock, Version};

pub(crate) type Effects<'a> = sim::Effects<'a, QuorumNode>;

/// The lab.
#[derive(Clone, Copy, Debug)]
pub struct LeaderlessQuorum;

impl System for LeaderlessQuorum {
    type Protocol = QuorumNode;

    fn about() -> About {
        About {
            id: "leaderless-quorum",
            title: t!("Leaderless quorum (as in Dynamo)"),
            chapter: t!("Replication"),
            summary: t!(
                "Any server takes reads and writes, and quorums make them meet. Cut it in two: both sides go on, and their versions become siblings."
            ),
            layout: Layout::Ring,
            new_leader: None,
            pace_us: About::PACE_US,
        }
    }
}

/// A node of this lab.
#[allow(
    clippy::large_enum_variant,
    reason = "large with 64-bit pointers only; a node stands alone, so what a smaller one wastes is lost once"
)]
#[derive(Clone, Debug, Serialize)]
pub enum QuorumNode {
    Server(Server),
    Client(Client),
}

/// What a node keeps through a crash.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Disk {
    /// Of a server.
    pub store: Rc<Store>,
    /// Of a client: how many operations it has begun.
    pub operations: u64,
}

/// What nodes wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Timer {
    /// Of a coordinator: the answers to this request.
    Patience(u64),
    /// Of a server: until it is done with this message (WARS).
    Late(u64),
    /// Of a server: the next attempt to return hints.
    Handoff,
    /// Of a server: the next comparison of Merkle trees.
    AntiEntropy,
    /// Of a client: its next operation.
    Workload,
    /// Of a client: the end of its patience.
    GiveUp,
}

/// What a client can be told to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Operation {
    pub key: Key,
    pub wish: Wish,
    /// The coordinator; the client chooses one if none is said.
    pub through: Option<NodeId>,
}

/// What is wanted of a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Wish {
    Get,
    /// Write these items.
    Put(Vec<Key>),
    /// Write all that was read last, and this item.
    Add(Key),
    /// Write all that was read last, siblings merged.
    Merge,
}

impl QuorumNode {
    /// The server, if it is one.
    pub fn server(&self) -> Option<&Server> {
        match self {
            QuorumNode::Server(server) => Some(server),
            QuorumNode::Client(_) => None,
        }
    }

    /// The client, if it is one.
    pub fn client(&self) -> Option<&Client> {
        match self {
            QuorumNode::Client(client) => Some(client),
            QuorumNode::Server(_) => None,
        }
    }
}

impl Protocol for QuorumNode {
    type Config = Config;
    type Message = Message;
    type Timer = Timer;
    type Operation = Operation;
    type Disk = Disk;

    fn boot(disk: &Disk, effects: &mut Effects<'_>) -> QuorumNode {
        if effects.me().0 < effects.config().servers {
            QuorumNode::Server(Server::boot(disk, effects))
        } else {
            QuorumNode::Client(Client::boot(disk, effects))
        }
    }

    fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        match self {
            QuorumNode::Server(server) => server.on_message(from, message, effects),
            QuorumNode::Client(client) => client.on_message(from, message, effects),
        }
    }

    fn on_timer(&mut self, timer: Timer, effects: &mut Effects<'_>) {
        match self {
            QuorumNode::Server(server) => server.on_timer(timer, effects),
            QuorumNode::Client(client) => client.on_timer(timer, effects),
        }
    }

    fn on_operation(&mut self, operation: Operation, effects: &mut Effects<'_>) {
        match self {
            QuorumNode::Client(client) => client.on_operation(operation, effects),
            QuorumNode::Server(_) => {
                let me = effects.me();
                effects.note(|| t!("{node} is a server: only clients give operations", node = me));
            }
        }
    }
}
