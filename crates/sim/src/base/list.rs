//! A list that grows at its end, for logs and histories: a clone shares all that both have in common.

use std::rc::Rc;

use serde::ser::{Serialize, SerializeSeq, Serializer};

/// How many items go into one block, and how many blocks into one row.
const SIZE: usize = 32;

type Block<T> = Rc<Vec<T>>;

/// A list in blocks. Cloning it costs nothing; the first change after that copies the last block, and now and then the
/// last row of blocks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List<T> {
    /// Rows with `SIZE` blocks each.
    rows: Block<Block<Block<T>>>,
    /// The full blocks after them, at most `SIZE`.
    row: Block<Block<T>>,
    /// What comes after them: at most `SIZE` items, and not empty unless the whole list is.
    last: Block<T>,
}

impl<T> Default for List<T> {
    fn default() -> List<T> {
        List { rows: Rc::default(), row: Rc::default(), last: Rc::default() }
    }
}

impl<T> List<T> {
    /// How many items there are.
    pub fn len(&self) -> usize {
        self.start_of_last() + self.last.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.last.is_empty()
    }

    /// The item at a place, counted from 0.
    pub fn get(&self, place: usize) -> Option<&T> {
        let start = self.start_of_last();
        if place >= start {
            return self.last.get(place - start);
        }
        let block = place / SIZE;
        let row = self.rows.get(block / SIZE).unwrap_or(&self.row);
        row.get(block % SIZE)?.get(place % SIZE)
    }

    /// The last item.
    pub fn last(&self) -> Option<&T> {
        self.last.last()
    }

    /// All items, the first one first.
    pub fn iter(&self) -> impl Iterator<Item = &T> + Clone {
        let blocks = self.rows.iter().chain([&self.row]).flat_map(|row| row.iter());
        blocks.chain([&self.last]).flat_map(|block| block.iter())
    }

    fn start_of_last(&self) -> usize {
        (self.rows.len() * SIZE + self.row.len()) * SIZE
    }
}

impl<T: Clone> List<T> {
    /// Adds an item at the end.
    pub fn push(&mut self, item: T) {
        if self.last.len() == SIZE {
            if self.row.len() == SIZE {
                Rc::make_mut(&mut self.rows).push(std::mem::take(&mut self.row));
            }
            Rc::make_mut(&mut self.row).push(std::mem::take(&mut self.last));
        }
        Rc::make_mut(&mut self.last).push(item);
    }

    /// The item at a place, to be changed.
    pub fn get_mut(&mut self, place: usize) -> Option<&mut T> {
        let start = self.start_of_last();
        if place >= start {
            return Rc::make_mut(&mut self.last).get_mut(place - start);
        }
        let (block, rows) = (place / SIZE, self.rows.len());
        let row = if block < rows * SIZE { &mut Rc::make_mut(&mut self.rows)[block / SIZE] } else { &mut self.row };
        Rc::make_mut(&mut Rc::make_mut(row)[block % SIZE]).get_mut(place % SIZE)
    }

    /// Keeps the first `length` items.
    pub fn truncate(&mut self, length: usize) {
        if length >= self.len() {
            return;
        }
        while self.start_of_last() >= length.max(1) {
            if self.row.is_empty() {
                self.row = Rc::make_mut(&mut self.rows).pop().unwrap_or_default();
            }
            self.last = Rc::make_mut(&mut self.row).pop().unwrap_or_default();
        }
        let start = self.start_of_last();
        Rc::make_mut(&mut self.last).truncate(length - start);
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
        let edges = [0, 1, SIZE, SIZE * SIZE, SIZE * SIZE + SIZE, 2 * SIZE * SIZE];
        let lengths = || edges.into_iter().flat_map(|edge| [edge.saturating_sub(1), edge, edge + 1]);
        for length in lengths() {
            for cut in lengths().filter(|cut| *cut <= length) {
                let whole = list(length);
                let mut part = whole.clone();
                part.truncate(cut);
                assert_eq!((part.len(), whole.len()), (cut, length));
                assert_eq!((part.get(cut), part.last().copied()), (None, cut.checked_sub(1)));
                part.push(7);
                assert!(part.iter().copied().eq((0..cut).chain([7])));
                assert!((0..cut).all(|place| part.get(place) == Some(&place)));
                assert!(whole.iter().copied().eq(0..length));
            }
        }
    }

    #[test]
    fn a_change_leaves_clones_alone() {
        let length = SIZE * SIZE + 2 * SIZE + 1;
        let mut list = list(length);
        let before = list.clone();
        for place in [0, SIZE, SIZE * SIZE, length - SIZE, length - 1] {
            *list.get_mut(place).unwrap() = 99;
            assert_eq!((list.get(place), before.get(place)), (Some(&99), Some(&place)));
        }
        assert_eq!(list.get_mut(length), None);
    }
}
