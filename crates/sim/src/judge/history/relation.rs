//! A relation between the numbers below some count, as one set of bits for each.

/// Which numbers are related to which.
#[derive(Clone, Debug)]
pub(super) struct Relation {
    words: usize,
    rows: Vec<u64>,
}

impl Relation {
    /// The empty relation.
    pub(super) fn new(count: usize) -> Self {
        let words = count.div_ceil(64);
        Self { words, rows: vec![0; words * count] }
    }

    pub(super) fn contains(&self, from: usize, to: usize) -> bool {
        self.rows[from * self.words + to / 64] >> (to % 64) & 1 == 1
    }

    pub(super) fn insert(&mut self, from: usize, to: usize) {
        self.rows[from * self.words + to / 64] |= 1 << (to % 64);
    }

    /// Relates `from` to all that `other` is related to.
    pub(super) fn insert_row(&mut self, from: usize, other: usize) {
        for word in 0..self.words {
            self.rows[from * self.words + word] |= self.rows[other * self.words + word];
        }
    }

    /// Adds a pair to a transitive relation, and what follows from it. Returns how many rows that changes.
    pub(super) fn insert_transitive(&mut self, from: usize, to: usize) -> usize {
        let count = self.rows.len() / self.words.max(1);
        let mut changed = 0;
        for before in 0..count {
            if (before == from || self.contains(before, from)) && !self.contains(before, to) {
                self.insert(before, to);
                self.insert_row(before, to);
                changed += 1;
            }
        }
        changed
    }
}
