//! What a person can tell nodes to do.

use parts::store::Command;
use sim::frame::Action;
use sim::history::Value as Data;
use sim::no_operation;
use sim::{NodeId, Operations, Setting, Text, Value, WorldOf, t};

use super::{Operation, Raft};

impl Operations for Raft {
    fn actions(world: WorldOf<'_, Raft>) -> Vec<Action> {
        let clients: Vec<NodeId> = world.nodes().ids().filter(|node| node.0 >= world.config().servers).collect();
        let action =
            |name, title, parameters| Action { name, title, nodes: clients.clone(), parameters, gesture: None };
        let key = || Setting::text("key", t!("key"), 12, "x");
        let value = |name, title, default| Setting::text(name, title, 12, default);
        vec![
            action("put", t!("Put"), vec![key(), value("value", t!("value"), "3")]),
            action("get", t!("Get"), vec![key()]),
            action(
                "cas",
                t!("Compare and set"),
                vec![key(), value("from", t!("if it is"), "3"), value("to", t!("set it to"), "4")],
            ),
            action("delete", t!("Delete"), vec![key()]),
        ]
    }

    fn operation(action: &str, values: &[Value]) -> Result<Operation, Text> {
        let words: Vec<String> = values.iter().map(typed).collect();
        let command = match (action, words.as_slice()) {
            ("put", [key, value]) => Command::Put { key: Data::text(key), value: data(value) },
            ("get", [key]) => Command::Get { key: Data::text(key) },
            ("cas", [key, from, to]) => Command::CompareAndSet { key: Data::text(key), from: data(from), to: data(to) },
            ("delete", [key]) => Command::Delete { key: Data::text(key) },
            _ => return Err(no_operation(action)),
        };
        match command.key() {
            Data::Text(key) if key.is_empty() => Err(t!("a key has at least one character")),
            _ => Ok(Operation::Command(command)),
        }
    }
}

/// A parameter as it was typed.
fn typed(value: &Value) -> String {
    match value {
        Value::Integer(number) => number.to_string(),
        Value::Flag(flag) => flag.to_string(),
        Value::Word(word) => word.trim().to_string(),
    }
}

/// A value of the store: a number where it reads as one; nothing at all where it is empty.
fn data(typed: &str) -> Data {
    match typed.parse() {
        Ok(number) => Data::Int(number),
        Err(_) if typed.is_empty() || typed == "nil" => Data::Nil,
        Err(_) => Data::text(typed),
    }
}
