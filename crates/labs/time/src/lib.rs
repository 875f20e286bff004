//! The labs of the chapter *Time*: one folder a lab.

#![deny(clippy::float_arithmetic)]

pub mod clocks;
pub mod drift;
pub mod snapshot;
pub mod truetime;
