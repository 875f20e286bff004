//! Transactions: their names, their age, and what they leave behind.

use serde::Serialize;
use sim::{NodeId, Text, t};

use super::settings::{GROUPS, KEYS};

/// A key, and the group that keeps it: each group has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Key(pub u8);

impl Key {
    /// All keys, in the order of their groups.
    pub fn all() -> impl Iterator<Item = Key> {
        (0..GROUPS as u8).map(Key)
    }

    pub fn name(self) -> &'static str {
        KEYS[usize::from(self.0)]
    }
}

/// A try to carry out a transaction. A client tries one at a time, and never the same number twice: its lives are counted on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Txn {
    pub client: NodeId,
    pub life: u64,
    pub number: u64,
}

impl Txn {
    pub fn text(self) -> Text {
        t!("{client}’s {number}", client = self.client, number = self.number)
    }
}

/// Who is older goes first: by the moment of the first try, then by client (wound-wait, Rosenkrantz et al. 1978).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Age {
    pub start_us: i64,
    pub client: NodeId,
}

/// A value of a key, with the timestamp of the commit that wrote it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Version {
    /// Counted from 1 at each leader, in the order of being applied.
    pub number: u64,
    pub stamp_us: i64,
    pub value: String,
    pub txn: Txn,
}

/// What a leader needs to know to commit its part.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Request {
    pub txn: Txn,
    pub age: Age,
    pub coordinator: NodeId,
    /// All others that have a part.
    pub participants: Vec<NodeId>,
    /// The life of the leader in which the read lock was taken; none for who has not read there.
    pub read_in: Option<u64>,
    /// The new value; none for who has only read there.
    pub write: Option<String>,
}
