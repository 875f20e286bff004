//! What a person can tell nodes to do.

use sim::frame::Action;
use sim::no_operation;
use sim::{NodeId, Operations, Setting, Text, Value, WorldOf, t};

use super::client::Wanted;
use super::settings::{KEYS, Part};
use super::transaction::Key;
use super::{Operation, TrueTime};

/// How many characters a value may have.
const LONGEST_VALUE: usize = 8;

/// The latest moment of which a snapshot can be asked: some weeks, in microseconds.
const LATEST_US: i64 = 2_000_000_000_000;

impl Operations for TrueTime {
    fn actions(world: WorldOf<'_, TrueTime>) -> Vec<Action> {
        let config = world.config();
        let clients: Vec<NodeId> = config.clients().collect();
        let timed = |node: &NodeId| matches!(config.part(*node), Part::Leader(_) | Part::Client(_));
        let all: Vec<NodeId> = world.nodes().ids().filter(timed).collect();
        let key = |name, title: Text, first: usize| {
            let mut keys: Vec<(&'static str, Text)> = KEYS.map(|key| (key, Text::verbatim(key))).to_vec();
            keys.rotate_left(first);
            Setting::choice(name, title, keys)
        };
        let value = Setting::text("value", t!("value"), LONGEST_VALUE, "7");
        let at = Setting::integer("at_us", t!("as of"), (0, LATEST_US), "µs", 100_000);
        let action = |name, title, nodes: &[NodeId], parameters| Action {
            name,
            title,
            nodes: nodes.to_vec(),
            parameters,
            gesture: None,
        };
        vec![
            action("write", t!("Write"), &clients, vec![key("key", t!("key"), 0), value]),
            action("transfer", t!("Move 10"), &clients, vec![key("from", t!("from"), 0), key("to", t!("to"), 1)]),
            action("read", t!("Read the newest value"), &clients, vec![key("key", t!("key"), 0)]),
            action("snapshot", t!("Snapshot of all keys now"), &clients, Vec::new()),
            action("snapshot-at", t!("Snapshot of a moment"), &clients, vec![at]),
            action("poll", t!("Ask the time masters now"), &all, Vec::new()),
        ]
    }

    fn operation(action: &str, values: &[Value]) -> Result<Operation, Text> {
        let key = |value: &Value| {
            let name = value.to_string();
            KEYS.iter().position(|key| *key == name).map(|place| Key(place as u8))
        };
        let wanted = match (action, values) {
            ("poll", _) => return Ok(Operation::Poll),
            ("snapshot", _) => Some(Wanted::Snapshot { at_us: None }),
            ("snapshot-at", [Value::Integer(at_us)]) => Some(Wanted::Snapshot { at_us: Some(*at_us) }),
            ("read", [name]) => key(name).map(|key| Wanted::Latest { key }),
            ("write", [name, value]) => key(name).map(|key| Wanted::Write { key, value: value.to_string() }),
            ("transfer", [from, to]) => match (key(from), key(to)) {
                (Some(from), Some(to)) if from == to => {
                    return Err(t!("something is moved from one key to another one"));
                }
                (Some(from), Some(to)) => Some(Wanted::Transfer { from, to }),
                _ => None,
            },
            _ => None,
        };
        wanted.map(Operation::Do).ok_or_else(|| no_operation(action))
    }
}
