//! All vector clocks of an execution. Most of a clock is as in the event before it, so that only what goes up is kept.
//!
//! Happened-before is transitive: who knows of an event knows what that event knew. Clocks written by hand, and those of some
//! systems, leave that out, as ShiViz allows; here they are completed.

use serde::{Deserialize, Serialize};

use super::entries::{Entries, Entry};
use super::extension::Name;
use super::problems::Problems;
use crate::base::order::{pair, sort_by_key};
use crate::t;

/// An entry of a clock goes up: from its event `own` on, a host knows of `count` events of the host `other`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Raise {
    pub own: u32,
    pub other: u16,
    pub count: u32,
}

/// What each host learns, in the order of its events.
#[derive(Debug)]
pub(super) struct Raises(Vec<Vec<Raise>>);

/// The same, ready to be looked up.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Clocks {
    /// For each host, by `other` and then by `own`.
    raises: Vec<Vec<Raise>>,
}

impl Raises {
    /// What the clocks say, each compared with those before it. What a clock leaves out is as it was.
    pub fn stated(entries: &Entries, by_host: &[Vec<u32>], problems: &mut Problems) -> Raises {
        let stated = by_host.iter().map(|places| {
            let mut walk = Walk { entries, by_host, known: vec![(0, 0); by_host.len()], raises: Vec::new() };
            // A clock that could not be read has no count.
            let readable = places.iter().map(|place| &entries.list[*place as usize]).filter(|entry| entry.own > 0);
            readable.for_each(|entry| walk.step(entry, problems));
            walk.raises
        });
        Raises(stated.collect())
    }

    /// These with all that follows from them, found by going through the events in an order that is possible.
    pub fn completed(&self, order: &[Name]) -> Raises {
        let hosts = self.0.len();
        let mut completed = Raises(vec![Vec::new(); hosts]);
        let mut known = vec![vec![0; hosts]; hosts];
        let mut news = Vec::new();
        for (host, own) in order {
            let known = &mut known[usize::from(*host)];
            for heard in self.at(*host, *own) {
                // What was known before of the same host has been taken over already.
                let before = known[usize::from(heard.other)];
                news.extend(
                    completed.between(heard.other, before, heard.count).iter().map(|knew| (knew.other, knew.count)),
                );
                news.push((heard.other, heard.count));
                for (other, count) in news.drain(..) {
                    if other != *host && known[usize::from(other)] < count {
                        known[usize::from(other)] = count;
                        completed.0[usize::from(*host)].push(Raise { own: *own, other, count });
                    }
                }
            }
        }
        completed
    }

    /// What a host learns at its event `own`; of several counts for one host the last one is the greatest.
    pub fn at(&self, host: u16, own: u32) -> &[Raise] {
        self.between(host, own - 1, own)
    }

    /// What a host learns after its event `after`, up to its event `last`.
    fn between(&self, host: u16, after: u32, last: u32) -> &[Raise] {
        let raises = &self.0[usize::from(host)];
        let first = raises.partition_point(|raise| raise.own <= after);
        let count = raises[first..].partition_point(|raise| raise.own <= last);
        &raises[first..first + count]
    }
}

/// The way through the events of one host.
struct Walk<'a> {
    entries: &'a Entries,
    by_host: &'a [Vec<u32>],
    /// How many events of each host the clocks count so far, and the line that last said so.
    known: Vec<(u32, u64)>,
    raises: Vec<Raise>,
}

impl Walk<'_> {
    fn step(&mut self, entry: &Entry, problems: &mut Problems) {
        for (other, count) in self.entries.counts(entry) {
            let (known, line) = self.known[usize::from(*other)];
            self.known[usize::from(*other)] = (*count, entry.line);
            let host = || self.entries.hosts[usize::from(*other)].clone();
            if *count < known {
                problems.add(
                    entry.line,
                    t!(
                        "the clock goes back: {host} stood at {known} in line {line} and stands at {count} here; a clock never forgets",
                        host = host(),
                        known = known,
                        line = line,
                        count = *count
                    ),
                );
            }
            if *count <= known {
                continue;
            }
            self.raises.push(Raise { own: entry.own, other: *other, count: *count });
            let there = self.by_host[usize::from(*other)].len();
            if *count as usize > there && !self.entries.doubtful[usize::from(*other)] {
                problems.add(
                    entry.line,
                    t!(
                        "the clock counts {count} events of {host}, and the log has only {there}: add the missing lines",
                        count = *count,
                        host = host(),
                        there = there
                    ),
                );
            }
        }
    }
}

impl Clocks {
    pub fn new(raises: &Raises) -> Clocks {
        let mut raises = raises.0.clone();
        for list in &mut raises {
            sort_by_key(list, |raise| pair(raise.other.into(), raise.own.into()));
        }
        Clocks { raises }
    }

    /// How many events of `other` a host knows of after its event `own`.
    pub fn count(&self, host: u16, own: u32, other: u16) -> u32 {
        if host == other {
            return own;
        }
        let raises = &self.raises[usize::from(host)];
        let place = raises.partition_point(|raise| (raise.other, raise.own) <= (other, own));
        match place.checked_sub(1).map(|place| raises[place]) {
            Some(raise) if raise.other == other => raise.count,
            _ => 0,
        }
    }

    /// How many pairs of events are ordered, of hosts with so many events.
    pub fn ordered_pairs(&self, lengths: &[u64]) -> u64 {
        let mut pairs = 0;
        for (raises, length) in self.raises.iter().zip(lengths) {
            pairs += length * (length - 1) / 2;
            let mut before = Raise { own: 0, other: u16::MAX, count: 0 };
            for raise in raises {
                // All events from this one on have this much more in their past.
                let known = if raise.other == before.other { before.count } else { 0 };
                pairs += u64::from(raise.count - known) * (length + 1 - u64::from(raise.own));
                before = *raise;
            }
        }
        pairs
    }
}
