//! What a person can tell nodes to do.

use sim::frame::Action;
use sim::{NodeId, Operations, Text, Value, WorldOf, t};

use super::{Operation, Pbft};
use crate::client;

impl Operations for Pbft {
    /// Clients give commands, backups can suspect the primary; who lies, the menu of each node says.
    fn actions(world: WorldOf<'_, Pbft>) -> Vec<Action> {
        let config = world.config();
        let clients: Vec<NodeId> = world.nodes().ids().filter(|node| !config.is_replica(*node)).collect();
        let mut actions = client::actions(&clients);
        actions.push(Action {
            name: "suspect",
            title: t!("Suspect the primary"),
            nodes: config.all_replicas().collect(),
            parameters: Vec::new(),
            gesture: None,
        });
        actions
    }

    fn operation(action: &str, values: &[Value]) -> Result<Operation, Text> {
        match action {
            "suspect" => Ok(Operation::Suspect),
            _ => client::command(action, values).map(Operation::Do),
        }
    }
}
