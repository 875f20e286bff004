//! What a peer has of the file: whole pieces on its disk, and blocks of pieces that are begun.

use serde::Serialize;
use sim::{List, NodeId};

use super::file::{BLOCKS, BlockId, Contents, Pieces, hash, promised};

/// What a node keeps through a crash.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Disk {
    /// How many times it has started.
    pub lives: u64,
    /// The pieces that it has.
    pub have: Pieces,
    /// What stands in those that are not what the file has there. A node does not know that; all others are as in the file.
    pub spoilt: Vec<(u8, Contents)>,
    /// When it had one piece, two, and so on, on its own clock that nobody sets.
    pub had_us: List<u64>,
    /// When it was started first, on the same clock; none as long as it was not.
    pub began_us: Option<u64>,
    /// How many blocks it had sent and received when it wrote this.
    pub gave: u64,
    pub got: u64,
    /// How many pieces it had thrown away.
    pub thrown: u32,
    /// Whether it gives nothing.
    pub rides: bool,
    /// Whether it sends rubbish.
    pub is_rubbish: bool,
    /// Whether it has left by itself.
    pub has_left: bool,
}

impl Disk {
    /// The disk of the one that has the file from the beginning.
    pub fn whole(pieces: u8) -> Disk {
        Disk { have: Pieces::first(pieces), ..Disk::default() }
    }

    /// What it sends as this block.
    pub fn content(&self, id: BlockId) -> u64 {
        let spoilt = self.spoilt.iter().find(|(piece, _)| *piece == id.piece);
        spoilt.map_or_else(|| id.content(), |(_, contents)| contents[usize::from(id.block)])
    }
}

/// A block that has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Got {
    pub content: u64,
    pub from: NodeId,
}

/// A piece that is begun.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Begun {
    pub piece: u8,
    pub blocks: [Option<Got>; BLOCKS as usize],
    /// Of how many neighbours each block is asked.
    pub asked: [u8; BLOCKS as usize],
}

impl Begun {
    /// A piece of which nothing is there.
    pub fn new(piece: u8) -> Begun {
        Begun { piece, blocks: [None; BLOCKS as usize], asked: [0; BLOCKS as usize] }
    }

    /// Its blocks that are missing.
    pub fn missing(&self) -> impl Iterator<Item = BlockId> {
        let missing = BlockId::of(self.piece).into_iter().zip(&self.blocks).filter(|(_, got)| got.is_none());
        missing.map(|(id, _)| id)
    }

    /// A missing block that is asked of nobody.
    pub fn unasked(&self) -> Option<BlockId> {
        self.missing().find(|id| self.asked[usize::from(id.block)] == 0)
    }

    /// What stands in it, if all of it is there.
    pub fn contents(&self) -> Option<Contents> {
        let [Some(a), Some(b), Some(c), Some(d)] = self.blocks else { return None };
        Some([a.content, b.content, c.content, d.content])
    }

    /// Who has given all of it; none where several have.
    pub fn only_giver(&self) -> Option<NodeId> {
        let first = self.blocks[0]?.from;
        self.blocks.iter().all(|got| got.is_some_and(|got| got.from == first)).then_some(first)
    }
}

/// Whether contents fit the hash of the descriptor.
pub fn fits(piece: u8, contents: &Contents) -> bool {
    hash(contents) == promised(piece)
}
