//! What a person can tell nodes to do.

use parts::store::Command;
use sim::frame::Action;
use sim::history::Value as Data;
use sim::no_operation;
use sim::{NodeId, Operations, Setting, Text, Value, WorldOf, t};

use super::{Operation, Pbft};

impl Operations for Pbft {
    /// Clients give commands, backups can suspect the primary; who lies, the menu of each node says.
    fn actions(world: WorldOf<'_, Pbft>) -> Vec<Action> {
        let config = world.config();
        let clients: Vec<NodeId> = world.nodes().ids().filter(|node| !config.is_replica(*node)).collect();
        let action = |name, title, nodes, parameters| Action { name, title, nodes, parameters, gesture: None };
        let key = || Setting::text("key", t!("key"), 12, "x");
        vec![
            action("put", t!("Put"), clients.clone(), vec![key(), Setting::text("value", t!("value"), 12, "3")]),
            action("get", t!("Get"), clients, vec![key()]),
            action("suspect", t!("Suspect the primary"), config.all_replicas().collect(), vec![]),
        ]
    }

    fn operation(action: &str, values: &[Value]) -> Result<Operation, Text> {
        let typed = |value: &Value| match value {
            Value::Integer(number) => number.to_string(),
            Value::Flag(flag) => flag.to_string(),
            Value::Word(word) => word.trim().to_string(),
        };
        let words: Vec<String> = values.iter().map(typed).collect();
        let command = match (action, words.as_slice()) {
            ("put", [key, value]) => Command::Put { key: Data::text(key), value: data(value) },
            ("get", [key]) => Command::Get { key: Data::text(key) },
            ("suspect", []) => return Ok(Operation::Suspect),
            _ => return Err(no_operation(action)),
        };
        match command.key() {
            Data::Text(key) if key.is_empty() => Err(t!("a key has at least one character")),
            _ => Ok(Operation::Do(command)),
        }
    }
}

/// A value of the store: a number where it reads as one; nothing at all where it is empty.
fn data(typed: &str) -> Data {
    match typed.parse() {
        Ok(number) => Data::Int(number),
        Err(_) if typed.is_empty() => Data::Nil,
        Err(_) => Data::text(typed),
    }
}
