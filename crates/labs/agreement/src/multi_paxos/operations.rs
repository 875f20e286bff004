//! What a person can tell nodes to do.

use sim::frame::Action;
use sim::{NodeId, Operations, Text, Value, WorldOf, t};

use super::{MultiPaxos, Operation};
use crate::client;

impl Operations for MultiPaxos {
    /// Clients can be told to ask for something, servers to stand.
    fn actions(world: WorldOf<'_, MultiPaxos>) -> Vec<Action> {
        let servers: Vec<NodeId> = world.config().all_servers().collect();
        let clients: Vec<NodeId> = world.nodes().ids().filter(|node| !servers.contains(node)).collect();
        let stand = Action {
            name: "stand",
            title: t!("Stand for leader"),
            nodes: servers,
            parameters: Vec::new(),
            gesture: None,
        };
        client::actions(&clients).into_iter().chain([stand]).collect()
    }

    fn operation(action: &str, values: &[Value]) -> Result<Operation, Text> {
        match action {
            "stand" => Ok(Operation::Stand),
            _ => client::command(action, values).map(Operation::Ask),
        }
    }
}
