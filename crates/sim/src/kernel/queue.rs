//! What is going to happen, in the order in which it will.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::ops::Deref;
use std::rc::Rc;

use crate::base::digest::Digest;
use crate::base::id::{MessageId, NodeId};
use crate::base::opaque::Parcel;
use crate::base::order::{pair, sort_by_key};
use crate::frame::Weight;
use crate::kernel::nodes::VectorTime;
use crate::kernel::system::Protocol;

/// The place of something in the queue: its time, and among equals the order in which it was queued.
pub(crate) type Key = (u64, u64);

/// A message with its envelope.
#[derive(Clone, Debug)]
pub struct Envelope {
    pub id: MessageId,
    pub from: NodeId,
    pub to: NodeId,
    pub(crate) payload: Parcel,
    /// In microseconds of virtual time.
    pub sent_at_us: u64,
    /// When it has gone down its link, in microseconds of virtual time: later than it was sent where the link takes its time.
    pub leaves_at_us: u64,
    /// In microseconds of virtual time.
    pub arrives_at_us: u64,
    /// The event that sent it.
    pub cause: u64,
    /// The sender's Lamport time when it sent this.
    pub lamport: u64,
    /// The sender's vector time when it sent this.
    pub vector: VectorTime,
    /// Whether it was damaged under way.
    pub corrupted: bool,
    /// What an honest node would have sent, where a lying one has sent this.
    pub honest: Option<Parcel>,
    /// How much it tells: as much as what its sender did.
    pub weight: Weight,
}

impl Envelope {
    /// A number that messages share (all but certainly only those) which say the same between the same nodes.
    pub(crate) fn shape(&self) -> u64 {
        let mut digest = Digest(0);
        digest.add(&(self.from, self.to, self.corrupted));
        self.payload.fold(&mut digest);
        digest.0
    }
}

/// A message with its envelope, as the code of its lab reads it.
#[derive(Clone, Copy, Debug)]
pub struct EnvelopeOf<'a, P: Protocol> {
    envelope: &'a Envelope,
    pub payload: &'a P::Message,
}

impl<'a, P: Protocol> EnvelopeOf<'a, P> {
    pub(crate) fn new(envelope: &'a Envelope) -> EnvelopeOf<'a, P> {
        EnvelopeOf { envelope, payload: envelope.payload.read() }
    }
}

impl<P: Protocol> Deref for EnvelopeOf<'_, P> {
    type Target = Envelope;

    fn deref(&self) -> &Envelope {
        self.envelope
    }
}

/// Something that is going to happen.
#[derive(Clone, Debug)]
pub(crate) enum Due {
    Message(Rc<Envelope>),
    /// One of this node's timers: the one that is queued under this key (see `SetTimer::queued`).
    Timer(NodeId),
    /// The start of a node that has ended: the one that is queued under this key (see `Slot::starts`).
    Start(NodeId),
}

/// What is going to happen: a heap with what comes first at its top.
#[derive(Clone, Debug, Default)]
pub(crate) struct Queue {
    due: BinaryHeap<Entry>,
    queued: u64,
}

/// Something that is going to happen, at its place. What comes first is the greatest, as a heap has it at the top.
#[derive(Clone, Debug)]
struct Entry(Key, Due);

impl Entry {
    fn rank(&self) -> u128 {
        let Entry((at_us, number), _) = *self;
        pair(at_us, number)
    }

    fn message(&self) -> Option<&Rc<Envelope>> {
        match &self.1 {
            Due::Message(envelope) => Some(envelope),
            Due::Timer(_) | Due::Start(_) => None,
        }
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Entry) -> bool {
        self.rank() == other.rank()
    }
}

impl Eq for Entry {}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Entry) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Entry {
    fn cmp(&self, other: &Entry) -> Ordering {
        other.rank().cmp(&self.rank())
    }
}

impl Queue {
    /// The next number for something that is queued.
    pub fn number(&mut self) -> u64 {
        self.queued += 1;
        self.queued
    }

    pub fn push(&mut self, key: Key, due: Due) {
        self.due.push(Entry(key, due));
    }

    pub fn push_message(&mut self, envelope: Rc<Envelope>) {
        let number = self.number();
        self.push((envelope.arrives_at_us, number), Due::Message(envelope));
    }

    pub fn first(&self) -> Option<(Key, &Due)> {
        self.due.peek().map(|Entry(key, due)| (*key, due))
    }

    pub fn pop(&mut self) -> Option<(Key, Due)> {
        self.due.pop().map(|Entry(key, due)| (key, due))
    }

    /// The messages under way, the one that arrives first at the front.
    pub fn messages(&self) -> impl Iterator<Item = &Rc<Envelope>> {
        self.messages_where(|_| true).into_iter()
    }

    /// The messages under way, in no order that means anything.
    pub fn messages_unsorted(&self) -> impl Iterator<Item = &Rc<Envelope>> {
        self.due.iter().filter_map(Entry::message)
    }

    /// Takes out the messages that this is true of; the one that would arrive first is at the front.
    pub fn take_messages(&mut self, is_meant: impl Fn(&Envelope) -> bool) -> Vec<Rc<Envelope>> {
        let taken: Vec<_> = self.messages_where(&is_meant).into_iter().cloned().collect();
        if !taken.is_empty() {
            self.due.retain(|entry| !entry.message().is_some_and(|envelope| is_meant(envelope)));
        }
        taken
    }

    fn messages_where(&self, is_meant: impl Fn(&Envelope) -> bool) -> Vec<&Rc<Envelope>> {
        let meant = self.due.iter().filter(|entry| entry.message().is_some_and(|envelope| is_meant(envelope)));
        let mut meant: Vec<&Entry> = meant.collect();
        sort_by_key(&mut meant, |entry| entry.rank());
        meant.into_iter().filter_map(Entry::message).collect()
    }
}
