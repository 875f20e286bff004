//! Sequential specifications: what a single copy, asked one thing at a time, would answer.
//!
//! Herlihy & Wing 1990, section 2.2, call this the *sequential specification* of an object. The models are those of
//! Jepsen's checker Knossos (register, cas-register, mutex, multi-register) and of Porcupine (kv).

use super::{Access, Call, Value};
use crate::base::map::Map;

/// The values before the first operation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Initial {
    /// The value of every key that is not in `by_key`.
    pub default: Value,
    /// The values of some keys.
    pub by_key: Map<Value, Value>,
}

impl Initial {
    /// The same value for every key.
    #[must_use]
    pub fn all(value: Value) -> Self {
        Self { default: value, by_key: Map::default() }
    }

    /// The value of this key.
    #[must_use]
    pub fn of(&self, key: &Value) -> &Value {
        self.by_key.get(key).unwrap_or(&self.default)
    }
}

/// A sequential specification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Model {
    /// One register for each key: [`Call::Read`] and [`Call::Write`].
    Register(Initial),
    /// One register for each key: also [`Call::Cas`].
    CasRegister(Initial),
    /// A map: [`Call::Get`], [`Call::Put`], [`Call::Append`], [`Call::Delete`] and [`Call::Cas`].
    ///
    /// A missing key and the empty text are the same: Porcupine's model starts with empty texts, others answer null.
    /// A text appended to a missing key is the value; to a text, it lengthens it; anything else appended to a missing key
    /// begins a list; anything appended to a list is its new last element.
    KeyValue(Initial),
    /// One lock for each key: [`Call::Acquire`] and [`Call::Release`]. Who releases is not looked at (as in Knossos).
    Mutex {
        /// Whether every lock is held before the first operation.
        held: bool,
    },
    /// Registers that a transaction accesses together, as one step: [`Call::Txn`]. It cannot be split by key.
    MultiRegister(Initial),
}

/// A state of a [`Model`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Of one register, one key of a map, or one lock (which is a truth value: held).
    One(Value),
    /// Of many registers: those that differ from what they were before the first operation, or once did.
    Many(Map<Value, Value>),
}

impl State {
    /// About how much memory it takes beside itself.
    pub(super) fn bytes(&self) -> u64 {
        match self {
            Self::One(value) => value.bytes(),
            Self::Many(registers) => {
                registers.iter().map(|(key, value)| 2 * size_of::<Value>() as u64 + key.bytes() + value.bytes()).sum()
            }
        }
    }
}

impl Model {
    /// Its name in files: `register`, `cas-register`, `kv`, `mutex` or `multi-register`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Register(_) => "register",
            Self::CasRegister(_) => "cas-register",
            Self::KeyValue(_) => "kv",
            Self::Mutex { .. } => "mutex",
            Self::MultiRegister(_) => "multi-register",
        }
    }

    /// Whether a history is linearizable exactly if the operations of each key alone are.
    ///
    /// Linearizability is local (Herlihy & Wing 1990, section 3.1, theorem 1), and what is local can be checked part by
    /// part (Horn & Kroening, "Faster linearizability checking via P-compositionality", 2015).
    #[must_use]
    pub fn splits_by_key(&self) -> bool {
        !matches!(self, Self::MultiRegister(_))
    }

    /// The state of this key (of everything, if the model does not split) before the first operation.
    #[must_use]
    pub fn initial(&self, key: &Value) -> State {
        match self {
            Self::Register(initial) | Self::CasRegister(initial) => State::One(initial.of(key).clone()),
            Self::KeyValue(initial) => State::One(missing_if_empty(initial.of(key)).clone()),
            Self::Mutex { held } => State::One(Value::Bool(*held)),
            Self::MultiRegister(_) => State::Many(Map::default()),
        }
    }

    /// The state after `call` if the model allows it in `state` with this `result`; else `None`.
    ///
    /// Without a result (nobody knows what it was) any will do, but a [`Call::Cas`] and a [`Call::Acquire`] count as
    /// successful. A call that does not belong to the model is never allowed.
    #[must_use]
    pub fn step(&self, state: &State, call: &Call, result: Option<&Value>) -> Option<State> {
        match (self, state) {
            (Self::Register(_), State::One(_)) if matches!(call, Call::Cas { .. }) => None,
            (Self::Register(_) | Self::CasRegister(_), State::One(value)) => {
                step_register(value, call, result).map(State::One)
            }
            (Self::KeyValue(_), State::One(value)) => step_key(value, call, result).map(State::One),
            (Self::Mutex { .. }, State::One(held)) => step_mutex(held, call, result).map(State::One),
            (Self::MultiRegister(initial), State::Many(registers)) => match call {
                Call::Txn(accesses) => step_txn(initial, registers, accesses, result).map(State::Many),
                _ => None,
            },
            _ => None,
        }
    }
}

fn step_register(value: &Value, call: &Call, result: Option<&Value>) -> Option<Value> {
    match call {
        Call::Read => result.is_none_or(|read| read == value).then(|| value.clone()),
        Call::Write(new) => Some(new.clone()),
        Call::Cas { from, to } => step_cas(value, from, to, result),
        _ => None,
    }
}

fn step_cas(value: &Value, from: &Value, to: &Value, result: Option<&Value>) -> Option<Value> {
    let succeeded = !is_refusal(result);
    (succeeded == (value == from)).then(|| if succeeded { to.clone() } else { value.clone() })
}

fn step_key(value: &Value, call: &Call, result: Option<&Value>) -> Option<Value> {
    match call {
        Call::Get => result.is_none_or(|read| missing_if_empty(read) == value).then(|| value.clone()),
        Call::Put(new) => Some(missing_if_empty(new).clone()),
        Call::Append(more) => Some(missing_if_empty(&appended(value, more)).clone()),
        Call::Delete => Some(Value::Nil),
        Call::Cas { from, to } => step_cas(value, missing_if_empty(from), missing_if_empty(to), result),
        _ => None,
    }
}

fn appended(value: &Value, more: &Value) -> Value {
    match (value, more) {
        (Value::List(values), _) => Value::list(values.iter().chain([more]).cloned()),
        (Value::Nil, Value::Text(_)) => more.clone(),
        (Value::Nil, _) => Value::list([more.clone()]),
        _ => Value::text(&format!("{value}{more}")),
    }
}

/// Whether appends can make the second of these values of the first one.
pub(super) fn is_beginning(value: &Value, of: &Value) -> bool {
    match (value, of) {
        (Value::Nil, _) => true,
        (Value::Text(value), Value::Text(of)) => of.starts_with(&**value),
        (Value::List(values), Value::List(of)) => of.starts_with(values),
        _ => value == of,
    }
}

/// In a map, the empty text is the same as no value.
pub(super) fn missing_if_empty(value: &Value) -> &Value {
    match value {
        Value::Text(text) if text.is_empty() => &Value::Nil,
        _ => value,
    }
}

fn step_mutex(held: &Value, call: &Call, result: Option<&Value>) -> Option<Value> {
    let (held, free) = (*held == Value::Bool(true), *held != Value::Bool(true));
    match call {
        Call::Acquire if is_refusal(result) => held.then_some(Value::Bool(true)),
        Call::Acquire => free.then_some(Value::Bool(true)),
        Call::Release => held.then_some(Value::Bool(false)),
        _ => None,
    }
}

fn step_txn(
    initial: &Initial,
    before: &Map<Value, Value>,
    accesses: &[Access],
    result: Option<&Value>,
) -> Option<Map<Value, Value>> {
    let results = match result {
        Some(Value::List(results)) => Some(results),
        _ => None,
    };
    let mut registers = before.clone();
    for (i, access) in accesses.iter().enumerate() {
        match access {
            Access::Write(key, value) => {
                registers.insert(key.clone(), value.clone());
            }
            Access::Read(key) => {
                let value = registers.get(key).unwrap_or_else(|| initial.of(key));
                let told = results.map(|results| results.get(i).unwrap_or(&Value::Nil));
                if told.is_some_and(|told| told != value) {
                    return None;
                }
            }
        }
    }
    Some(registers)
}

pub(super) fn is_refusal(result: Option<&Value>) -> bool {
    result == Some(&Value::Bool(false))
}

/// The part of the result that the models look at: two operations with the same call and the same deciding part are
/// interchangeable.
pub(super) fn deciding<'a>(call: &Call, result: Option<&'a Value>) -> Option<&'a Value> {
    match call {
        Call::Read | Call::Get | Call::Txn(_) => result,
        Call::Cas { .. } | Call::Acquire => result.filter(|_| is_refusal(result)),
        Call::Write(_) | Call::Put(_) | Call::Append(_) | Call::Delete | Call::Release => None,
    }
}

/// Whether an operation leaves every state as it finds it.
pub(super) fn only_looks(call: &Call, result: Option<&Value>) -> bool {
    match call {
        Call::Read | Call::Get => true,
        Call::Cas { .. } | Call::Acquire => is_refusal(result),
        Call::Txn(accesses) => accesses.iter().all(|access| matches!(access, Access::Read(_))),
        Call::Write(_) | Call::Put(_) | Call::Append(_) | Call::Delete | Call::Release => false,
    }
}

/// Whether an operation leaves its register the same whatever it found there.
pub(super) fn overwrites(call: &Call) -> bool {
    matches!(call, Call::Write(_) | Call::Put(_) | Call::Delete)
}

/// What an operation leaves behind whatever it found, as (key within the state, value); `None` if that depends.
pub(super) fn leaves(call: &Call) -> Option<Vec<(&Value, &Value)>> {
    match call {
        Call::Write(value) | Call::Put(value) | Call::Cas { to: value, .. } => {
            Some(vec![(&Value::Nil, missing_if_empty(value))])
        }
        Call::Delete => Some(vec![(&Value::Nil, &Value::Nil)]),
        Call::Txn(accesses) => Some(
            accesses
                .iter()
                .filter_map(|access| match access {
                    Access::Write(key, value) => Some((key, value)),
                    Access::Read(_) => None,
                })
                .collect(),
        ),
        _ => None,
    }
}

/// The values that an operation needs to find, as (key within the state, value); `None` if it cares for more than
/// whether it finds these (as one that fails *unless* the value is another does).
pub(super) fn looks_for<'a>(call: &'a Call, result: Option<&'a Value>) -> Option<Vec<(&'a Value, &'a Value)>> {
    match call {
        Call::Write(_) | Call::Put(_) | Call::Delete => Some(vec![]),
        Call::Read | Call::Get => Some(result.map(|read| (&Value::Nil, missing_if_empty(read))).into_iter().collect()),
        Call::Cas { from, .. } => (!is_refusal(result)).then(|| vec![(&Value::Nil, missing_if_empty(from))]),
        Call::Txn(accesses) => match result {
            Some(Value::List(results)) => Some(
                accesses
                    .iter()
                    .zip(results.iter())
                    .filter_map(|(access, told)| match access {
                        Access::Read(key) => Some((key, told)),
                        Access::Write(..) => None,
                    })
                    .collect(),
            ),
            Some(_) => None,
            None => Some(vec![]),
        },
        Call::Append(_) | Call::Acquire | Call::Release => None,
    }
}
