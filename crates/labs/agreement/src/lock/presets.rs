//! Settings as real systems have them.

use sim::{Preset, Presets};

use super::Lock;

impl Presets for Lock {
    fn presets() -> Vec<Preset> {
        Vec::new()
    }
}
