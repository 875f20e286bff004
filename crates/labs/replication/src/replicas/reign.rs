//! What a server knows and keeps while it is primary.

use std::collections::VecDeque;

use serde::Serialize;
use sim::NodeId;

use super::InSync;
use super::log::RequestId;

/// What a server keeps while it is primary.
#[derive(Clone, Debug, Serialize)]
pub struct Reign {
    pub in_sync: InSync,
    /// Its first entry: reads are answered when that is committed, since then it is known what else is.
    pub opening: u64,
    /// Until when the observer lets nobody else be primary, on this server's clock in microseconds.
    pub lease_until_us: Option<i64>,
    /// What it knows of each server, itself included.
    pub followers: Vec<Follower>,
    /// The writes to be acknowledged, with the index of each.
    pub unanswered: Vec<(NodeId, RequestId, u64)>,
    /// Whether it goes on alone, since no replica has answered in time (semi-synchronous).
    pub is_alone: bool,
    /// The replication lag over time, the oldest sample first.
    pub lag: VecDeque<Sample>,
}

/// What a primary knows of a replica.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Follower {
    /// The next entry to send.
    pub next: u64,
    /// Up to here the replica has said that it has the same log.
    pub matched: u64,
    /// When it answered last, on the primary's clock in microseconds.
    pub heard_at_us: i64,
}

/// How far replicas were behind at some moment, as far as the primary knew (`pg_stat_replication`).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sample {
    /// On the primary's clock, in microseconds.
    pub at_us: i64,
    /// For each server, in the order of their numbers.
    pub servers: Vec<Lag>,
}

/// How far a replica is behind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Lag {
    pub entries: u64,
    /// How long ago the first of them was written, in microseconds.
    pub us: u64,
}
