//! What the lab counts.

use sim::frame::{Measure, Status, Unit};
use sim::{Measures, WorldOf, t};

use super::{Generals, Order};

impl Measures for Generals {
    fn measures(world: WorldOf<'_, Generals>) -> Vec<Measure> {
        let count = |name, title, value| Measure::new(name, title, Unit::Count, value);
        let doing = |order| {
            let nodes = world.nodes();
            let all = nodes.ids().filter(|node| nodes.status(*node) == Status::Up && nodes.lies(*node).is_none());
            all.filter_map(|node| nodes.state(node)).filter(|general| general.decision == Some(order)).count()
        };
        let monitor = world.monitor();
        vec![
            count("messages", t!("messages sent"), world.messages_sent() as i64),
            Measure::count(
                "traitors",
                t!("traitors"),
                world.nodes().ids().filter(|node| world.nodes().lies(*node).is_some()).count(),
            ),
            Measure::count("attacking", t!("loyal generals that attack"), doing(Order::Attack)),
            Measure::count("retreating", t!("loyal generals that retreat"), doing(Order::Retreat)),
            count("battles", t!("battles that all loyal generals have decided"), monitor.battles.into()),
            count("parted", t!("battles in which they parted"), monitor.parted.into()),
        ]
    }
}
