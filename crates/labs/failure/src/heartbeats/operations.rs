//! What a person can tell nodes to do.

use sim::frame::Action;
use sim::no_operation;
use sim::{NodeId, Operations, Text, Value, WorldOf, t};

use super::{Heartbeats, Operation};

impl Operations for Heartbeats {
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
}
