//! Tests of the lab, each with the place in the literature that it checks.

mod bytes;
mod found;
mod measured;
mod payments;
mod stories;

use sim::{AnyLab, Of};

use super::UnreliableNetwork;

const LAB: &dyn AnyLab = Of::<UnreliableNetwork>::LAB;
