//! Tests that cite the papers.

mod hunts;
