//! Elections by messages: the bully and the ring.
//!
//! Follows H. Garcia-Molina, "Elections in a Distributed Computing System", IEEE Transactions on Computers C-31(1), 1982; its short form
//! in textbooks (M. van Steen and A. S. Tanenbaum, "Distributed Systems", on election algorithms); and for the ring E. Chang and R. Roberts,
//! "An Improved Algorithm for Decentralized Extrema-Finding in Circular Configurations of Processes", Communications of the ACM 22(5), 1979.

mod bully;
mod checks;
mod counts;
mod disk;
mod experiments;
mod measures;
mod member;
mod messages;
mod monitor;
mod operations;
mod presets;
mod reigns;
mod ring;
mod rules;
mod scenarios;
mod settings;
mod store;
mod textbook;
mod view;
mod watch;

#[cfg(test)]
mod tests;

use serde::Serialize;
use sim::frame::Layout;
use sim::{About, NodeId, Protocol, System, t};

pub use counts::{Counts, Kind};
pub use disk::Disk;
pub use member::{Member, Stage, Standing};
pub use messages::{Call, Message, Token};
pub use monitor::Monitor;
pub use settings::{Algorithm, Config, Guard, Order, Rules};
pub use store::{Page, Write};

pub(crate) type Effects<'a> = sim::Effects<'a, Node>;

/// The lab.
#[derive(Clone, Copy, Debug)]
pub struct Elections;

impl System for Elections {
    type Protocol = Node;

    fn about() -> About {
        About {
            id: "elections",
            title: t!("Bully and ring elections"),
            chapter: t!("Agreement"),
            summary: t!(
                "The server in charge is gone, and the others agree on a new one. One answer that comes late, and two give orders."
            ),
            layout: Layout::Ring,
            new_leader: Some(t!("a coordinator takes over")),
            pace_us: About::PACE_US,
        }
    }
}

/// A node: one of those that elect, or the disk that coordinators write to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Node {
    Member(Box<Member>),
    Store(Page),
}

impl Node {
    /// One of those that elect.
    pub fn member(&self) -> Option<&Member> {
        match self {
            Node::Member(member) => Some(member),
            Node::Store(_) => None,
        }
    }
}

/// What nodes wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Timer {
    /// Answers to what an election asks.
    Answers,
    /// Somebody who halts it, or names a coordinator.
    Winner,
    /// It is time to ask the coordinator, or for the coordinator to ask the others.
    Beat,
    /// The answer of the coordinator.
    Coordinator,
    /// The answers of the others to the coordinator.
    Members,
    /// The next write of the coordinator.
    Work,
    /// The neighbour's receipt for a message of this number, on the ring.
    Hop(u64),
}

/// What nodes can be told to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Start an election.
    Start,
    /// Coordinate no more.
    StepDown,
}

impl Protocol for Node {
    type Config = Config;
    type Message = Message;
    type Timer = Timer;
    type Operation = Operation;
    type Disk = Disk;

    fn boot(disk: &Disk, effects: &mut Effects<'_>) -> Node {
        if effects.me() == effects.config().store() {
            return Node::Store(disk.page.clone());
        }
        Node::Member(Box::new(Member::boot(disk, effects)))
    }

    fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        match self {
            Node::Member(member) => member.on_message(from, message, effects),
            Node::Store(page) => {
                if let Message::Write(write) = message {
                    page.on_write(from, write, effects);
                }
            }
        }
    }

    fn on_timer(&mut self, timer: Timer, effects: &mut Effects<'_>) {
        if let Node::Member(member) = self {
            member.on_timer(timer, effects);
        }
    }

    fn on_operation(&mut self, operation: Operation, effects: &mut Effects<'_>) {
        if let Node::Member(member) = self {
            match operation {
                Operation::Start => member.start_by_hand(effects),
                Operation::StepDown => member.step_down(effects),
            }
        }
    }
}
