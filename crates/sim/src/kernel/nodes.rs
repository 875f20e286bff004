//! The nodes of a world: their states, disks, clocks and timers.

use std::marker::PhantomData;
use std::ops::Deref;
use std::rc::Rc;

use serde::{Serialize, Serializer};

use crate::base::clock::Clock;
use crate::base::id::{NodeId, TimerId};
use crate::base::opaque::{Hidden, Shared};
use crate::base::rng::Rng;
use crate::frame::Status;
use crate::kernel::lie::Manner;
use crate::kernel::queue::{Envelope, Key};
use crate::kernel::system::Protocol;

/// The nodes of a world, in the order of their ids.
#[derive(Clone, Debug)]
pub struct Nodes {
    pub(crate) slots: Vec<Rc<Slot>>,
    pub(crate) labels: Rc<[String]>,
    pub(crate) ranks: Rc<[u8]>,
}

/// All that the world keeps of one node.
#[derive(Clone, Debug)]
pub(crate) struct Slot {
    /// None while crashed.
    pub state: Option<Hidden>,
    pub disk: Shared,
    pub status: Status,
    /// How it lies, if it does. It goes on lying after a crash.
    pub lies: Option<Manner>,
    pub clock: Clock,
    pub rng: Rng,
    pub lamport: u64,
    pub vector: VectorTime,
    pub timers: Vec<SetTimer>,
    pub timers_set: u64,
    /// Where its start stands in the queue, after it has ended to be started again.
    pub starts: Option<Key>,
    /// What happened to it while it was paused.
    pub waiting: Vec<Waiting>,
}

/// A vector time: for each node, how many of its events this one has heard of. Those of small worlds need no memory of
/// their own, and all have one length: the numbers of nodes that do not exist stay 0.
#[derive(Clone, Debug)]
pub enum VectorTime {
    Few { count: u8, numbers: [u32; VectorTime::FEW] },
    Many(Rc<[u32]>),
}

impl VectorTime {
    const FEW: usize = 8;

    /// Nobody has heard of anything.
    pub(crate) fn zero(nodes: usize) -> VectorTime {
        if nodes <= VectorTime::FEW {
            VectorTime::Few { count: nodes as u8, numbers: [0; VectorTime::FEW] }
        } else {
            VectorTime::Many(vec![0; nodes].into())
        }
    }

    fn to_mut(&mut self) -> &mut [u32] {
        match self {
            VectorTime::Few { numbers, .. } => numbers,
            VectorTime::Many(numbers) => Rc::make_mut(numbers),
        }
    }

    /// Takes the greater of each two numbers.
    fn learn(&mut self, other: &VectorTime) {
        let learn = |(mine, theirs): (&mut u32, &u32)| *mine = (*mine).max(*theirs);
        match (self, other) {
            (VectorTime::Few { numbers: mine, .. }, VectorTime::Few { numbers: theirs, .. }) => {
                mine.iter_mut().zip(theirs).for_each(learn);
            }
            (mine, theirs) => mine.to_mut().iter_mut().zip(&**theirs).for_each(learn),
        }
    }
}

impl Deref for VectorTime {
    type Target = [u32];

    fn deref(&self) -> &[u32] {
        match self {
            VectorTime::Few { count, numbers } => &numbers[..usize::from(*count)],
            VectorTime::Many(numbers) => numbers,
        }
    }
}

impl Serialize for VectorTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (**self).serialize(serializer)
    }
}

/// A timer that is set.
#[derive(Clone, Debug)]
pub struct SetTimer {
    pub id: TimerId,
    /// One for each timer of a node: those that are equal are the same.
    pub(crate) timer: Shared,
    /// In microseconds of virtual time.
    pub set_at_us: u64,
    /// In microseconds of virtual time.
    pub fires_at_us: u64,
    /// The event that set it.
    pub cause: u64,
    /// Where it stands in the queue. A timer that is moved to a later time stays there, and is moved when its old time
    /// comes: most timers are moved many times before they run out.
    pub(crate) queued: Key,
}

/// Something that waits for a paused node.
#[derive(Clone, Debug)]
pub(crate) enum Waiting {
    Message(Rc<Envelope>),
    Timer(TimerId),
}

impl Nodes {
    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// All nodes.
    pub fn ids(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..self.slots.len()).map(NodeId::at)
    }

    /// The same nodes, with the types of their protocol.
    pub(crate) fn of<P: Protocol>(&self) -> NodesOf<'_, P> {
        NodesOf { nodes: self, protocol: PhantomData }
    }

    /// The state of a node; none while it is crashed.
    pub(crate) fn state(&self, node: NodeId) -> Option<&Hidden> {
        self.slots[node.index()].state.as_ref()
    }

    /// Whether a node runs.
    pub fn status(&self, node: NodeId) -> Status {
        self.slots[node.index()].status
    }

    /// How a node lies, if it does.
    pub fn lies(&self, node: NodeId) -> Option<Manner> {
        self.slots[node.index()].lies
    }

    /// The clock of a node.
    pub fn clock(&self, node: NodeId) -> &Clock {
        &self.slots[node.index()].clock
    }

    /// The Lamport time of a node (Lamport 1978, rules IR1 and IR2).
    pub fn lamport(&self, node: NodeId) -> u64 {
        self.slots[node.index()].lamport
    }

    /// The vector time of a node (Mattern 1989; Fidge 1988), one number a node.
    pub fn vector(&self, node: NodeId) -> &[u32] {
        &self.slots[node.index()].vector
    }

    /// The timers of a node that are set.
    pub fn timers(&self, node: NodeId) -> &[SetTimer] {
        &self.slots[node.index()].timers
    }

    /// The short name of a node.
    pub fn label(&self, node: NodeId) -> &str {
        &self.labels[node.index()]
    }

    pub(crate) fn slot(&self, node: NodeId) -> &Slot {
        &self.slots[node.index()]
    }

    pub(crate) fn slot_mut(&mut self, node: NodeId) -> &mut Slot {
        Rc::make_mut(&mut self.slots[node.index()])
    }
}

/// The nodes of a world as the code of their lab reads them.
#[derive(Debug)]
pub struct NodesOf<'a, P: Protocol> {
    nodes: &'a Nodes,
    protocol: PhantomData<fn() -> P>,
}

impl<P: Protocol> Clone for NodesOf<'_, P> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<P: Protocol> Copy for NodesOf<'_, P> {}

impl<P: Protocol> Deref for NodesOf<'_, P> {
    type Target = Nodes;

    fn deref(&self) -> &Nodes {
        self.nodes
    }
}

impl<'a, P: Protocol> NodesOf<'a, P> {
    /// The state of a node; none while it is crashed.
    pub fn state(self, node: NodeId) -> Option<&'a P> {
        self.nodes.state(node).map(Hidden::read)
    }

    /// What a node has on its disk.
    pub fn disk(self, node: NodeId) -> &'a P::Disk {
        self.nodes.slot(node).disk.read()
    }

    /// The timers of a node that are set.
    pub fn timers(self, node: NodeId) -> impl Iterator<Item = TimerOf<'a, P>> {
        self.nodes.timers(node).iter().map(|set| TimerOf { set, timer: *set.timer.read() })
    }

    /// The clock of a node.
    pub fn clock(self, node: NodeId) -> &'a Clock {
        self.nodes.clock(node)
    }

    /// The vector time of a node.
    pub fn vector(self, node: NodeId) -> &'a [u32] {
        self.nodes.vector(node)
    }

    /// The short name of a node.
    pub fn label(self, node: NodeId) -> &'a str {
        self.nodes.label(node)
    }
}

/// A timer that is set, as the code of its lab reads it.
#[derive(Clone, Copy, Debug)]
pub struct TimerOf<'a, P: Protocol> {
    set: &'a SetTimer,
    pub timer: P::Timer,
}

impl<P: Protocol> Deref for TimerOf<'_, P> {
    type Target = SetTimer;

    fn deref(&self) -> &SetTimer {
        self.set
    }
}

impl Slot {
    /// Counts an event of this node in its Lamport and vector time.
    pub(crate) fn tick(&mut self, node: NodeId) {
        self.lamport += 1;
        self.vector.to_mut()[node.index()] += 1;
    }

    /// Learns all that the sender knew when it sent a message.
    pub(crate) fn learn(&mut self, lamport: u64, vector: &VectorTime) {
        self.lamport = self.lamport.max(lamport);
        self.vector.learn(vector);
    }

    pub(crate) fn timer(&self, id: TimerId) -> Option<&SetTimer> {
        self.timers.iter().find(|set| set.id == id)
    }
}
