//! A time master: it has a receiver of satellites or an atomic clock (section 3).

use serde::Serialize;
use sim::t;

use super::daemon::Ask;
use super::settings::Part;
use super::{Effects, Message};

/// The state of a time master: how often it was asked.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Master {
    pub asked: u64,
}

impl Master {
    /// What its clock shows, when the simulator's clock of the node shows `local_us`.
    pub fn shows(me: sim::NodeId, local_us: i64, config: &super::Config) -> i64 {
        match config.part(me) {
            Part::Master(place) => local_us + config.master_error_us(place),
            _ => local_us,
        }
    }

    pub(super) fn on_ask(&mut self, from: sim::NodeId, ask: Ask, effects: &mut Effects<'_>) {
        let me = effects.me();
        let (told_us, error_us) =
            (Master::shows(me, effects.local_now(), effects.config()), effects.config().master_us);
        self.asked += 1;
        effects.send(from, Message::Tell { ask, told_us, error_us });
        effects.routine("told");
        effects.note(|| t!("{master} tells {node} the time", master = me, node = from));
    }
}
