//! Machinery that several labs share: pure state machines and formulas. What a part does follows from its arguments alone: the
//! time, a draw, its bounds. A part sends nothing and sets no timer; its lab does.

#![deny(clippy::float_arithmetic)]

pub mod links;
pub mod values;
