//! What the lab counts: primaries, epochs, how far replicas are behind, and writes that wait.

use sim::frame::{Measure, Unit};
use sim::{Measures, NodeId, WorldOf, t};

use super::Replicas;
use super::reign::Lag;
use super::view::{newest_primary, servers};

impl Measures for Replicas {
    fn measures(world: WorldOf<'_, Replicas>) -> Vec<Measure> {
        let epoch = servers(world).map(|(_, server)| server.epoch).max().unwrap_or(0);
        let primaries = servers(world).filter(|(_, server)| server.is_primary()).count();
        let lags = lags(world);
        let entries = lags.iter().map(|lag| lag.entries).max().unwrap_or(0);
        let us = lags.iter().map(|lag| lag.us).max().unwrap_or(0);
        let reign = newest_primary(world).and_then(|(_, server)| server.reign());
        let waiting = reign.map_or(0, |reign| reign.unanswered.len());
        vec![
            Measure::new("epoch", t!("highest epoch"), Unit::Count, epoch as i64),
            Measure::count("primaries", t!("servers that act as primary"), primaries),
            Measure::new("lag", t!("entries that a replica lacks"), Unit::Count, entries as i64),
            Measure::new("lag-time", t!("time that a replica is behind"), Unit::Time, us as i64),
            Measure::count("waiting", t!("writes not acknowledged yet"), waiting),
        ]
    }
}

/// How far each replica is behind the newest primary, as far as that knows; empty without one.
fn lags(world: WorldOf<'_, Replicas>) -> Vec<Lag> {
    let Some((primary, server)) = newest_primary(world) else { return Vec::new() };
    let now_us = world.nodes().clock(primary).shows(world.now_us());
    let replicas = (0..world.config().servers).map(NodeId).filter(|other| *other != primary);
    replicas.map(|other| server.lag_of(other, now_us)).collect()
}
