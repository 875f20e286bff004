//! Judging a history again and again while it grows.

use std::collections::BTreeSet;

use imbl::OrdMap;

use super::model::deciding;
use super::search::{Finding, search};
use super::{History, Model, Operation, OperationId, Point, State, Undecided, Value};

/// What a [`Monitor`] says of a history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// So far there is an order.
    Linearizable,
    /// There is none, and there never will be one. The fields are those of
    /// [`Verdict::NotLinearizable`](super::Verdict::NotLinearizable).
    NotLinearizable {
        /// An order that gets furthest.
        longest_prefix: Vec<OperationId>,
        /// The operation by whose completion the contradiction shows.
        cannot_place: OperationId,
    },
    /// The checker gave up.
    Undecided(Undecided),
}

/// Follows a growing history and says after each event whether it is still linearizable.
///
/// It keeps, for each key, beginnings of orders that were found before, each up to a moment before which everything was
/// known: the invocation of the oldest operation that was still open. If the rest can be placed after one of them, the
/// whole can. If not, a shorter one is tried; only at last is the key judged anew from the start. A clone is cheap, so
/// that a snapshot may keep one; a monitor must only ever see later versions of the same history.
#[derive(Clone, Debug)]
pub struct Monitor {
    model: Model,
    limit: u64,
    /// For each key what is settled, the longest last.
    parts: OrdMap<Value, Vec<Settled>>,
    standing: Standing,
}

/// What is settled of one key.
#[derive(Clone, Debug)]
struct Settled {
    /// The state when all settled operations have taken effect.
    state: State,
    /// Operations that were invoked before `seen`, and are neither settled nor failed.
    carried: Vec<OperationId>,
    /// How many operations of the key were invoked before the moment up to which all is settled.
    seen: usize,
}

impl Settled {
    fn nothing(model: &Model, key: &Value) -> Self {
        Self { state: model.initial(key), carried: Vec::new(), seen: 0 }
    }
}

/// Keeps the longest, one a little shorter, and others at about doubling distances: a few of many. One goes if the next
/// shorter one is near enough to take its place.
fn thin_out(bases: &mut Vec<Settled>) {
    let newest = bases.last().map_or(0, |base| base.seen);
    let age = |base: &Settled| newest - base.seen;
    let mut longer_age = 0;
    for i in (1..bases.len().saturating_sub(1)).rev() {
        if age(&bases[i - 1]) <= 2 * longer_age + 8 {
            bases.remove(i);
        } else {
            longer_age = age(&bases[i]);
        }
    }
}

impl Monitor {
    /// A monitor that has seen nothing. `limit` is that of [`check`](super::check).
    #[must_use]
    pub fn new(model: Model, limit: u64) -> Self {
        Self { model, limit, parts: OrdMap::new(), standing: Standing::Linearizable }
    }

    /// Judges the history, of which this monitor has seen earlier versions or none. The operation `touched` is the one that
    /// was invoked or completed since the last time; call it for each one.
    pub fn observe(&mut self, history: &History, touched: OperationId) -> &Standing {
        if let Some(operation) = history.get(touched)
            && !matches!(self.standing, Standing::NotLinearizable { .. })
            && (operation.result().is_some() || operation.has_failed())
        {
            let key = if self.model.splits_by_key() { operation.key.clone() } else { Value::Nil };
            self.standing = self.judge(history, key);
        }
        &self.standing
    }

    fn judge(&mut self, history: &History, key: Value) -> Standing {
        let mut bases = self.parts.get(&key).cloned().unwrap_or_default();
        loop {
            let base = bases.last().cloned().unwrap_or_else(|| Settled::nothing(&self.model, &key));
            let operations = self.unsettled(history, &key, &base);
            let standing = match search(&self.model, &base.state, &operations, self.limit) {
                Finding::Placed(points) => {
                    let more = self.settle(history, &base, &operations, &points);
                    if more.seen > base.seen {
                        bases.push(more);
                        thin_out(&mut bases);
                    }
                    self.parts.insert(key, bases);
                    return Standing::Linearizable;
                }
                Finding::Stuck { prefix, blocked, .. } => {
                    Standing::NotLinearizable { longest_prefix: prefix, cannot_place: blocked }
                }
                Finding::Undecided(reason) => Standing::Undecided(reason),
            };
            if bases.pop().is_none() {
                return standing;
            }
        }
    }

    /// What is left to place, in the order of invocations.
    fn unsettled<'a>(&self, history: &'a History, key: &Value, settled: &Settled) -> Vec<&'a Operation> {
        let carried = settled.carried.iter().copied();
        let ids: Vec<OperationId> = if self.model.splits_by_key() {
            let of_key = history.of_key(key);
            carried.chain((settled.seen..of_key.len()).map(|i| of_key[i])).collect()
        } else {
            carried.chain((settled.seen..history.len()).map(|i| OperationId(i as u64))).collect()
        };
        ids.into_iter().filter_map(|id| history.get(id)).collect()
    }

    /// Moves what is settled up to the invocation of the oldest open operation.
    fn settle(&self, history: &History, from: &Settled, operations: &[&Operation], points: &[Point]) -> Settled {
        let open = operations.iter().filter(|operation| operation.is_open());
        let horizon = open.map(|operation| operation.invoked.order).min().unwrap_or(history.moments());
        let early = points.iter().take_while(|point| point.at.order < horizon);
        let placed: BTreeSet<OperationId> = early.clone().map(|point| point.operation).collect();
        let state =
            early.filter_map(|point| history.get(point.operation)).fold(from.state.clone(), |state, operation| {
                let told = deciding(&operation.call, operation.result());
                self.model.step(&state, &operation.call, told).unwrap_or(state)
            });
        let before = operations.iter().filter(|operation| operation.invoked.order < horizon);
        let left = before.clone().filter(|operation| !operation.has_failed() && !placed.contains(&operation.id));
        let carried = left.map(|operation| operation.id).collect();
        Settled { state, carried, seen: from.seen + before.count() - from.carried.len() }
    }

    /// What it said last.
    #[must_use]
    pub fn standing(&self) -> &Standing {
        &self.standing
    }
}
