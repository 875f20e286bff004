//! A disk that takes its time, and what has to wait for it (Raft paper, Figure 2: "updated on stable storage before
//! responding"; dissertation, section 10.2.1).

use std::collections::VecDeque;

use serde::Serialize;
use sim::{NodeId, t};

use super::message::Message;
use super::server::Server;
use super::{Disk, Effects, Timer};

/// What is on its way to the disk. With a disk that takes no time nothing ever is.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Storage {
    /// How many changes there were.
    changes: u64,
    /// So many of them are on disk.
    written: u64,
    /// The last entry that is on disk.
    pub written_index: u64,
    writing: Option<Write>,
    /// Messages that promise what is not on disk yet: each waits for so many changes.
    waiting: VecDeque<(u64, NodeId, Message)>,
}

/// What is being written.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct Write {
    /// How many changes it covers.
    changes: u64,
    disk: Disk,
    /// The last entry in it that still stands in the log.
    last_index: u64,
}

impl Storage {
    /// Of a server that starts with a log which ends there.
    pub(super) fn new(written_index: u64) -> Storage {
        Storage { written_index, ..Storage::default() }
    }

    /// Whether nothing was ever written slowly.
    pub(super) fn is_unused(&self) -> bool {
        self.changes == 0
    }

    /// The log was cut, or begins anew: what stood behind this entry is not there any more.
    pub(super) fn forget_after(&mut self, index: u64) {
        self.written_index = self.written_index.min(index);
        if let Some(write) = &mut self.writing {
            write.last_index = write.last_index.min(index);
        }
    }
}

impl Server {
    /// Writes the persistent state (Figure 2) to disk.
    pub(super) fn save(&mut self, effects: &mut Effects<'_>) {
        let rules = effects.config().rules;
        let disk = Disk {
            term: if rules.persist_term { self.term } else { 0 },
            voted_for: if rules.persist_vote { self.voted_for } else { None },
            log: self.log.clone(),
            snapshot: self.snapshot.clone(),
        };
        if effects.config().write_us == 0 {
            effects.persist(disk);
            return;
        }
        self.storage.changes += 1;
        if self.storage.writing.is_none() {
            self.write(disk, effects);
        }
    }

    fn write(&mut self, disk: Disk, effects: &mut Effects<'_>) {
        let write_us = effects.config().write_us;
        let last_index = disk.log.last_index();
        self.storage.writing = Some(Write { changes: self.storage.changes, disk, last_index });
        effects.set_timer(Timer::Write, write_us);
    }

    /// The disk has written.
    pub(super) fn on_written(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        let Some(Write { changes, disk, last_index }) = self.storage.writing.take() else { return };
        self.storage.written_index = last_index;
        self.storage.written = changes;
        effects.persist(disk);
        effects.rule("stable_storage");
        effects.note(|| t!("{node} has its log on disk up to entry {index}", node = me, index = last_index));
        while self.storage.waiting.front().is_some_and(|(needed, ..)| *needed <= changes) {
            let Some((_, to, message)) = self.storage.waiting.pop_front() else { break };
            effects.send(to, message);
        }
        if self.storage.changes > changes {
            self.save_again(effects);
        }
        self.advance_commit_index(effects);
    }

    /// Writes what has changed while the disk was busy.
    fn save_again(&mut self, effects: &mut Effects<'_>) {
        self.storage.changes -= 1;
        self.save(effects);
    }

    /// Sends what promises that something is on disk, once it is.
    pub(super) fn send_when_written(&mut self, to: NodeId, message: Message, effects: &mut Effects<'_>) {
        let Storage { changes, written, .. } = self.storage;
        if changes > written {
            effects.rule("answer_when_written");
        }
        if changes > written && effects.config().rules.answer_when_written {
            self.storage.waiting.push_back((changes, to, message));
        } else {
            effects.send(to, message);
        }
    }

    /// Up to where its own log counts for a leader: what is on its disk.
    pub(super) fn own_match(&self, effects: &Effects<'_>) -> u64 {
        let config = effects.config();
        let counts_all = config.write_us == 0 || !config.rules.count_when_written;
        if counts_all { self.log.last_index() } else { self.storage.written_index }
    }
}
