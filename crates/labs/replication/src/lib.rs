//! The labs of the chapter *Replication*: one folder a lab.

#![deny(clippy::float_arithmetic)]

pub mod quorum;
pub mod replicas;
