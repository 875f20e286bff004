//! What a peer knows of another one.

use std::collections::VecDeque;

use parts::connection::Connection;
use serde::Serialize;

use super::file::{BlockId, Pieces};

/// Another peer, and the connection to it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Neighbour {
    pub connection: Connection,
    /// The pieces that it has, as far as it has said.
    pub has: Pieces,
    /// Whether it is choked: it is sent nothing.
    pub is_choked: bool,
    /// Whether it chokes: it sends nothing.
    pub chokes: bool,
    /// Whether it has said that it wants something.
    pub is_interested: bool,
    /// Whether it was told that something of it is wanted.
    pub is_wanted: bool,
    /// The blocks that it was asked for, the first one first.
    pub asked: Vec<BlockId>,
    /// Since when it owes a block: its last one came then, or it was asked then.
    pub owes_since_us: u64,
    /// The blocks that it asks for, the first one first.
    pub wishes: VecDeque<BlockId>,
    /// How many blocks it has given, and been given: since the last round, in the one before, and in all.
    pub given: Tally,
    pub taken: Tally,
    /// When it was served last: counted by blocks.
    pub turn: u64,
    /// When it got its place, and whether it was ever the optimistic one.
    pub unchoked_us: u64,
    pub was_optimistic: bool,
    /// How many pieces in a row that were all its own did not fit.
    pub bad_in_row: u8,
    /// Until when nothing is asked of it and nothing given to it.
    pub banned_until_us: u64,
}

/// Blocks, counted by rounds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    pub now: u32,
    pub before: u32,
    pub all: u32,
}

impl Tally {
    /// One more.
    pub fn add(&mut self) {
        (self.now, self.all) = (self.now + 1, self.all + 1);
    }

    /// A round is over.
    pub fn pass(&mut self) {
        (self.now, self.before) = (0, self.now);
    }

    /// In the last two rounds.
    pub fn lately(self) -> u32 {
        self.now + self.before
    }
}

impl Neighbour {
    /// One that is choked and not interested, on both sides.
    pub fn new(connection: Connection) -> Neighbour {
        Neighbour {
            connection,
            has: Pieces::default(),
            is_choked: true,
            chokes: true,
            is_interested: false,
            is_wanted: false,
            asked: Vec::new(),
            owes_since_us: 0,
            wishes: VecDeque::new(),
            given: Tally::default(),
            taken: Tally::default(),
            turn: 0,
            unchoked_us: 0,
            was_optimistic: false,
            bad_in_row: 0,
            banned_until_us: 0,
        }
    }

    /// A connection begins choked and not interested (BEP 3).
    pub fn reset(&mut self) {
        self.has = Pieces::default();
        (self.is_choked, self.chokes, self.is_interested, self.is_wanted) = (true, true, false, false);
        self.wishes.clear();
    }

    /// Whether it has one of the places.
    pub fn is_served(&self) -> bool {
        !self.is_choked && self.is_interested
    }

    /// Whether it is banned at a moment.
    pub fn is_banned(&self, now_us: u64) -> bool {
        now_us < self.banned_until_us
    }
}
