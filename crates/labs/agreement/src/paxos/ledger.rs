//! All ballots of a run: who has promised and accepted, ever. Values that are chosen follow from it.

use serde::Serialize;

use super::{Ballot, Colour, Members};

/// So many ballots are kept: the highest ones.
const KEPT: usize = 200;

/// The ballots, the lowest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Ledger {
    pub rows: Vec<Row>,
    /// What somebody has proposed as its own.
    proposed: Members,
    /// What is chosen, in the order of choosing, with the lowest ballot in which it was.
    pub chosen: Vec<(Ballot, Colour)>,
}

/// What became of a ballot. Where a ballot has two values, which must not be, it has two rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    pub ballot: Ballot,
    /// What acceptors were asked to accept in it; none as long as it is in phase 1.
    pub value: Option<Colour>,
    pub promised: Members,
    pub accepted: Members,
}

impl Ledger {
    /// Somebody would like this to be chosen.
    pub fn propose(&mut self, value: Colour) {
        self.proposed.insert(value.place());
    }

    /// Whether somebody has proposed it, and it is chosen.
    pub fn is_right(&self, value: Colour) -> bool {
        self.proposed.has(value.place()) && self.chosen.iter().any(|(_, chosen)| *chosen == value)
    }

    /// A ballot is in phase 1.
    pub fn prepare(&mut self, ballot: Ballot) {
        self.of_ballot(ballot);
    }

    /// An acceptor has promised a ballot.
    pub fn promise(&mut self, ballot: Ballot, place: u16) {
        let at = self.of_ballot(ballot);
        self.rows[at].promised.insert(place);
    }

    /// Acceptors are asked to accept a value in a ballot. Returns another value that they were asked to accept in it.
    pub fn send(&mut self, ballot: Ballot, value: Colour) -> Option<Colour> {
        let at = self.with_value(ballot, value);
        let others = self.rows.iter().enumerate().filter(|(place, row)| *place != at && row.ballot == ballot);
        others.filter_map(|(_, row)| row.value).next()
    }

    /// An acceptor has accepted a value. Returns whether that is new, and whether so many have now that it is chosen in this ballot.
    pub fn accept(&mut self, ballot: Ballot, value: Colour, place: u16, needed: u32) -> (bool, bool) {
        let at = self.with_value(ballot, value);
        let row = &mut self.rows[at];
        let is_new = row.accepted.insert(place);
        let is_chosen = is_new && row.accepted.count() == needed;
        if is_chosen {
            match self.chosen.iter_mut().find(|(_, chosen)| *chosen == value) {
                Some((lowest, _)) => *lowest = ballot.min(*lowest),
                None => self.chosen.push((ballot, value)),
            }
        }
        (is_new, is_chosen)
    }

    /// A ballot that proposes something else than what is chosen in a lower one, and what that is.
    pub fn deviation(&self) -> Option<(Row, Ballot, Colour)> {
        let of = |(ballot, chosen): &(Ballot, Colour)| {
            let row =
                self.rows.iter().find(|row| row.ballot > *ballot && row.value.is_some_and(|value| value != *chosen));
            row.map(|row| (*row, *ballot, *chosen))
        };
        self.chosen.iter().find_map(of)
    }

    fn of_ballot(&mut self, ballot: Ballot) -> usize {
        let at = self.rows.partition_point(|row| row.ballot < ballot);
        if self.rows.get(at).is_some_and(|row| row.ballot == ballot) { at } else { self.insert(ballot, None) }
    }

    fn with_value(&mut self, ballot: Ballot, value: Colour) -> usize {
        let first = self.of_ballot(ballot);
        let of_ballot = self.rows[first..].iter().take_while(|row| row.ballot == ballot);
        let at = of_ballot.clone().position(|row| row.value.is_none_or(|known| known == value));
        match at {
            Some(at) => {
                self.rows[first + at].value = Some(value);
                first + at
            }
            None => self.insert(ballot, Some(value)),
        }
    }

    fn insert(&mut self, ballot: Ballot, value: Option<Colour>) -> usize {
        let mut at = self.rows.partition_point(|row| row.ballot <= ballot);
        if self.rows.len() >= KEPT && at > 0 {
            self.rows.remove(0);
            at -= 1;
        }
        self.rows.insert(at, Row { ballot, value, promised: Members::default(), accepted: Members::default() });
        at
    }
}
