//! A directed channel: messages are numbered, taken in their order and each once, and repeated until they are acknowledged. The
//! paper takes such channels for granted (Chandy and Lamport 1985, section 2).

use serde::Serialize;

use super::application::Load;
use super::numbers::Numbers;
use super::recording::SnapshotId;

/// What a channel carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Content {
    /// Of the application.
    Load(Load),
    /// All that was sent down this channel before the sender recorded its state for this snapshot has been sent before this.
    Marker(SnapshotId),
}

/// A message in a channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Packet {
    /// Counted for each channel, from 1 on.
    pub number: u64,
    pub content: Content,
    /// By the sender's clock, in microseconds; only snapshots by the clock read it.
    pub sent_us: i64,
    /// How many snapshots of each process the sender had recorded; empty unless the algorithm is Lai and Yang's. The message is red
    /// for these, and white for all others.
    pub red: Vec<u32>,
}

/// The sender's end.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Outgoing {
    /// The number of the last packet.
    pub last: u64,
    /// What is not acknowledged, in its order, with when it was last sent by the sender's clock.
    pub waiting: Vec<(i64, Packet)>,
    /// Markers that go with the next repetition, where they need not go first.
    pub late: Vec<SnapshotId>,
}

/// The receiver's end.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Incoming {
    /// The numbers that have been taken.
    pub taken: Numbers,
    /// What came before its turn, in its order.
    pub early: Vec<Packet>,
}

impl Incoming {
    /// Holds a packet back. What is there already stays.
    pub fn hold(&mut self, packet: Packet) {
        let place = self.early.partition_point(|other| other.number < packet.number);
        if self.early.get(place).is_none_or(|other| other.number != packet.number) {
            self.early.insert(place, packet);
        }
    }

    /// The next one whose turn has come.
    pub fn next_in_turn(&mut self, in_order: bool) -> Option<Packet> {
        let is_next = |packet: &Packet| !in_order || packet.number == self.taken.upto + 1;
        self.early.first().is_some_and(is_next).then(|| self.early.remove(0))
    }

    /// Whether it is there, taken or not.
    pub fn has(&self, number: u64) -> bool {
        self.taken.has(number) || self.early.iter().any(|packet| packet.number == number)
    }
}
