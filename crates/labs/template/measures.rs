//! What the lab counts.

use sim::frame::Measure;
use sim::{Measures, WorldOf, t};

use super::NewLab;
use super::{A, Node};

impl Measures for NewLab {
    fn measures(world: WorldOf<'_, NewLab>) -> Vec<Measure> {
        let count = |of: fn(&Node) -> u64| world.nodes().state(A).map_or(0, of) as usize;
        vec![
            Measure::count("sent", t!("pings sent"), count(|node| node.sent)),
            Measure::count("answered", t!("answers counted"), count(|node| node.answered)),
        ]
    }
}
