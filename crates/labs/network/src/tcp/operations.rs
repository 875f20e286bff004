//! What a person can tell nodes to do.

use sim::frame::Action;
use sim::no_operation;
use sim::{NodeId, Operations, Setting, Text, Value, WorldOf, t};

use super::host::Role;
use super::{Operation, Tcp};

impl Operations for Tcp {
    fn actions(world: WorldOf<'_, Tcp>) -> Vec<Action> {
        let hosts: Vec<NodeId> = world.nodes().ids().filter(|id| *id != super::R).collect();
        let is_asleep = |id: &NodeId| world.nodes().state(*id).is_some_and(|host| host.is_asleep);
        let action =
            |name, title, nodes: Vec<NodeId>, parameters| Action { name, title, nodes, parameters, gesture: None };
        let (asleep, awake): (Vec<NodeId>, Vec<NodeId>) = hosts.iter().copied().partition(is_asleep);
        let kb = Setting::integer("kb", t!("so much"), (1, 64), "kB", 2);
        let mut actions = vec![
            action("open", t!("Open a connection"), hosts.clone(), Vec::new()),
            action("write", t!("Write"), hosts.clone(), vec![kb]),
            action("close", t!("Close"), hosts.clone(), Vec::new()),
            action("abort", t!("Abort"), hosts, Vec::new()),
        ];
        if !awake.is_empty() {
            actions.push(action("stop-reading", t!("Stop reading"), awake, Vec::new()));
        }
        if !asleep.is_empty() {
            actions.push(action("read-on", t!("Read on"), asleep, Vec::new()));
        }
        actions
    }

    fn operation(action: &str, values: &[Value]) -> Result<Operation, Text> {
        match (action, values) {
            ("open", []) => Ok(Operation::Open),
            ("write", [Value::Integer(kb)]) => Ok(Operation::Write(kb.unsigned_abs() as u32 * 1_000)),
            ("close", []) => Ok(Operation::Close),
            ("abort", []) => Ok(Operation::Abort),
            ("stop-reading", []) => Ok(Operation::StopReading),
            ("read-on", []) => Ok(Operation::ReadOn),
            _ => Err(no_operation(action)),
        }
    }
}

impl Role {
    /// The part in a word.
    pub fn title(self) -> Text {
        match self {
            Role::Client => t!("client"),
            Role::Server => t!("server"),
            Role::Router => t!("router"),
        }
    }
}
