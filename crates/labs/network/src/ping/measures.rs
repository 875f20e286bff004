//! What the lab counts: the last line of the first server's log, and what all have seen.

use sim::frame::{Measure, Unit};
use sim::{Measures, NodeId, WorldOf, t};

use super::line::Line;
use super::pair::Pair;
use super::statistics::Statistics;
use super::view::servers;
use super::{DistributedPing, Server};

impl Measures for DistributedPing {
    fn measures(world: WorldOf<'_, DistributedPing>) -> Vec<Measure> {
        let last = world.nodes().state(NodeId(0)).and_then(|server| server.log.back());
        let of_last = |read: fn(&Line) -> i64| last.map_or(0, read);
        let sum = |read: fn(&Pair) -> u64| {
            servers(world).flat_map(|(_, server)| server.pairs.values()).map(read).sum::<u64>() as i64
        };
        let mut measures = vec![
            Measure::new("forth", t!("forth, by the first server's last line"), Unit::Time, of_last(Line::forth_us)),
            Measure::new("back", t!("back, by the first server's last line"), Unit::Time, of_last(Line::back_us)),
            Measure::new(
                "round-trip",
                t!("there and back, by the same line"),
                Unit::Time,
                of_last(|line| line.round_us),
            ),
            Measure::new("answered", t!("pings answered in time"), Unit::Count, sum(|pair| pair.answered)),
            Measure::new("lost", t!("pings lost"), Unit::Count, sum(|pair| pair.lost)),
            Measure::new("skipped", t!("pings skipped"), Unit::Count, sum(|pair| pair.skipped)),
        ];
        let of = |node: NodeId, read: fn(&Statistics) -> Option<i64>| {
            world.nodes().state(node).and_then(|server: &Server| read(&server.all)).unwrap_or(0)
        };
        for node in world.nodes().ids() {
            let time = |name, title, us| Measure::new(name, title, Unit::Time, us).of(node);
            measures.extend([
                time("mean", t!("mean round trip"), of(node, Statistics::mean_us)),
                time("p50", t!("median round trip"), of(node, |all| percentile(all, 50))),
                time("p99", t!("99 % of round trips take at most"), of(node, |all| percentile(all, 99))),
            ]);
        }
        measures
    }
}

fn percentile(all: &Statistics, percent: u64) -> Option<i64> {
    all.percentile_us(percent).map(|us| us as i64)
}
