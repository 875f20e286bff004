//! What a person can tell servers to do.

use sim::frame::Action;
use sim::no_operation;
use sim::{NodeId, Operations, Setting, Text, Value, WorldOf, t};

use super::places::REGIONS;
use super::settings::LABELS;
use super::{DistributedPing, Operation};

impl Operations for DistributedPing {
    fn actions(world: WorldOf<'_, DistributedPing>) -> Vec<Action> {
        let nodes = world.nodes();
        let of_node = |me: NodeId| {
            let known = LABELS.into_iter().chain(REGIONS.map(|region| region.label));
            let others = nodes.ids().filter(|other| *other != me).filter_map(|other| {
                let label = nodes.label(other);
                known.clone().find(|known| *known == label)
            });
            let others = others.map(|label| (label, Text::new(label))).collect();
            let action = |name, title, parameters| Action { name, title, nodes: vec![me], parameters, gesture: None };
            [
                action("ping", t!("Ping now"), vec![Setting::choice("to", t!("to server"), others)]),
                action(
                    "step-clock",
                    t!("Set the clock forward or back"),
                    vec![Setting::integer("by_ms", t!("by (back: less than 0)"), (-60_000, 60_000), "ms", -1_000)],
                ),
                action(
                    "slow-down",
                    t!("Slow it down"),
                    vec![Setting::integer("times", t!("an answer takes so many times as long"), (1, 10_000), "", 100)],
                ),
            ]
        };
        nodes.ids().flat_map(of_node).collect()
    }

    fn operation(action: &str, values: &[Value]) -> Result<Operation, Text> {
        match (action, values) {
            ("ping", [Value::Word(to)]) => {
                let of = |labels: &[&str]| labels.iter().position(|label| label == to);
                let place = of(&LABELS).or_else(|| of(&REGIONS.map(|region| region.label)));
                let place = place.ok_or_else(|| t!("there is no server {name}", name = to.clone()))?;
                Ok(Operation::Ping(NodeId::at(place)))
            }
            ("step-clock", [Value::Integer(ms)]) => Ok(Operation::Step(ms * 1_000)),
            ("slow-down", [Value::Integer(times)]) => Ok(Operation::Slow(times.unsigned_abs())),
            _ => Err(no_operation(action)),
        }
    }
}
