//! The labs of Netsplit: a crate a chapter, a folder a lab. [`registry`] lists them.

#![deny(clippy::float_arithmetic)]

pub mod registry;
pub mod workload;
