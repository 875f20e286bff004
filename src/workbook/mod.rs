//! The workbook: what a visitor has done in the labs, kept in the browser. A run is what began with a scenario, with a link
//! or with settings and a seed; it stays with all its branches, its bookmarks and the place where it was left.
//!
//! - A scenario's address leads to the visitor's run of it, unless they have begun again.
//! - A link leads to its moment. Going on from there makes a run of the visitor's own.
//! - Each run has an address of its own, `#/run/raft/…`, for this browser only.

pub mod book;
pub mod entry;
pub mod go_on;
pub mod list;
pub mod origin;
pub mod row;
pub mod shelf;
pub mod when;

use book::Book;
use row::Row;
use shelf::Browser;

/// The runs in this browser.
pub fn book() -> Book<Browser> {
    Book(Browser)
}

/// All runs, the one that changed last first.
pub fn recent() -> Vec<Row> {
    book().rows()
}

/// Whether there are runs of a lab.
pub fn has_runs(lab: &str) -> bool {
    recent().iter().any(|row| row.lab == lab)
}
