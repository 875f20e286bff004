//! What a person can tell nodes to do.

use sim::frame::Action;
use sim::no_operation;
use sim::{NodeId, Operations, Setting, Text, Value, WorldOf, t};

use super::{ClockDrift, Operation, SERVER};

/// How many characters a value may have.
const LONGEST_VALUE: usize = 12;

impl Operations for ClockDrift {
    fn actions(world: WorldOf<'_, ClockDrift>) -> Vec<Action> {
        let nodes: Vec<NodeId> = world.nodes().ids().filter(|node| *node != SERVER).collect();
        let action = |name, title, parameters| Action { name, title, nodes: nodes.clone(), parameters, gesture: None };
        vec![
            action("write", t!("Write"), vec![Setting::text("value", t!("value"), LONGEST_VALUE, "blue")]),
            action("read", t!("Read"), Vec::new()),
            action("ask", t!("Ask for the time now"), Vec::new()),
        ]
    }

    fn operation(action: &str, values: &[Value]) -> Result<Operation, Text> {
        match (action, values) {
            ("write", [value]) => Ok(Operation::Write(value.to_string())),
            ("read", _) => Ok(Operation::Read),
            ("ask", _) => Ok(Operation::Ask),
            _ => Err(no_operation(action)),
        }
    }
}
