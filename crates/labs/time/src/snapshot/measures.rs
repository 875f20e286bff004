//! What the lab counts.

use sim::frame::{Measure, Unit};
use sim::{Measures, NodeId, WorldOf, t};

use super::recording::Complete;
use super::view::{last_complete, process};
use super::{Content, Process, Snapshot};

impl Measures for Snapshot {
    fn measures(world: WorldOf<'_, Snapshot>) -> Vec<Measure> {
        let all: Vec<(NodeId, &Process)> =
            world.nodes().ids().filter_map(|id| Some((id, process(world, id)?))).collect();
        let sum = |of: fn(&Process) -> u64| all.iter().map(|(_, process)| of(process)).sum::<u64>() as i64;
        let last = last_complete(world);
        let count = |name, title, value: i64| Measure::new(name, title, Unit::Count, value);
        let mut measures = vec![
            count("complete", t!("complete snapshots"), sum(|process| process.completed)),
            count("open", t!("snapshots that are not complete"), sum(|process| process.collections.len() as u64)),
            count(
                "recorded-total",
                t!("sum of the last complete snapshot"),
                last.map_or(0, |last| last.total() as i64),
            ),
            Measure::count("recorded-in-channels", t!("messages under way in it"), last.map_or(0, Complete::under_way)),
            Measure::count("under-way", t!("messages under way now"), under_way(&all)),
            count("markers", t!("markers sent"), sum(|process| process.markers)),
        ];
        let holding = |(id, process): &(NodeId, &Process)| {
            count("holding", t!("what it has"), process.holding.count() as i64).of(*id)
        };
        measures.extend(all.iter().map(holding));
        measures
    }
}

/// How many messages of the application have left and not been taken.
fn under_way(all: &[(NodeId, &Process)]) -> usize {
    let pairs = all.iter().flat_map(|from| all.iter().map(move |to| (from, to)));
    let of_pair = |((from, sender), (to, receiver)): (&(NodeId, &Process), &(NodeId, &Process))| {
        let taken = &receiver.incoming[from.index()].taken;
        let sent = sender.out[to.index()].waiting.iter();
        sent.filter(|(_, packet)| matches!(packet.content, Content::Load(_)) && !taken.has(packet.number)).count()
    };
    pairs.map(of_pair).sum()
}
