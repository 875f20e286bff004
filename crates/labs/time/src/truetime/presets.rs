//! How real systems are set.

use parts::values::number;
use sim::{Preset, Presets, t};

use super::TrueTime;

impl Presets for TrueTime {
    fn presets() -> Vec<Preset> {
        vec![
            Preset {
                name: "spanner",
                title: t!("Spanner, as of 2012"),
                source: "Corbett et al. 2012, section 3: polls every 30 s, a drift of 200 µs a second is allowed for, time masters with satellite receivers are off by next to nothing; section 5.1: Paxos takes about 9 ms",
                settings: vec![
                    ("poll_ms", number(30_000)),
                    ("drift_bound_ppm", number(200)),
                    ("master_us", number(0)),
                    ("replicate_ms", number(9)),
                ],
            },
            Preset {
                name: "plain-ntp",
                title: t!("Servers with plain NTP"),
                source: "Cockroach Labs, Living without atomic clocks: NTP keeps clocks within 100 to 250 ms",
                settings: vec![("master_us", number(100_000))],
            },
        ]
    }
}
