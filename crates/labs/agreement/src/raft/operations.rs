//! What a person can tell nodes to do.

use sim::frame::Action;
use sim::{NodeId, Operations, Text, Value, WorldOf};

use super::{Operation, Raft};
use crate::client;

impl Operations for Raft {
    fn actions(world: WorldOf<'_, Raft>) -> Vec<Action> {
        let clients: Vec<NodeId> = world.nodes().ids().filter(|node| node.0 >= world.config().servers).collect();
        client::actions(&clients)
    }

    fn operation(action: &str, values: &[Value]) -> Result<Operation, Text> {
        client::command(action, values).map(Operation::Command)
    }
}
