//! Lessons.

pub mod go_on;
