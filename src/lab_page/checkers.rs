//! How the operations of clients are judged: a part of its own.

use sim::LabSession;
use sim::history::consistency::Consistency;

use crate::part;

/// What judges a history.
#[derive(Debug)]
pub struct Checkers {
    pub judge: fn(&mut dyn LabSession) -> Option<Consistency>,
}

part!(checkers: Checkers = Checkers { judge: |session| session.consistency() });
