//! What the lab counts.

use sim::frame::{Measure, Unit};
use sim::{Measures, WorldOf, t};

use super::{Lock, Node};

impl Measures for Lock {
    fn measures(world: WorldOf<'_, Lock>) -> Vec<Measure> {
        let customers = || world.nodes().ids().filter_map(|id| world.nodes().state(id).and_then(Node::customer));
        let shelf = &world.nodes().disk(world.config().stock()).stock;
        let monitor = world.monitor();
        let number = |name, title, value: u64| Measure::new(name, title, Unit::Count, value as i64);
        vec![
            number("left", t!("pieces left"), shelf.left()),
            number("sold", t!("writes that were taken"), shelf.taken),
            number("sold-twice", t!("pieces sold twice"), monitor.resold),
            number("refused", t!("writes refused"), shelf.refused),
            Measure::count(
                "holders",
                t!("customers that think they hold the lock"),
                customers().filter(|customer| customer.hold.is_some()).count(),
            ),
            number("lost", t!("locks lost at work"), monitor.lost),
        ]
    }
}
