//! What a person can tell generals to do.

use sim::frame::Action;
use sim::no_operation;
use sim::{Operations, Setting, Text, Value, WorldOf, t};

use super::{COMMANDER, Generals, Operation, Order};

impl Operations for Generals {
    /// The commander can change its order; who lies, the menu of each node says.
    fn actions(_world: WorldOf<'_, Generals>) -> Vec<Action> {
        let orders = [Order::Retreat, Order::Attack].map(|order| (order.name(), order.text())).to_vec();
        vec![Action {
            name: "order",
            title: t!("Order from the next battle on"),
            nodes: vec![COMMANDER],
            parameters: vec![Setting::choice("what", t!("to"), orders)],
            gesture: None,
        }]
    }

    fn operation(action: &str, values: &[Value]) -> Result<Operation, Text> {
        match (action, values) {
            ("order", [Value::Word(order)]) => {
                Order::named(order).map(Operation::Order).ok_or_else(|| no_operation(action))
            }
            _ => Err(no_operation(action)),
        }
    }
}
