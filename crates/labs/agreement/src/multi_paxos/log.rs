//! The log: slots, each an instance of Paxos of its own (Paxos Made Simple, section 3).

use std::rc::Rc;

use parts::store::Request;
use serde::{Serialize, Serializer};
use sim::{List, Text, t};

use crate::paxos::Vote;

/// What a slot can hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Decree {
    /// Nothing to do: it fills a gap.
    NoOp,
    /// The command of a client.
    Command(Rc<Request>),
}

impl Decree {
    /// The command, if it is one.
    pub fn request(&self) -> Option<&Request> {
        if let Decree::Command(request) = self { Some(request) } else { None }
    }

    /// What it says, in a few characters.
    pub fn text(&self) -> Text {
        match self {
            Decree::NoOp => t!("no-op"),
            Decree::Command(request) => request.command.text(),
        }
    }
}

/// What a server has in a slot.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Slot {
    /// What it has accepted last.
    pub accepted: Option<Vote<Decree>>,
    /// What it knows to be chosen.
    pub chosen: Option<Decree>,
}

/// The slots of one server, numbered from 1. A clone shares them, so that disks and snapshots cost little.
#[derive(Clone, Debug, Default)]
pub struct Log {
    slots: List<Slot>,
    /// Up to here it knows what is chosen, without a gap.
    chosen_to: u64,
    /// The lowest slot that was written to in the last step, and one above all slots where none was.
    touched: u64,
}

impl Log {
    /// The number of the last slot that holds something; 0 for an empty log.
    pub fn last(&self) -> u64 {
        self.slots.len() as u64
    }

    /// Up to where it knows what is chosen, without a gap.
    pub fn chosen_to(&self) -> u64 {
        self.chosen_to
    }

    /// The lowest slot that was written to in the last step; above all slots where none was.
    pub fn touched(&self) -> u64 {
        self.touched
    }

    /// A slot, where something was written to it or to a later one.
    pub fn slot(&self, number: u64) -> Option<&Slot> {
        self.slots.get(usize::try_from(number.checked_sub(1)?).ok()?)
    }

    /// What was accepted last in a slot.
    pub fn accepted(&self, number: u64) -> Option<&Vote<Decree>> {
        self.slot(number)?.accepted.as_ref()
    }

    /// What is known to be chosen in a slot.
    pub fn chosen(&self, number: u64) -> Option<&Decree> {
        self.slot(number)?.chosen.as_ref()
    }

    /// All that was accepted from a slot on.
    pub fn accepted_from(&self, first: u64) -> Vec<(u64, Vote<Decree>)> {
        (first.max(1)..=self.last()).filter_map(|number| Some((number, self.accepted(number)?.clone()))).collect()
    }

    /// A step begins: nothing is written yet.
    pub fn begin(&mut self) {
        self.touched = self.last() + 1;
    }

    /// Writes down what is accepted in a slot, over what was before.
    pub fn accept(&mut self, number: u64, vote: Vote<Decree>) {
        if let Some(slot) = self.written(number) {
            slot.accepted = Some(vote);
        }
    }

    /// Writes down what is chosen in a slot. Returns whether that is new.
    pub fn choose(&mut self, number: u64, decree: Decree) -> bool {
        let Some(slot) = self.written(number) else { return false };
        let is_new = slot.chosen.is_none();
        slot.chosen.get_or_insert(decree);
        while self.chosen(self.chosen_to + 1).is_some() {
            self.chosen_to += 1;
        }
        is_new
    }

    fn written(&mut self, number: u64) -> Option<&mut Slot> {
        let place = usize::try_from(number.checked_sub(1)?).ok()?;
        while self.slots.len() <= place {
            self.slots.push(Slot::default());
        }
        self.touched = self.touched.min(number);
        self.slots.get_mut(place)
    }
}

impl PartialEq for Log {
    fn eq(&self, other: &Log) -> bool {
        self.slots == other.slots
    }
}

impl Serialize for Log {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.slots.serialize(serializer)
    }
}
