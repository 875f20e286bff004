//! The labs of the chapter *Agreement*: one folder a lab.

#![deny(clippy::float_arithmetic)]

pub mod proof_of_work;
pub mod raft;
