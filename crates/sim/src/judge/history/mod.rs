//! What clients asked of a system and what they were told: the history of their operations.
//!
//! A [`History`] records, in real-time order, when each [`Operation`] was invoked and how it ended. It says nothing about
//! what the system did inside. A [`Model`] says what one copy of the thing would have answered, one operation at a time.
//! The [checker](linearizability::check) asks whether there is an order of the operations that respects real time and
//! that the model allows (Herlihy & Wing, "Linearizability: a correctness condition for concurrent objects", 1990).

mod accesses;
mod causal;
pub mod consistency;
mod eventual;
pub mod generator;
pub mod linearizability;
mod memory;
pub mod model;
pub mod monitor;
mod number;
mod reads;
mod relation;
mod script;
mod search;
mod sequential;
mod sets;
mod states;
mod value;

#[cfg(test)]
mod tests;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use linearizability::{Point, Undecided, Verdict, check};
pub use model::{Initial, Model, State};
pub use monitor::{Monitor, Standing};
pub use value::Value;

use crate::base::list::List;
use crate::base::map::Map;

/// Names one operation of one [`History`]: operations are numbered from 0 in the order of their invocations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct OperationId(pub u64);

/// What a client asks for.
///
/// The key of the register, entry or lock is in [`Operation::key`], so that a history can be split by key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Call {
    /// Read a register. The result is its value.
    Read,
    /// Write a register.
    Write(Value),
    /// Compare and set: write `to` if the value is `from`. The result is whether it was.
    Cas {
        /// The value that must be there.
        from: Value,
        /// The value that replaces it.
        to: Value,
    },
    /// Look up a key. The result is its value, [`Value::Nil`] if there is none.
    Get,
    /// Set a key.
    Put(Value),
    /// Append to the value of a key.
    Append(Value),
    /// Remove a key.
    Delete,
    /// Take a lock. The result `false` says that somebody else held it; any other result that it was taken.
    Acquire,
    /// Give a lock back.
    Release,
    /// Do all accesses, in their order, as one step. The result is a list with one value for each access; only the
    /// values of reads count.
    Txn(Vec<Access>),
}

impl Call {
    /// The name in files.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write(_) => "write",
            Self::Cas { .. } => "cas",
            Self::Get => "get",
            Self::Put(_) => "put",
            Self::Append(_) => "append",
            Self::Delete => "delete",
            Self::Acquire => "acquire",
            Self::Release => "release",
            Self::Txn(_) => "txn",
        }
    }
}

/// One access to one register, as a part of a [`Call::Txn`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Access {
    /// Read this key.
    Read(Value),
    /// Write the second, the value, to the first, the key.
    Write(Value, Value),
}

/// As a person says it: `write 3`, `cas 1 → 2`, `read x, write y 2`.
impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read => f.write_str("read"),
            Self::Write(value) => write!(f, "write {value}"),
            Self::Cas { from, to } => write!(f, "cas {from} → {to}"),
            Self::Get => f.write_str("get"),
            Self::Put(value) => write!(f, "put {value}"),
            Self::Append(value) => write!(f, "append {value}"),
            Self::Delete => f.write_str("delete"),
            Self::Acquire => f.write_str("acquire"),
            Self::Release => f.write_str("release"),
            Self::Txn(accesses) => {
                for (i, access) in accesses.iter().enumerate() {
                    let comma = if i == 0 { "" } else { ", " };
                    match access {
                        Access::Read(key) => write!(f, "{comma}read {key}")?,
                        Access::Write(key, value) => write!(f, "{comma}write {key} {value}")?,
                    }
                }
                Ok(())
            }
        }
    }
}

/// How an operation ended, as far as its client can tell.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Outcome {
    /// It took place, between invocation and completion, with this result ([`Value::Nil`] where there is none to tell).
    Ok(Value),
    /// It certainly did not take place, and never will.
    Failed,
    /// The client gave up waiting: it may take effect at any later time, or never.
    Unknown,
}

/// A moment in a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Moment {
    /// Place among the invocations and completions of this history: 0, 1, 2 … This alone decides what came before what.
    pub order: u64,
    /// Number of the simulator's event (or line of the file) at which it happened.
    pub event: u64,
    /// Virtual time, in microseconds.
    pub at_us: u64,
}

/// One operation of one client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operation {
    /// Its number in the history.
    pub id: OperationId,
    /// Who asked.
    pub client: u64,
    /// What is asked about; [`Value::Nil`] where there is only one thing, or for a [`Call::Txn`].
    pub key: Value,
    /// What is asked.
    pub call: Call,
    /// When it was asked.
    pub invoked: Moment,
    /// When and how it ended; `None` while it is open.
    pub completed: Option<(Moment, Outcome)>,
}

impl Operation {
    /// The result, if the operation is known to have taken place.
    #[must_use]
    pub fn result(&self) -> Option<&Value> {
        match &self.completed {
            Some((_, Outcome::Ok(result))) => Some(result),
            _ => None,
        }
    }

    /// The moment by which it must have taken effect: that of its completion, if it is known to have taken place.
    #[must_use]
    pub fn deadline(&self) -> Option<Moment> {
        match &self.completed {
            Some((moment, Outcome::Ok(_))) => Some(*moment),
            _ => None,
        }
    }

    /// Whether it certainly did not take place.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        matches!(self.completed, Some((_, Outcome::Failed)))
    }

    /// Whether nothing is known of its end yet.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.completed.is_none()
    }
}

/// The operations of all clients, in real-time order.
///
/// A clone shares what both have in common, so a snapshot may keep one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    operations: List<Operation>,
    by_key: Map<Value, List<OperationId>>,
    moments: u64,
}

impl History {
    /// A history without operations.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends the invocation of an operation, at the event numbered `event` and at `at_us` microseconds of virtual time.
    pub fn invoke(&mut self, client: u64, event: u64, at_us: u64, key: Value, call: Call) -> OperationId {
        let id = OperationId(self.operations.len() as u64);
        let invoked = self.next_moment(event, at_us);
        self.by_key.get_or_insert_with(key.clone(), List::default).push(id);
        self.operations.push(Operation { id, client, key, call, invoked, completed: None });
        id
    }

    /// Appends the end of an operation. The first end stands: false, and no change, if the operation had ended before or
    /// if there is none of this number.
    pub fn complete(&mut self, id: OperationId, event: u64, at_us: u64, outcome: Outcome) -> bool {
        if !self.get(id).is_some_and(Operation::is_open) {
            return false;
        }
        let moment = self.next_moment(event, at_us);
        if let Some(operation) = self.operations.get_mut(id.0 as usize) {
            operation.completed = Some((moment, outcome));
        }
        true
    }

    fn next_moment(&mut self, event: u64, at_us: u64) -> Moment {
        let order = self.moments;
        self.moments += 1;
        Moment { order, event, at_us }
    }

    /// The operation of this number, if there is one.
    #[must_use]
    pub fn get(&self, id: OperationId) -> Option<&Operation> {
        self.operations.get(usize::try_from(id.0).ok()?)
    }

    /// All operations, in the order of their invocations.
    pub fn iter(&self) -> impl Iterator<Item = &Operation> + Clone {
        self.operations.iter()
    }

    /// How many operations there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.operations.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.operations.is_empty()
    }

    /// How many moments there are, that is, invocations and completions.
    #[must_use]
    pub fn moments(&self) -> u64 {
        self.moments
    }

    /// The operations of each key, the keys in their order, the operations in the order of their invocations.
    pub fn by_key(&self) -> impl Iterator<Item = (&Value, &List<OperationId>)> {
        self.by_key.iter()
    }

    /// The operations of this key, in the order of their invocations.
    #[must_use]
    pub fn of_key(&self, key: &Value) -> List<OperationId> {
        self.by_key.get(key).cloned().unwrap_or_default()
    }

    /// The history as it was after the simulator's event of this number.
    #[must_use]
    pub fn up_to(&self, event: u64) -> History {
        let mut earlier = History::new();
        for operation in self.iter().take_while(|operation| operation.invoked.event <= event) {
            let mut operation = operation.clone();
            operation.completed = operation.completed.filter(|(moment, _)| moment.event <= event);
            earlier.moments += 1 + u64::from(operation.completed.is_some());
            earlier.by_key.get_or_insert_with(operation.key.clone(), List::default).push(operation.id);
            earlier.operations.push(operation);
        }
        earlier
    }

    /// How many operations nothing is known of yet.
    #[must_use]
    pub fn pending(&self) -> u64 {
        // Each of the others has two moments.
        2 * self.len() as u64 - self.moments
    }
}
