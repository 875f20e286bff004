//! What conditions are computed in.

use std::fmt;

/// A value of a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A whole number; a time is in microseconds.
    Number(i64),
    Truth(bool),
    /// A text, or the label of a node.
    Word(String),
    /// What is not there. A comparison with it is false.
    Nothing,
}

impl Value {
    /// A word.
    pub fn word(word: impl Into<String>) -> Value {
        Value::Word(word.into())
    }

    /// How many.
    pub(crate) fn count(count: usize) -> Value {
        Value::Number(i64::try_from(count).unwrap_or(i64::MAX))
    }

    /// The number, if it is one.
    pub(crate) fn number(&self) -> Option<i64> {
        match self {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// Whether it is true: a truth that is, and a number other than 0.
    pub fn is_true(&self) -> bool {
        match self {
            Value::Truth(truth) => *truth,
            Value::Number(number) => *number != 0,
            Value::Word(_) | Value::Nothing => false,
        }
    }

    /// What the screen says, as a value: `3` and `1.2 s` are numbers, “nothing” is nothing, all else is a text.
    pub(crate) fn shown(text: &str) -> Value {
        let text = text.trim();
        if text.is_empty() || text == "nothing" || text == "none" || text == "–" || text == "—" {
            return Value::Nothing;
        }
        number(text).map_or_else(|| Value::word(text), Value::Number)
    }
}

impl fmt::Display for Value {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Number(number) => number.fmt(formatter),
            Value::Truth(truth) => truth.fmt(formatter),
            Value::Word(word) => write!(formatter, "\"{word}\""),
            Value::Nothing => formatter.write_str("nothing"),
        }
    }
}

/// A number as the screen writes it, with a unit: `1.2 s` is 1,200,000 µs. None for what is no number.
fn number(text: &str) -> Option<i64> {
    let (is_less, text) = match text.strip_prefix(['-', '−']) {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let end = text.find(|next: char| !(next.is_ascii_digit() || matches!(next, '.' | ','))).unwrap_or(text.len());
    let (digits, unit) = text.split_at(end);
    let times: i64 = match unit.trim() {
        "" | "%" | "µs" => 1,
        "ms" => 1_000,
        "s" => 1_000_000,
        _ => return None,
    };
    let digits = digits.replace(',', "");
    let (whole, part) = digits.split_once('.').unwrap_or((&digits, ""));
    let whole: i64 = whole.parse().ok()?;
    let mut number = whole.saturating_mul(times);
    let mut place = times;
    for digit in part.chars() {
        place /= 10;
        number = number.saturating_add(i64::from(digit.to_digit(10)?).saturating_mul(place));
    }
    Some(if is_less { -number } else { number })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_screen_says_is_a_number_where_it_is_one() {
        let shown = ["3", "1.2 s", "30 ms", "1.5 ms", "−4", "57 %", "T4", "x=3", "nothing", "1,024"].map(Value::shown);
        let number = Value::Number;
        let expected = [number(3), number(1_200_000), number(30_000), number(1_500), number(-4), number(57)];
        assert_eq!(shown[..6], expected);
        assert_eq!(shown[6..], [Value::word("T4"), Value::word("x=3"), Value::Nothing, number(1_024)]);
    }
}
