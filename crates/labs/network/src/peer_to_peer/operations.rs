//! What a person can tell nodes to do.

use sim::frame::Action;
use sim::{NodeId, Operations, Text, Value, WorldOf, no_operation, t};

use super::{Operation, PeerToPeer, S, T};

impl Operations for PeerToPeer {
    fn actions(world: WorldOf<'_, PeerToPeer>) -> Vec<Action> {
        let action = |name, title, nodes| Action { name, title, nodes, parameters: Vec::new(), gesture: None };
        let peers: Vec<NodeId> = world.config().wanting().collect();
        let with = |more: &[NodeId]| more.iter().copied().chain(peers.iter().copied()).collect();
        vec![
            action("stop", t!("Leave"), with(&[S])),
            action("plug", t!("Pull the plug"), with(&[T, S])),
            action("ride", t!("Become a free rider"), peers.clone()),
            action("rubbish", t!("Send rubbish"), peers.clone()),
        ]
    }

    fn operation(action: &str, values: &[Value]) -> Result<Operation, Text> {
        match (action, values) {
            ("stop", []) => Ok(Operation::Stop),
            ("plug", []) => Ok(Operation::Plug),
            ("ride", []) => Ok(Operation::Ride),
            ("rubbish", []) => Ok(Operation::Rubbish),
            _ => Err(no_operation(action)),
        }
    }
}
