//! What a person can tell nodes to do.

use sim::frame::{Action, Gesture};
use sim::{NodeId, Operations, Text, Value, WorldOf, no_operation, t};

use super::{Elections, Operation};

/// How much time passes between two things that are done by hand, in microseconds.
const PAUSE_US: u64 = 3_000;

impl Operations for Elections {
    fn actions(world: WorldOf<'_, Elections>) -> Vec<Action> {
        let all: Vec<NodeId> = world.config().members().collect();
        let leads = |node: &NodeId| {
            let member = world.nodes().state(*node).and_then(|node| node.member());
            member.is_some_and(|member| member.coordinator == Some(*node))
        };
        let gesture = Some(Gesture { second: None, pause_us: PAUSE_US });
        let action = |name, title, nodes| Action { name, title, nodes, parameters: Vec::new(), gesture };
        vec![
            action("start", t!("Start an election"), all.clone()),
            action("step-down", t!("Step down"), all.into_iter().filter(leads).collect()),
        ]
    }

    fn operation(action: &str, values: &[Value]) -> Result<Operation, Text> {
        match (action, values) {
            ("start", []) => Ok(Operation::Start),
            ("step-down", []) => Ok(Operation::StepDown),
            _ => Err(no_operation(action)),
        }
    }
}
