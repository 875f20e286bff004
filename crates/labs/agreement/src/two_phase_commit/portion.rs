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
    Prepared { others: Vec<NodeId>, since_us: u64, asked: bool },
    /// The outcome is being written, up to this record; then these are told.
    Ending { commit: bool, upto: u64, tell: Vec<NodeId> },
}

impl Part {
    /// Whether it has promised and does not know the outcome.
    pub fn is_prepared(&self) -> bool {
        matches!(self.stage, Stage::Prepared { .. })
    }

    /// Whether it has promised, and has asked what the outcome is.
    pub fn is_in_doubt(&self) -> bool {
        matches!(self.stage, Stage::Prepared { asked: true, .. })
    }

    /// Whether it holds its lock.
    pub fn has_lock(&self, hold_locks: bool) -> bool {
        match self.stage {
            Stage::Waiting => false,
            Stage::Working => true,
            Stage::Preparing { .. } | Stage::Prepared { .. } => hold_locks,
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
