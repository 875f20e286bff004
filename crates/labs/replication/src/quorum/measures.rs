//! What the lab counts: hints, siblings, keys whose replicas differ, and how operations end.

use sim::frame::{Measure, Unit};
use sim::history::Outcome;
use sim::{Measures, WorldOf, t};

use super::server::Store;
use super::version::Key;
use super::{LeaderlessQuorum, QuorumNode};

impl Measures for LeaderlessQuorum {
    fn measures(world: WorldOf<'_, LeaderlessQuorum>) -> Vec<Measure> {
        let config = world.config();
        let stores: Vec<&Store> = world
            .nodes()
            .ids()
            .take(usize::from(config.servers))
            .map(|id| match world.nodes().state(id).and_then(QuorumNode::server) {
                Some(server) => &*server.store,
                None => &*world.nodes().disk(id).store,
            })
            .collect();
        let mut keys: Vec<&Key> = stores.iter().flat_map(|store| store.objects.iter().map(|(key, _)| key)).collect();
        keys.sort_unstable();
        keys.dedup();
        let differs = |key: &&&Key| {
            let mut copies = config.replicas(key).into_iter().map(|server| stores[server.index()].objects.get(**key));
            let first = copies.next();
            copies.any(|copy| Some(copy) != first)
        };
        let siblings = stores.iter().flat_map(|store| store.objects.values()).map(|versions| versions.len()).max();
        let ended = |is_meant: fn(&Outcome) -> bool| {
            world
                .history()
                .iter()
                .filter(|operation| operation.completed.as_ref().is_some_and(|(_, outcome)| is_meant(outcome)))
                .count()
        };
        vec![
            Measure::new(
                "hints",
                t!("writes kept for another server"),
                Unit::Count,
                stores.iter().map(|store| store.hint_count() as i64).sum(),
            ),
            Measure::count("siblings", t!("versions of one key at most"), siblings.unwrap_or(0)),
            Measure::count("differing-keys", t!("keys whose replicas differ"), keys.iter().filter(differs).count()),
            Measure::count("answered", t!("operations answered"), ended(|outcome| matches!(outcome, Outcome::Ok(_)))),
            Measure::count("failed", t!("operations that failed"), ended(|outcome| !matches!(outcome, Outcome::Ok(_)))),
        ]
    }
}
