//! A set of servers.

use serde::Serialize;
use sim::NodeId;

/// The labels of the servers that there can be.
pub(super) const SERVER_NAMES: [&str; 6] = ["S1", "S2", "S3", "S4", "S5", "S6"];

/// Some of the servers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Servers(u16);

impl Servers {
    /// The first `count` nodes.
    pub fn first(count: u16) -> Servers {
        (0..count).map(NodeId).collect()
    }

    /// Whether this server is one of them.
    pub fn contains(self, server: NodeId) -> bool {
        self.0 & (1 << server.0) != 0
    }

    /// The same set with this server.
    #[must_use]
    pub fn with(self, server: NodeId) -> Servers {
        Servers(self.0 | 1 << server.0)
    }

    /// The same set without this server.
    #[must_use]
    pub fn without(self, server: NodeId) -> Servers {
        Servers(self.0 & !(1 << server.0))
    }

    /// The servers in either set.
    #[must_use]
    pub fn union(self, other: Servers) -> Servers {
        Servers(self.0 | other.0)
    }

    /// The servers, in the order of their numbers.
    pub fn iter(self) -> impl Iterator<Item = NodeId> {
        (0..16).map(NodeId).filter(move |server| self.contains(*server))
    }
}

impl FromIterator<NodeId> for Servers {
    fn from_iter<I: IntoIterator<Item = NodeId>>(servers: I) -> Servers {
        servers.into_iter().fold(Servers::default(), Servers::with)
    }
}
