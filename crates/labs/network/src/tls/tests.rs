//! Tests of the lab, each with the place in the literature that it checks.

mod found;
mod handshake;
mod mallory;
mod stories;
mod terms;

use sim::{AnyLab, Of};

use super::Tls;

const LAB: &dyn AnyLab = Of::<Tls>::LAB;
