//! What the lab counts.

use sim::frame::{Measure, Unit};
use sim::{Measures, WorldOf, t};

use super::{Node, TwoPhaseCommit};

impl Measures for TwoPhaseCommit {
    fn measures(world: WorldOf<'_, TwoPhaseCommit>) -> Vec<Measure> {
        let services = || world.nodes().ids().filter_map(|id| world.nodes().state(id).and_then(Node::service));
        let hold_locks = world.config().rules.hold_locks;
        let count = |of: &dyn Fn(&super::portion::Part) -> bool| {
            services().map(|service| service.parts.iter().filter(|part| of(part)).count()).sum::<usize>()
        };
        let (messages, forced) = world.monitor().costs();
        let (done, not_done) = world.monitor().told();
        let number = |name, title, value: u64| Measure::new(name, title, Unit::Count, value as i64);
        vec![
            Measure::count("promised", t!("promises without an outcome"), count(&|part| part.is_prepared())),
            Measure::count("locks", t!("locks held"), count(&|part| part.has_lock(hold_locks))),
            number("done", t!("customers told: done"), done),
            number("not-done", t!("customers told: not done"), not_done),
            number("messages", t!("messages of prepare, vote and outcome"), messages),
            number("forced-writes", t!("writes that somebody waited for"), forced),
        ]
    }
}
