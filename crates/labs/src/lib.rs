//! The labs of Netsplit: a crate a chapter, a folder a lab. [`registry`] lists them.

#![deny(clippy::float_arithmetic)]

pub mod registry;
pub mod workload;

/// What `cargo xtask new-lab` writes, so that it goes on to compile and to pass its own tests.
#[cfg(test)]
#[path = "../template/mod.rs"]
pub mod template;
