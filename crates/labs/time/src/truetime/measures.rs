//! What the lab counts: how large the doubt is, who waits, and what was told.

use sim::frame::{Measure, Unit};
use sim::{Measures, WorldOf, t};

use super::view::{interval, wait};
use super::{Node, TrueTime};

impl Measures for TrueTime {
    fn measures(world: WorldOf<'_, TrueTime>) -> Vec<Measure> {
        let doubts = || world.nodes().ids().filter_map(|node| Some((node, interval(world, node)?)));
        let now_us = world.now_us() as i64;
        let worst_us = doubts().map(|(_, interval)| interval.epsilon_us()).max().unwrap_or(0);
        let waiting = world.nodes().ids().filter(|node| wait(world, *node).is_some()).count();
        let lying = doubts().filter(|(_, interval)| !interval.has(now_us)).count();
        let commits: u64 = world.monitor().commits();
        let open = |node: &sim::NodeId| {
            let client = world.nodes().state(*node).and_then(Node::client);
            client.is_some_and(|client| client.open.is_some())
        };
        let mut measures = vec![
            Measure::count("told", t!("commits that clients were told of"), commits as usize),
            Measure::count("waiting", t!("coordinators that have chosen a timestamp and tell nobody"), waiting),
            Measure::count("open", t!("transactions that are open"), world.nodes().ids().filter(open).count()),
            Measure::count("lying", t!("intervals that miss the true time"), lying),
            Measure::new("worst-epsilon", t!("largest ε"), Unit::Time, worst_us as i64),
        ];
        measures.extend(doubts().map(|(node, interval)| {
            Measure::new("epsilon", t!("ε"), Unit::Time, interval.epsilon_us() as i64).of(node)
        }));
        measures
    }
}
