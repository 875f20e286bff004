//! What the lab counts: who suspects, who is wrong, and how long each watcher has heard nothing.

use sim::frame::{Measure, Status, Unit};
use sim::{Measures, NodeId, WorldOf, t};

use super::watcher::Watcher;
use super::{HeartbeatNode, Heartbeats};

impl Measures for Heartbeats {
    fn measures(world: WorldOf<'_, Heartbeats>) -> Vec<Measure> {
        let watched = NodeId(0);
        let watchers: Vec<(NodeId, &Watcher)> = world
            .nodes()
            .ids()
            .filter_map(|id| Some((id, world.nodes().state(id).and_then(HeartbeatNode::watcher)?)))
            .collect();
        let runs = world.nodes().status(watched) != Status::Crashed;
        let count =
            |is_meant: &dyn Fn(&Watcher) -> bool| watchers.iter().filter(|(_, watcher)| is_meant(watcher)).count();
        let mut measures = vec![
            Measure::count("suspecting", t!("watchers that suspect"), count(&|watcher| !watcher.trusts())),
            Measure::count("wrong", t!("watchers that are wrong"), count(&|watcher| watcher.trusts() != runs)),
        ];
        let silence = |(id, watcher): &(NodeId, &Watcher)| {
            let local_us = world.nodes().clock(*id).shows(world.now_us());
            Measure::new("silence", t!("has heard nothing for"), Unit::Time, watcher.silence_us(local_us) as i64)
                .of(*id)
        };
        measures.extend(watchers.iter().map(silence));
        measures
    }
}
