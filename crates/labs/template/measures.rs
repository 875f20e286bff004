//! What the lab counts.

use sim::frame::Measure;
use sim::{Measures, WorldOf, t};

use super::NewLab;

impl Measures for NewLab {
    fn measures(world: WorldOf<'_, NewLab>) -> Vec<Measure> {
        vec![Measure::count("delivered", t!("messages that arrived"), world.messages_delivered() as usize)]
    }
}
