//! What the lab counts.

use sim::frame::Measure;
use sim::{Measures, WorldOf, t};

use super::Saga;
use super::conductor::Stage;
use super::settings::ORDER;

impl Measures for Saga {
    fn measures(world: WorldOf<'_, Saga>) -> Vec<Measure> {
        let orders = &world.nodes().disk(ORDER).orders.0;
        let count = |of: &dyn Fn(&Stage) -> bool| orders.iter().filter(|row| of(&row.stage)).count();
        let open = orders.iter().filter(|row| row.is_open()).count();
        vec![
            Measure::count("open", t!("orders that are pending"), open),
            Measure::count(
                "confirmed",
                t!("of the last orders: confirmed"),
                count(&|stage| *stage == Stage::Confirmed),
            ),
            Measure::count("rejected", t!("of the last orders: rejected"), count(&|stage| *stage == Stage::Rejected)),
        ]
    }
}
