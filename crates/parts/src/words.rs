//! Times that can be negative, in words.

use sim::{Text, t, time_us};

/// A moment or a difference in microseconds, with a minus sign where it needs one: "−12 ms".
pub fn signed(us: i64) -> Text {
    let time = time_us(us.unsigned_abs());
    if us < 0 { t!("−{time}", time = time) } else { t!("{time}", time = time) }
}

/// A moment or a difference in milliseconds with one place, so that sums can be followed: "1459.5 ms".
pub fn exact(us: i64) -> Text {
    let tenths = (us.unsigned_abs() + 50) / 100;
    let sign = if us < 0 && tenths > 0 { "−" } else { "" };
    t!("{ms} ms", ms = format!("{sign}{}.{}", tenths / 10, tenths % 10))
}

/// How a clock that has to be moved forward by so many microseconds stands: "12 ms behind".
pub fn standing(forward_us: i64) -> Text {
    let time = time_us(forward_us.unsigned_abs());
    match forward_us {
        0 => t!("right"),
        1.. => t!("{time} behind", time = time),
        _ => t!("{time} ahead", time = time),
    }
}

/// What a clock shows after so many microseconds, if it showed noon at 0: "12:00:03.412".
pub fn time_of_day(us: i64) -> String {
    const DAY_MS: i64 = 86_400_000;
    let ms = (us.div_euclid(1_000) + DAY_MS / 2).rem_euclid(DAY_MS);
    let (seconds, ms) = (ms / 1_000, ms % 1_000);
    format!("{:02}:{:02}:{:02}.{ms:03}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_below_zero_have_a_sign() {
        assert_eq!(signed(-1_500).to_string(), "−1.5 ms");
        assert_eq!(
            [exact(-959_500), exact(-49), exact(40_000)].map(|text| text.to_string()),
            ["−959.5 ms", "0.0 ms", "40.0 ms"]
        );
    }

    #[test]
    fn a_day_begins_again_at_midnight() {
        assert_eq!(time_of_day(3_412_999), "12:00:03.412");
        assert_eq!(time_of_day(-1), "11:59:59.999");
        assert_eq!(time_of_day(12 * 3_600_000_000), "00:00:00.000");
    }
}
