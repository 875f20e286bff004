//! Judging a history again and again while it grows.

use super::model::deciding;
use super::search::{Finding, search};
use super::{History, Model, Operation, OperationId, Point, State, Value};
use crate::base::map::Map;
use crate::base::order::sort_by_key;

/// How a history stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// So far there is an order.
    Linearizable,
    /// There is none, and there never will be one.
    NotLinearizable {
        /// The simulator's event by which there was none any more.
        event: u64,
    },
    /// The checker gave up.
    Undecided,
}

/// Follows a growing history and says whether it is still linearizable.
///
/// It keeps, for each key, beginnings of orders that were found before, each up to a moment before which everything was
/// known: the invocation of the oldest operation that was still open. If the rest can be placed after one of them, the
/// whole can. If not, a shorter one is tried; only at last is the key judged anew from the start.
#[derive(Clone, Debug)]
pub struct Monitor {
    model: Model,
    limit: u64,
    parts: Map<Value, Part>,
    /// How many moments and operations of the history it has seen.
    moments: u64,
    operations: u64,
    /// The operations that were open when it looked last.
    open: Vec<OperationId>,
    /// The event by which there was no order any more.
    broken: Option<u64>,
}

/// What is known of one key.
#[derive(Clone, Debug, Default)]
struct Part {
    /// What is settled, the longest last.
    bases: Vec<Settled>,
    is_undecided: bool,
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
        Self { model, limit, parts: Map::default(), moments: 0, operations: 0, open: Vec::new(), broken: None }
    }

    /// Looks at the history, of which it has seen earlier versions or none. One that is no longer than the one it saw
    /// last tells it nothing.
    pub fn observe(&mut self, history: &History) {
        if history.moments() > self.moments {
            if !self.look(history) {
                self.broken = Some(self.first_contradiction(history));
            }
            (self.moments, self.operations) = (history.moments(), history.len() as u64);
        }
    }

    /// Judges the keys of which something is new. False if one of them has no order any more.
    fn look(&mut self, history: &History) -> bool {
        let new = (self.operations..history.len() as u64).map(OperationId);
        let mut keys: Vec<Value> = Vec::new();
        for operation in std::mem::take(&mut self.open).into_iter().chain(new).filter_map(|id| history.get(id)) {
            if operation.is_open() {
                self.open.push(operation.id);
            } else if operation.result().is_some() || operation.has_failed() {
                let key = if self.model.splits_by_key() { &operation.key } else { &Value::Nil };
                if !keys.contains(key) {
                    keys.push(key.clone());
                }
            }
        }
        self.broken.is_some() || keys.into_iter().all(|key| self.judge(history, key))
    }

    /// How the history stood after the simulator's event of this number: what cannot be ordered never can be, and of what
    /// can be ordered each beginning can.
    #[must_use]
    pub fn standing(&self, event: u64) -> Standing {
        match self.broken {
            Some(broken) if broken <= event => Standing::NotLinearizable { event: broken },
            None if self.parts.values().any(|part| part.is_undecided) => Standing::Undecided,
            _ => Standing::Linearizable,
        }
    }

    /// Judges one key. False if there is no order.
    fn judge(&mut self, history: &History, key: Value) -> bool {
        let mut bases = self.parts.get(&key).map(|part| part.bases.clone()).unwrap_or_default();
        loop {
            let base = bases.last().cloned().unwrap_or_else(|| Settled::nothing(&self.model, &key));
            let operations = self.unsettled(history, &key, &base);
            let finding = search(&self.model, &base.state, &operations, self.limit);
            if let Finding::Placed(points) = &finding {
                let more = self.settle(history, &base, &operations, points);
                if more.seen > base.seen {
                    bases.push(more);
                    thin_out(&mut bases);
                }
            } else if bases.pop().is_some() {
                continue;
            }
            let is_undecided = matches!(finding, Finding::Undecided(_));
            self.parts.insert(key, Part { bases, is_undecided });
            return !matches!(finding, Finding::Stuck { .. });
        }
    }

    /// The event by which there is no order any more, among those that are new. What is wrong stays wrong, so that halving
    /// finds it.
    fn first_contradiction(&self, history: &History) -> u64 {
        let completions = history.iter().filter_map(|operation| operation.completed.as_ref());
        let new = completions.filter(|(moment, _)| moment.order >= self.moments);
        let mut events: Vec<u64> = new.map(|(moment, _)| moment.event).collect();
        sort_by_key(&mut events, |event| u128::from(*event));
        let is_right = |event: &u64| Monitor::new(self.model.clone(), self.limit).look(&history.up_to(*event));
        events.get(events.partition_point(is_right)).or(events.last()).copied().unwrap_or_default()
    }

    /// What is left to place, in the order of invocations.
    fn unsettled<'a>(&self, history: &'a History, key: &Value, settled: &Settled) -> Vec<&'a Operation> {
        let carried = settled.carried.iter().copied();
        let ids: Vec<OperationId> = if self.model.splits_by_key() {
            let of_key = history.of_key(key);
            carried.chain((settled.seen..of_key.len()).filter_map(|i| of_key.get(i).copied())).collect()
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
        let mut placed: Vec<OperationId> = early.clone().map(|point| point.operation).collect();
        sort_by_key(&mut placed, |id| u128::from(id.0));
        let state =
            early.filter_map(|point| history.get(point.operation)).fold(from.state.clone(), |state, operation| {
                let told = deciding(&operation.call, operation.result());
                self.model.step(&state, &operation.call, told).unwrap_or(state)
            });
        let before = operations.iter().filter(|operation| operation.invoked.order < horizon);
        let left =
            before.clone().filter(|operation| !operation.has_failed() && placed.binary_search(&operation.id).is_err());
        let carried = left.map(|operation| operation.id).collect();
        Settled { state, carried, seen: from.seen + before.count() - from.carried.len() }
    }
}
