//! Logical clocks: Lamport's, which are numbers, and vectors. Two labs with one protocol.
//!
//! Follows L. Lamport, "Time, Clocks, and the Ordering of Events in a Distributed System", 1978 (here "Lamport 1978"),
//! F. Mattern, "Virtual Time and Global States of Distributed Systems", 1989, and C. Fidge, "Timestamps in
//! Message-Passing Systems That Preserve the Partial Ordering", 1988.

mod history;
mod lamport;
mod monitor;
mod process;
mod rules;
mod scenarios;
mod settings;
mod stamp;
mod vector;
mod view;

#[cfg(test)]
mod tests;

use std::rc::Rc;

use sim::frame::{Action, Gesture};
use sim::lab::no_operation;
use sim::{Lab, NodeId, NodeSetup, Setting, Settings, Setup, Text, Value, WorldOf, t};

pub use history::{History, Known, Name, New};
pub use lamport::LamportClocks;
pub use monitor::{LamportMonitor, VectorMonitor};
pub use process::{Event, Message, Operation, Process, Timer, What};
pub use settings::{Config, Rules};
pub use stamp::{Counts, Kind, MOST_NODES, Stamp};
pub use vector::VectorClocks;

use process::LETTERS;

pub(crate) type Effects<'a> = sim::Effects<'a, Process>;

/// The nodes and links of both labs.
fn setup(settings: &Settings) -> Setup<Process> {
    let nodes = settings::nodes(settings);
    let node =
        |number: u16| NodeSetup { label: LETTERS[usize::from(number)].to_string(), rank: 0, disk: Rc::default() };
    let pairs = (0..nodes).flat_map(|a| (a + 1..nodes).map(move |b| (NodeId(a), NodeId(b))));
    Setup {
        nodes: (0..nodes).map(node).collect(),
        links: pairs.collect(),
        delay: settings::delay(settings),
        loss_ppm: 0,
        duplication_ppm: 0,
        reordering_ppm: 0,
        corruption_ppm: 0,
    }
}

/// What the nodes can be told to do: each of them its own list, because a node does not send to itself and names its events
/// by its own letter and count.
fn actions<L: Lab<Protocol = Process>>(world: WorldOf<'_, L>) -> Vec<Action> {
    let nodes = world.nodes();
    let gesture = |second| Some(Gesture { second, pause_us: PAUSE_US });
    let of_node = |me: NodeId| {
        let count = nodes.state(me).map_or(0, |process| process.count);
        let name = |name, title| Setting::text(name, title, LONGEST_NAME, &process::event_name(me, count + 1));
        let others = nodes.ids().filter(|other| *other != me).map(|other| LETTERS[other.index()]);
        let others = others.map(|letter| (letter, Text::new(letter))).collect();
        let action = |name, title, parameters, gesture| Action { name, title, nodes: vec![me], parameters, gesture };
        [
            action("local", t!("Local event"), vec![name("name", t!("name"))], gesture(None)),
            action(
                "send",
                t!("Send a message"),
                vec![Setting::choice("to", t!("to node"), others), name("label", t!("message"))],
                gesture(Some("to")),
            ),
        ]
    };
    nodes.ids().flat_map(of_node).collect()
}

/// How much time passes between two events that are made by hand, in microseconds.
const PAUSE_US: u64 = 40_000;

/// How many characters the name of an event or a message has at most.
const LONGEST_NAME: usize = 12;

/// Reads an operation.
fn operation(action: &str, values: &[Value]) -> Result<Operation, Text> {
    match (action, values) {
        ("local", [Value::Word(name)]) => Ok(Operation::Local { name: named(name)? }),
        ("send", [Value::Word(to), Value::Word(label)]) => {
            let place = LETTERS.iter().position(|letter| letter == to);
            let to = place.ok_or_else(|| t!("there is no node {name}", name = to.clone()))?;
            Ok(Operation::Send { to: NodeId::at(to), label: named(label)? })
        }
        _ => Err(no_operation(action)),
    }
}

fn named(name: &str) -> Result<String, Text> {
    match name.trim() {
        "" => Err(t!("a name has at least one character")),
        name => Ok(name.to_string()),
    }
}

fn timer_name(timer: Timer) -> Text {
    match timer {
        Timer::Workload => t!("next event"),
    }
}
