//! Why something is as it is, what a node can know of it, and how events stand to each other.

pub(crate) mod known;
pub(crate) mod outside;
pub mod relation;
pub(crate) mod silence;
pub mod why;
