//! Clock drift and NTP: clocks that run apart, how to ask for the time, and what wrong timestamps do to a register.
//!
//! Follows F. Cristian, "Probabilistic clock synchronization", Distributed Computing 3, 1989; D. Mills et al., RFC 5905,
//! "Network Time Protocol Version 4", 2010; and S. Kulkarni, M. Demirbas, D. Madappa, B. Avva and M. Leone, "Logical
//! physical clocks", OPODIS 2014.

mod clock;
mod exchange;
mod experiments;
mod hybrid;
mod measures;
mod monitor;
mod operations;
mod replica;
mod rules;
mod scenarios;
mod server;
mod settings;
mod view;

#[cfg(test)]
mod tests;

use serde::Serialize;
use sim::frame::Layout;
use sim::{About, NodeId, Presets, Protocol, System, t};

pub use clock::{Sample, SoftClock};
pub use exchange::Exchange;
pub use hybrid::Hybrid;
pub use monitor::Monitor;
pub use replica::{Disk, Reading, Replica, Stamp, Write};
pub use server::TimeServer;
pub use settings::{Config, Method, Rules, Timestamps};

pub(crate) type Effects<'a> = sim::Effects<'a, DriftNode>;

/// The node that has the true time.
const SERVER: NodeId = NodeId(0);

/// The lab.
#[derive(Clone, Copy, Debug)]
pub struct ClockDrift;

/// The literature says how clocks are, and no system how it is set.
impl Presets for ClockDrift {}

impl System for ClockDrift {
    type Protocol = DriftNode;

    fn about() -> About {
        About {
            id: "clock-drift",
            title: t!("Clock drift and NTP"),
            chapter: t!("Time"),
            summary: t!(
                "No two clocks agree. Ask for the time, see how wrong the answer can be, and watch a wrong timestamp lose an acknowledged write."
            ),
            layout: Layout::Ring,
            new_leader: None,
            pace_us: About::PACE_US,
        }
    }
}

/// A node of this lab: the first one has the true time, the others keep a register and ask for the time.
#[derive(Clone, Debug, Serialize)]
pub enum DriftNode {
    Server(TimeServer),
    Replica(Box<Replica>),
}

/// What nodes send each other.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Message {
    /// What time is it? Sent at T1 by the asking node's clock.
    Request { t1_us: i64 },
    /// It came at T2 and is answered at T3 by the server's clock. T1 comes back, so that the asking node knows its own question.
    Reply { t1_us: i64, t2_us: i64, t3_us: i64 },
    /// A write, for the other replicas.
    Write(Write),
}

/// What nodes wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Timer {
    /// Of a replica: ask for the time again.
    Poll,
    /// Of a replica: its client writes.
    Write,
    /// Of the server: the answer to this node is ready.
    Answer(NodeId),
}

/// What nodes can be told to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Write this value to the register.
    Write(String),
    /// Read the register.
    Read,
    /// Ask for the time now.
    Ask,
}

impl DriftNode {
    /// The replica, if it is one.
    pub fn replica(&self) -> Option<&Replica> {
        match self {
            DriftNode::Replica(replica) => Some(replica),
            DriftNode::Server(_) => None,
        }
    }
}

impl Protocol for DriftNode {
    type Config = Config;
    type Message = Message;
    type Timer = Timer;
    type Operation = Operation;
    type Disk = Disk;

    fn boot(disk: &Disk, effects: &mut Effects<'_>) -> DriftNode {
        if effects.me() == SERVER {
            DriftNode::Server(TimeServer::default())
        } else {
            DriftNode::Replica(Box::new(Replica::boot(disk, effects)))
        }
    }

    fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        match (self, message) {
            (DriftNode::Server(server), Message::Request { t1_us }) => server.on_request(from, t1_us, effects),
            (DriftNode::Replica(replica), Message::Reply { t1_us, t2_us, t3_us }) => {
                replica.on_reply(t1_us, (t2_us, t3_us), effects);
            }
            (DriftNode::Replica(replica), Message::Write(write)) => replica.on_write(from, write, effects),
            _ => {}
        }
    }

    fn on_timer(&mut self, timer: Timer, effects: &mut Effects<'_>) {
        match (self, timer) {
            (DriftNode::Server(server), Timer::Answer(node)) => server.answer(node, effects),
            (DriftNode::Replica(replica), Timer::Poll) => replica.poll(effects),
            (DriftNode::Replica(replica), Timer::Write) => replica.write_by_itself(effects),
            _ => {}
        }
    }

    fn on_operation(&mut self, operation: Operation, effects: &mut Effects<'_>) {
        let DriftNode::Replica(replica) = self else { return };
        match operation {
            Operation::Write(value) => replica.write(value, effects),
            Operation::Read => replica.read(effects),
            Operation::Ask => replica.poll(effects),
        }
    }
}
