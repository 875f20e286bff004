//! What a person can tell nodes to do.

use sim::frame::{Action, Gesture};
use sim::{Operations, Text, Value, WorldOf, no_operation, t};

use super::settings::{A, B, SERVICES, SHIP, STOCK, V};
use super::{Operation, Saga};

/// How much time passes between two things that are done by hand, in microseconds.
const PAUSE_US: u64 = 3_000;

impl Operations for Saga {
    fn actions(_: WorldOf<'_, Saga>) -> Vec<Action> {
        let gesture = Some(Gesture { second: None, pause_us: PAUSE_US });
        let action = |name, title, nodes| Action { name, title, nodes, parameters: Vec::new(), gesture };
        vec![
            action("order", t!("Order"), vec![A, B]),
            action("cancel", t!("Cancel the order"), vec![A, B]),
            action("fail", t!("Refuse the next step"), SERVICES.to_vec()),
            action("restock", t!("A delivery"), vec![STOCK, SHIP]),
            action("look", t!("Look at the books"), vec![V]),
        ]
    }

    fn operation(action: &str, _: &[Value]) -> Result<Operation, Text> {
        match action {
            "order" => Ok(Operation::Order),
            "cancel" => Ok(Operation::Cancel),
            "fail" => Ok(Operation::FailNext),
            "restock" => Ok(Operation::Restock),
            "look" => Ok(Operation::Look),
            _ => Err(no_operation(action)),
        }
    }
}
