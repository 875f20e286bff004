//! The line of a node: one uplink and one downlink, which all its connections share.
//!
//! A block leaves when the one before it has left. It arrives bit by bit: it has come when its last bit is there and the downlink has had
//! the time for all that came before it and for itself, so that an idle downlink that is as fast as the sender keeps nothing waiting.

use std::collections::VecDeque;

use serde::Serialize;
use sim::NodeId;

use super::file::BlockId;

/// How long a line of so many kilobits a second takes for so many bytes, in microseconds.
pub fn takes_us(bytes: u64, kbps: u64) -> u64 {
    (bytes * 8_000).div_ceil(kbps.max(1))
}

/// The line that a node sends blocks on.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Uplink {
    /// When it can take the next block.
    pub free_us: u64,
    /// How many blocks have begun to leave in this life.
    pub number: u64,
    /// The last of them.
    pub last: Option<Sent>,
}

/// A block that has begun to leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Sent {
    pub to: NodeId,
    pub id: BlockId,
    /// When it began to leave.
    pub at_us: u64,
    /// How long it takes.
    pub takes_us: u64,
    /// When the line was free, as it was known then.
    pub was_free_us: u64,
}

impl Uplink {
    /// Whether a block can begin to leave.
    pub fn is_free(&self, now_us: u64) -> bool {
        self.free_us <= now_us
    }

    /// A block begins to leave.
    pub fn begin(&mut self, to: NodeId, id: BlockId, takes_us: u64, now_us: u64) {
        let was_free_us = self.free_us;
        self.last = Some(Sent { to, id, at_us: now_us, takes_us, was_free_us });
        self.number += 1;
        self.free_us = was_free_us.max(now_us) + takes_us;
    }
}

/// The line that a node gets blocks on.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Downlink {
    free_us: u64,
    /// What has arrived and waits, with the moment at which it has come.
    waiting: VecDeque<(u64, Received)>,
}

/// A block that arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Received {
    pub from: NodeId,
    pub id: BlockId,
    pub content: u64,
}

impl Downlink {
    /// The last bit of a block arrives. Returns the block if it has come with that; else it waits.
    pub fn arrive(&mut self, block: Received, takes_us: u64, now_us: u64) -> Option<Received> {
        self.free_us = self.free_us.max(now_us.saturating_sub(takes_us)) + takes_us;
        if self.free_us <= now_us && self.waiting.is_empty() {
            return Some(block);
        }
        self.waiting.push_back((self.free_us, block));
        None
    }

    /// When the next one that waits has come.
    pub fn next_us(&self) -> Option<u64> {
        self.waiting.front().map(|(at_us, _)| *at_us)
    }

    /// The next one that has come.
    pub fn take(&mut self, now_us: u64) -> Option<Received> {
        self.next_us().filter(|at_us| *at_us <= now_us)?;
        self.waiting.pop_front().map(|(_, block)| block)
    }

    /// How many wait.
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }
}
