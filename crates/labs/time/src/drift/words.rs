//! Times that can be negative, in words.

use sim::{Text, t, time_us};

/// A moment or a difference in microseconds, with a minus sign where it needs one: "−12 ms".
pub(super) fn signed(us: i64) -> Text {
    let time = time_us(us.unsigned_abs());
    if us < 0 { t!("−{time}", time = time) } else { t!("{time}", time = time) }
}

/// How a clock that has to be moved forward by so many microseconds stands: "12 ms behind".
pub(super) fn standing(forward_us: i64) -> Text {
    let time = time_us(forward_us.unsigned_abs());
    match forward_us {
        0 => t!("right"),
        1.. => t!("{time} behind", time = time),
        _ => t!("{time} ahead", time = time),
    }
}

/// A moment or a difference in milliseconds with one place, so that sums can be followed: "1459.5 ms".
pub(super) fn exact(us: i64) -> Text {
    let tenths = (us.unsigned_abs() + 50) / 100;
    let sign = if us < 0 && tenths > 0 { "−" } else { "" };
    t!("{ms} ms", ms = format!("{sign}{}.{}", tenths / 10, tenths % 10))
}
