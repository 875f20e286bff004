//! What outlives a crash.

use serde::Serialize;
use sim::NodeId;

use super::store::Page;

/// What is on the disk of a node: of those that elect its lives and its answers, of the common disk what was written.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Disk {
    /// How often it was started, this time included.
    pub lives: u64,
    /// Whether the run begins with it: all work, under the one with the highest number.
    pub is_new: bool,
    /// The latest term that it knows.
    pub term: u64,
    /// Whom it has answered in that term.
    pub answered: Option<NodeId>,
    pub page: Page,
}
