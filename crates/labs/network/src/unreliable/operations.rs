//! What a person can tell nodes to do.

use sim::frame::Action;
use sim::no_operation;
use sim::{NodeId, Operations, Setting, Text, Value, WorldOf, t};

use super::wire::{ACCOUNTS, Ask, Deed};
use super::{Operation, Story, UnreliableNetwork};

impl Operations for UnreliableNetwork {
    fn actions(world: WorldOf<'_, UnreliableNetwork>) -> Vec<Action> {
        let config = world.config();
        let action = |name, title, nodes, parameters| Action { name, title, nodes, parameters, gesture: None };
        if config.story == Story::Generals {
            return vec![action("battle", t!("Begin a battle"), vec![NodeId(0)], Vec::new())];
        }
        let clients: Vec<NodeId> = (0..config.clients).map(NodeId).collect();
        let accounts = || {
            let accounts = ACCOUNTS.iter().map(|name| (*name, Text::new(name))).collect();
            Setting::choice("account", t!("account"), accounts)
        };
        let amount = |title, default| Setting::integer("amount", title, (1, 9_999), "", default);
        vec![
            action("charge", t!("Charge an account"), clients.clone(), vec![accounts(), amount(t!("by"), 100)]),
            action("set", t!("Set the limit of an account"), clients.clone(), vec![accounts(), amount(t!("to"), 500)]),
            action("press-again", t!("Press again"), clients, Vec::new()),
        ]
    }

    fn operation(action: &str, values: &[Value]) -> Result<Operation, Text> {
        let ask = |deed, account: &str, amount: i64| {
            let place = ACCOUNTS.iter().position(|name| *name == account);
            let account = place.ok_or_else(|| t!("there is no account {name}", name = account.to_string()))? as u8;
            Ok(Operation::Ask(Ask { deed, account, amount: amount.unsigned_abs() as u32 }))
        };
        match (action, values) {
            ("charge", [Value::Word(account), Value::Integer(amount)]) => ask(Deed::Charge, account, *amount),
            ("set", [Value::Word(account), Value::Integer(amount)]) => ask(Deed::Set, account, *amount),
            ("press-again", []) => Ok(Operation::PressAgain),
            ("battle", []) => Ok(Operation::Battle),
            _ => Err(no_operation(action)),
        }
    }
}
