//! Is there one order of all operations that respects real time and that the model allows?

use serde::{Deserialize, Serialize};

use super::search::{Finding, search};
use super::{History, Model, Moment, Operation, OperationId, State, Value};
use crate::base::order::sort_by_key;

/// How many configurations to remember for one key at most, of 128 bytes each with all that belongs to them: the search
/// gives up at 128 MB, which takes some seconds.
pub const DEFAULT_LIMIT: u64 = 1_000_000;

/// Where an operation takes effect in a linearization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// The operation.
    pub operation: OperationId,
    /// It takes effect at this moment: right after it if the moment is an invocation, right before it if a completion.
    /// Points at the same moment follow each other in the order of their list.
    pub at: Moment,
}

/// Why a history could not be judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Undecided {
    /// The limit was reached.
    #[error("gave up at the limit of {configurations} configurations: a higher limit may decide it")]
    Limit {
        /// The limit.
        configurations: u64,
    },
    /// Too much happened at once.
    #[error("{open} operations on one key are open at once, and the checker can follow {most}")]
    TooManyOpen {
        /// How many were open, or of unknown end.
        open: u64,
        /// How many are possible.
        most: u64,
    },
}

/// What the checker says of a history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// There is an order.
    Linearizable {
        /// The order, as the points at which the operations take effect; never decreasing in time. Operations that do not
        /// take effect (they failed, or their end is unknown and nobody saw them) are not in it.
        points: Vec<Point>,
    },
    /// There is none.
    NotLinearizable {
        /// An order of operations that gets furthest in time, up to the completion of the first of `cannot_place`. Only
        /// operations on its key are in it. (Where trying all orders was given up while it is certain that there is none, it
        /// is the furthest one found.)
        longest_prefix: Vec<OperationId>,
        /// For each key with a contradiction the operation by whose completion it shows: up to just before it some order
        /// is possible, but none in which this operation gets its result. The earliest first; never empty.
        cannot_place: Vec<OperationId>,
    },
    /// The checker gave up.
    Undecided(Undecided),
}

impl Verdict {
    /// Whether there is an order.
    #[must_use]
    pub fn is_linearizable(&self) -> bool {
        matches!(self, Self::Linearizable { .. })
    }
}

/// Judges a history. `limit` bounds how many configurations are remembered for one key, see [`DEFAULT_LIMIT`].
///
/// Operations that are still open count as of unknown end. If the model allows it, each key is judged by itself (see
/// [`Model::splits_by_key`]): one contradiction is enough, even if other keys are undecided.
#[must_use]
pub fn check(history: &History, model: &Model, limit: u64) -> Verdict {
    let mut points = Vec::new();
    let mut stuck = Vec::new();
    let mut undecided = None;
    for part in parts(history, model) {
        match search(model, &part.start, &part.operations, limit) {
            Finding::Placed(more) => points.extend(more),
            Finding::Stuck { prefix, blocked, at } => stuck.push((at, blocked, prefix)),
            Finding::Undecided(reason) => undecided = Some(reason),
        }
    }
    sort_by_key(&mut stuck, |(at, _, _)| u128::from(at.order));
    let cannot_place = stuck.iter().map(|(_, blocked, _)| *blocked).collect();
    match (stuck.into_iter().next(), undecided) {
        (Some((_, _, longest_prefix)), _) => Verdict::NotLinearizable { longest_prefix, cannot_place },
        (None, Some(reason)) => Verdict::Undecided(reason),
        (None, None) => {
            // No moment belongs to two parts, and the sort is stable: the order within a part stays.
            sort_by_key(&mut points, |point| u128::from(point.at.order));
            Verdict::Linearizable { points }
        }
    }
}

/// Operations that can be judged by themselves.
pub(super) struct Part<'a> {
    start: State,
    pub(super) operations: Vec<&'a Operation>,
}

/// The parts of a history: one for each key, in the order of the keys, if the model splits; else one.
pub(super) fn parts<'a>(history: &'a History, model: &Model) -> Vec<Part<'a>> {
    if !model.splits_by_key() {
        return vec![Part { start: model.initial(&Value::Nil), operations: history.iter().collect() }];
    }
    let part = |key, ids: &'a crate::base::list::List<OperationId>| Part {
        start: model.initial(key),
        operations: ids.iter().filter_map(|id| history.get(*id)).collect(),
    };
    history.by_key().map(|(key, ids)| part(key, ids)).collect()
}
