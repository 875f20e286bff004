//! What a person can tell nodes to do.

use sim::frame::Action;
use sim::history::Value as Data;
use sim::no_operation;
use sim::{NodeId, Operations, Setting, Text, Value, WorldOf, t};

use super::client::Wanted;
use super::message::Command;
use super::servers::SERVER_NAMES;
use super::{Operation, Replicas};

impl Operations for Replicas {
    fn actions(world: WorldOf<'_, Replicas>) -> Vec<Action> {
        let observer = world.config().observer();
        let servers: Vec<NodeId> = world.nodes().ids().filter(|node| *node < observer).collect();
        let clients: Vec<NodeId> = world.nodes().ids().filter(|node| *node > observer).collect();
        let key = || Setting::text("key", t!("key"), 12, "x");
        let value = Setting::text("value", t!("value"), 12, "3");
        let named = |server: &NodeId| (SERVER_NAMES[server.index()], Text::verbatim(SERVER_NAMES[server.index()]));
        let choices = [("as-set", t!("as the settings say"))].into_iter().chain(servers.iter().map(named)).collect();
        let from = Setting::choice("from", t!("from"), choices);
        let action = |name, title, nodes, parameters| Action { name, title, nodes, parameters, gesture: None };
        vec![
            action("put", t!("Put"), clients.clone(), vec![key(), value]),
            action("get", t!("Get"), clients, vec![key(), from]),
            action("promote", t!("Promote to primary"), servers, Vec::new()),
        ]
    }

    fn operation(action: &str, values: &[Value]) -> Result<Operation, Text> {
        let words: Vec<String> = values.iter().map(|value| value.to_string().trim().to_string()).collect();
        let wanted = match (action, words.as_slice()) {
            ("promote", []) => return Ok(Operation::Promote),
            ("put", [key, value]) => {
                Wanted { command: Command::Put { key: Data::text(key), value: data(value) }, server: None }
            }
            ("get", [key, from]) => {
                let server = SERVER_NAMES.iter().position(|name| name == from).map(NodeId::at);
                Wanted { command: Command::Get { key: Data::text(key) }, server }
            }
            _ => return Err(no_operation(action)),
        };
        match wanted.command.key() {
            Data::Text(key) if key.is_empty() => Err(t!("a key has at least one character")),
            _ => Ok(Operation::Do(wanted)),
        }
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
