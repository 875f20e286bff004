//! Tests that cite their sources.

mod queues;
mod runs;
mod theories;

use sim::{Director, Settings, Value, WorldOf};

use super::*;

fn settings(changes: &[(&str, Value)]) -> Settings {
    changes.iter().fold(Settings::default(), |settings, (name, value)| settings.with(name, value.clone()))
}

fn config(changes: &[(&str, Value)]) -> Config {
    let all = sim::all_settings::<LoadBalancing>();
    Config::new(&settings(changes).accept(&all).expect("known settings"))
}

fn director(changes: &[(&str, Value)], seed: u64) -> Director<LoadBalancing> {
    Director::<LoadBalancing>::new(settings(changes), seed).expect("known settings")
}

fn servers(world: WorldOf<'_, LoadBalancing>) -> impl Iterator<Item = &Server> {
    world.nodes().ids().filter_map(move |id| world.nodes().state(id).and_then(BalancingNode::server))
}
