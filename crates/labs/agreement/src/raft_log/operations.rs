//! What a person can tell nodes to do: clients what Raft's can, and servers to take a snapshot.

use sim::frame::Action;
use sim::{NodeId, Operations, Text, Value, WorldOf, t};

use super::RaftLog;
use crate::raft::{Operation, Raft};

impl Operations for RaftLog {
    fn actions(world: WorldOf<'_, Self>) -> Vec<Action> {
        let mut actions = Raft::actions(world.of());
        actions.push(Action {
            name: "snapshot",
            title: t!("Take a snapshot"),
            nodes: (0..world.config().servers).map(NodeId).collect(),
            parameters: Vec::new(),
            gesture: None,
        });
        actions
    }

    fn operation(action: &str, values: &[Value]) -> Result<Operation, Text> {
        match action {
            "snapshot" => Ok(Operation::Snapshot),
            _ => Raft::operation(action, values),
        }
    }
}
