//! The replicated log (section 5.3), and where it begins once its first entries are compacted (section 7).

use std::rc::Rc;

use parts::store::Request;
use serde::{Serialize, Serializer};
use sim::List;

use super::members::Members;

/// An entry: a command for the state machine, and the term in which a leader received it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    pub term: u64,
    /// None for the empty entry with which a leader opens its term (section 8).
    pub request: Option<Rc<Request>>,
    /// The configuration that it holds, if it is an entry for that (section 6).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub members: Option<Members>,
}

impl Entry {
    /// The empty entry with which a leader opens its term.
    pub fn no_op(term: u64) -> Entry {
        Entry { term, request: None, members: None }
    }
}

/// The last entry that is gone from the front of a log: what it and all before it did is in a snapshot (section 7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Base {
    /// 0 where nothing is gone.
    pub index: u64,
    pub term: u64,
}

/// The entries of one server, numbered from 1. A clone shares them, so that disks, messages and snapshots cost little.
#[derive(Clone, Debug, Default)]
pub struct Log {
    base: Base,
    /// Those after the base.
    entries: List<Entry>,
    cuts: u64,
    cut_to: u64,
    loads: u64,
}

impl Log {
    /// The index of the last entry; 0 for an empty log.
    pub fn last_index(&self) -> u64 {
        self.base.index + self.entries.len() as u64
    }

    /// The term of the last entry; 0 for an empty log.
    pub fn last_term(&self) -> u64 {
        self.entries.last().map_or(self.base.term, |entry| entry.term)
    }

    /// The last entry that is gone.
    pub fn base(&self) -> Base {
        self.base
    }

    /// How many entries it holds.
    pub fn length(&self) -> u64 {
        self.entries.len() as u64
    }

    /// The term of an entry, if there is one; 0 before the first. Of the entries that are gone only the last one's is known.
    pub fn term_at(&self, index: u64) -> Option<u64> {
        if index == self.base.index { Some(self.base.term) } else { self.entry(index).map(|entry| entry.term) }
    }

    /// The entry at an index.
    pub fn entry(&self, index: u64) -> Option<&Entry> {
        self.entries.get(usize::try_from(index.checked_sub(self.base.index + 1)?).ok()?)
    }

    /// All entries that it holds, from the first one on.
    pub fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
    }

    /// At most `most` entries from `index` on.
    pub fn from(&self, index: u64, most: u64) -> Vec<Entry> {
        let last = self.last_index().min(index.saturating_add(most).saturating_sub(1));
        (index.max(self.base.index + 1)..=last).filter_map(|index| self.entry(index).cloned()).collect()
    }

    /// Adds an entry at the end.
    pub fn push(&mut self, entry: Entry) {
        self.entries.push(entry);
    }

    /// Deletes all entries after `index`.
    pub fn truncate_after(&mut self, index: u64) {
        let index = index.max(self.base.index);
        if index < self.last_index() {
            self.entries.truncate((index - self.base.index) as usize);
            self.cuts += 1;
            self.cut_to = index;
        }
    }

    /// Drops all entries up to `index`, which are carried out: a snapshot stands for them (section 7).
    pub fn compact(&mut self, index: u64) {
        let Some(term) = self.term_at(index) else { return };
        self.entries = self.entries.iter().skip((index - self.base.index) as usize).cloned().collect();
        self.base = Base { index, term };
    }

    /// Begins after the last entry of somebody else's snapshot. What this log holds behind that stays, or all of it goes
    /// (Figure 13, receiver 6 and 7).
    pub fn load(&mut self, base: Base, keeps_rest: bool) {
        let kept = (base.index + 1..=self.last_index()).filter_map(|index| self.entry(index).cloned());
        self.entries = if keeps_rest { kept.collect() } else { List::default() };
        self.base = base;
        self.loads += 1;
    }

    /// How often it has begun anew with somebody else's snapshot.
    pub fn loads(&self) -> u64 {
        self.loads
    }

    /// How often entries were deleted, and how many were kept the last time.
    pub fn cuts(&self) -> (u64, u64) {
        (self.cuts, self.cut_to)
    }

    /// The index of the first entry of the term that the entry at `index` has (end of section 5.3).
    pub fn first_of_term_at(&self, index: u64) -> u64 {
        let Some(term) = self.term_at(index) else { return self.last_index() + 1 };
        (1..=index).rev().find(|earlier| self.term_at(earlier - 1) != Some(term)).unwrap_or(1)
    }

    /// Whether a log that ends like this is at least as up to date as this one (section 5.4.1).
    pub fn is_no_newer_than(&self, last_log_index: u64, last_log_term: u64) -> bool {
        (last_log_term, last_log_index) >= (self.last_term(), self.last_index())
    }
}

impl FromIterator<Entry> for Log {
    fn from_iter<I: IntoIterator<Item = Entry>>(entries: I) -> Log {
        Log { entries: entries.into_iter().collect(), ..Log::default() }
    }
}

impl PartialEq for Log {
    fn eq(&self, other: &Log) -> bool {
        self.base == other.base && self.entries == other.entries
    }
}

impl Serialize for Log {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // A log that holds all its entries is what it was before there were snapshots: digests stay.
        if self.base.index == 0 {
            self.entries.serialize(serializer)
        } else {
            (self.base, &self.entries).serialize(serializer)
        }
    }
}
