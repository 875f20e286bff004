//! What a person can tell nodes to do.

use sim::frame::Action;
use sim::no_operation;
use sim::{Operations, Text, Value, WorldOf, t};

use super::NewLab;
use super::{A, Operation};

impl Operations for NewLab {
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
}
