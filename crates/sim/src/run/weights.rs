//! Which events of a branch are telling.

use crate::frame::Weight;

/// The weights of the events that have been computed: a bit for each.
#[derive(Clone, Debug, Default)]
pub struct Weights {
    /// The bit of an event is set where it is telling.
    words: Vec<u64>,
}

impl Weights {
    /// Notes the weight of an event. What was noted of later ones is forgotten.
    pub(crate) fn note(&mut self, event: u64, weight: Weight) {
        let (word, bit) = place(event);
        self.words.resize(word + 1, 0);
        self.words[word] = self.words[word] & (bit - 1) | if weight == Weight::Telling { bit } else { 0 };
    }

    /// Those of so many events.
    pub(crate) fn until(&self, length: u64) -> Weights {
        let (word, bit) = place(length);
        let mut words = self.words[..self.words.len().min(word + 1)].to_vec();
        if let Some(last) = words.get_mut(word) {
            *last &= bit | (bit - 1);
        }
        Weights { words }
    }

    /// How much an event tells.
    pub fn of(&self, event: u64) -> Weight {
        let (word, bit) = place(event);
        if self.words.get(word).is_some_and(|word| word & bit != 0) { Weight::Telling } else { Weight::Routine }
    }

    /// The last telling event before this one.
    pub fn before(&self, event: u64) -> Option<u64> {
        let (word, bit) = place(event);
        let masked = |place: usize| if place == word { self.words[place] & (bit - 1) } else { self.words[place] };
        let place = (0..self.words.len().min(word + 1)).rev().find(|place| masked(*place) != 0)?;
        Some(place as u64 * 64 + u64::from(masked(place).ilog2()))
    }

    /// All telling events, in order.
    pub fn telling(&self) -> impl Iterator<Item = u64> {
        let bits = |(place, word): (usize, &u64)| {
            let (first, word) = (place as u64 * 64, *word);
            (0..64).filter(move |bit| word & 1 << bit != 0).map(move |bit| first + bit)
        };
        self.words.iter().enumerate().flat_map(bits)
    }
}

/// The word of an event, and its bit in that.
fn place(event: u64) -> (usize, u64) {
    ((event / 64) as usize, 1 << (event % 64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telling_events_are_found_again() {
        let mut weights = Weights::default();
        for event in 1..=200 {
            let is_telling = [3, 63, 64, 190].contains(&event);
            weights.note(event, if is_telling { Weight::Telling } else { Weight::Routine });
        }
        assert_eq!(weights.telling().collect::<Vec<_>>(), [3, 63, 64, 190]);
        assert_eq!(
            (weights.of(63), weights.of(65), weights.of(999)),
            (Weight::Telling, Weight::Routine, Weight::Routine)
        );
        let before: Vec<Option<u64>> = [3, 4, 63, 64, 65, 190, 999].map(|event| weights.before(event)).to_vec();
        assert_eq!(before, [None, Some(3), Some(3), Some(63), Some(64), Some(64), Some(190)]);
    }

    #[test]
    fn what_is_forgotten_can_be_noted_anew() {
        let mut weights = Weights::default();
        (1..=130).for_each(|event| weights.note(event, Weight::Telling));
        let mut weights = weights.until(65);
        assert_eq!(weights.telling().last(), Some(65));
        weights.note(66, Weight::Routine);
        weights.note(67, Weight::Telling);
        assert_eq!((weights.before(67), weights.telling().last()), (Some(65), Some(67)));
    }
}
