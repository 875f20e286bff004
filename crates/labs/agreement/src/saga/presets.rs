//! Settings as real systems have them.

use parts::values::{number, word};
use sim::{Preset, Presets, t};

use super::Saga;

impl Presets for Saga {
    fn presets() -> Vec<Preset> {
        vec![Preset {
            name: "temporal",
            title: t!("Temporal, activities by default"),
            source: "Temporal documentation, retry policies: initial interval 1 s, backoff coefficient 2.0, maximum interval 100 times the initial one, attempts without end",
            settings: vec![
                ("style", word("orchestration")),
                ("recovery", word("forward")),
                ("retry_ms", number(1_000)),
                ("retry_most_ms", number(100_000)),
            ],
        }]
    }
}
