//! Versions of an object and their vector clocks (Dynamo, section 4.4).
//!
//! A plain vector clock cannot tell apart two versions that clients made from the same context through the same server.
//! So each version has a name of its own, its dot, beside the clock of what its writer had seen (N. Preguiça, C. Baquero,
//! P. S. Almeida, V. Fonte and R. Gonçalves, "Dotted version vectors: logical clocks for optimistic replication", 2010).

use std::rc::Rc;

use serde::Serialize;
use sim::{Map, NodeId, Text, t};

/// The name of a key.
pub type Key = Rc<str>;

/// Names one thing that a node has made: the node, and its count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Dot {
    pub node: NodeId,
    /// From 1 on.
    pub count: u64,
}

/// A set of dots as a vector clock: for each node the count up to which it holds all, and the dots beyond a gap.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct VectorClock {
    counts: Map<NodeId, u64>,
    /// In order; each leaves a gap to the count of its node.
    beyond: Vec<Dot>,
}

impl VectorClock {
    /// How many dots of a node it holds without a gap.
    pub fn count(&self, node: NodeId) -> u64 {
        self.counts.get(&node).copied().unwrap_or(0)
    }

    /// Whether it holds this dot.
    pub fn covers(&self, dot: Dot) -> bool {
        dot.count <= self.count(dot.node) || self.beyond.contains(&dot)
    }

    /// Adds a dot.
    pub fn insert(&mut self, dot: Dot) {
        if !self.covers(dot) {
            let place = self.beyond.partition_point(|other| *other < dot);
            self.beyond.insert(place, dot);
            self.close_gaps();
        }
    }

    /// Adds all dots of another clock.
    pub fn join(&mut self, other: &VectorClock) {
        for (node, count) in other.counts.iter() {
            let mine = self.counts.get_or_insert_with(*node, || 0);
            *mine = (*mine).max(*count);
        }
        other.beyond.iter().for_each(|dot| self.insert(*dot));
        self.close_gaps();
    }

    fn close_gaps(&mut self) {
        let counts = &mut self.counts;
        self.beyond.retain(|dot| {
            let count = counts.get(&dot.node).copied().unwrap_or(0);
            if dot.count == count + 1 {
                counts.insert(dot.node, dot.count);
            }
            dot.count > count + 1
        });
    }

    /// As the paper writes it: `[S1,2] [S2,1]`. A dot beyond a gap stands in round brackets.
    pub fn text(&self) -> Text {
        let count = |(node, count): (&NodeId, &u64)| t!("[{node},{count}]", node = *node, count = *count);
        let dot = |dot: &Dot| t!("({node},{count})", node = dot.node, count = dot.count);
        let parts = self.counts.iter().map(count).chain(self.beyond.iter().map(dot));
        joined(" ", parts).unwrap_or_else(|| t!("[]"))
    }
}

/// Texts with something between them; none where there are none.
pub fn joined(between: &'static str, parts: impl Iterator<Item = Text>) -> Option<Text> {
    parts.reduce(|first, second| t!("{first}{between}{second}", first = first, between = between, second = second))
}

/// One version of an object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Version {
    /// Its name: the server that coordinated the put, and that server's count for this key.
    pub dot: Dot,
    /// What its writer had seen: the versions that it replaces.
    pub context: VectorClock,
    /// The object: items in order, each once.
    pub items: Vec<Key>,
    /// The put that made it: the client, and the number of its operation.
    pub put: Dot,
    /// What the coordinator's clock showed, for last write wins.
    pub written_at_us: i64,
}

impl Version {
    /// Its vector clock: what its writer had seen, and itself.
    pub fn clock(&self) -> VectorClock {
        let mut clock = self.context.clone();
        clock.insert(self.dot);
        clock
    }
}

/// The versions of one object that are not replaced, in the order of their dots.
pub type Siblings = Vec<Rc<Version>>;

/// How versions that do not know each other are dealt with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conflicts {
    /// All are kept until a client merges them (section 4.4).
    Siblings,
    /// The one with the latest time stays (section 4.4, "last write wins"; Cassandra).
    LastWriteWins,
}

/// Puts versions of one object together: those that another one has seen are replaced, or all but the latest. True if
/// `mine` changed.
pub fn merge(mine: &mut Siblings, theirs: &[Rc<Version>], conflicts: Conflicts) -> bool {
    let is_replaced = |version: &Version, by: &Version| match conflicts {
        Conflicts::Siblings => by.context.covers(version.dot),
        Conflicts::LastWriteWins => (version.written_at_us, version.dot) < (by.written_at_us, by.dot),
    };
    let mut has_changed = false;
    for version in theirs {
        if mine.iter().all(|other| other.dot != version.dot && !is_replaced(version, other)) {
            mine.retain(|other| !is_replaced(other, version));
            let place = mine.partition_point(|other| other.dot < version.dot);
            mine.insert(place, version.clone());
            has_changed = true;
        }
    }
    has_changed
}

/// Whether these versions hold all of the others, or what has replaced them.
pub fn has_all(mine: &[Rc<Version>], others: &[Rc<Version>], conflicts: Conflicts) -> bool {
    !merge(&mut mine.to_vec(), others, conflicts)
}

/// The context of these versions: all that they have seen, and themselves.
pub fn context(versions: &[Rc<Version>]) -> VectorClock {
    let mut context = VectorClock::default();
    versions.iter().for_each(|version| context.join(&version.clock()));
    context
}

/// All items of all these versions: what a client that merges them writes back.
pub fn union(versions: &[Rc<Version>]) -> Vec<Key> {
    let mut items = Vec::new();
    versions.iter().flat_map(|version| &version.items).for_each(|item| add(&mut items, item.clone()));
    items
}

/// Adds an item to a list in order, where it is not there yet.
pub fn add(items: &mut Vec<Key>, item: Key) {
    if let Err(place) = items.binary_search(&item) {
        items.insert(place, item);
    }
}

/// An object in words: its items, or "nothing".
pub fn items_text(items: &[Key]) -> Text {
    joined(" ", items.iter().map(|item| Text::verbatim(item.to_string()))).unwrap_or_else(|| t!("nothing"))
}

/// Versions in words, each with its clock.
pub fn siblings_text(versions: &[Rc<Version>]) -> Text {
    let one = |version: &Rc<Version>| {
        t!("{items} {clock}", items = items_text(&version.items), clock = version.clock().text())
    };
    joined(" | ", versions.iter().map(one)).unwrap_or_else(|| t!("nothing"))
}
