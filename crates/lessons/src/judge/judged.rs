//! A value with what more events can do to it.

use crate::expression::Operator;
use crate::mistake::Slip;
use crate::value::Value;

/// What asking comes to.
pub(super) type Found = Result<Judged, Slip>;

/// A value, and whether it can change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Judged {
    pub(crate) value: Value,
    pub(crate) trend: Trend,
}

/// What more events can do to a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trend {
    Settled,
    Grows,
    Falls,
    Open,
}

pub(super) fn settled(value: Value) -> Judged {
    Judged { value, trend: Trend::Settled }
}

pub(super) fn open(value: Value) -> Judged {
    Judged { value, trend: Trend::Open }
}

pub(super) fn truth(truth: bool) -> Judged {
    open(Value::Truth(truth))
}

/// A truth that stays when it is this.
pub(super) fn truth_for_good(truth: bool, stays: bool) -> Judged {
    Judged { value: Value::Truth(truth), trend: if truth == stays { Trend::Settled } else { Trend::Open } }
}

pub(super) fn grows(number: i64) -> Judged {
    Judged { value: Value::Number(number), trend: Trend::Grows }
}

pub(super) fn only_settled(trend: Trend) -> Trend {
    if trend == Trend::Settled { Trend::Settled } else { Trend::Open }
}

pub(super) fn join(operator: Operator, left: Judged, right: Judged) -> Judged {
    let trend = match (left.trend, right.trend) {
        (Trend::Settled, Trend::Settled) => Trend::Settled,
        (Trend::Grows, Trend::Settled | Trend::Falls) | (Trend::Settled, Trend::Falls) => Trend::Grows,
        (Trend::Falls, Trend::Settled | Trend::Grows) | (Trend::Settled, Trend::Grows) => Trend::Falls,
        _ => Trend::Open,
    };
    let both_settled = left.trend == Trend::Settled && right.trend == Trend::Settled;
    let (a, b) = match (&left.value, &right.value) {
        (Value::Number(a), Value::Number(b)) => (*a, *b),
        (Value::Nothing, _) | (_, Value::Nothing) => {
            return Judged { value: Value::Truth(false), trend: only_settled(trend) };
        }
        (a, b) => {
            let is_so = match (operator, a, b) {
                (Operator::Equal, a, b) => a == b,
                (Operator::Unequal, a, b) => a != b,
                (Operator::Has, Value::Word(a), Value::Word(b)) => a.contains(b.as_str()),
                _ => false,
            };
            return Judged {
                value: Value::Truth(is_so),
                trend: if both_settled { Trend::Settled } else { Trend::Open },
            };
        }
    };
    let sum = |number: i64, both: [Trend; 2]| {
        let trend = match both {
            [Trend::Settled, Trend::Settled] => Trend::Settled,
            [Trend::Grows | Trend::Settled, Trend::Grows | Trend::Settled] => Trend::Grows,
            [Trend::Falls | Trend::Settled, Trend::Falls | Trend::Settled] => Trend::Falls,
            _ => Trend::Open,
        };
        Judged { value: Value::Number(number), trend }
    };
    // The trend of the difference decides whether a comparison can still change.
    let compare = |is_so: bool| {
        let stays = match trend {
            Trend::Settled => true,
            Trend::Grows => match operator {
                Operator::Less | Operator::AtMost => !is_so,
                Operator::More | Operator::AtLeast => is_so,
                _ => a > b,
            },
            Trend::Falls => match operator {
                Operator::Less | Operator::AtMost => is_so,
                Operator::More | Operator::AtLeast => !is_so,
                _ => a < b,
            },
            Trend::Open => false,
        };
        Judged { value: Value::Truth(is_so), trend: if stays { Trend::Settled } else { Trend::Open } }
    };
    match operator {
        Operator::Equal => compare(a == b),
        Operator::Unequal => compare(a != b),
        Operator::Less => compare(a < b),
        Operator::AtMost => compare(a <= b),
        Operator::More => compare(a > b),
        Operator::AtLeast => compare(a >= b),
        Operator::Plus => sum(a.saturating_add(b), [left.trend, right.trend]),
        Operator::Minus => Judged { value: Value::Number(a.saturating_sub(b)), trend },
        Operator::Times => Judged {
            value: Value::Number(a.saturating_mul(b)),
            trend: if both_settled { Trend::Settled } else { Trend::Open },
        },
        Operator::Has | Operator::And | Operator::Or => truth(false),
    }
}
