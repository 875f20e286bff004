//! What a person can tell nodes to do.

use sim::frame::{Action, Gesture};
use sim::{NodeId, Operations, Text, Value, WorldOf, no_operation, t};

use super::{Operation, ProofOfWork};

impl Operations for ProofOfWork {
    fn actions(world: WorldOf<'_, ProofOfWork>) -> Vec<Action> {
        let config = world.config();
        let miners: Vec<NodeId> = (0..config.miners).map(NodeId).collect();
        let idle = |is_idle: bool| -> Vec<NodeId> {
            let disk =
                |node: NodeId| world.nodes().state(node).map_or_else(|| world.nodes().disk(node), |peer| &peer.disk);
            miners.iter().copied().filter(|node| disk(*node).is_idle == is_idle).collect()
        };
        let has_old = world.settings().integer("old") > 0;
        let action = |name, title, nodes| Action {
            name,
            title,
            nodes,
            parameters: Vec::new(),
            gesture: Some(Gesture { second: None, pause_us: 0 }),
        };
        let all = [
            action("mine", t!("Find a block now"), idle(false)),
            action("pay", t!("Pay W2"), vec![config.buyer()]),
            action("pay-twice", t!("Pay one coin twice"), vec![config.buyer()]),
            action("leave", t!("Stop mining"), idle(false)),
            action("join", t!("Mine again"), idle(true)),
            action("publish", t!("Send what is hidden"), config.attacker_node().into_iter().collect()),
            action("go-back", t!("Go back to the old program"), if has_old { miners.clone() } else { Vec::new() }),
        ];
        all.into_iter().filter(|action| !action.nodes.is_empty()).collect()
    }

    fn operation(action: &str, values: &[Value]) -> Result<Operation, Text> {
        match (action, values) {
            ("mine", []) => Ok(Operation::Mine),
            ("pay", []) => Ok(Operation::Pay),
            ("pay-twice", []) => Ok(Operation::PayTwice),
            ("leave", []) => Ok(Operation::Leave),
            ("join", []) => Ok(Operation::Join),
            ("publish", []) => Ok(Operation::Publish),
            ("go-back", []) => Ok(Operation::GoBack),
            _ => Err(no_operation(action)),
        }
    }
}
