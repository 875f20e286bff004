//! Who has answered, and how many are enough.

use serde::Serialize;

/// Some of at most sixteen acceptors, by their places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Members(u16);

impl Members {
    /// Adds one. Returns whether it is new.
    pub fn insert(&mut self, place: u16) -> bool {
        let before = self.0;
        self.0 |= 1 << place;
        self.0 != before
    }

    /// Whether this one is among them.
    pub fn has(self, place: u16) -> bool {
        self.0 & 1 << place != 0
    }

    /// How many they are.
    pub fn count(self) -> u32 {
        self.0.count_ones()
    }
}

/// More than half of so many: any two majorities have a member in common.
pub fn majority(members: u16) -> u32 {
    u32::from(members) / 2 + 1
}
