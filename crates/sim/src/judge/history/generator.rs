//! Random histories: clients at work on one atomic copy, some of whom give up waiting. For tests and measurements.

use super::{Access, Call, History, Model, Moment, OperationId, Outcome, State, Value};
use crate::base::map::Map;
use crate::base::order::sort_by_key;
use crate::base::rng::Rng;

/// What a random history is like.
#[derive(Clone, Debug)]
pub struct Recipe {
    /// How many clients are at work at once. One that gives up waiting is replaced by another.
    pub clients: u64,
    /// How many operations they invoke.
    pub operations: u64,
    /// Values are numbers below this.
    pub values: u64,
    /// Keys are numbers below this; 1 for no key at all.
    pub keys: u64,
    /// At most so many operations are of unknown end.
    pub lost: u64,
    /// How likely each is to be, until there are so many.
    pub lost_percent: u64,
    /// How likely an operation that has not taken effect yet is to fail instead.
    pub failed_percent: u64,
    /// So many results are replaced by others.
    pub corrupted: u64,
}

impl Recipe {
    /// Five values and no key, as in the etcd histories that Jepsen collected.
    #[must_use]
    pub fn etcd(clients: u64, operations: u64, lost: u64, corrupted: u64) -> Self {
        Self { clients, operations, values: 5, keys: 1, lost, lost_percent: 15, failed_percent: 0, corrupted }
    }
}

/// A random history in which each operation takes effect at some moment within its time: linearizable, but for the
/// results that are replaced.
#[must_use]
pub fn generate(model: &Model, recipe: &Recipe, seed: u64) -> History {
    let mut clients = Clients::new(model, recipe, seed);
    while clients.step() {}
    let Clients { history, mut rng, .. } = clients;
    (0..recipe.corrupted).fold(history, |history, _| corrupt(&history, recipe.values, &mut rng))
}

/// The parts of a history in their order: who invokes what, or how it ends.
pub(super) fn events(history: &History) -> Vec<(Moment, OperationId, Option<&Outcome>)> {
    let mut events = Vec::new();
    for operation in history.iter() {
        events.push((operation.invoked, operation.id, None));
        events.extend(operation.completed.as_ref().map(|(moment, outcome)| (*moment, operation.id, Some(outcome))));
    }
    sort_by_key(&mut events, |(moment, ..)| moment.order.into());
    events
}

/// An operation that is under way.
struct Pending {
    client: u64,
    id: OperationId,
    /// The result, once it has taken effect.
    took_effect: Option<Outcome>,
}

struct Clients<'a> {
    model: &'a Model,
    recipe: &'a Recipe,
    rng: Rng,
    history: History,
    states: Map<Value, State>,
    idle: Vec<u64>,
    pending: Vec<Pending>,
    /// Operations that nobody waits for any more, and which have not taken effect yet.
    floating: Vec<OperationId>,
    lost: u64,
}

impl<'a> Clients<'a> {
    fn new(model: &'a Model, recipe: &'a Recipe, seed: u64) -> Self {
        Self {
            model,
            recipe,
            rng: Rng::stream(seed, 0),
            history: History::new(),
            states: Map::default(),
            idle: (0..recipe.clients).collect(),
            pending: Vec::new(),
            floating: Vec::new(),
            lost: 0,
        }
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.rng.below(100) < percent
    }

    fn now(&self) -> u64 {
        self.history.moments()
    }

    /// Lets one thing happen. False at the end.
    fn step(&mut self) -> bool {
        let may_invoke = !self.idle.is_empty() && (self.history.len() as u64) < self.recipe.operations;
        if !may_invoke && self.pending.is_empty() {
            return false;
        }
        if may_invoke && (self.pending.is_empty() || self.chance(50)) {
            self.invoke();
        } else if !self.floating.is_empty() && self.chance(10) {
            let place = self.rng.below(self.floating.len() as u64) as usize;
            let id = self.floating.swap_remove(place);
            self.take_effect(id);
        } else {
            let place = self.rng.below(self.pending.len() as u64) as usize;
            if self.pending[place].took_effect.is_none() && self.chance(50) {
                self.pending[place].took_effect = Some(self.take_effect(self.pending[place].id));
            } else {
                let pending = self.pending.swap_remove(place);
                self.end(pending);
            }
        }
        true
    }

    fn invoke(&mut self) {
        let place = self.rng.below(self.idle.len() as u64) as usize;
        let client = self.idle.swap_remove(place);
        let is_split = self.recipe.keys > 1;
        let key = if is_split { Value::Int(self.rng.below(self.recipe.keys) as i64) } else { Value::Nil };
        let call = some_call(self.model, self.recipe.values, &mut self.rng);
        let id = self.history.invoke(client, self.now(), 10 * self.now(), key, call);
        self.pending.push(Pending { client, id, took_effect: None });
    }

    fn take_effect(&mut self, id: OperationId) -> Outcome {
        let Some(operation) = self.history.get(id) else { return Outcome::Failed };
        let initial = || self.model.initial(&operation.key);
        let state = self.states.get_or_insert_with(operation.key.clone(), initial);
        let told = answer(state, &operation.call);
        match self.model.step(state, &operation.call, Some(&told)) {
            Some(after) => {
                *state = after;
                Outcome::Ok(told)
            }
            // A release of a free lock: no answer is right.
            None => Outcome::Failed,
        }
    }

    fn end(&mut self, Pending { client, id, took_effect }: Pending) {
        let has_failed = took_effect == Some(Outcome::Failed);
        if self.lost < self.recipe.lost && !has_failed && self.chance(self.recipe.lost_percent) {
            if self.chance(50) {
                self.history.complete(id, self.now(), 10 * self.now(), Outcome::Unknown);
            }
            if took_effect.is_none() {
                self.floating.push(id);
            }
            self.idle.push(self.recipe.clients + self.lost);
            self.lost += 1;
            return;
        }
        let outcome = match took_effect {
            Some(outcome) => outcome,
            None if self.chance(self.recipe.failed_percent) => Outcome::Failed,
            None => self.take_effect(id),
        };
        self.history.complete(id, self.now(), 10 * self.now(), outcome);
        self.idle.push(client);
    }
}

pub(super) fn some_call(model: &Model, values: u64, rng: &mut Rng) -> Call {
    let (a, b) = (Value::Int(rng.below(values) as i64), Value::Int(rng.below(values) as i64));
    match (model, rng.below(6)) {
        (Model::Mutex { .. }, 0..3) => Call::Acquire,
        (Model::Mutex { .. }, _) => Call::Release,
        (Model::Register(_), 0..3) | (Model::CasRegister(_), 0..2) => Call::Read,
        (Model::Register(_), _) | (Model::CasRegister(_), 2..4) => Call::Write(a),
        (Model::KeyValue(_), 0..2) => Call::Get,
        (Model::KeyValue(_), 2) => Call::Put(a),
        (Model::KeyValue(_), 3) => Call::Append(Value::text(&a.to_string())),
        (Model::KeyValue(_), 4) => Call::Delete,
        (Model::CasRegister(_) | Model::KeyValue(_), _) => Call::Cas { from: a, to: b },
        (Model::MultiRegister(_), shape) => {
            let (x, y) = (Value::text("x"), Value::text("y"));
            Call::Txn(match shape {
                0 => vec![Access::Read(x), Access::Read(y)],
                1 => vec![Access::Read(y), Access::Write(x, a)],
                2 => vec![Access::Read(x), Access::Write(y, b)],
                3 => vec![Access::Write(x, a), Access::Write(y, b)],
                4 => vec![Access::Write(y.clone(), a), Access::Read(y), Access::Read(x)],
                _ => vec![Access::Read(x)],
            })
        }
    }
}

/// What one copy in this state answers. Registers of a [`Model::MultiRegister`] begin with 0.
fn answer(state: &State, call: &Call) -> Value {
    match (call, state) {
        (Call::Read | Call::Get, State::One(value)) => value.clone(),
        (Call::Cas { from, .. }, State::One(value)) => Value::Bool(from == value),
        (Call::Acquire, State::One(held)) => Value::Bool(*held != Value::Bool(true)),
        (Call::Txn(accesses), State::Many(registers)) => {
            let mut registers = registers.clone();
            Value::list(accesses.iter().map(|access| match access {
                Access::Read(key) => registers.get(key).cloned().unwrap_or(Value::Int(0)),
                Access::Write(key, value) => {
                    registers.insert(key.clone(), value.clone());
                    value.clone()
                }
            }))
        }
        _ => Value::Nil,
    }
}

/// The same history with the result of one operation replaced.
fn corrupt(history: &History, values: u64, rng: &mut Rng) -> History {
    let telling = history.iter().filter(|operation| {
        operation.result().is_some() && !matches!(operation.call, Call::Write(_) | Call::Put(_) | Call::Delete)
    });
    let telling: Vec<OperationId> = telling.map(|operation| operation.id).collect();
    let victim = telling.get(rng.below(telling.len() as u64) as usize).copied();
    let mut copy = History::new();
    for (moment, id, outcome) in events(history) {
        let other = |told: &Value, rng: &mut Rng| match told {
            Value::Bool(truth) => Value::Bool(!truth),
            Value::List(told) => Value::list(told.iter().map(|_| Value::Int(rng.below(values) as i64))),
            _ => Value::Int(rng.below(values) as i64),
        };
        match (history.get(id), outcome) {
            (Some(asked), None) => {
                copy.invoke(asked.client, moment.event, moment.at_us, asked.key.clone(), asked.call.clone());
            }
            (_, Some(Outcome::Ok(told))) if Some(id) == victim => {
                copy.complete(id, moment.event, moment.at_us, Outcome::Ok(other(told, rng)));
            }
            (_, Some(outcome)) => {
                copy.complete(id, moment.event, moment.at_us, outcome.clone());
            }
            (None, None) => {}
        }
    }
    copy
}
