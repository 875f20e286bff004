//! The replication log: what the primary wrote, in order, and how far a server has got in it.

use std::rc::Rc;

use serde::{Serialize, Serializer};
use sim::history::Value;
use sim::rng::mix;
use sim::{Argument, List, NodeId, t};

/// A place in the replication log: the entry at `index`, written in `epoch`. As a PostgreSQL log position on a timeline, it
/// names one entry only, as long as an epoch has one primary. A later epoch is further on whatever its index is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Position {
    pub epoch: u64,
    /// From 1; 0 before the first entry.
    pub index: u64,
}

impl From<Position> for Argument {
    fn from(position: Position) -> Argument {
        match position.index {
            0 => t!("no entry").into(),
            index => t!("entry {index} of epoch {epoch}", index = index, epoch = position.epoch).into(),
        }
    }
}

/// A request of a client: a client that crashed comes back as a new life of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct RequestId {
    pub client: NodeId,
    pub life: u64,
    pub serial: u64,
}

/// A write of a client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Write {
    pub request: RequestId,
    pub key: Value,
    pub value: Value,
}

/// An entry of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// The epoch of the primary that wrote it.
    pub epoch: u64,
    /// When, on the clock of that primary, in microseconds.
    pub written_at_us: i64,
    /// None for the entry with which a new primary opens its epoch.
    pub write: Option<Rc<Write>>,
}

/// The entries of one server, numbered from 1. A clone shares them.
#[derive(Clone, Debug, Default)]
pub struct Log {
    entries: List<Entry>,
    /// For each entry a digest of the log up to it.
    digests: List<u64>,
}

impl Log {
    /// The index of the last entry; 0 for an empty log.
    pub fn last_index(&self) -> u64 {
        self.entries.len() as u64
    }

    /// The position of the last entry.
    pub fn last(&self) -> Position {
        self.position(self.last_index()).unwrap_or_default()
    }

    /// The entry at an index.
    pub fn entry(&self, index: u64) -> Option<&Entry> {
        self.entries.get(usize::try_from(index.checked_sub(1)?).ok()?)
    }

    /// The position of the entry at an index, if there is one; that before the first entry for 0.
    pub fn position(&self, index: u64) -> Option<Position> {
        match index {
            0 => Some(Position::default()),
            _ => self.entry(index).map(|entry| Position { epoch: entry.epoch, index }),
        }
    }

    /// Whether the entry of this position is in it.
    pub fn contains(&self, position: Position) -> bool {
        self.position(position.index) == Some(position)
    }

    /// A number that two logs share if they are the same up to this index, and all but certainly only then.
    pub fn digest(&self, index: u64) -> Option<u64> {
        match index {
            0 => Some(0),
            _ => self.digests.get(index as usize - 1).copied(),
        }
    }

    /// At most `most` entries after `index`.
    pub fn after(&self, index: u64, most: u64) -> Vec<Entry> {
        let last = self.last_index().min(index.saturating_add(most));
        (index + 1..=last).filter_map(|index| self.entry(index).cloned()).collect()
    }

    /// Adds an entry at the end.
    pub fn push(&mut self, entry: Entry) {
        let before = self.digests.last().copied().unwrap_or(0);
        let request = entry.write.as_ref().map_or(0, |write| mix(write.request.life) ^ write.request.serial);
        self.digests.push(mix(before ^ mix(entry.epoch) ^ mix(request)));
        self.entries.push(entry);
    }

    /// Deletes all entries after `index`.
    pub fn truncate_after(&mut self, index: u64) {
        self.entries.truncate(index as usize);
        self.digests.truncate(index as usize);
    }

    /// The index of the first entry of the epoch that the entry at `index` has.
    pub fn first_of_epoch_at(&self, index: u64) -> u64 {
        let epoch = self.entry(index).map(|entry| entry.epoch);
        let is_other = |earlier: &u64| self.entry(earlier - 1).map(|entry| entry.epoch) != epoch;
        (1..=index).rev().find(is_other).unwrap_or(1)
    }

    /// The last write of this life of a client, with its index.
    pub fn last_write_of(&self, request: RequestId) -> Option<(u64, &Write)> {
        let is_its = |write: &Write| (write.request.client, write.request.life) == (request.client, request.life);
        (1..=self.last_index()).rev().find_map(|index| {
            let write = self.entry(index)?.write.as_deref()?;
            is_its(write).then_some((index, write))
        })
    }
}

impl PartialEq for Log {
    fn eq(&self, other: &Log) -> bool {
        self.entries == other.entries
    }
}

impl Serialize for Log {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.entries.serialize(serializer)
    }
}
