//! Statements with the signatures of those who have made them.

use serde::Serialize;
use sim::NodeId;

use super::Digest;

/// Some of at most sixteen replicas.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Signers(u16);

impl Signers {
    /// The same, and this one.
    pub fn with(self, node: NodeId) -> Signers {
        Signers(self.0 | 1 << node.0)
    }

    /// The same without this one.
    pub fn without(self, node: NodeId) -> Signers {
        Signers(self.0 & !(1 << node.0))
    }

    /// Whether this one is among them.
    pub fn has(self, node: NodeId) -> bool {
        self.0 & 1 << node.0 != 0
    }

    /// How many they are.
    pub fn count(self) -> u32 {
        self.0.count_ones()
    }
}

/// So many have signed that in this view this request has a certain number. The messages themselves would prove it to anybody; that
/// nobody can sign for somebody else is kept by [`lie`](super::lies::lie), which adds no signers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Certificate {
    pub view: u64,
    pub digest: Digest,
    pub signers: Signers,
}

impl Certificate {
    /// Whether it is about this view and this request.
    pub fn is_of(&self, view: u64, digest: &Digest) -> bool {
        self.view == view && self.digest == *digest
    }
}
