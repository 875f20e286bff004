//! The labs of the chapter *Scale*: one folder a lab.

#![deny(clippy::float_arithmetic)]

pub mod balancing;
