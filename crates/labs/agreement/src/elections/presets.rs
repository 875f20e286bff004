//! Settings of real systems.

use sim::{Preset, Presets};

use super::Elections;

impl Presets for Elections {
    fn presets() -> Vec<Preset> {
        Vec::new()
    }
}
