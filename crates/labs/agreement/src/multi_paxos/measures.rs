//! What the lab counts.

use sim::frame::{Measure, Unit};
use sim::{Measures, WorldOf, t};

use super::MultiPaxos;

impl Measures for MultiPaxos {
    fn measures(world: WorldOf<'_, MultiPaxos>) -> Vec<Measure> {
        let nodes = world.nodes();
        let servers = || nodes.ids().filter_map(|id| Some((id, nodes.state(id)?.server()?)));
        let ledger = &world.monitor().ledger;
        let gaps = (1..ledger.highest()).filter(|slot| ledger.chosen(*slot).is_empty());
        let rounds = servers().map(|(_, server)| server.round).max().unwrap_or(0);
        let answered = world.history().iter().filter(|operation| operation.completed.is_some()).count();
        let mut measures = vec![
            Measure::count("chosen", t!("slots chosen"), ledger.count()),
            Measure::count("gaps", t!("slots before them that are not"), gaps.count()),
            Measure::new("rounds", t!("highest round of a ballot"), Unit::Count, rounds as i64),
            Measure::count(
                "leaders",
                t!("servers that lead"),
                servers().filter(|(_, server)| server.leadership().is_some()).count(),
            ),
            Measure::count("answered", t!("commands answered"), answered),
        ];
        let known = servers().map(|(id, server)| {
            Measure::new(
                "known",
                t!("slots known to be chosen, without a gap"),
                Unit::Count,
                server.log.chosen_to() as i64,
            )
            .of(id)
        });
        measures.extend(known);
        measures
    }
}
