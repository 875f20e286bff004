//! The file: pieces of four blocks, each piece with a hash that all know from the descriptor (BEP 3, "metainfo files").

use serde::Serialize;
use sim::rng::mix;

/// How many blocks a piece has.
pub const BLOCKS: u8 = 4;

/// How many pieces a file has at the most.
pub const MOST_PIECES: u8 = 64;

/// A block, by its place in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct BlockId {
    pub piece: u8,
    pub block: u8,
}

impl BlockId {
    /// What stands in it, in a number.
    pub fn content(self) -> u64 {
        mix(1 + u64::from(self.piece) * u64::from(BLOCKS) + u64::from(self.block))
    }

    /// The blocks of a piece.
    pub fn of(piece: u8) -> [BlockId; BLOCKS as usize] {
        [0, 1, 2, 3].map(|block| BlockId { piece, block })
    }
}

/// What stands in the blocks of a piece.
pub type Contents = [u64; BLOCKS as usize];

/// The hash of a piece: 64 bits of what is a SHA-1 in truth.
pub fn hash(contents: &Contents) -> u64 {
    contents.iter().fold(0, |hash, content| mix(hash ^ *content))
}

/// What the descriptor says of a piece.
pub fn promised(piece: u8) -> u64 {
    hash(&BlockId::of(piece).map(BlockId::content))
}

/// A set of pieces.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Pieces(pub u64);

impl Pieces {
    /// The first so many pieces.
    pub fn first(count: u8) -> Pieces {
        Pieces(1u64.checked_shl(u32::from(count)).map_or(u64::MAX, |bit| bit - 1))
    }

    /// One piece.
    pub fn one(piece: u8) -> Pieces {
        Pieces(1 << piece)
    }

    /// Whether a piece is among them.
    pub fn has(self, piece: u8) -> bool {
        self.0 & 1 << piece != 0
    }

    /// Adds a piece.
    pub fn add(&mut self, piece: u8) {
        self.0 |= 1 << piece;
    }

    /// These and those.
    #[must_use]
    pub fn and(self, others: Pieces) -> Pieces {
        Pieces(self.0 | others.0)
    }

    /// These without those.
    #[must_use]
    pub fn without(self, others: Pieces) -> Pieces {
        Pieces(self.0 & !others.0)
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub fn count(self) -> u32 {
        self.0.count_ones()
    }

    /// All of them, the first one first.
    pub fn iter(self) -> impl Iterator<Item = u8> + Clone {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let piece = rest.trailing_zeros() as u8;
            (rest != 0).then(|| {
                rest &= rest - 1;
                piece
            })
        })
    }
}
