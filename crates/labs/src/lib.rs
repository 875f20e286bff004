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
