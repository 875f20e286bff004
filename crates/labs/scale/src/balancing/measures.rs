//! What the lab counts: response times, queues, and how requests end.

use sim::frame::{Measure, Unit};
use sim::{Measures, NodeId, WorldOf, t};

use super::client::Client;
use super::server::Server;
use super::{BalancingNode, LoadBalancing};

impl Measures for LoadBalancing {
    fn measures(world: WorldOf<'_, LoadBalancing>) -> Vec<Measure> {
        let states = || world.nodes().ids().filter_map(|id| Some((id, world.nodes().state(id)?)));
        let servers: Vec<(NodeId, &Server)> = states().filter_map(|(id, state)| Some((id, state.server()?))).collect();
        let clients: Vec<&Client> = states().filter_map(|(_, state)| state.client()).collect();
        let balancer = world.nodes().state(world.config().balancer()).and_then(BalancingNode::balancer);
        let last = balancer.and_then(|balancer| balancer.statistics.points.back()?.percentiles_us);
        let [p50_us, _, p99_us] = last.unwrap_or_default();
        let sum = |of: fn(&Client) -> u32| clients.iter().map(|client| i64::from(of(client))).sum::<i64>();
        let mut measures = vec![
            Measure::new("p50", t!("half of the requests take less than"), Unit::Time, p50_us as i64),
            Measure::new("p99", t!("99 % of the requests take less than"), Unit::Time, p99_us as i64),
            Measure::count(
                "waiting",
                t!("requests in queues"),
                servers.iter().map(|(_, server)| server.station.queue.len()).sum(),
            ),
            Measure::new("served", t!("requests served"), Unit::Count, sum(|client| client.served)),
            Measure::count(
                "refused",
                t!("requests that servers refused"),
                servers.iter().map(|(_, server)| server.station.refused as usize).sum(),
            ),
            Measure::new("failed", t!("requests that failed"), Unit::Count, sum(|client| client.failed)),
        ];
        let busy = |(id, server): &(NodeId, &Server)| {
            let local_us = world.nodes().clock(*id).shows(world.now_us());
            let share_ppm = i64::from(server.station.busy_permille(local_us)) * 1_000;
            Measure::new("busy", t!("share of the time at work"), Unit::Share, share_ppm).of(*id)
        };
        measures.extend(servers.iter().map(busy));
        measures
    }
}
