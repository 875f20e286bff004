//! The two kinds of time that a node can keep: one number, or one number a node.

use serde::Serialize;
use sim::{NodeId, Text, t};

/// The most nodes that a history can have.
pub const MOST_NODES: usize = 6;

/// What a clock shows, and what an event or a message is stamped with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Stamp {
    /// A Lamport time (Lamport 1978).
    Lamport(u64),
    /// A vector time (Mattern 1989; Fidge 1988).
    Vector(Counts),
}

/// For each node a count of its events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    nodes: u8,
    numbers: [u32; MOST_NODES],
}

/// Which kind of time the nodes of a lab keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Lamport,
    Vector,
}

impl Kind {
    /// What a clock shows before the first event.
    pub fn zero(self, nodes: usize) -> Stamp {
        match self {
            Kind::Lamport => Stamp::Lamport(0),
            Kind::Vector => Stamp::Vector(Counts::zero(nodes)),
        }
    }
}

impl Stamp {
    /// The clock of `node` ticks: its number, or its own component, goes up by one (Lamport 1978, IR1; Mattern 1989).
    pub fn ticked(mut self, node: NodeId) -> Stamp {
        match &mut self {
            Stamp::Lamport(time) => *time += 1,
            Stamp::Vector(counts) => counts.tick(node),
        }
        self
    }

    /// The maximum with another stamp of the same kind; of vectors, component by component (Lamport 1978, IR2 (b);
    /// Mattern 1989).
    pub fn maximum(self, other: Stamp) -> Stamp {
        match (self, other) {
            (Stamp::Lamport(mine), Stamp::Lamport(theirs)) => Stamp::Lamport(mine.max(theirs)),
            (Stamp::Vector(mut mine), Stamp::Vector(theirs)) => {
                mine.learn(&theirs);
                Stamp::Vector(mine)
            }
            (mine, _) => mine,
        }
    }

    /// The number that a node's own events have raised: its Lamport time, or its own entry of a vector.
    pub fn own(&self, node: NodeId) -> u64 {
        match self {
            Stamp::Lamport(time) => *time,
            Stamp::Vector(counts) => counts.of(node).into(),
        }
    }

    /// Whether this stamp is at most the other one; of vectors, in every component.
    pub fn is_at_most(&self, other: &Stamp) -> bool {
        match (self, other) {
            (Stamp::Lamport(mine), Stamp::Lamport(theirs)) => mine <= theirs,
            (Stamp::Vector(mine), Stamp::Vector(theirs)) => mine.is_at_most(theirs),
            _ => false,
        }
    }

    /// Whether this stamp is before the other one: C(a) < C(b), or V(a) < V(b).
    pub fn is_before(&self, other: &Stamp) -> bool {
        self != other && self.is_at_most(other)
    }

    /// The number of a Lamport time; none for a vector.
    pub fn lamport(&self) -> Option<u64> {
        match self {
            Stamp::Lamport(time) => Some(*time),
            Stamp::Vector(_) => None,
        }
    }

    /// All components added up: a number that grows along every arrow of causality. The Lamport time itself is one.
    pub fn weight(&self) -> u64 {
        match self {
            Stamp::Lamport(time) => *time,
            Stamp::Vector(counts) => counts.iter().map(u64::from).sum(),
        }
    }

    /// In sentences and cells: `7`, or `[2 0 1]`.
    pub fn text(&self) -> Text {
        match self {
            Stamp::Lamport(time) => t!("{time}", time = *time),
            Stamp::Vector(counts) => {
                let numbers: Vec<String> = counts.iter().map(|number| number.to_string()).collect();
                Text::verbatim(format!("[{}]", numbers.join(" ")))
            }
        }
    }

    /// The line under a node: `L7`, or `[2 0 1]`.
    pub fn badge(&self) -> Text {
        match self {
            Stamp::Lamport(time) => t!("L{time}", time = *time),
            Stamp::Vector(_) => self.text(),
        }
    }
}

impl Counts {
    /// Nobody has had an event.
    pub fn zero(nodes: usize) -> Counts {
        Counts { nodes: nodes.min(MOST_NODES) as u8, numbers: [0; MOST_NODES] }
    }

    /// One more event of this node.
    pub fn tick(&mut self, node: NodeId) {
        self.numbers[node.index()] += 1;
    }

    /// Sets the count of this node.
    pub fn set(&mut self, node: NodeId, count: u32) {
        self.numbers[node.index()] = count;
    }

    /// The count of this node.
    pub fn of(&self, node: NodeId) -> u32 {
        self.numbers[node.index()]
    }

    /// Takes the maximum with other counts, component by component.
    pub fn learn(&mut self, other: &Counts) {
        for (mine, theirs) in self.numbers.iter_mut().zip(other.numbers) {
            *mine = (*mine).max(theirs);
        }
    }

    /// Whether no component is greater than the other's.
    pub fn is_at_most(&self, other: &Counts) -> bool {
        self.numbers.iter().zip(other.numbers).all(|(mine, theirs)| *mine <= theirs)
    }

    /// The counts, in the order of the nodes.
    pub fn iter(&self) -> impl Iterator<Item = u32> {
        self.numbers.into_iter().take(usize::from(self.nodes))
    }
}
