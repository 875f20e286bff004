//! How fast virtual time runs while playing.

use sim::frame::Scale;
use sim::{Text, t};

use crate::math;
use crate::words::decimal;

/// Virtual milliseconds in a real second at speed 1: slow enough to read each message of a network whose messages take
/// about ten.
const AT_ONE_MS: f64 = 20.0;

/// The least and the greatest speed, as powers of two: 1/16 to 64.
pub const RANGE: std::ops::RangeInclusive<i32> = -4..=6;

/// Virtual microseconds in a real millisecond at a speed of 2^`power`.
pub fn us_per_ms(power: i32) -> f64 {
    AT_ONE_MS * 2f64.powi(power)
}

/// The speed as people say it, with what it means: `1/4× · 5 ms/s`.
pub fn title(power: i32, scale: Scale) -> Text {
    if scale != Scale::Time {
        return times(power);
    }
    let per_second = AT_ONE_MS * 2f64.powi(power);
    let pace = if per_second >= 1000.0 {
        t!("{number} s/s", number = decimal(&math::digits(per_second / 1000.0, 3)))
    } else {
        t!("{number} ms/s", number = decimal(&math::digits(per_second, 3)))
    };
    t!("{times} · {pace}", times = times(power), pace = pace)
}

fn times(power: i32) -> Text {
    if power < 0 { t!("1/{part}×", part = 1 << -power) } else { t!("{times}×", times = 1 << power) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speeds_say_what_they_mean() {
        let said: Vec<String> = RANGE.map(|power| title(power, Scale::Time).to_string()).collect();
        assert_eq!(said[0], "1/16× · 1.25 ms/s");
        assert_eq!(said[4], "1× · 20 ms/s");
        assert_eq!(said[10], "64× · 1.28 s/s");
        assert_eq!(title(-2, Scale::Order { apart_us: 1 }).to_string(), "1/4×");
    }

    #[test]
    fn a_second_at_speed_one_is_twenty_virtual_milliseconds() {
        assert_eq!(us_per_ms(0) * 1000.0, 20_000.0);
    }
}
