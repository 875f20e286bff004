//! What a person can tell nodes to do.

use sim::frame::Action;
use sim::no_operation;
use sim::{NodeId, Operations, Setting, Text, Value, WorldOf, t};

use super::settings::SERVERS;
use super::version;
use super::{LeaderlessQuorum, Operation, Wish};

/// The choice of a coordinator that leaves it to the client.
const ANYBODY: &str = "client";

impl Operations for LeaderlessQuorum {
    fn actions(world: WorldOf<'_, LeaderlessQuorum>) -> Vec<Action> {
        let servers = world.config().servers;
        let clients: Vec<NodeId> = world.nodes().ids().filter(|node| node.0 >= servers).collect();
        let labels = SERVERS.iter().take(servers.into()).map(|label| (*label, Text::verbatim(*label)));
        let through: Vec<(&'static str, Text)> =
            [(ANYBODY, t!("chosen by the client"))].into_iter().chain(labels).collect();
        let key = || Setting::text("key", t!("key"), 12, "x");
        let through = || Setting::choice("through", t!("coordinator"), through.clone());
        let text = |name, title, default| Setting::text(name, title, 24, default);
        let action =
            |name, title, parameters| Action { name, title, nodes: clients.clone(), parameters, gesture: None };
        vec![
            action("get", t!("Get"), vec![key(), through()]),
            action("put", t!("Put"), vec![key(), text("items", t!("items"), "milk"), through()]),
            action(
                "add",
                t!("Add an item to what was read last"),
                vec![key(), text("item", t!("item"), "bread"), through()],
            ),
            action("merge", t!("Write back what was read last, merged"), vec![key(), through()]),
        ]
    }

    fn operation(action: &str, values: &[Value]) -> Result<Operation, Text> {
        let words: Vec<String> = values.iter().map(|value| value.to_string().trim().to_string()).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let (key, wish, through) = match (action, words.as_slice()) {
            ("get", [key, through]) => (key, Wish::Get, through),
            ("put", [key, items, through]) => {
                let mut list = Vec::new();
                items.split_whitespace().for_each(|item| version::add(&mut list, item.into()));
                (key, Wish::Put(list), through)
            }
            ("add", [key, item, through]) => (key, Wish::Add((*item).into()), through),
            ("merge", [key, through]) => (key, Wish::Merge, through),
            _ => return Err(no_operation(action)),
        };
        if key.is_empty() {
            return Err(t!("a key has at least one character"));
        }
        if wish == Wish::Add("".into()) {
            return Err(t!("an item has at least one character"));
        }
        let through = SERVERS.iter().position(|label| label == through).map(NodeId::at);
        Ok(Operation { key: (*key).into(), wish, through })
    }
}
