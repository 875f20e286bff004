//! Short words for the values of settings.

use sim::Value;

/// A whole number.
pub fn number(value: i64) -> Value {
    Value::Integer(value)
}

/// A name, or text.
pub fn word(value: &str) -> Value {
    Value::Word(value.to_string())
}
