//! Tests that cite the paper.

mod figures;
mod hunts;
mod lying;
mod messages;
