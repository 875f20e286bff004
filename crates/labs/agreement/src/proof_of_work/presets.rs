//! Settings as real systems have them.

use sim::{Preset, Presets};

use super::ProofOfWork;

impl Presets for ProofOfWork {
    fn presets() -> Vec<Preset> {
        Vec::new()
    }
}
