//! Tests of the lab, each with the place in the literature that it checks.

mod trial;

use sim::{AnyLab, Of};

use super::PeerToPeer;

const LAB: &dyn AnyLab = Of::<PeerToPeer>::LAB;
