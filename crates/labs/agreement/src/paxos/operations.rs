//! What a person can tell proposers to do.

use sim::frame::Action;
use sim::{Operations, Setting, Text, Value, WorldOf, no_operation, t};

use super::{Colour, Paxos, Propose};

impl Operations for Paxos {
    /// Each proposer can be told to propose a value.
    fn actions(world: WorldOf<'_, Paxos>) -> Vec<Action> {
        let colours = Colour::all().map(|colour| (colour.name(), colour.text())).collect();
        vec![Action {
            name: "propose",
            title: t!("Propose a value"),
            nodes: world.config().all_proposers().collect(),
            parameters: vec![Setting::choice("value", t!("value"), colours)],
            gesture: None,
        }]
    }

    fn operation(action: &str, values: &[Value]) -> Result<Propose, Text> {
        match (action, values) {
            ("propose", [Value::Word(name)]) => Colour::named(name).map(Propose).ok_or_else(|| no_operation(action)),
            _ => Err(no_operation(action)),
        }
    }
}
