//! What both labs count: events, and what each node's clock shows of its own.

use sim::frame::{Measure, Unit};
use sim::{Measures, NodeId, WorldOf, t};

use super::process::{Process, What};
use super::view::process;
use super::{Clocks, Timekeeping};

impl<K: Timekeeping> Measures for Clocks<K> {
    fn measures(world: WorldOf<'_, Clocks<K>>) -> Vec<Measure> {
        let processes: Vec<(NodeId, &Process)> =
            world.nodes().ids().filter_map(|id| Some((id, process(world, id)?))).collect();
        let events = || processes.iter().flat_map(|(_, process)| &process.events);
        let received = events().filter(|event| matches!(event.what, What::Receive { .. })).count();
        let mut measures = vec![
            Measure::count("events", t!("events"), events().count()),
            Measure::count("received", t!("messages received"), received),
        ];
        let clock = |(id, process): &(NodeId, &Process)| {
            Measure::new("clock", t!("what its clock counts of its own"), Unit::Count, process.clock.own(*id) as i64)
                .of(*id)
        };
        measures.extend(processes.iter().map(clock));
        measures
    }
}
