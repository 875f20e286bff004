//! What swarms and servers come to, beside the formulas.

use sim::Experiments;

use super::PeerToPeer;

impl Experiments for PeerToPeer {}
