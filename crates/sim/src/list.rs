//! A list that grows at its end, for logs and histories: a clone shares all that both have in common.

use std::sync::Arc;

use serde::ser::{Serialize, SerializeSeq, Serializer};

/// How many items go into one block.
const BLOCK: usize = 32;

/// A list in blocks. Cloning it costs nothing; the first change after that copies the last block, and now and then the
/// list of blocks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List<T> {
    /// Blocks with `BLOCK` items each.
    full: Arc<Vec<Arc<Vec<T>>>>,
    /// What comes after them: at most `BLOCK` items, and not empty while there are full blocks.
    last: Arc<Vec<T>>,
}

impl<T> Default for List<T> {
    fn default() -> List<T> {
        List { full: Arc::default(), last: Arc::default() }
    }
}

impl<T> List<T> {
    /// How many items there are.
    pub fn len(&self) -> usize {
        self.full.len() * BLOCK + self.last.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.last.is_empty()
    }

    /// The item at a place, counted from 0.
    pub fn get(&self, place: usize) -> Option<&T> {
        self.full.get(place / BLOCK).unwrap_or(&self.last).get(self.within(place))
    }

    /// The last item.
    pub fn last(&self) -> Option<&T> {
        self.last.last()
    }

    /// All items, the first one first.
    pub fn iter(&self) -> impl Iterator<Item = &T> + Clone {
        self.full.iter().chain([&self.last]).flat_map(|block| block.iter())
    }

    /// The place within its block of the item at a place.
    fn within(&self, place: usize) -> usize {
        place - (place / BLOCK).min(self.full.len()) * BLOCK
    }
}

impl<T: Clone> List<T> {
    /// Adds an item at the end.
    pub fn push(&mut self, item: T) {
        if self.last.len() == BLOCK {
            Arc::make_mut(&mut self.full).push(std::mem::take(&mut self.last));
        }
        Arc::make_mut(&mut self.last).push(item);
    }

    /// The item at a place, to be changed.
    pub fn get_mut(&mut self, place: usize) -> Option<&mut T> {
        let within = self.within(place);
        let block = if place / BLOCK < self.full.len() {
            &mut Arc::make_mut(&mut self.full)[place / BLOCK]
        } else {
            &mut self.last
        };
        Arc::make_mut(block).get_mut(within)
    }

    /// Keeps the first `length` items.
    pub fn truncate(&mut self, length: usize) {
        if length >= self.len() {
            return;
        }
        // The last block is not empty, so that one that is cut at its end stays the last one.
        let blocks = length.saturating_sub(1) / BLOCK;
        if blocks < self.full.len() {
            let full = Arc::make_mut(&mut self.full);
            self.last = full.swap_remove(blocks);
            full.truncate(blocks);
        }
        Arc::make_mut(&mut self.last).truncate(length - blocks * BLOCK);
    }
}

impl<T: Clone> FromIterator<T> for List<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> List<T> {
        let mut list = List::default();
        items.into_iter().for_each(|item| list.push(item));
        list
    }
}

impl<T: Serialize> Serialize for List<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut sequence = serializer.serialize_seq(Some(self.len()))?;
        self.iter().try_for_each(|item| sequence.serialize_element(item))?;
        sequence.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(length: usize) -> List<usize> {
        (0..length).collect()
    }

    #[test]
    fn every_length_can_be_cut_to_every_other() {
        for length in 0..=3 * BLOCK + 1 {
            for cut in 0..=length {
                let whole = list(length);
                let mut part = whole.clone();
                part.truncate(cut);
                assert_eq!((part.len(), whole.len()), (cut, length));
                assert_eq!((part.get(cut), part.last().copied()), (None, cut.checked_sub(1)));
                part.push(7);
                assert!(part.iter().copied().eq((0..cut).chain([7])));
                assert!(whole.iter().copied().eq(0..length));
            }
        }
    }

    #[test]
    fn a_change_leaves_clones_alone() {
        let mut list = list(2 * BLOCK + 1);
        let before = list.clone();
        for place in [0, BLOCK, 2 * BLOCK] {
            *list.get_mut(place).unwrap() = 99;
            assert_eq!((list.get(place), before.get(place)), (Some(&99), Some(&place)));
        }
        assert_eq!(list.get_mut(2 * BLOCK + 1), None);
    }
}
