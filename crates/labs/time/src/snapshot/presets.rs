//! The two algorithms as they were published.

use parts::values::word;
use sim::{Preset, Presets, Value, t};

use super::Snapshot;

impl Presets for Snapshot {
    fn presets() -> Vec<Preset> {
        vec![
            Preset {
                name: "chandy-lamport",
                title: t!("Chandy and Lamport, 1985"),
                source: "Chandy and Lamport 1985, section 3.2: markers in FIFO channels",
                settings: vec![("algorithm", word("markers"))],
            },
            Preset {
                name: "lai-yang",
                title: t!("Lai and Yang, 1987"),
                source: "Lai and Yang 1987: channels that need not be FIFO",
                settings: vec![("algorithm", word("lai-yang")), ("fifo", Value::Flag(false))],
            },
        ]
    }
}
