//! The names of things: nodes, messages, timers.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A node, numbered from 0 in the order in which the lab set it up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct NodeId(pub u16);

impl NodeId {
    /// The position in lists that hold one item a node.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }

    /// The node at a position of such a list; a world has at most `u16::MAX` nodes.
    pub fn at(index: usize) -> NodeId {
        NodeId(index as u16)
    }
}

/// One message: the sender's `number`th message to this receiver. A copy gets a number of its own.
///
/// What happens elsewhere does not change it, so that an input that names it still means the same message when a hunt
/// takes other inputs away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct MessageId {
    pub from: NodeId,
    pub to: NodeId,
    pub number: u32,
}

impl MessageId {
    /// All of it in one number, which orders messages as they are.
    pub(crate) fn bits(self) -> u64 {
        u64::from(self.from.0) << 48 | u64::from(self.to.0) << 32 | u64::from(self.number)
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}-{}-{}", self.from.0, self.to.0, self.number)
    }
}

/// One setting of a timer: setting it again gives it a new number, counted for each node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TimerId(pub u64);
