//! What a person can tell nodes to do: clients what Raft's can; servers to change the members, to hand over, to take a snapshot.

use sim::frame::Action;
use sim::{NodeId, Operations, Setting, Text, Value, WorldOf, no_operation, t};

use super::RaftMembers;
use crate::raft::{Change, Operation, Raft, ServerSet};

impl Operations for RaftMembers {
    fn actions(world: WorldOf<'_, Self>) -> Vec<Action> {
        let servers = world.config().servers;
        let mut actions = Raft::actions(world.of());
        let clients = NodeId(servers)..NodeId(servers + world.config().clients);
        for action in &mut actions {
            action.nodes.retain(|node| clients.contains(node));
        }
        let action = |name, title, parameters| Action {
            name,
            title,
            nodes: (0..servers).map(NodeId).collect(),
            parameters,
            gesture: None,
        };
        let of_server =
            |title, number: u16| Setting::text("server", title, 4, &format!("S{number}")).read_by(is_server);
        let all = ServerSet::first(servers).text();
        actions.extend([
            action("add", t!("Add a server"), vec![of_server(t!("which"), world.config().voters + 1)]),
            action("promote", t!("Let a learner vote"), vec![of_server(t!("which"), world.config().voters + 1)]),
            action("remove", t!("Remove a server"), vec![of_server(t!("which"), 1)]),
            action(
                "members",
                t!("Set the members"),
                vec![Setting::text("servers", t!("those that vote"), 60, &all).read_by(are_servers)],
            ),
            action("transfer", t!("Hand over the lead"), vec![of_server(t!("to"), 2)]),
            action("forget", t!("Forget the leader"), Vec::new()),
            action("snapshot", t!("Take a snapshot"), Vec::new()),
        ]);
        actions
    }

    fn operation(action: &str, values: &[Value]) -> Result<Operation, Text> {
        let change = match (action, values) {
            ("add", [Value::Word(name)]) => Change::Add(server(name)?),
            ("promote", [Value::Word(name)]) => Change::Promote(server(name)?),
            ("remove", [Value::Word(name)]) => Change::Remove(server(name)?),
            ("members", [Value::Word(names)]) => Change::Set(servers(names)?),
            ("transfer", [Value::Word(name)]) => return Ok(Operation::Transfer(server(name)?)),
            ("forget", []) => return Ok(Operation::ForgetLeader),
            ("snapshot", []) => return Ok(Operation::Snapshot),
            ("add" | "promote" | "remove" | "members" | "transfer" | "forget" | "snapshot", _) => {
                return Err(no_operation(action));
            }
            _ => return Raft::operation(action, values),
        };
        Ok(Operation::Change(change))
    }
}

/// The most servers that a lab of Raft has.
const MOST_SERVERS: u16 = 15;

/// A server by its name: "S3", or "3".
fn server(name: &str) -> Result<NodeId, Text> {
    let trimmed = name.trim();
    let number = trimmed.strip_prefix(['S', 's']).unwrap_or(trimmed).parse::<u16>().ok();
    number
        .filter(|number| (1..=MOST_SERVERS).contains(number))
        .map(|number| NodeId(number - 1))
        .ok_or_else(|| t!("“{name}” is no server: write its name, as S3", name = sim::text::excerpt(name, 12)))
}

/// Several, with blanks or commas between them.
fn servers(names: &str) -> Result<ServerSet, Text> {
    let names = names.split([' ', ',']).filter(|name| !name.is_empty());
    names.map(server).collect()
}

fn is_server(name: &str) -> Result<(), Text> {
    server(name).map(|_| ())
}

fn are_servers(names: &str) -> Result<(), Text> {
    match servers(names)? {
        none if none.is_empty() => Err(t!("at least one server has to vote: write names, as S1 S2 S3")),
        _ => Ok(()),
    }
}
