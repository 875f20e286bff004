//! What a person can tell nodes to do.

use sim::frame::Action;
use sim::no_operation;
use sim::{NodeId, Operations, Setting, Text, Value, WorldOf, t};

use super::{LoadBalancing, Operation};

impl Operations for LoadBalancing {
    fn actions(world: WorldOf<'_, LoadBalancing>) -> Vec<Action> {
        let balancer = world.config().balancer();
        let action = |name, title, is_meant: fn(NodeId, NodeId) -> bool, parameters| {
            let nodes = world.nodes().ids().filter(|node| is_meant(*node, balancer)).collect();
            Action { name, title, nodes, parameters, gesture: None }
        };
        let times = Setting::integer("times", t!("times as slow"), (1, 100), "", 3);
        vec![
            action("request", t!("Send a request now"), |node, balancer| node < balancer, Vec::new()),
            action("slow", t!("Slow down"), |node, balancer| node > balancer, vec![times]),
            action("add-worker", t!("Add a worker"), |node, balancer| node > balancer, Vec::new()),
        ]
    }

    fn operation(action: &str, values: &[Value]) -> Result<Operation, Text> {
        match (action, values) {
            ("request", _) => Ok(Operation::Request),
            ("slow", [Value::Integer(times)]) if (1..=100).contains(times) => {
                Ok(Operation::Slow { times: *times as u32 })
            }
            ("add-worker", _) => Ok(Operation::AddWorker),
            _ => Err(no_operation(action)),
        }
    }
}
