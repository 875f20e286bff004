//! Consistent hashing with virtual nodes (Dynamo, section 4.2) and preference lists (section 4.3).

use sim::NodeId;
use sim::order::{pair, sort_by_key};
use sim::rng::mix;

/// The ring: positions from 0 to 2^64 - 1 and around again. Each server has several tokens on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ring {
    /// Positions and their servers, in order. A token owns the positions from the token before it up to itself.
    tokens: Vec<(u64, NodeId)>,
    servers: u16,
}

impl Ring {
    /// A ring for so many servers with so many tokens each.
    pub fn new(servers: u16, virtual_nodes: u16) -> Ring {
        Ring::salted(servers, virtual_nodes, 0)
    }

    /// One of many rings for so many servers: with another salt all tokens stand elsewhere.
    pub fn salted(servers: u16, virtual_nodes: u16, salt: u64) -> Ring {
        let pairs = (0..servers).flat_map(|server| (0..virtual_nodes).map(move |token| (server, token)));
        let place = |server: u16, token: u16| mix(salt ^ (u64::from(server) << 16 | u64::from(token)));
        let mut tokens: Vec<(u64, NodeId)> =
            pairs.map(|(server, token)| (place(server, token), NodeId(server))).collect();
        sort_by_key(&mut tokens, |(position, node)| pair(*position, node.0.into()));
        Ring { tokens, servers }
    }

    /// The tokens, in the order of their positions.
    pub fn tokens(&self) -> &[(u64, NodeId)] {
        &self.tokens
    }

    /// The range that a position falls into: the number of the first token at or after it.
    pub fn range_of(&self, position: u64) -> usize {
        self.tokens.partition_point(|(token, _)| *token < position) % self.tokens.len()
    }

    /// Where a range begins, and how long it is.
    pub fn range(&self, number: usize) -> (u64, u64) {
        let before = self.tokens[(number + self.tokens.len() - 1) % self.tokens.len()].0;
        (before.wrapping_add(1), self.tokens[number].0.wrapping_sub(before))
    }

    /// All servers in the order in which a walk around the ring from this range meets them. The first n are the
    /// replicas; the others stand in for them.
    pub fn preference_list(&self, range: usize) -> Vec<NodeId> {
        let mut list = Vec::with_capacity(usize::from(self.servers));
        for place in 0..self.tokens.len() {
            let (_, server) = self.tokens[(range + place) % self.tokens.len()];
            if !list.contains(&server) {
                list.push(server);
            }
        }
        list
    }
}

/// Where a key stands on the ring. (Dynamo takes MD5; here it is FNV-1a, with its bits spread.)
pub fn position(key: &str) -> u64 {
    mix(digest(FNV_OFFSET, key.as_bytes()))
}

/// The start of a digest.
pub const FNV_OFFSET: u64 = 0xCBF2_9CE4_8422_2325;

/// FNV-1a: takes bytes into a digest.
pub fn digest(so_far: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(so_far, |digest, byte| (digest ^ u64::from(*byte)).wrapping_mul(0x100_0000_01B3))
}
