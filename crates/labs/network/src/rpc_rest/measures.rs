//! What the lab counts.

use sim::frame::{Measure, Unit};
use sim::{Measures, NodeId, WorldOf, t};

use super::store::EffectKind;
use super::wish::Verdict;
use super::{RpcNode, RpcRest};

impl Measures for RpcRest {
    fn measures(world: WorldOf<'_, RpcRest>) -> Vec<Measure> {
        let (config, nodes) = (world.config(), world.nodes());
        let client = |id: NodeId| nodes.state(id).and_then(RpcNode::client);
        let told = |verdict: Verdict| {
            let told = config.clients().filter_map(client).flat_map(|client| client.told.iter());
            told.filter(|told| told.verdict == verdict).count()
        };
        let book = &nodes.disk(config.store()).book;
        let made = book.log.iter().filter(|effect| effect.kind == EffectKind::Made).count();
        let version = book.orders.get(&7).map_or(0, |order| order.version as usize);
        let tried = {
            let mut cells = Vec::new();
            for tried in world.monitor().tried.iter() {
                if !cells.contains(&(tried.strategy, tried.column)) {
                    cells.push((tried.strategy, tried.column));
                }
            }
            cells.len()
        };
        let mut measures = vec![
            Measure::count("made", t!("orders made so far"), made),
            Measure::count("orders", t!("orders in the store"), book.orders.values().count()),
            Measure::count("version", t!("version of order 7"), version),
            Measure::count("done", t!("lately told: done"), told(Verdict::Done)),
            Measure::count("unknown", t!("lately told: unknown"), told(Verdict::Unknown)),
            Measure::count("tried", t!("cells of the printer's table that were tried"), tried),
        ];
        measures.extend(config.printer().map(|printer| {
            let sheets = nodes.disk(printer).paper.len();
            Measure::count("sheets", t!("sheets of paper"), sheets).of(printer)
        }));
        measures.extend(config.clients().map(|id| {
            let last = client(id).and_then(|client| client.told.back()?.took_us).unwrap_or(0);
            Measure::new("took", t!("how long the last wish took"), Unit::Time, last as i64).of(id)
        }));
        measures.extend(config.clients().map(|id| {
            let count = client(id).map_or(0, |client| client.told.len());
            Measure::count("told", t!("of how many wishes its user was told lately"), count).of(id)
        }));
        measures
    }
}
