//! What a person can tell nodes to do.

use sim::frame::{Action, Gesture};
use sim::no_operation;
use sim::{NodeId, Operations, Setting, Text, Value, WorldOf, t};

use super::process;
use super::settings::LETTERS;
use super::{Clocks, Operation, Timekeeping};

/// How much time passes between two events that are made by hand, in microseconds.
const PAUSE_US: u64 = 40_000;

/// How many characters the name of an event or a message has at most.
const LONGEST_NAME: usize = 12;

impl<K: Timekeeping> Operations for Clocks<K> {
    /// What the nodes can be told to do: each of them its own list, because a node does not send to itself and names its events
    /// by its own letter and count.
    fn actions(world: WorldOf<'_, Clocks<K>>) -> Vec<Action> {
        let nodes = world.nodes();
        let gesture = |second| Some(Gesture { second, pause_us: PAUSE_US });
        let of_node = |me: NodeId| {
            let count = nodes.state(me).map_or(0, |process| process.count);
            let name = |name, title| Setting::text(name, title, LONGEST_NAME, &process::event_name(me, count + 1));
            let others = nodes.ids().filter(|other| *other != me).map(|other| LETTERS[other.index()]);
            let others = others.map(|letter| (letter, Text::new(letter))).collect();
            let action =
                |name, title, parameters, gesture| Action { name, title, nodes: vec![me], parameters, gesture };
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
}

fn named(name: &str) -> Result<String, Text> {
    match name.trim() {
        "" => Err(t!("a name has at least one character")),
        name => Ok(name.to_string()),
    }
}
