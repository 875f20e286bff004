//! What a person can tell nodes to do.

use sim::frame::Action;
use sim::no_operation;
use sim::{NodeId, Operations, Setting, Text, Value, WorldOf, t};

use super::authority::Change;
use super::name::{Name, Role};
use super::{Dns, Operation};

impl Operations for Dns {
    fn actions(world: WorldOf<'_, Dns>) -> Vec<Action> {
        let config = world.config();
        let those = |is_meant: fn(Role) -> bool| -> Vec<NodeId> {
            config.cast.iter().copied().filter(|role| is_meant(*role)).filter_map(|role| config.node(role)).collect()
        };
        let serial = || Setting::switch("serial", t!("raise the serial number"), true);
        let action = |name, title, nodes, parameters| Action { name, title, nodes, parameters, gesture: None };
        let names = Name::ASKED.map(|(_, text)| (text, Text::verbatim(text))).to_vec();
        let primary = || those(|role| role == Role::N1);
        vec![
            action(
                "ask",
                t!("Ask for a name"),
                those(Role::is_client),
                vec![Setting::choice("name", t!("name"), names)],
            ),
            action("move", t!("Move www.shop.com to another address"), primary(), vec![serial()]),
            action("add-new", t!("Add new.shop.com"), primary(), vec![serial()]),
            action(
                "set-ttl",
                t!("Change how long answers may be kept (TTL)"),
                primary(),
                vec![Setting::integer("ttl_s", t!("TTL"), (0, 86_400), "s", 5), serial()],
            ),
            action(
                "flood",
                t!("Flood it, or end the flood"),
                those(|role| matches!(role, Role::N1 | Role::N2)),
                Vec::new(),
            ),
            action("flush", t!("Forget all that is kept"), those(Role::is_resolver), Vec::new()),
        ]
        .into_iter()
        .filter(|action| !action.nodes.is_empty())
        .collect()
    }

    fn operation(action: &str, values: &[Value]) -> Result<Operation, Text> {
        match (action, values) {
            ("ask", [Value::Word(word)]) => {
                let known = Name::ASKED.into_iter().find(|(_, text)| text == word);
                known
                    .map(|(name, _)| Operation::Ask(name))
                    .ok_or_else(|| t!("nobody asks for {name} here", name = word.clone()))
            }
            ("move", [Value::Flag(raises_serial)]) => {
                Ok(Operation::Change { change: Change::Move, raises_serial: *raises_serial })
            }
            ("add-new", [Value::Flag(raises_serial)]) => {
                Ok(Operation::Change { change: Change::AddNew, raises_serial: *raises_serial })
            }
            ("set-ttl", [Value::Integer(ttl_s), Value::Flag(raises_serial)]) => {
                let change = Change::Ttl(u32::try_from(*ttl_s).unwrap_or(0));
                Ok(Operation::Change { change, raises_serial: *raises_serial })
            }
            ("flood", _) => Ok(Operation::Flood),
            ("flush", _) => Ok(Operation::Flush),
            _ => Err(no_operation(action)),
        }
    }
}
