//! The only ground state: what is needed to compute a run again.

use serde::{Deserialize, Serialize};

use crate::base::settings::Settings;
use crate::base::text::Text;
use crate::kernel::input::Timed;
use crate::t;

/// Lab, settings, seed and inputs; everything else follows from them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scenario {
    /// The version of the simulator's rules: [`Scenario::VERSION`]. Links and files have versions of their own.
    pub version: u32,
    /// The name of the lab.
    pub lab: String,
    /// What differs from the lab's default settings.
    pub settings: Settings,
    pub seed: u64,
    /// In the order in which they act.
    pub inputs: Vec<Timed>,
    /// How many events have happened at the moment that it opens on.
    pub cursor: u64,
}

impl Scenario {
    /// Raised whenever an older scenario would replay differently.
    pub const VERSION: u32 = 1;

    /// How many events a scenario may ask to be computed when it is opened: a few seconds' work.
    pub const MOST_EVENTS: u64 = 5_000_000;

    /// Says what is wrong with a scenario that asks for too much.
    pub fn accept(&self) -> Result<(), Text> {
        if self.cursor <= Scenario::MOST_EVENTS && self.inputs.len() as u64 <= Scenario::MOST_EVENTS {
            return Ok(());
        }
        Err(t!("this scenario asks for more than {most} events: it may be damaged", most = Scenario::MOST_EVENTS))
    }
}
