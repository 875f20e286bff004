//! The keys, values and results of operations.

use std::fmt;
use std::rc::Rc;

use serde::{Deserialize, Serialize};

/// A key, a value or a result. Cheap to clone; totally ordered.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Value {
    /// Nothing: a missing key, a register never written, a result that tells nothing.
    #[default]
    Nil,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number, as the decimal text of [`Value::number`]; equal if the texts are.
    Decimal(Rc<str>),
    /// A text.
    Text(Rc<str>),
    /// A list of values.
    List(Rc<[Value]>),
}

/// What a shared text or list takes for its counters and its place on the heap.
const SHARED_BYTES: u64 = 32;

impl Value {
    /// A text.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self::Text(text.into())
    }

    /// About how much memory it takes beside itself.
    pub(super) fn bytes(&self) -> u64 {
        match self {
            Self::Nil | Self::Bool(_) | Self::Int(_) => 0,
            Self::Decimal(text) | Self::Text(text) => text.len() as u64 + SHARED_BYTES,
            Self::List(values) => {
                let own = size_of_val::<[Value]>(values) as u64 + SHARED_BYTES;
                values.iter().map(Value::bytes).fold(own, |sum, bytes| sum + bytes)
            }
        }
    }

    /// A list of these values.
    pub fn list(values: impl IntoIterator<Item = Value>) -> Self {
        Self::List(values.into_iter().collect())
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Bool(truth)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

/// Plain, without quotation marks: `nil`, `true`, `3`, `1.5`, `abc`, `[1, 2]`.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nil => f.write_str("nil"),
            Self::Bool(truth) => write!(f, "{truth}"),
            Self::Int(number) => write!(f, "{number}"),
            Self::Decimal(text) | Self::Text(text) => f.write_str(text),
            Self::List(values) => {
                f.write_str("[")?;
                for (i, value) in values.iter().enumerate() {
                    write!(f, "{}{value}", if i == 0 { "" } else { ", " })?;
                }
                f.write_str("]")
            }
        }
    }
}
