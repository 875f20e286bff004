//! How pings are set in programs that measure.

use parts::values::{number, word};
use sim::{Preset, Presets, t};

use super::DistributedPing;

impl Presets for DistributedPing {
    fn presets() -> Vec<Preset> {
        let both = |schedule: &str| [("schedule_first", word(schedule)), ("schedule_rest", word(schedule))];
        vec![
            Preset {
                name: "iputils",
                title: t!("ping of iputils, as it comes"),
                source: "github.com/iputils/iputils, doc/ping.xml (-i) and ping/ping.h (MAXWAIT)",
                settings: [("interval_ms", number(1_000)), ("timeout_ms", number(10_000))]
                    .into_iter()
                    .chain(both("open"))
                    .collect(),
            },
            Preset {
                name: "iputils-adaptive",
                title: t!("ping -A of iputils: one unanswered ping at most"),
                source: "github.com/iputils/iputils, doc/ping.xml (-A) and ping/ping.h (MIN_INTERVAL_MS, MAXWAIT)",
                settings: [("interval_ms", number(10)), ("timeout_ms", number(10_000))]
                    .into_iter()
                    .chain(both("closed"))
                    .collect(),
            },
            Preset {
                name: "rfc-2330",
                title: t!("Poisson sampling, as RFC 2330 asks for"),
                source: "RFC 2330, section 11.1.1",
                settings: both("poisson").into_iter().collect(),
            },
        ]
    }
}
