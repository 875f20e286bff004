//! What the lab counts: how far clocks are from each other and from the true time, and claims that are wrong.

use sim::frame::{Measure, Unit};
use sim::{Measures, NodeId, WorldOf, t};

use super::ClockDrift;
use super::replica::{Reading, Replica};
use super::scenarios::replica;
use super::view::{error_us, now};

impl Measures for ClockDrift {
    fn measures(world: WorldOf<'_, ClockDrift>) -> Vec<Measure> {
        let replicas: Vec<(NodeId, &Replica)> =
            world.nodes().ids().filter_map(|id| Some((id, replica(world, id)?))).collect();
        let readings: Vec<(NodeId, Reading)> =
            replicas.iter().map(|(id, replica)| (*id, now(world, *id, replica))).collect();
        let error = |(id, reading): &(NodeId, Reading)| error_us(world, *id, reading);
        let shown = || readings.iter().map(|(_, reading)| reading.shown_us);
        let spread_us = shown().max().unwrap_or(0) - shown().min().unwrap_or(0);
        let is_wrong =
            |seen: &&(NodeId, Reading)| seen.1.claim_us.is_some_and(|claim_us| error(seen).unsigned_abs() > claim_us);
        let worst_us = readings.iter().map(|seen| error(seen).abs()).max().unwrap_or(0);
        let exchanges = replicas.iter().map(|(_, replica)| replica.exchanges as i64).sum();
        let mut measures = vec![
            Measure::new("spread", t!("between the clocks ahead and behind most"), Unit::Time, spread_us),
            Measure::new("worst-error", t!("clock farthest from the true time"), Unit::Time, worst_us),
            Measure::count(
                "wrong-claims",
                t!("clocks wrong by more than they claim"),
                readings.iter().filter(is_wrong).count(),
            ),
            Measure::new("exchanges", t!("answers of the time server used"), Unit::Count, exchanges),
        ];
        let of_one = |seen: &(NodeId, Reading)| {
            Measure::new("error", t!("ahead of the true time"), Unit::Time, error(seen)).of(seen.0)
        };
        measures.extend(readings.iter().map(of_one));
        measures
    }
}
