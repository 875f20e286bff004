//! Tests of the lab, each with the place in the literature that it checks.

mod found;
mod measured;
mod stories;

use sim::{AnyLab, Of};

use super::RpcRest;

const LAB: &dyn AnyLab = Of::<RpcRest>::LAB;
