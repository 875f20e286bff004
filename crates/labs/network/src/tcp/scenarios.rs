//! The prepared scenarios. Each runs the real protocol up to a moment worth looking at.

use sim::{Prepared, Scenarios};

use super::Tcp;

impl Scenarios for Tcp {
    /// The scenarios; a visitor meets the first one first.
    fn scenarios() -> Vec<Prepared<Tcp>> {
        Vec::new()
    }
}
