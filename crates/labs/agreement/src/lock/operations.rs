//! What a person can tell nodes to do.

use sim::frame::{Action, Gesture};
use sim::{NodeId, Operations, Text, Value, WorldOf, no_operation, t};

use super::settings::Scheme;
use super::{Customer, Lock, Node, Operation};

/// How much time passes between two things that are done by hand, in microseconds.
const PAUSE_US: u64 = 3_000;

impl Operations for Lock {
    fn actions(world: WorldOf<'_, Lock>) -> Vec<Action> {
        let config = world.config();
        let those = |is_meant: fn(&Customer) -> bool| -> Vec<NodeId> {
            let customer = |node: &NodeId| world.nodes().state(*node).and_then(Node::customer);
            config.customers().filter(|node| customer(node).is_some_and(is_meant)).collect()
        };
        let action = |name, title, nodes| Action {
            name,
            title,
            nodes,
            parameters: Vec::new(),
            gesture: Some(Gesture { second: None, pause_us: PAUSE_US }),
        };
        let buy = action("buy", t!("Buy"), config.customers().collect());
        let restock = action("restock", t!("Bring one more piece"), vec![config.stock()]);
        if config.scheme == Scheme::None {
            return vec![buy, restock];
        }
        vec![
            buy,
            action("acquire", t!("Get the lock alone"), config.customers().collect()),
            action("release", t!("Release the lock"), those(|customer| customer.hold.is_some())),
            action("steal", t!("Release somebody else’s lock"), those(|customer| customer.hold.is_none())),
            restock,
        ]
    }

    fn operation(action: &str, _values: &[Value]) -> Result<Operation, Text> {
        match action {
            "buy" => Ok(Operation::Buy),
            "acquire" => Ok(Operation::Acquire),
            "release" => Ok(Operation::Release),
            "steal" => Ok(Operation::Steal),
            "restock" => Ok(Operation::Restock),
            _ => Err(no_operation(action)),
        }
    }
}
