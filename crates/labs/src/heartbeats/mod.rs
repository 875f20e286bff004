//! Heartbeats: who is silent for too long is suspected. Dead or just slow?
//!
//! Follows W. Chen, S. Toueg and M. K. Aguilera, "On the quality of service of failure detectors", IEEE Transactions on
//! Computers 51(5), 2002, for the fixed timeout, and N. Hayashibara, X. Défago, R. Yared and T. Katayama, "The phi
//! accrual failure detector", SRDS 2004.

mod experiments;
mod monitor;
mod phi;
mod rules;
mod scenarios;
mod settings;
mod view;
mod watched;
mod watcher;

#[cfg(test)]
mod tests;

use std::rc::Rc;

use serde::Serialize;
use sim::experiment::Experiment;
use sim::frame::{Action, Frame, Layout};
use sim::lab::no_operation;
use sim::{
    About, Check, Lab, Look, MessageLook, NodeId, NodeSetup, Prepared, Protocol, Rule, Setting, Settings, Setup, Text,
    Value, WorldOf, t,
};

use crate::links;

pub use monitor::Monitor;
pub use phi::{Estimate, phi_of_deviations};
pub use settings::{Config, Detector, Rules};
pub use watched::Watched;
pub use watcher::{Opinion, Silence, Watcher};

pub(crate) type Effects<'a> = sim::Effects<'a, HeartbeatNode>;

/// The lab.
#[derive(Clone, Copy, Debug)]
pub struct Heartbeats;

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

impl Lab for Heartbeats {
    type Protocol = HeartbeatNode;
    type Monitor = Monitor;

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
        }
    }

    fn settings() -> Vec<Setting> {
        settings::settings()
    }

    fn rules() -> Vec<Rule> {
        rules::rules()
    }

    fn checks() -> Vec<Check> {
        monitor::checks()
    }

    fn scenarios() -> Vec<Prepared<Heartbeats>> {
        scenarios::scenarios()
    }

    fn experiments() -> Vec<Experiment> {
        experiments::experiments()
    }

    fn setup(settings: &Settings) -> Setup<HeartbeatNode> {
        let watchers = Config::new(settings).watchers;
        let node = |number: u16| NodeSetup {
            label: char::from(b'A' + number as u8).to_string(),
            rank: u8::from(number > 0),
            disk: Rc::default(),
        };
        Setup {
            nodes: (0..=watchers).map(node).collect(),
            links: (1..=watchers).map(|watcher| (NodeId(0), NodeId(watcher))).collect(),
            delay: links::delay(settings),
            loss_ppm: settings.integer("loss_percent").clamp(0, 100) as u32 * 10_000,
            duplication_ppm: 0,
            reordering_ppm: 0,
            corruption_ppm: 0,
        }
    }

    fn configure(settings: &Settings) -> Config {
        Config::new(settings)
    }

    fn actions(_world: WorldOf<'_, Heartbeats>) -> Vec<Action> {
        vec![Action {
            name: "beat",
            title: t!("Send a heartbeat now"),
            nodes: vec![NodeId(0)],
            parameters: Vec::new(),
            gesture: None,
        }]
    }

    fn operation(action: &str, _values: &[Value]) -> Result<Operation, Text> {
        match action {
            "beat" => Ok(Operation::Beat),
            _ => Err(no_operation(action)),
        }
    }

    fn look(_node: NodeId, state: Option<&HeartbeatNode>) -> Look {
        view::look(state)
    }

    fn message_look(beat: &Beat) -> MessageLook {
        view::message_look(beat)
    }

    fn timer_name(timer: &Timer) -> Text {
        match timer {
            Timer::Beat => t!("next heartbeat"),
            Timer::Doubt => t!("half of the wait"),
            Timer::Suspect => t!("suspicion"),
        }
    }

    fn view(world: WorldOf<'_, Heartbeats>, frame: &mut Frame) {
        view::view(world, frame);
    }
}
