//! What a person can tell nodes to do.

use parts::shop::Wish;
use sim::frame::Action;
use sim::{NodeId, Operations, Setting, Text, Value, WorldOf, no_operation, t};

use super::{Node, Operation, TwoPhaseCommit};

impl Operations for TwoPhaseCommit {
    fn actions(world: WorldOf<'_, TwoPhaseCommit>) -> Vec<Action> {
        let config = world.config();
        let customers: Vec<NodeId> = config.customers().collect();
        let is_in_doubt = |node: &NodeId| {
            let service = world.nodes().state(*node).and_then(Node::service);
            service.is_some_and(|service| service.parts.iter().any(|part| part.is_prepared()))
        };
        let outcomes = vec![("commit", t!("do it")), ("abort", t!("undo it"))];
        // In the menus of nodes: a row of tools below the stage would take the room of the services.
        let action = |name, title, nodes, parameters| Action { name, title, nodes, parameters, gesture: None };
        vec![
            action(
                "order",
                t!("Order"),
                customers.clone(),
                vec![Setting::integer("pieces", t!("pieces"), (1, 3), "", 1)],
            ),
            action("pay-in", t!("Pay in"), customers.clone(), Vec::new()),
            action("restock", t!("Order a delivery for the shop"), customers, Vec::new()),
            action("refuse", t!("Vote no the next time"), config.services().collect(), Vec::new()),
            action(
                "decide",
                t!("Decide by hand what is in doubt"),
                config.services().filter(is_in_doubt).collect(),
                vec![Setting::choice("outcome", t!("outcome"), outcomes)],
            ),
        ]
    }

    fn operation(action: &str, values: &[Value]) -> Result<Operation, Text> {
        match (action, values) {
            ("order", [Value::Integer(pieces)]) => {
                Ok(Operation::Wish(Wish::Order { pieces: pieces.clamp(&1, &3).unsigned_abs() as u8 }))
            }
            ("pay-in", _) => Ok(Operation::Wish(Wish::PayIn)),
            ("restock", _) => Ok(Operation::Wish(Wish::Restock)),
            ("refuse", _) => Ok(Operation::RefuseNext),
            ("decide", [Value::Word(outcome)]) => Ok(Operation::Decide { commit: outcome == "commit" }),
            _ => Err(no_operation(action)),
        }
    }
}
