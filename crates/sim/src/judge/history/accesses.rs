//! A history as reads and writes of single registers, which is what causal and eventual consistency are defined for.

use super::model::{is_refusal, missing_if_empty};
use super::{Access, Call, History, Model, Operation, OperationId, Value};

/// One read or write, as a part of an operation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Touch<'a> {
    pub(super) operation: &'a Operation,
    pub(super) key: &'a Value,
    pub(super) kind: Kind<'a>,
}

/// What is done to a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind<'a> {
    /// It is read, and has this value.
    Read(&'a Value),
    /// It is read, and has another value than this.
    ReadOther(&'a Value),
    /// It is given this value.
    Write(&'a Value),
    /// It is given a value that depends on what was there.
    Change,
}

impl Kind<'_> {
    pub(super) fn is_read(self) -> bool {
        matches!(self, Self::Read(_) | Self::ReadOther(_))
    }

    /// Whether it is a read that can find this value.
    pub(super) fn can_find(self, found: &Value) -> bool {
        match self {
            Self::Read(value) => value == found,
            Self::ReadOther(value) => value != found,
            Self::Write(_) | Self::Change => false,
        }
    }
}

impl Touch<'_> {
    pub(super) fn id(&self) -> OperationId {
        self.operation.id
    }

    /// What is read or written, as a person says it: `3`, `x = 3`, and `x ≠ 3` of a read that found something else.
    pub(super) fn shown(&self) -> String {
        match (self.kind, self.key) {
            (Kind::Read(value) | Kind::Write(value), key) => shown(key, value),
            (Kind::ReadOther(value), Value::Nil) => format!("≠ {value}"),
            (Kind::ReadOther(value), key) => format!("{key} ≠ {value}"),
            (Kind::Change, key) => shown(key, &Value::Nil),
        }
    }
}

/// Whether a model is made of registers: all but the lock are.
pub(super) fn has_registers(model: &Model) -> bool {
    !matches!(model, Model::Mutex { .. })
}

/// All reads and writes, in the order of the invocations.
///
/// A `cas` that succeeded is a read and then a write; one that was refused is a read of another value. Reads whose end is unknown tell nothing either; writes of unknown end may have happened. A transaction is
/// its accesses one after another.
pub(super) fn touches<'a>(history: &'a History, model: &Model) -> Vec<Touch<'a>> {
    let mut touches = Vec::new();
    for operation in history.iter().filter(|operation| !operation.has_failed()) {
        let mut add = |key: &'a Value, kind: Kind<'a>| touches.push(Touch { operation, key, kind });
        let (key, result) = (&operation.key, operation.result());
        let same_if_empty = |value| if matches!(model, Model::KeyValue(_)) { missing_if_empty(value) } else { value };
        match &operation.call {
            Call::Read | Call::Get => {
                if let Some(value) = result {
                    add(key, Kind::Read(same_if_empty(value)));
                }
            }
            Call::Write(value) | Call::Put(value) => add(key, Kind::Write(same_if_empty(value))),
            Call::Delete => add(key, Kind::Write(&Value::Nil)),
            Call::Append(_) => add(key, Kind::Change),
            Call::Cas { from, .. } if is_refusal(result) => add(key, Kind::ReadOther(same_if_empty(from))),
            Call::Cas { from, to } => {
                if result.is_some() {
                    add(key, Kind::Read(same_if_empty(from)));
                }
                add(key, Kind::Write(same_if_empty(to)));
            }
            Call::Txn(accesses) => {
                let told = match result {
                    Some(Value::List(told)) => Some(told),
                    _ => None,
                };
                for (i, access) in accesses.iter().enumerate() {
                    match access {
                        Access::Read(key) => {
                            if let Some(told) = told {
                                add(key, Kind::Read(told.get(i).unwrap_or(&Value::Nil)));
                            }
                        }
                        Access::Write(key, value) => add(key, Kind::Write(value)),
                    }
                }
            }
            Call::Acquire | Call::Release => {}
        }
    }
    touches
}

/// The value of a register before the first operation.
pub(super) fn first_value<'a>(model: &'a Model, key: &Value) -> &'a Value {
    match model {
        Model::Register(initial) | Model::CasRegister(initial) | Model::MultiRegister(initial) => initial.of(key),
        Model::KeyValue(initial) => missing_if_empty(initial.of(key)),
        Model::Mutex { .. } => &Value::Nil,
    }
}

/// A register and its value as a person says it: `3`, or `x = 3` where there are keys.
pub(super) fn shown(key: &Value, value: &Value) -> String {
    match key {
        Value::Nil => value.to_string(),
        key => format!("{key} = {value}"),
    }
}
