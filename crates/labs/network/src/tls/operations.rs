//! What a person can tell nodes to do.

use sim::frame::Action;
use sim::no_operation;
use sim::{NodeId, Operations, Setting, Text, Value, WorldOf, t};

use super::certificates::{EVIL, SHOP};
use super::{Config, Method, Operation, Tls};

impl Operations for Tls {
    fn actions(world: WorldOf<'_, Tls>) -> Vec<Action> {
        let config = world.config();
        let action = |name, title, nodes, parameters| Action { name, title, nodes, parameters, gesture: None };
        let methods = vec![("get", t!("GET: read something")), ("post", t!("POST: buy something"))];
        let sites = vec![("shop", Text::new(SHOP)), ("evil", Text::new(EVIL))];
        let clients: Vec<NodeId> = config.clients().collect();
        let servers: Vec<NodeId> = config.servers().collect();
        vec![
            action(
                "ask",
                t!("Connect and ask"),
                clients,
                vec![Setting::choice("method", t!("what"), methods), Setting::choice("site", t!("from"), sites)],
            ),
            action("steal", t!("Its key is stolen"), servers.clone(), Vec::new()),
            action("renew", t!("Get a new key and certificate"), servers, Vec::new()),
            action("issue", t!("A trusted authority signs for her"), vec![Config::MALLORY], Vec::new()),
        ]
    }

    fn operation(action: &str, values: &[Value]) -> Result<Operation, Text> {
        match (action, values) {
            ("ask", [Value::Word(method), Value::Word(site)]) => {
                let method = if method == "post" { Method::Post } else { Method::Get };
                Ok(Operation::Ask(method, if site == "evil" { EVIL } else { SHOP }))
            }
            ("steal", []) => Ok(Operation::Steal),
            ("renew", []) => Ok(Operation::Renew),
            ("issue", []) => Ok(Operation::Issue),
            _ => Err(no_operation(action)),
        }
    }
}
