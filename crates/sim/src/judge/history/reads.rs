//! What is read of a value that grows by appends tells in which order they took effect.
//!
//! Nothing but an append changes such a value until it is overwritten. So whatever is read later begins with what is there
//! now. Values that are the beginning of nothing that is read are all alike; and an append of unknown end is of no use if it
//! leads to one of those.

use super::model::{is_beginning, is_refusal, missing_if_empty};
use super::script::{Role, Script};
use super::{Call, Value};

/// The reads of one key with appends.
#[derive(Debug)]
pub(super) struct Reads<'a> {
    script: &'a Script<'a>,
    /// For each entry the event of its completion.
    ends: Vec<usize>,
    /// For each event the first read that is invoked there or later.
    next: Vec<Option<u32>>,
    /// For each event the first invocation of what may overwrite the value there or later.
    overwritten: Vec<usize>,
    /// All values that something needs to find, or to find something else.
    found: Vec<&'a Value>,
    /// Whether something needs to find something else.
    pub(super) finds_another: bool,
}

impl<'a> Reads<'a> {
    /// The reads of a script; `None` if nothing is appended there.
    pub(super) fn of(script: &'a Script<'a>) -> Option<Self> {
        if !script.classes.iter().any(|class| matches!(class.call, Call::Append(_))) {
            return None;
        }
        let (mut begins, mut ends) = (vec![0; script.entries.len()], vec![usize::MAX; script.entries.len()]);
        for (at, event) in script.events.iter().enumerate() {
            let places = if event.completes.is_some() { &mut ends } else { &mut begins };
            places[event.entry as usize] = at;
        }
        let for_ever =
            (0..script.entries.len()).filter(|entry| ends[*entry] == usize::MAX && overwrites(script, *entry));
        let mut first_overwrite = for_ever.map(|entry| begins[entry]).min().unwrap_or(usize::MAX);
        let finds_another = script.classes.iter().any(|class| is_refusal(class.result));
        let (next, overwritten, found) = (Vec::new(), Vec::new(), found(script));
        let mut reads = Reads { script, ends, next, overwritten, found, finds_another };
        let mut next = None;
        for event in script.events.iter().rev() {
            let entry = event.entry as usize;
            if event.completes.is_some() && overwrites(script, entry) {
                first_overwrite = first_overwrite.min(begins[entry]);
            } else if event.completes.is_none() && reads.value(event.entry).is_some() {
                next = Some(event.entry);
            }
            reads.next.push(next);
            reads.overwritten.push(first_overwrite);
        }
        reads.next.reverse();
        reads.overwritten.reverse();
        Some(reads)
    }

    /// What a read that must take effect has to find.
    fn value(&self, entry: u32) -> Option<&'a Value> {
        let entry = &self.script.entries[entry as usize];
        let class = &self.script.classes[entry.class as usize];
        match (class.call, entry.role) {
            (Call::Get, Role::Must(_)) => class.result.map(missing_if_empty),
            _ => None,
        }
    }

    /// Whether a value that has been appended to at an event can be what those reads need that are still to take effect:
    /// these `open` ones, and the next one.
    pub(super) fn agree(&self, value: &Value, event: usize, open: impl Iterator<Item = u32>) -> bool {
        let is_sure = |read: &u32| self.overwritten[event] > self.ends[*read as usize];
        let reads = open.chain(self.next[event]).filter(is_sure);
        reads.filter_map(|read| self.value(read)).all(|read| is_beginning(value, read))
    }

    /// Whether a value is the beginning of one that something finds, or does not find.
    pub(super) fn matters(&self, value: &Value) -> bool {
        self.found.iter().any(|found| is_beginning(value, found))
    }
}

fn found<'a>(script: &Script<'a>) -> Vec<&'a Value> {
    let found = script.classes.iter().filter_map(|class| match class.call {
        Call::Cas { from, .. } => Some(from),
        Call::Get => class.result,
        _ => None,
    });
    found.map(missing_if_empty).collect()
}

fn overwrites(script: &Script<'_>, entry: usize) -> bool {
    let class = &script.classes[script.entries[entry].class as usize];
    class.overwrites() || matches!(class.call, Call::Cas { .. } if !is_refusal(class.result))
}
