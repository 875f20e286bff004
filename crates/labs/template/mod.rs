//! New lab: what it is about, in a sentence.
//!
//! Follows the author, "Title", where and when it was published.

mod measures;
mod monitor;
mod node;
mod operations;
mod rules;
mod scenarios;
mod settings;
mod view;

#[cfg(test)]
mod tests;

use serde::Serialize;
use sim::frame::Layout;
use sim::{About, Experiments, NodeId, Presets, System, t};

pub use monitor::Monitor;
pub use node::Node;
pub use settings::{Config, Rules};

pub(crate) type Effects<'a> = sim::Effects<'a, Node>;

/// The node that asks.
const A: NodeId = NodeId(0);
/// The node that answers.
const B: NodeId = NodeId(1);

/// The lab.
#[derive(Clone, Copy, Debug)]
pub struct NewLab;

impl System for NewLab {
    type Protocol = Node;

    fn about() -> About {
        About {
            id: "new-lab",
            title: t!("New lab"),
            chapter: t!("Network"),
            summary: t!("What a visitor learns here, in a sentence for the gallery."),
            layout: Layout::Columns,
            new_leader: None,
            pace_us: About::PACE_US,
        }
    }
}

/// The literature has no numbers to measure.
impl Experiments for NewLab {}

/// No real system has its settings yet.
impl Presets for NewLab {}

/// What the nodes send each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Message {
    /// Are you there?
    Ping(u64),
    /// I am: the answer to the ping of this number.
    Pong(u64),
}

/// What nodes wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Timer {
    /// The next ping.
    Ping,
}

/// What nodes can be told to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Send a ping now.
    Ping,
}
