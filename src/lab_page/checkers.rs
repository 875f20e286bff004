//! How the operations of clients are judged: a part of its own.

use sim::LabSession;
use sim::history::consistency::Consistency;

use crate::part;

/// What judges a history.
#[derive(Debug)]
pub struct Checkers {
    /// Lets the session judge the histories of its branches from now on.
    pub follow: fn(&mut dyn LabSession),
    pub judge: fn(&mut dyn LabSession) -> Option<Consistency>,
}

part!(
    checkers: Checkers = Checkers {
        follow: |session| session.judge_histories(),
        judge: |session| session.consistency(),
    }
);
