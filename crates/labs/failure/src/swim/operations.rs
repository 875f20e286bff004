//! What a person can tell nodes to do.

use sim::frame::{Action, Status};
use sim::no_operation;
use sim::{NodeId, Operations, Text, Value, WorldOf, t};

use super::standing::State;
use super::{Operation, Swim};

impl Operations for Swim {
    fn actions(world: WorldOf<'_, Swim>) -> Vec<Action> {
        let having = |left: bool| {
            let is_meant = move |id: &NodeId| {
                let state = world.nodes().state(*id).filter(|_| world.nodes().status(*id) == Status::Up);
                state.is_some_and(|member| (member.standing(*id).state == State::Left) == left)
            };
            world.nodes().ids().filter(is_meant).collect()
        };
        let action = |name, title, nodes| Action { name, title, nodes, parameters: Vec::new(), gesture: None };
        vec![
            action("leave", t!("Leave the group"), having(false)),
            action("join", t!("Join the group again"), having(true)),
        ]
    }

    fn operation(action: &str, _values: &[Value]) -> Result<Operation, Text> {
        match action {
            "leave" => Ok(Operation::Leave),
            "join" => Ok(Operation::Join),
            _ => Err(no_operation(action)),
        }
    }
}
