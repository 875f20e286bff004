//! The state of the whole system: what all processes have, and what is under way between them. No process ever sees it.

use serde::Serialize;
use sim::rng::mix;

use super::application::{Holding, Load};
use super::recording::Complete;

/// A state of the whole system.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Global {
    pub holdings: Vec<Holding>,
    /// What is under way from one process (the row) to another one (the place in it), in the order of sending.
    pub channels: Vec<Vec<Vec<Load>>>,
}

impl Global {
    /// The state that a snapshot has recorded.
    pub fn recorded(snapshot: &Complete) -> Global {
        let nodes = snapshot.parts.len();
        let mut channels = vec![vec![Vec::new(); nodes]; nodes];
        for (to, part) in snapshot.parts.iter().enumerate() {
            for (from, channel) in part.channels.iter().enumerate() {
                let Some(channel) = channel else { continue };
                let mut loads = channel.loads.clone();
                loads.sort_unstable_by_key(|(number, _)| *number);
                channels[from][to] = loads.into_iter().map(|(_, load)| load).collect();
            }
        }
        let holdings = snapshot.parts.iter().filter_map(|part| part.holding).collect();
        Global { holdings, channels }
    }

    fn loads(&self) -> impl Iterator<Item = Load> {
        self.channels.iter().flatten().flatten().copied()
    }

    /// The sum of all there is.
    pub fn total(&self) -> u64 {
        let held = self.holdings.iter().map(|holding| holding.count());
        held.chain(self.loads().map(Load::count)).fold(0, u64::saturating_add)
    }

    /// Whether nothing is under way.
    pub fn is_quiet(&self) -> bool {
        self.loads().next().is_none()
    }

    /// A number by which two states can be told apart.
    pub fn digest(&self) -> u64 {
        let held = self.holdings.iter().fold(0, |sum, holding| mix(sum ^ holding.count()));
        let channels = self.channels.iter().flatten();
        channels.fold(held, |sum, channel| channel.iter().fold(mix(!sum), |sum, load| mix(sum ^ load.count())))
    }
}
