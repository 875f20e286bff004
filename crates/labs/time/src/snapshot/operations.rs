//! What a person can tell processes to do.

use sim::frame::{Action, Gesture};
use sim::no_operation;
use sim::{NodeId, Operations, Setting, Text, Value, WorldOf, t};

use super::settings::{Application, LETTERS};
use super::{Operation, Snapshot};

/// How much time passes between two things that are done by hand, in microseconds.
const PAUSE_US: u64 = 3_000;

/// The most that can be transferred at once.
const MOST: i64 = 1_000;

impl Operations for Snapshot {
    /// What the processes can be told: each of them its own list, since not everybody has a channel to everybody.
    fn actions(world: WorldOf<'_, Snapshot>) -> Vec<Action> {
        let config = world.config();
        let alone = Some(Gesture { second: None, pause_us: PAUSE_US });
        let to_another = Some(Gesture { second: Some("to"), pause_us: PAUSE_US });
        let all: Vec<NodeId> = config.nodes().collect();
        let action = |name, title, gesture| Action { name, title, nodes: all.clone(), parameters: Vec::new(), gesture };
        let mut actions = vec![action("start", t!("Start a snapshot"), alone)];
        let (name, title) = match config.application {
            Application::Bank => ("transfer", t!("Transfer money")),
            Application::Token => ("pass", t!("Pass the baton on")),
            Application::Work => ("give", t!("Give work")),
        };
        for node in config.nodes() {
            let others = config.outgoing(node).map(|other| LETTERS[other.index()]);
            let others = others.map(|letter| (letter, Text::new(letter))).collect();
            let mut parameters = vec![Setting::choice("to", t!("to"), others)];
            if config.application == Application::Bank {
                parameters.push(Setting::integer("amount", t!("amount"), (1, MOST), "", 20));
            }
            actions.push(Action { name, title: title.clone(), nodes: vec![node], parameters, gesture: to_another });
        }
        match config.application {
            Application::Bank => {}
            Application::Token => actions.push(action("lose", t!("Lose the baton"), alone)),
            Application::Work => actions.push(action("idle", t!("Go idle"), alone)),
        }
        actions
    }

    fn operation(action: &str, values: &[Value]) -> Result<Operation, Text> {
        let named = |to: &str| LETTERS.iter().position(|letter| *letter == to).map(NodeId::at);
        match (action, values) {
            ("start", _) => Ok(Operation::Start),
            ("lose", _) => Ok(Operation::Lose),
            ("idle", _) => Ok(Operation::Idle),
            ("transfer", [Value::Word(to), Value::Integer(amount)]) => {
                let to = named(to).ok_or_else(|| no_operation(action))?;
                Ok(Operation::Send { to, amount: amount.unsigned_abs() })
            }
            ("pass" | "give", [Value::Word(to)]) => {
                let to = named(to).ok_or_else(|| no_operation(action))?;
                Ok(Operation::Send { to, amount: 1 })
            }
            _ => Err(no_operation(action)),
        }
    }
}
