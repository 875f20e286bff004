//! PBFT: replicas that agree on the order of requests, although some of them lie and messages may be late.
//!
//! Follows M. Castro and B. Liskov, "Practical Byzantine Fault Tolerance", OSDI 1999 (here "the paper"), section 4.

mod agreement;
mod certificate;
mod checkpoint;
mod checks;
mod client;
mod experiments;
mod lies;
mod measures;
mod message;
mod monitor;
mod operations;
mod panel;
mod presets;
mod repeat;
mod replica;
mod request;
mod rules;
mod scenarios;
mod settings;
mod slot;
mod transfer;
mod view;
mod view_change;

#[cfg(test)]
mod tests;

use parts::store::Command;
use serde::Serialize;
use sim::frame::Layout;
use sim::rng::Rng;
use sim::{About, Lie, Manner, NodeId, Protocol, System, t};

pub use certificate::{Certificate, Signers};
pub use client::Client;
pub use message::{Ask, Message, NewView, Stable, Transfer, ViewChange, Vote};
pub use monitor::Monitor;
pub use replica::Replica;
pub use request::Digest;
pub use settings::{Config, Rules};
pub use slot::Slot;

pub(crate) type Effects<'a> = sim::Effects<'a, Node>;

/// The lab.
#[derive(Clone, Copy, Debug)]
pub struct Pbft;

impl System for Pbft {
    type Protocol = Node;

    fn about() -> About {
        About {
            id: "pbft",
            title: t!("PBFT"),
            chapter: t!("Agreement"),
            summary: t!(
                "Four replicas carry out the same requests in the same order, although one of them lies, be it the one that hands out the numbers."
            ),
            layout: Layout::Ring,
            new_leader: Some(t!("a new view begins")),
            pace_us: About::PACE_US,
        }
    }
}

/// A node of this lab.
#[derive(Clone, Debug, Serialize)]
pub enum Node {
    Replica(Replica),
    Client(Client),
}

/// What a node keeps through a crash: a replica everything, so that a crash is a long silence; a client nothing.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Disk(pub Option<Replica>);

/// What nodes wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Timer {
    /// Of a replica: a request is not executed in time, or the new view does not come.
    View,
    /// Of a replica or a client: nothing has come of what it sent.
    Repeat,
    /// Of a client: the next command.
    Workload,
}

/// What nodes can be told to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// A client gives a command.
    Do(Command),
    /// A replica takes the primary for faulty.
    Suspect,
}

impl Node {
    /// The replica, if it is one.
    pub fn replica(&self) -> Option<&Replica> {
        if let Node::Replica(replica) = self { Some(replica) } else { None }
    }

    /// The client, if it is one.
    pub fn client(&self) -> Option<&Client> {
        if let Node::Client(client) = self { Some(client) } else { None }
    }
}

impl Protocol for Node {
    type Config = Config;
    type Message = Message;
    type Timer = Timer;
    type Operation = Operation;
    type Disk = Disk;

    const MANNERS: &'static [Manner] = &Manner::ALL;

    fn boot(disk: &Disk, effects: &mut Effects<'_>) -> Node {
        if effects.config().is_replica(effects.me()) {
            Node::Replica(Replica::boot(disk, effects))
        } else {
            Node::Client(Client::boot(effects))
        }
    }

    fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        match self {
            Node::Replica(replica) => replica.on_message(from, message, effects),
            Node::Client(client) => client.on_message(from, message, effects),
        }
    }

    fn on_timer(&mut self, timer: Timer, effects: &mut Effects<'_>) {
        match self {
            Node::Replica(replica) => replica.on_timer(timer, effects),
            Node::Client(client) => client.on_timer(timer, effects),
        }
    }

    fn on_operation(&mut self, operation: Operation, effects: &mut Effects<'_>) {
        let me = effects.me();
        match (self, operation) {
            (Node::Replica(replica), Operation::Suspect) => replica.suspect(effects),
            (Node::Client(client), Operation::Do(command)) => client.take(command, effects),
            (Node::Replica(_), Operation::Do(_)) => {
                effects.note(|| t!("{node} is a replica: only clients give commands", node = me));
            }
            (Node::Client(_), Operation::Suspect) => {
                effects.note(|| t!("{node} is a client: it suspects nobody", node = me));
            }
        }
    }

    fn lie(message: &Message, me: NodeId, to: NodeId, manner: Manner, rng: &mut Rng) -> Lie<Message> {
        lies::lie(message, me, to, manner, rng)
    }
}
