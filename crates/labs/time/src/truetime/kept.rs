//! What nodes keep on disk.

use serde::Serialize;
use sim::NodeId;
use sim::map::Map;

use super::transaction::{Request, Txn, Version};

/// How many versions of its key a group keeps.
pub const VERSIONS: usize = 32;

/// What a node keeps through a crash. It does not keep what it knows of the time.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Disk {
    /// Whether it was set up and has not run yet; never so of an empty disk.
    pub is_new: bool,
    /// How many times it has started.
    pub lives: u64,
    /// Of a leader: the greatest timestamp that it has given, or has promised to go beyond. Of a replica: up to which moment it
    /// has all there will ever be.
    pub floor_us: i64,
    /// The last values, by timestamp.
    pub versions: Vec<Version>,
    /// How many there have been.
    pub count: u64,
    /// What it has prepared and does not know the outcome of, with the prepare timestamp.
    pub prepared: Vec<(Request, i64)>,
    /// What it has decided as a coordinator, until all participants know.
    pub decisions: Vec<Decision>,
    /// For each client the last transaction that is over here, with its timestamp, or none if it was aborted.
    pub over: Map<NodeId, (Txn, Option<i64>)>,
}

/// A commit that a coordinator has logged.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Decision {
    pub request: Request,
    pub stamp_us: i64,
    /// Whether the wait is over, and others may know.
    pub is_told: bool,
    /// Who has not said yet that it knows.
    pub unknowing: Vec<NodeId>,
}

/// A value is no longer kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Forgotten;

impl Disk {
    /// Whether a transaction is over here, or its client has gone on to a later one.
    pub fn is_over(&self, txn: Txn) -> bool {
        self.over.get(&txn.client).is_some_and(|(last, _)| *last >= txn)
    }

    /// Its timestamp, if it is known to be committed here.
    pub fn stamp_of(&self, txn: Txn) -> Option<i64> {
        let decided = self.decisions.iter().find(|decision| decision.request.txn == txn && decision.is_told);
        let last = || self.over.get(&txn.client).filter(|(last, _)| *last == txn).and_then(|(_, stamp)| *stamp);
        decided.map(|decision| decision.stamp_us).or_else(last)
    }

    /// A transaction is over.
    pub fn end(&mut self, txn: Txn, stamp_us: Option<i64>) {
        if !self.is_over(txn) {
            self.over.insert(txn.client, (txn, stamp_us));
        }
    }

    /// The value as of a moment; the error is that it has been forgotten.
    pub fn as_of(&self, at_us: i64) -> Result<Option<&Version>, Forgotten> {
        let found = self.versions.iter().rfind(|version| version.stamp_us <= at_us);
        if found.is_none() && self.versions.len() >= VERSIONS { Err(Forgotten) } else { Ok(found) }
    }

    /// The newest value.
    pub fn newest(&self) -> Option<&Version> {
        self.versions.last()
    }

    /// Puts a version where its timestamp belongs, and forgets the oldest ones.
    pub fn put(&mut self, version: Version) {
        self.count = self.count.max(version.number);
        let place = self.versions.iter().take_while(|other| other.stamp_us <= version.stamp_us).count();
        self.versions.insert(place, version);
        if self.versions.len() > VERSIONS {
            self.versions.remove(0);
        }
    }
}
