//! A stretch of a run in few numbers: what a view from afar shows of it.

use serde::Serialize;

use crate::base::id::NodeId;
use crate::frame::{Status, Tone};
use crate::kernel::world::World;

/// How many events are counted together.
const BLOCK: u64 = 32;

/// Some events in a row, counted and not kept. Two that follow each other can be put together.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Outline {
    /// The number of events before it.
    before: u64,
    /// The number of its last event.
    last: u64,
    last_us: u64,
    /// What each node was before the first event.
    start: Vec<Condition>,
    /// What each node is after the last event.
    end: Vec<Condition>,
    changes: Vec<Change>,
    /// When the first event of each block happened.
    begins_us: Vec<u64>,
    /// How many events of a block happened at each node, and at none, block by block.
    counts: Vec<u16>,
}

/// What can be seen of a node from afar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Condition {
    pub tone: Tone,
    pub status: Status,
}

/// A node becomes something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    pub node: NodeId,
    pub at_us: u64,
    pub condition: Condition,
}

/// Events that are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block<'a> {
    pub from_us: u64,
    pub to_us: u64,
    /// How many happened at each node, and last, at none: what happened to the network, and messages that nobody took.
    pub counts: &'a [u16],
}

impl Outline {
    /// An outline without events, at this moment.
    pub(crate) fn before(world: &World) -> Outline {
        let start = world.nodes().ids().map(|id| condition(world, id)).collect();
        Outline::starting(world.event(), world.now_us(), start)
    }

    /// An outline without events, after this one, when the nodes are like this.
    pub(crate) fn starting(event: u64, at_us: u64, start: Vec<Condition>) -> Outline {
        Outline {
            before: event,
            last: event,
            last_us: at_us,
            end: start.clone(),
            start,
            changes: Vec::new(),
            begins_us: Vec::new(),
            counts: Vec::new(),
        }
    }

    /// Adds the event that a world has just been through.
    pub(crate) fn add(&mut self, world: &World) {
        self.count(world.now_us(), world.last_node().map(|node| (node, condition(world, node))));
    }

    /// Adds the next event, with the node that acted and what it is now.
    pub(crate) fn count(&mut self, at_us: u64, node: Option<(NodeId, Condition)>) {
        if self.begins_us.is_empty() || self.last.is_multiple_of(BLOCK) {
            self.begins_us.push(at_us);
            self.counts.resize(self.counts.len() + self.columns(), 0);
        }
        self.last += 1;
        self.last_us = at_us;
        let column = node.map_or(self.start.len(), |(node, _)| node.index());
        let block = self.counts.len() - self.columns();
        self.counts[block + column] += 1;
        let Some((node, condition)) = node else { return };
        if self.end[node.index()] != condition {
            self.end[node.index()] = condition;
            self.changes.push(Change { node, at_us, condition });
        }
    }

    /// Puts another one behind it that goes on where it ends.
    pub fn append(&mut self, next: Outline) {
        debug_assert_eq!(self.last, next.before, "an outline that does not go on where this one ends");
        let columns = self.columns();
        let mut shared = 0;
        if !self.last.is_multiple_of(BLOCK) && !self.begins_us.is_empty() && !next.begins_us.is_empty() {
            // The block in the middle belongs to both.
            shared = 1;
            let tail = self.counts.len() - columns;
            self.counts[tail..].iter_mut().zip(&next.counts).for_each(|(mine, more)| *mine += more);
        }
        self.begins_us.extend(&next.begins_us[shared..]);
        self.counts.extend(&next.counts[shared * columns..]);
        self.changes.extend(next.changes);
        (self.last, self.last_us, self.end) = (next.last, next.last_us, next.end);
    }

    fn columns(&self) -> usize {
        self.start.len() + 1
    }

    /// The number of its first event.
    pub fn first(&self) -> u64 {
        self.before + 1
    }

    /// The number of its last event.
    pub fn last(&self) -> u64 {
        self.last
    }

    /// The moment of its last event.
    pub fn last_us(&self) -> u64 {
        self.last_us
    }

    /// What each node was before the first event.
    pub fn start(&self) -> &[Condition] {
        &self.start
    }

    /// What nodes became, in order.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// The counts, in order.
    pub fn blocks(&self) -> impl Iterator<Item = Block<'_>> {
        let ends_us = self.begins_us.iter().skip(1).chain(std::iter::once(&self.last_us));
        let counts = self.counts.chunks(self.columns());
        let block = |((from_us, to_us), counts): ((&u64, &u64), _)| Block { from_us: *from_us, to_us: *to_us, counts };
        self.begins_us.iter().zip(ends_us).zip(counts).map(block)
    }
}

fn condition(world: &World, node: NodeId) -> Condition {
    Condition { tone: world.look(node).tone, status: world.nodes().status(node) }
}
