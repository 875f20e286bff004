//! The labs of the chapter *Failure*: one folder a lab.

#![deny(clippy::float_arithmetic)]

pub mod heartbeats;
pub mod swim;
