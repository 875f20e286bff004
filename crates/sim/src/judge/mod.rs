//! What runs are judged by: checks with their verdicts, and histories of operations with their checkers.

pub mod check;
pub mod history;
pub mod over_history;
