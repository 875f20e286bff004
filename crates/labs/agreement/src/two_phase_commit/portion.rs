//! The part of an order at a service, and how far it is.

use parts::shop::{Change, OrderId};
use serde::Serialize;
use sim::NodeId;

use super::journal::Age;

/// The part of an order at a service.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Part {
    pub order: OrderId,
    pub age: Age,
    pub change: Change,
    /// Who had changed the same last when it got its lock.
    pub seen: Option<OrderId>,
    pub stage: Stage,
}

/// How far the part is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Stage {
    /// It waits for its lock.
    Waiting,
    /// It has its lock, and could be undone.
    Working,
    /// The promise is being written, up to this record.
    Preparing { upto: u64, others: Vec<NodeId> },
    /// It has promised, and may do nothing but wait.
    Prepared(Promise),
    /// The outcome is being written, up to this record; then these are told.
    Ending { commit: bool, upto: u64, tell: Vec<NodeId> },
}

/// What a service keeps in mind as long as it has promised and does not know the outcome.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Promise {
    /// Who has promised too.
    pub others: Vec<NodeId>,
    pub since_us: u64,
    /// Whether it has asked what the outcome is.
    pub asked: bool,
    /// Three phases: whether it has heard that all have said yes.
    pub is_ready: bool,
    /// Whether it has crashed since. Others may have gone on without it, so that it has no say.
    pub has_crashed: bool,
    /// Whether it leads in the place of the coordinator.
    pub lead: Option<Lead>,
}

/// How far a service is that leads in the place of the coordinator (Bernstein, Hadzilacos and Goodman 1987, section 7.5).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Lead {
    /// These have said whether they are ready.
    Polling { heard: Vec<(NodeId, bool)> },
    /// These have not said yet that they are.
    Precommitting { missing: Vec<NodeId> },
}

impl Promise {
    pub fn new(others: Vec<NodeId>, since_us: u64) -> Promise {
        Promise { others, since_us, asked: false, is_ready: false, has_crashed: false, lead: None }
    }
}

impl Part {
    /// Whether it has promised and does not know the outcome.
    pub fn is_prepared(&self) -> bool {
        self.promise().is_some()
    }

    /// Whether it has promised, and has asked what the outcome is.
    pub fn is_in_doubt(&self) -> bool {
        self.promise().is_some_and(|promise| promise.asked)
    }

    /// What it has in mind if it has promised and does not know the outcome.
    pub fn promise(&self) -> Option<&Promise> {
        match &self.stage {
            Stage::Prepared(promise) => Some(promise),
            _ => None,
        }
    }

    /// Whether it has promised, and has heard that all have.
    pub fn is_ready(&self) -> bool {
        self.promise().is_some_and(|promise| promise.is_ready)
    }

    /// Whether it holds its lock.
    pub fn has_lock(&self, hold_locks: bool) -> bool {
        match self.stage {
            Stage::Waiting => false,
            Stage::Working => true,
            Stage::Preparing { .. } | Stage::Prepared(_) => hold_locks,
            // Of an order that has no part here, an abort is written for those who ask.
            Stage::Ending { .. } => hold_locks && self.change.writes(),
        }
    }

    /// Whether both cannot have their locks at once.
    pub(super) fn conflicts_with(&self, other: &Part) -> bool {
        let is_same = self.change.good == other.change.good && self.order != other.order;
        is_same && (self.change.writes() || other.change.writes())
    }
}
