//! The labs of the chapter *Agreement*: one folder a lab.

#![deny(clippy::float_arithmetic)]

pub mod generals;
pub mod raft;
