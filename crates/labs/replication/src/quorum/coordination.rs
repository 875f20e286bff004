//! One operation under way at its coordinator: whom it has asked, and what they have said.

use std::rc::Rc;

use serde::Serialize;
use sim::NodeId;

use super::message::Promise;
use super::version::{Conflicts, Key, Siblings, Version, merge};

/// One operation that a server coordinates.
#[derive(Clone, Debug, Serialize)]
pub struct Coordination {
    pub client: NodeId,
    pub serial: u64,
    pub key: Key,
    pub task: Task,
    pub asked: Vec<Asked>,
    /// How many have to answer.
    pub needed: u16,
    pub(super) promise: Promise,
    pub is_answered: bool,
}

/// What has to be done.
#[derive(Clone, Debug, Serialize)]
pub enum Task {
    Put(Rc<Version>),
    Get,
    /// A get that has found this, and waits until enough replicas have it.
    Repair(Siblings),
}

/// A server that was asked.
#[derive(Clone, Debug, Serialize)]
pub struct Asked {
    pub node: NodeId,
    /// The replica that it stands in for, where it is none itself.
    pub stands_for: Option<NodeId>,
    /// Whether it has done what it was asked last: written, answered, or taken a repair.
    pub has_answered: bool,
    /// Whether another one was asked instead of it.
    pub is_replaced: bool,
    /// What it has said that it has.
    pub versions: Option<Siblings>,
}

impl Asked {
    pub(super) fn new(node: NodeId, stands_for: Option<NodeId>) -> Asked {
        Asked { node, stands_for, has_answered: false, is_replaced: false, versions: None }
    }

    /// The replica whose copy this is about.
    pub(super) fn owner(&self) -> NodeId {
        self.stands_for.unwrap_or(self.node)
    }
}

impl Coordination {
    /// How many have answered; while replicas are repaired, how many have what was found.
    pub fn count(&self) -> u16 {
        self.asked.iter().filter(|asked| asked.has_answered).count() as u16
    }

    pub(super) fn has_enough(&self) -> bool {
        self.count() >= self.needed
    }

    /// All that has been found.
    pub(super) fn found(&self, conflicts: Conflicts) -> Siblings {
        let mut found = Vec::new();
        for versions in self.asked.iter().filter_map(|asked| asked.versions.as_ref()) {
            merge(&mut found, versions, conflicts);
        }
        found
    }
}
