//! The replicated log (section 5.3).

use std::rc::Rc;

use parts::store::Request;
use serde::{Serialize, Serializer};
use sim::List;

/// An entry: a command for the state machine, and the term in which a leader received it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    pub term: u64,
    /// None for the empty entry with which a leader opens its term (section 8).
    pub request: Option<Rc<Request>>,
}

impl Entry {
    /// The empty entry with which a leader opens its term.
    pub fn no_op(term: u64) -> Entry {
        Entry { term, request: None }
    }
}

/// The entries of one server, numbered from 1. A clone shares them, so that disks, messages and snapshots cost little.
#[derive(Clone, Debug, Default)]
pub struct Log {
    entries: List<Entry>,
    cuts: u64,
    cut_to: u64,
}

impl Log {
    /// The index of the last entry; 0 for an empty log.
    pub fn last_index(&self) -> u64 {
        self.entries.len() as u64
    }

    /// The term of the last entry; 0 for an empty log.
    pub fn last_term(&self) -> u64 {
        self.entries.last().map_or(0, |entry| entry.term)
    }

    /// The term of an entry, if there is one; 0 before the first.
    pub fn term_at(&self, index: u64) -> Option<u64> {
        if index == 0 { Some(0) } else { self.entry(index).map(|entry| entry.term) }
    }

    /// The entry at an index.
    pub fn entry(&self, index: u64) -> Option<&Entry> {
        self.entries.get(usize::try_from(index.checked_sub(1)?).ok()?)
    }

    /// All entries from the first one on.
    pub fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
    }

    /// At most `most` entries from `index` on.
    pub fn from(&self, index: u64, most: u64) -> Vec<Entry> {
        let last = self.last_index().min(index.saturating_add(most).saturating_sub(1));
        (index.max(1)..=last).filter_map(|index| self.entry(index).cloned()).collect()
    }

    /// Adds an entry at the end.
    pub fn push(&mut self, entry: Entry) {
        self.entries.push(entry);
    }

    /// Deletes all entries after `index`.
    pub fn truncate_after(&mut self, index: u64) {
        if index < self.last_index() {
            self.entries.truncate(index as usize);
            self.cuts += 1;
            self.cut_to = index;
        }
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
        self.entries == other.entries
    }
}

impl Serialize for Log {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.entries.serialize(serializer)
    }
}
