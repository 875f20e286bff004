//! What a person can tell nodes to do.

use sim::frame::Action;
use sim::no_operation;
use sim::{NodeId, Operations, Setting, Text, Value, WorldOf, t};

use super::settings::{FIRST_ORDERS, Style};
use super::wish::Wish;
use super::{Operation, RpcRest};

impl Operations for RpcRest {
    fn actions(world: WorldOf<'_, RpcRest>) -> Vec<Action> {
        let config = world.config();
        let clients: Vec<NodeId> = config.clients().collect();
        let over = |style: Style| -> Vec<NodeId> { config.clients().filter(|id| config.style(*id) == style).collect() };
        let (callers, browsers) = (over(Style::Rpc), over(Style::Rest));
        let action = |name, title, nodes: &[NodeId], parameters| Action {
            name,
            title,
            nodes: nodes.to_vec(),
            parameters,
            gesture: None,
        };
        let order = || {
            let usual = FIRST_ORDERS.last().map_or(1, |(order, _)| i64::from(*order));
            vec![Setting::integer("order", t!("order"), (1, 2_000_000_000), "", usual)]
        };
        let with_method = |other: (&'static str, Text), usual: (&'static str, Text)| {
            Setting::choice("method", t!("method"), vec![usual, other])
        };
        let by = |word: &'static str| (word, Text::verbatim(word.to_ascii_uppercase()));
        let mut actions = vec![action("create", t!("Make an order, by a call"), &callers, Vec::new())];
        actions.push(action(
            "create-by",
            t!("Make an order, over HTTP"),
            &browsers,
            vec![with_method(by("put"), by("post"))],
        ));
        actions.push(action("read", t!("Read an order"), &clients, order()));
        actions.push(action("change", t!("Change an order, by a call"), &callers, order()));
        let mut change = order();
        change.push(with_method(by("patch"), by("put")));
        actions.push(action("change-by", t!("Change an order, over HTTP"), &browsers, change));
        actions.push(action("cancel", t!("Cancel an order"), &clients, order()));
        actions.push(action("list", t!("Look at the page of orders"), &clients, Vec::new()));
        actions.push(action("long", t!("Make an order that takes five seconds"), &clients, Vec::new()));
        if config.printer().is_some() {
            actions.push(action("print", t!("Print a text"), &clients, Vec::new()));
        }
        actions.retain(|action| !action.nodes.is_empty());
        actions
    }

    fn operation(action: &str, values: &[Value]) -> Result<Operation, Text> {
        let number = |order: i64| u32::try_from(order).unwrap_or(0);
        let wish = match (action, values) {
            ("create", []) => Wish::Create { with_put: false },
            ("create-by", [Value::Word(method)]) => Wish::Create { with_put: method == "put" },
            ("read", [Value::Integer(order)]) => Wish::Read { order: number(*order) },
            ("change", [Value::Integer(order)]) => Wish::Change { order: number(*order), with_patch: false },
            ("change-by", [Value::Integer(order), Value::Word(method)]) => {
                Wish::Change { order: number(*order), with_patch: method == "patch" }
            }
            ("cancel", [Value::Integer(order)]) => Wish::Cancel { order: number(*order) },
            ("list", []) => Wish::List,
            ("long", []) => Wish::Long,
            ("print", []) => Wish::Print,
            _ => return Err(no_operation(action)),
        };
        Ok(Operation::Wish(wish))
    }
}
