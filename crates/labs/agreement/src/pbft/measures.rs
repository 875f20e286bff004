//! What the lab counts.

use sim::frame::{Measure, Unit};
use sim::{Measures, WorldOf, t};

use super::{Node, Pbft};

impl Measures for Pbft {
    fn measures(world: WorldOf<'_, Pbft>) -> Vec<Measure> {
        let nodes = world.nodes();
        let count = |name, title, value: u64| Measure::new(name, title, Unit::Count, value as i64);
        let honest = || {
            let replicas = world.config().all_replicas().filter(|node| nodes.lies(*node).is_none());
            replicas.filter_map(|node| nodes.state(node).and_then(Node::replica))
        };
        vec![
            count("messages", t!("messages sent"), world.messages_sent()),
            count("answered", t!("requests answered"), world.monitor().answered),
            count(
                "view",
                t!("highest view of an honest replica"),
                honest().map(|replica| replica.view).max().unwrap_or(0),
            ),
            count(
                "executed",
                t!("highest number that an honest replica has carried out"),
                honest().map(|replica| replica.executed).max().unwrap_or(0),
            ),
            count(
                "behind",
                t!("highest number that all honest replicas have carried out"),
                honest().map(|replica| replica.executed).min().unwrap_or(0),
            ),
            Measure::count("liars", t!("liars"), nodes.ids().filter(|node| nodes.lies(*node).is_some()).count()),
        ]
    }
}
