//! The delay of links and the messages lost on them as labs let them be set, and what these settings come to.

use sim::{Delay, Setting, Settings, Troubles, t};

/// The distributions that a delay can be drawn from.
pub fn distribution() -> Setting {
    let distributions = vec![
        ("uniform", t!("from the least to the most")),
        ("constant", t!("always the most")),
        ("exponential", t!("the least and an exponential tail, the most on average")),
    ];
    Setting::choice("delay", t!("link delay"), distributions)
}

/// The settings of a link delay from `least_us` to `most_us` if nothing is said, in microseconds; see [`delay`].
pub fn settings(least_us: i64, most_us: i64) -> [Setting; 3] {
    [
        distribution(),
        Setting::integer("delay_least_us", t!("least link delay"), (0, 5_000_000), "µs", least_us),
        Setting::integer("delay_most_us", t!("most link delay"), (0, 5_000_000), "µs", most_us),
    ]
}

/// The delay that [`settings`] ask for.
pub fn delay(settings: &Settings) -> Delay {
    let us = |name: &str| settings.integer(name).unsigned_abs();
    spread(settings, us("delay_least_us"), us("delay_most_us"))
}

/// A delay between these bounds, in microseconds, from the distribution that is set.
pub fn spread(settings: &Settings, least_us: u64, most_us: u64) -> Delay {
    match settings.word("delay") {
        "constant" => Delay::Constant { us: most_us },
        "exponential" => Delay::Exponential { least_us, mean_us: most_us.saturating_sub(least_us) },
        _ => Delay::Uniform { least_us, most_us },
    }
}

/// The messages that are lost, as the setting `loss_percent` says.
pub fn troubles(settings: &Settings) -> Troubles {
    Troubles { loss_ppm: settings.integer("loss_percent").clamp(0, 100) as u32 * 10_000, ..Troubles::default() }
}
