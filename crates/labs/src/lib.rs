//! The labs of Netsplit: one folder a lab. [`registry`] lists them.

#![deny(clippy::float_arithmetic)]

pub mod balancing;
pub mod clocks;
pub mod drift;
pub mod heartbeats;
pub mod links;
pub mod quorum;
pub mod raft;
pub mod registry;
pub mod replicas;
pub mod swim;
pub mod values;
pub mod workload;

/// What `cargo xtask new-lab` writes, so that it goes on to compile and to pass its own tests.
#[cfg(test)]
#[path = "../template/mod.rs"]
pub mod template;
