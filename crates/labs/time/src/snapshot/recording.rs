//! What is recorded: by one process, and put together by the one that began.

use std::rc::Rc;

use serde::Serialize;
use sim::{NodeId, Text, t};

use super::application::{Holding, Load};
use super::numbers::Numbers;

/// The name of a snapshot: who began it, and its how manyth it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct SnapshotId {
    pub initiator: NodeId,
    pub number: u32,
}

impl SnapshotId {
    /// In sentences: `A1`.
    pub fn text(self) -> Text {
        t!("{node}{number}", node = self.initiator, number = self.number)
    }
}

/// What one process records for one snapshot.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Recording {
    pub id: SnapshotId,
    /// Its own state; none before that is recorded.
    pub holding: Option<Holding>,
    /// The number of the last packet that it had sent to each process then.
    pub sent: Vec<u64>,
    /// The numbers of the packets of each process that it had taken then.
    pub taken: Vec<Numbers>,
    /// The channel from each process; none where there is none, or where channels are not recorded.
    pub channels: Vec<Option<Channel>>,
    /// The moment that was agreed on, by the clock.
    pub at_us: Option<i64>,
}

/// The recorded state of a channel.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Channel {
    /// What was under way, with its numbers.
    pub loads: Vec<(u64, Load)>,
    /// Whether all of it is known.
    pub is_closed: bool,
    /// Lai and Yang: how many packets its sender had sent before it recorded its state, once that is known.
    pub due: Option<u64>,
}

impl Recording {
    /// How many channels are recorded, and of how many.
    pub fn progress(&self) -> (usize, usize) {
        let channels = || self.channels.iter().flatten();
        (channels().filter(|channel| channel.is_closed).count(), channels().count())
    }

    /// Whether the process has done its part.
    pub fn is_done(&self) -> bool {
        self.holding.is_some() && self.channels.iter().flatten().all(|channel| channel.is_closed)
    }

    /// All messages that were under way.
    pub fn loads(&self) -> impl Iterator<Item = Load> {
        self.channels.iter().flatten().flat_map(|channel| channel.loads.iter().map(|(_, load)| *load))
    }

    /// What it adds to the sum.
    pub fn count(&self) -> u64 {
        let own = self.holding.map_or(0, Holding::count);
        self.loads().fold(own, |sum, load| sum.saturating_add(load.count()))
    }
}

/// What the process that began a snapshot has of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Collection {
    pub id: SnapshotId,
    /// One place a process.
    pub parts: Vec<Option<Rc<Recording>>>,
}

/// All of a snapshot.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Complete {
    pub id: SnapshotId,
    pub parts: Vec<Rc<Recording>>,
}

impl Complete {
    /// The sum over all states and channels.
    pub fn total(&self) -> u64 {
        self.parts.iter().fold(0, |sum, part| sum.saturating_add(part.count()))
    }

    /// How many messages were under way.
    pub fn under_way(&self) -> usize {
        self.parts.iter().map(|part| part.loads().count()).sum()
    }
}
