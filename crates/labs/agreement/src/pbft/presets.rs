//! Settings as published.

use parts::values::number;
use sim::{Preset, Presets, t};

use super::Pbft;

impl Presets for Pbft {
    fn presets() -> Vec<Preset> {
        vec![Preset {
            name: "as-in-1999",
            title: t!("as in 1999"),
            source: "Castro and Liskov 1999, section 4.3: a checkpoint every 100 requests; section 7: four replicas",
            settings: vec![("replicas", number(4)), ("f", number(1)), ("checkpoint_every", number(100))],
        }]
    }
}
