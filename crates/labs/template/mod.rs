//! New lab: what it is about, in a sentence.
//!
//! Follows the author, "Title", where and when it was published.

mod monitor;
mod node;
mod rules;
mod scenarios;
mod settings;
mod view;

#[cfg(test)]
mod tests;

use std::rc::Rc;

use serde::Serialize;
use sim::experiment::Experiment;
use sim::frame::{Action, Frame, Layout};
use sim::lab::no_operation;
use sim::{
    About, Check, Lab, Look, MessageLook, NodeId, NodeSetup, Prepared, Rule, Setting, Settings, Setup, Text, Value,
    WorldOf, t,
};

pub use monitor::Monitor;
pub use node::Node;
pub use settings::{Config, Rules};

use crate::links;

pub(crate) type Effects<'a> = sim::Effects<'a, Node>;

/// The node that asks.
const A: NodeId = NodeId(0);
/// The node that answers.
const B: NodeId = NodeId(1);

/// The lab.
#[derive(Clone, Copy, Debug)]
pub struct NewLab;

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

impl Lab for NewLab {
    type Protocol = Node;
    type Monitor = Monitor;

    fn about() -> About {
        About {
            id: "new-lab",
            title: t!("New lab"),
            chapter: t!("Network"),
            summary: t!("What a visitor learns here, in a sentence for the gallery."),
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

    fn scenarios() -> Vec<Prepared<NewLab>> {
        scenarios::scenarios()
    }

    fn experiments() -> Vec<Experiment> {
        Vec::new()
    }

    fn setup(settings: &Settings) -> Setup<Node> {
        let node = |(label, rank): (&str, u8)| NodeSetup { label: label.to_string(), rank, disk: Rc::default() };
        Setup {
            nodes: [("A", 0), ("B", 1)].map(node).to_vec(),
            links: vec![(A, B)],
            delay: links::delay(settings),
            loss_ppm: 0,
            duplication_ppm: 0,
            reordering_ppm: 0,
            corruption_ppm: 0,
        }
    }

    fn configure(settings: &Settings) -> Config {
        Config::new(settings)
    }

    fn actions(_world: WorldOf<'_, NewLab>) -> Vec<Action> {
        vec![Action {
            name: "ping",
            title: t!("Send a ping now"),
            nodes: vec![A],
            parameters: Vec::new(),
            gesture: None,
        }]
    }

    fn operation(action: &str, _values: &[Value]) -> Result<Operation, Text> {
        match action {
            "ping" => Ok(Operation::Ping),
            _ => Err(no_operation(action)),
        }
    }

    fn look(node: NodeId, state: Option<&Node>) -> Look {
        view::look(node, state)
    }

    fn message_look(message: &Message) -> MessageLook {
        view::message_look(message)
    }

    fn timer_name(timer: &Timer) -> Text {
        match timer {
            Timer::Ping => t!("next ping"),
        }
    }

    fn view(world: WorldOf<'_, NewLab>, frame: &mut Frame) {
        view::view(world, frame);
    }
}
