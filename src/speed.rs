//! How fast a run plays.

use sim::frame::Scale;
use sim::{Text, t};

use crate::dom;
use crate::math;
use crate::words::decimal;

/// The least and the greatest speed, as powers of two: 1/16 to 64.
pub const RANGE: std::ops::RangeInclusive<i32> = -4..=6;

/// No lab goes faster than a day in a second.
const FASTEST_US: f64 = 86_400e6;

/// How fast a run plays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pace {
    /// From one telling moment to the next, each as long as it takes to read.
    #[default]
    Story,
    /// Virtual time runs evenly, at this power of two.
    Real(i32),
}

/// The name under which the visitor's choice is remembered.
const NAME: &str = "netsplit.pace";

impl Pace {
    /// What was chosen last in this visit.
    pub fn recalled() -> Option<Pace> {
        dom::recall_here(NAME).map(|name| Pace::named(&name))
    }

    /// Remembers it for this visit.
    pub fn remember(self) {
        dom::remember_here(NAME, &self.name());
    }

    /// The pace of this name; of one that is unknown, story pace.
    pub fn named(name: &str) -> Pace {
        name.parse().ok().filter(|power| RANGE.contains(power)).map_or(Pace::Story, Pace::Real)
    }

    /// Its name in the list: "story", or the power of two.
    pub fn name(self) -> String {
        match self {
            Pace::Story => "story".to_string(),
            Pace::Real(power) => power.to_string(),
        }
    }

    /// As people say it, in a lab of this pace.
    pub fn title(self, pace_us: u64, scale: Scale) -> Text {
        match self {
            Pace::Story => t!("Story pace"),
            Pace::Real(power) => title(power, pace_us, scale),
        }
    }
}

/// Virtual microseconds in a real millisecond at a speed of 2^`power`, in a lab of this pace (`About::pace_us`).
pub fn us_per_ms(power: i32, pace_us: u64) -> f64 {
    (pace_us as f64 * 2f64.powi(power)).min(FASTEST_US) / 1000.0
}

/// The speed as people say it, with what it means: `1/4× · 5 ms/s`.
fn title(power: i32, pace_us: u64, scale: Scale) -> Text {
    if scale != Scale::Time {
        return times(power);
    }
    let us = us_per_ms(power, pace_us) * 1000.0;
    let number = |unit_us: f64| decimal(&math::digits(us / unit_us, 3));
    let pace = match us {
        _ if us < 1e6 => t!("{number} ms/s", number = number(1e3)),
        _ if us < 120e6 => t!("{number} s/s", number = number(1e6)),
        _ if us < 7_200e6 => t!("{number} min/s", number = number(60e6)),
        _ if us < FASTEST_US => t!("{number} h/s", number = number(3_600e6)),
        _ => t!("a day/s"),
    };
    t!("{times} · {pace}", times = times(power), pace = pace)
}

fn times(power: i32) -> Text {
    if power < 0 { t!("1/{part}×", part = 1 << -power) } else { t!("{times}×", times = 1 << power) }
}

#[cfg(test)]
mod tests {
    use sim::About;

    use super::*;

    #[test]
    fn speeds_say_what_they_mean() {
        let said: Vec<String> = RANGE.map(|power| title(power, About::PACE_US, Scale::Time).to_string()).collect();
        assert_eq!(said[0], "1/16× · 1.25 ms/s");
        assert_eq!(said[4], "1× · 20 ms/s");
        assert_eq!(said[10], "64× · 1.28 s/s");
        assert_eq!(title(-2, 1, Scale::Order { apart_us: 1 }).to_string(), "1/4×");
        let slow: Vec<String> = RANGE.map(|power| title(power, 3_600_000_000, Scale::Time).to_string()).collect();
        assert_eq!((&*slow[0], &*slow[4], &*slow[10]), ("1/16× · 3.75 min/s", "1× · 60 min/s", "64× · a day/s"));
    }

    #[test]
    fn each_pace_has_a_name() {
        for pace in RANGE.map(Pace::Real).chain([Pace::Story]) {
            assert_eq!(Pace::named(&pace.name()), pace);
        }
        assert_eq!((Pace::named("9"), Pace::named("")), (Pace::Story, Pace::Story));
    }

    #[test]
    fn a_second_at_speed_one_is_twenty_virtual_milliseconds() {
        assert_eq!(us_per_ms(0, About::PACE_US) * 1000.0, 20_000.0);
    }
}
