//! What nodes send each other.

use std::rc::Rc;

use serde::Serialize;
use sim::NodeId;

use super::merkle::Place;
use super::version::{Dot, Key, Siblings, VectorClock};

/// A message.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Message {
    /// A client asks a server to coordinate an operation (Dynamo, section 4.5).
    Request { serial: u64, key: Key, command: Command },
    /// The coordinator's answer to a client.
    Answer { serial: u64, answer: Answer },
    /// A coordinator writes to a replica, and wants an acknowledgement if it gives a request: the W of the WARS model (Bailis et al. 2012, section 4.1).
    Store { request: Option<u64>, key: Key, versions: Siblings, stands_for: Option<NodeId> },
    /// A replica has written: the A of the model.
    Stored { request: u64 },
    /// A coordinator reads from a replica: the R of the model.
    Read { request: u64, key: Key },
    /// What a replica has: the S of the model.
    Versions { request: u64, versions: Siblings },
    /// Writes that a server kept for this one while it was away (hinted handoff, section 4.6).
    Handoff { entries: Vec<(Key, Siblings)> },
    /// Writes that were taken over: the sender of the hints may forget them.
    TakenOver { entries: Vec<(Key, Vec<Dot>)> },
    /// Digests of nodes of Merkle trees, to be compared (section 4.7).
    Digests { nodes: Rc<[(Place, u64)]> },
    /// Digests of the keys under leaves that differ.
    Keys { leaves: Vec<Place>, digests: Vec<(Key, u64)> },
    /// The versions of keys that differ.
    Differing { entries: Vec<(Key, Siblings)> },
}

/// What a client wants.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Command {
    Get,
    Put { items: Vec<Key>, context: VectorClock },
}

/// What a client is told.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Answer {
    /// The versions found, after so many replicas of the key have answered. `is_lasting`: as many have what was found.
    Found { versions: Siblings, promise: Promise },
    /// Enough replicas have written.
    Written { clock: VectorClock, promise: Promise },
    /// Too few replicas answered in time.
    Refused { answered: u16, needed: u16 },
}

/// What is certain about an answer, for the checks: clients do not look at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Promise {
    /// How many replicas of the key itself the settings asked for; 0 where others could stand in for them.
    pub replicas: u16,
    /// For a get: whether that many replicas also have all that was found.
    pub is_repaired: bool,
}
