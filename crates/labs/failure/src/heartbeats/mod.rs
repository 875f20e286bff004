//! Heartbeats: who is silent for too long is suspected. Dead or just slow?
//!
//! Follows W. Chen, S. Toueg and M. K. Aguilera, "On the quality of service of failure detectors", IEEE Transactions on
//! Computers 51(5), 2002, for the fixed timeout, and N. Hayashibara, X. Défago, R. Yared and T. Katayama, "The phi
//! accrual failure detector", SRDS 2004.

mod experiments;
mod measures;
mod monitor;
mod operations;
mod phi;
mod presets;
mod rules;
mod scenarios;
mod settings;
mod view;
mod watched;
mod watcher;

#[cfg(test)]
mod tests;

use serde::Serialize;
use sim::frame::Layout;
use sim::{About, NodeId, Protocol, System, t};

pub use monitor::Monitor;
pub use phi::{Estimate, phi_of_deviations};
pub use settings::{Config, Detector, Rules};
pub use watched::Watched;
pub use watcher::{Opinion, Silence, Watcher};

pub(crate) type Effects<'a> = sim::Effects<'a, HeartbeatNode>;

/// The lab.
#[derive(Clone, Copy, Debug)]
pub struct Heartbeats;

impl System for Heartbeats {
    type Protocol = HeartbeatNode;

    fn about() -> About {
        About {
            id: "heartbeats",
            title: t!("Heartbeats and phi accrual"),
            chapter: t!("Failure"),
            summary: t!(
                "A node that is silent is dead, or just slow: nobody can tell. Choose how long to wait, and see what each choice costs."
            ),
            layout: Layout::Columns,
            new_leader: None,
            pace_us: About::PACE_US,
        }
    }
}

/// A node of this lab: the first one is watched, the others watch it.
#[derive(Clone, Debug, Serialize)]
pub enum HeartbeatNode {
    Watched(Watched),
    Watcher(Watcher),
}

/// A heartbeat, the only message. A later life is newer than all numbers of an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Beat {
    /// How many times the sender has started.
    pub life: u64,
    /// Counted from 1 in each life.
    pub number: u64,
}

/// What the watched node keeps through a crash. Watchers keep nothing.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Disk {
    /// How many times it has started.
    pub lives: u64,
}

/// What nodes wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Timer {
    /// Of the watched node: the next heartbeat.
    Beat,
    /// Of a watcher: half of what it bears.
    Doubt,
    /// Of a watcher: all that it bears.
    Suspect,
}

/// What nodes can be told to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Send a heartbeat now.
    Beat,
}

impl HeartbeatNode {
    /// The watcher, if it is one.
    pub fn watcher(&self) -> Option<&Watcher> {
        match self {
            HeartbeatNode::Watcher(watcher) => Some(watcher),
            HeartbeatNode::Watched(_) => None,
        }
    }
}

impl Protocol for HeartbeatNode {
    type Config = Config;
    type Message = Beat;
    type Timer = Timer;
    type Operation = Operation;
    type Disk = Disk;

    fn boot(disk: &Disk, effects: &mut Effects<'_>) -> HeartbeatNode {
        if effects.me() == NodeId(0) {
            HeartbeatNode::Watched(Watched::boot(disk, effects))
        } else {
            HeartbeatNode::Watcher(Watcher::boot(effects))
        }
    }

    fn on_message(&mut self, _from: NodeId, beat: Beat, effects: &mut Effects<'_>) {
        if let HeartbeatNode::Watcher(watcher) = self {
            watcher.on_beat(beat, effects);
        }
    }

    fn on_timer(&mut self, timer: Timer, effects: &mut Effects<'_>) {
        match (self, timer) {
            (HeartbeatNode::Watched(watched), _) => watched.beat(effects),
            (HeartbeatNode::Watcher(watcher), Timer::Suspect) => watcher.suspect(effects),
            (HeartbeatNode::Watcher(watcher), _) => watcher.doubt(effects),
        }
    }

    fn on_operation(&mut self, operation: Operation, effects: &mut Effects<'_>) {
        if let (HeartbeatNode::Watched(watched), Operation::Beat) = (self, operation) {
            watched.beat(effects);
        }
    }
}
