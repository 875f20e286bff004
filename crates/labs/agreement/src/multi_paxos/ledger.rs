//! All that was ever accepted in a run, slot by slot. What is chosen follows from it.

use serde::Serialize;
use sim::List;

use super::log::Decree;
use crate::paxos::{Ballot, Members, Vote};

/// The slots, from 1 on.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Ledger {
    slots: List<Entry>,
    /// The highest slot in which something is chosen.
    highest: u64,
}

/// What became of a slot.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
struct Entry {
    /// What was accepted, in the order of the first acceptances.
    rows: Vec<Row>,
    /// What is chosen, with the lowest ballot in which it was.
    chosen: Vec<Vote<Decree>>,
}

/// Who has accepted a decree in a ballot.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    pub vote: Vote<Decree>,
    pub accepted: Members,
}

/// What an acceptance has brought about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    pub is_new: bool,
    /// So many have accepted it now that it is chosen.
    pub is_chosen: bool,
}

impl Ledger {
    /// The highest slot in which something is chosen; 0 if there is none.
    pub fn highest(&self) -> u64 {
        self.highest
    }

    /// What was accepted in a slot.
    pub fn rows(&self, slot: u64) -> &[Row] {
        self.entry(slot).map_or(&[], |entry| &entry.rows)
    }

    /// What is chosen in a slot; more than one decree where something has gone wrong.
    pub fn chosen(&self, slot: u64) -> &[Vote<Decree>] {
        self.entry(slot).map_or(&[], |entry| &entry.chosen)
    }

    /// How many slots have something chosen.
    pub fn count(&self) -> usize {
        self.slots.iter().filter(|entry| !entry.chosen.is_empty()).count()
    }

    /// A server has accepted something in a slot.
    pub fn accept(&mut self, slot: u64, vote: &Vote<Decree>, place: u16, needed: u32) -> Outcome {
        let known = self.rows(slot).iter().any(|row| row.vote == *vote && row.accepted.has(place));
        let Some(number) = slot.checked_sub(1).and_then(|number| usize::try_from(number).ok()).filter(|_| !known)
        else {
            return Outcome::default();
        };
        while self.slots.len() <= number {
            self.slots.push(Entry::default());
        }
        let entry = self.slots.get_mut(number).expect("it has just been made");
        let at = entry.rows.iter().position(|row| row.vote == *vote).unwrap_or_else(|| {
            entry.rows.push(Row { vote: vote.clone(), accepted: Members::default() });
            entry.rows.len() - 1
        });
        entry.rows[at].accepted.insert(place);
        let is_chosen = entry.rows[at].accepted.count() == needed;
        if is_chosen {
            self.highest = self.highest.max(slot);
            match entry.chosen.iter_mut().find(|chosen| chosen.value == vote.value) {
                Some(chosen) => chosen.ballot = chosen.ballot.min(vote.ballot),
                None => entry.chosen.push(vote.clone()),
            }
        }
        Outcome { is_new: true, is_chosen }
    }

    /// Whether this is chosen in a slot.
    pub fn is_chosen(&self, slot: u64, decree: &Decree) -> bool {
        self.chosen(slot).iter().any(|chosen| chosen.value == *decree)
    }

    /// Another decree in the same ballot and slot.
    pub fn rival(&self, slot: u64, vote: &Vote<Decree>) -> Option<&Decree> {
        let mut others = self.rows(slot).iter().map(|row| &row.vote);
        others.find(|other| other.ballot == vote.ballot && other.value != vote.value).map(|other| &other.value)
    }

    /// What is chosen in a slot, and something else of a higher ballot there.
    pub fn deviation(&self, slot: u64) -> Option<(&Vote<Decree>, &Vote<Decree>)> {
        let of = |chosen: &'_ Vote<Decree>| {
            let votes = self.rows(slot).iter().map(|row| &row.vote);
            votes.filter(|vote| vote.ballot > chosen.ballot).position(|vote| vote.value != chosen.value)
        };
        let chosen = self.chosen(slot).iter().find(|chosen| of(chosen).is_some())?;
        let higher = self.rows(slot).iter().map(|row| &row.vote);
        let other = higher.filter(|vote| vote.ballot > chosen.ballot).find(|vote| vote.value != chosen.value)?;
        Some((chosen, other))
    }

    /// Whether something of a lower ballot was accepted in a slot: this decree, or any.
    pub fn has_before(&self, slot: u64, ballot: Ballot, decree: Option<&Decree>) -> bool {
        let mut votes = self.rows(slot).iter().map(|row| &row.vote);
        votes.any(|vote| vote.ballot < ballot && decree.is_none_or(|decree| vote.value == *decree))
    }

    fn entry(&self, slot: u64) -> Option<&Entry> {
        self.slots.get(usize::try_from(slot.checked_sub(1)?).ok()?)
    }
}
