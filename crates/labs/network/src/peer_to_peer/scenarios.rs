//! The prepared scenarios. Each runs the real protocol up to a moment worth looking at.

use sim::{Prepared, Scenarios};

use super::PeerToPeer;

impl Scenarios for PeerToPeer {
    fn scenarios() -> Vec<Prepared<PeerToPeer>> {
        Vec::new()
    }
}
