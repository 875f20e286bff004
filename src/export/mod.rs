//! What is shown, to take away.

pub mod svg;
