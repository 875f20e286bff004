//! How TCP is set in real systems.

use sim::{Preset, Presets};

use super::Tcp;

impl Presets for Tcp {
    fn presets() -> Vec<Preset> {
        Vec::new()
    }
}
