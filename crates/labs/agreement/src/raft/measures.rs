//! What the lab counts: terms, leaders, and how far the log has got.

use sim::frame::{Measure, Unit};
use sim::{Measures, NodeId, WorldOf, t};

use super::server::Server;
use super::{Raft, RaftNode};

impl Measures for Raft {
    fn measures(world: WorldOf<'_, Raft>) -> Vec<Measure> {
        let servers: Vec<(NodeId, &Server)> = world
            .nodes()
            .ids()
            .filter_map(|id| Some((id, world.nodes().state(id).and_then(RaftNode::server)?)))
            .collect();
        let highest = |of: fn(&Server) -> u64| servers.iter().map(|(_, server)| of(server)).max().unwrap_or(0) as i64;
        let committed = highest(|server| server.commit_index);
        let longest = highest(|server| server.log.last_index());
        let answered = world.history().iter().filter(|operation| operation.completed.is_some()).count();
        let mut measures = vec![
            Measure::new("term", t!("highest term"), Unit::Count, highest(|server| server.term)),
            Measure::count(
                "leaders",
                t!("servers that lead"),
                servers.iter().filter(|(_, server)| server.is_leader()).count(),
            ),
            Measure::new("committed", t!("entries committed"), Unit::Count, committed),
            Measure::new("uncommitted", t!("entries not committed"), Unit::Count, (longest - committed).max(0)),
            Measure::count("answered", t!("commands answered"), answered),
        ];
        let log = |(id, server): &(NodeId, &Server)| {
            Measure::new("log", t!("entries in the log"), Unit::Count, server.log.last_index() as i64).of(*id)
        };
        measures.extend(servers.iter().map(log));
        measures
    }
}
