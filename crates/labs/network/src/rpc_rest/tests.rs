//! Tests of the lab, each with the place in the literature that it checks.

mod calls;
mod found;
mod measured;
mod stories;
mod web;

use sim::{AnyLab, Of};

use super::RpcRest;

const LAB: &dyn AnyLab = Of::<RpcRest>::LAB;
