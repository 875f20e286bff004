//! A book of a channel, kept by the numbers of its packets and not by vector times: acknowledgements, which are no part of the
//! computation, count there too.

use std::collections::VecDeque;

use serde::Serialize;

use super::application::Load;
use super::numbers::Numbers;

/// All that was sent down a channel, as long as it matters.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Ledger {
    pub last: u64,
    pub taken: Numbers,
    pub loads: VecDeque<(u64, Load)>,
}

impl Ledger {
    /// Something that was sent after so many packets, and had been taken.
    pub(super) fn backwards(&self, sent: u64, taken: &Numbers) -> Option<Load> {
        self.loads.iter().find(|(number, _)| *number > sent && taken.has(*number)).map(|(_, load)| *load)
    }

    /// What is under way over a cut: sent up to this packet, and not taken then.
    pub(super) fn crossing(&self, sent: u64, taken: &Numbers) -> impl Iterator<Item = (u64, Load)> {
        self.loads.iter().filter(move |(number, _)| *number <= sent && !taken.has(*number)).copied()
    }
}
