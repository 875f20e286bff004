//! A set of whole numbers that fills up from 1.

use serde::Serialize;

/// Whole numbers from 1 on: all up to one of them, and some beyond it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Numbers {
    /// All numbers up to this one are in it.
    pub upto: u64,
    /// Those beyond, in order, with a gap before the first.
    beyond: Vec<u64>,
}

impl Numbers {
    pub fn has(&self, number: u64) -> bool {
        number <= self.upto || self.beyond.binary_search(&number).is_ok()
    }

    /// Puts a number in.
    pub fn add(&mut self, number: u64) {
        if self.has(number) {
            return;
        }
        let place = self.beyond.partition_point(|other| *other < number);
        self.beyond.insert(place, number);
        while self.beyond.first() == Some(&(self.upto + 1)) {
            self.beyond.remove(0);
            self.upto += 1;
        }
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.upto + self.beyond.len() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_filled() {
        let mut numbers = Numbers::default();
        for number in [3, 1, 5, 3] {
            numbers.add(number);
        }
        assert_eq!((numbers.upto, numbers.count()), (1, 3));
        assert!([1, 3, 5].into_iter().all(|number| numbers.has(number)) && !numbers.has(2) && !numbers.has(4));
        numbers.add(2);
        assert_eq!((numbers.upto, numbers.count()), (3, 4));
    }
}
