//! The disk that all may write to. It trusts everybody who says to coordinate, and with terms nobody of an older one.

use std::collections::VecDeque;

use serde::Serialize;
use sim::{NodeId, t};

use super::Effects;
use super::disk::Disk;
use super::messages::{Call, Message};
use super::settings::Guard;

/// So many writes are kept.
pub const KEPT: usize = 8;

/// A coordinator writes its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Write {
    /// The life of the writer, and which of its writes it is.
    pub call: Call,
    /// The election that has made it coordinator.
    pub reign: Call,
    /// The term of that election; 0 without terms.
    pub term: u64,
}

/// A write that was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    pub writer: NodeId,
    pub reign: Call,
    pub term: u64,
}

/// What is on the common disk.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Page {
    /// The last writes, oldest first.
    pub entries: VecDeque<Entry>,
    /// How many there were.
    pub taken: u64,
    /// The highest term that has written.
    pub term: u64,
    /// The last write of each node.
    last: Vec<(NodeId, Call)>,
}

impl Page {
    /// A write comes. Each is taken once.
    pub(super) fn on_write(&mut self, from: NodeId, write: Write, effects: &mut Effects<'_>) {
        let (me, guard, rules) = (effects.me(), effects.config().guard, effects.config().rules);
        if self.last.iter().any(|(node, call)| *node == from && *call >= write.call) {
            effects.note(|| {
                t!("{disk} has taken a later write of {node}: this one comes too late", disk = me, node = from)
            });
            effects.routine("late write");
            return;
        }
        if guard == Guard::Terms && write.term < self.term {
            effects.rule("refuse_older");
            if rules.refuse_older {
                let (old, term) = (write.term, self.term);
                effects.note(|| t!("{disk} refuses a write of {node}", disk = me, node = from));
                effects.note(|| {
                    t!("It is of term {old}, and a coordinator of term {term} has written.", old = old, term = term)
                });
                effects.send(from, Message::Refused { term });
                return;
            }
        }
        let before = self.entries.back().map(|entry| entry.writer);
        let shown = self.entries.clone();
        self.last.retain(|(node, _)| *node != from);
        self.last.push((from, write.call));
        self.entries.push_back(Entry { writer: from, reign: write.reign, term: write.term });
        if self.entries.len() > KEPT {
            self.entries.pop_front();
        }
        self.taken += 1;
        self.term = self.term.max(write.term);
        effects.persist(Disk { page: self.clone(), ..Disk::default() });
        effects.note(|| t!("{disk} takes a write of {node}", disk = me, node = from));
        match before {
            Some(other) if other != from => effects.note(|| t!("The one before was of {other}.", other = other)),
            _ if self.entries == shown => effects.routine("write"),
            _ => {}
        }
        effects.send(from, Message::Written);
    }
}
