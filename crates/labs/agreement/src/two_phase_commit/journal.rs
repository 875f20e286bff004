//! A log, and the disk under it. A record that is appended stands in memory; a forced write brings all records so far to disk, and
//! takes its time (Bernstein, Hadzilacos and Goodman 1987, section 7.4: the DT log).

use std::collections::VecDeque;

use parts::shop::{Change, OrderId};
use serde::Serialize;
use sim::NodeId;

use super::customer::Customer;
use super::decisions::Decisions;
use super::ledger::Ledger;
use super::{Effects, Timer};

/// How many records are kept to be shown.
const SHOWN: usize = 8;

/// A record of a log.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Record {
    pub order: OrderId,
    pub what: What,
}

/// What a record says.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum What {
    /// The coordinator is about to ask these for their votes, with what was read.
    Collecting { tell: Vec<NodeId>, seen: Vec<Option<OrderId>> },
    /// A service can do its part, whatever comes: what it changes, and who has a part too.
    Prepared { age: Age, change: Change, others: Vec<NodeId> },
    /// The order is done. The coordinator notes who has to know, and what was read.
    Commit { by_hand: bool, tell: Vec<NodeId>, seen: Vec<Option<OrderId>> },
    /// Nothing of it is done. Whom the coordinator has to tell, where it needs their answers.
    Abort { by_hand: bool, tell: Vec<NodeId> },
    /// All who had to know it do.
    End,
}

impl What {
    /// The outcome that it records.
    pub fn outcome(&self) -> Option<bool> {
        match self {
            What::Commit { .. } => Some(true),
            What::Abort { .. } => Some(false),
            What::Collecting { .. } | What::Prepared { .. } | What::End => None,
        }
    }
}

/// Who is older goes first: by the order in which the coordinator has begun them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Age {
    /// Of the coordinator.
    pub life: u64,
    pub number: u64,
}

/// What a node keeps through a crash.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Disk {
    /// How often it was started.
    pub life: u64,
    /// How many records were written in all, and the last ones.
    pub written: u64,
    pub log: VecDeque<Record>,
    /// Of a service: what its log comes to.
    pub ledger: Ledger,
    /// Of the coordinator: what its log comes to.
    pub decisions: Decisions,
    /// Of a customer: all.
    pub customer: Customer,
}

impl Disk {
    fn add(&mut self, record: Record) {
        self.ledger.take(&record);
        self.decisions.take(&record);
        self.written += 1;
        self.log.push_back(record);
        if self.log.len() > SHOWN {
            self.log.pop_front();
        }
    }
}

/// The log of a node, with what of it is not on disk yet.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Journal {
    #[serde(skip)]
    disk: Disk,
    /// Records that are in memory only.
    pub waiting: VecDeque<Record>,
    /// Up to which record the write that is under way goes.
    writing: Option<u64>,
    /// Up to which record somebody waits for the disk.
    wanted: u64,
    /// How often the disk was written.
    pub forced: u64,
}

impl PartialEq for Disk {
    fn eq(&self, other: &Disk) -> bool {
        (self.life, self.written) == (other.life, other.written)
    }
}

impl Journal {
    /// A node starts, once more: so much it knows from its disk.
    pub fn open(disk: &Disk, effects: &mut Effects<'_>) -> Journal {
        let disk = Disk { life: disk.life + 1, ..disk.clone() };
        effects.persist(disk.clone());
        let wanted = disk.written;
        Journal { disk, waiting: VecDeque::new(), writing: None, wanted, forced: 0 }
    }

    pub fn life(&self) -> u64 {
        self.disk.life
    }

    /// The number of the last record.
    pub fn last(&self) -> u64 {
        self.disk.written + self.waiting.len() as u64
    }

    /// How many records are on disk.
    pub fn written(&self) -> u64 {
        self.disk.written
    }

    /// The last records that are on disk.
    pub fn on_disk(&self) -> impl Iterator<Item = &Record> {
        self.disk.log.iter()
    }

    /// Adds a record, in memory. Returns its number.
    pub fn append(&mut self, record: Record) -> u64 {
        self.waiting.push_back(record);
        self.last()
    }

    /// Brings all records so far to disk. Whoever waits for that looks again when [`Journal::on_disk_timer`] has run.
    pub fn force(&mut self, effects: &mut Effects<'_>) {
        self.wanted = self.last();
        self.forced += u64::from(self.wanted > self.disk.written);
        self.begin(effects);
    }

    fn begin(&mut self, effects: &mut Effects<'_>) {
        if self.writing.is_none() && self.wanted > self.disk.written {
            self.writing = Some(self.last());
            effects.set_timer(Timer::Disk, effects.config().disk_us);
        }
    }

    /// The disk has written.
    pub fn on_disk_timer(&mut self, effects: &mut Effects<'_>) {
        let Some(upto) = self.writing.take() else { return };
        while self.disk.written < upto
            && let Some(record) = self.waiting.pop_front()
        {
            self.disk.add(record);
        }
        effects.persist(self.disk.clone());
        self.begin(effects);
    }
}
