//! Verdicts of checks that look at the history of operations.

use std::fmt::Debug;

use crate::base::text::Text;
use crate::judge::check::{Check, Judge, Outcome, Verdict};
use crate::judge::history::{History, Monitor, Standing};
use crate::t;

/// How many search states the linearizability checker may visit for one frame, and each judgement of a history.
pub(crate) const CHECKER_LIMIT: u64 = 200_000;

/// Follows the history of operations of one branch. Sessions know it by this trait alone, so that a program that judges no
/// histories yet need not carry the code for that.
pub(crate) trait Follower: Debug {
    /// The verdict over a history, as it stands after this event.
    fn verdict(&mut self, history: &History, event: u64) -> Verdict;
}

impl Follower for Monitor {
    fn verdict(&mut self, history: &History, event: u64) -> Verdict {
        self.observe(history);
        over_history(self.standing(event), history)
    }
}

/// Makes who follows the history for a check, where it decides that.
pub(crate) type Appoint = fn(&Check) -> Option<Box<dyn Follower>>;

/// Who follows the history for a check that it decides; none for one that the lab's monitor judges.
pub(crate) fn follower(check: &Check) -> Option<Box<dyn Follower>> {
    match &check.judge {
        Judge::Monitor => None,
        Judge::Linearizability(model) => Some(Box::new(Monitor::new(model.clone(), CHECKER_LIMIT))),
    }
}

/// The verdict of a check that looks at the history of operations; none for one that the lab's monitor judges.
pub fn judge_history(check: &Check, history: &History) -> Option<Verdict> {
    follower(check).map(|mut follower| follower.verdict(history, u64::MAX))
}

fn over_history(standing: Standing, history: &History) -> Verdict {
    let (outcome, event, sentence) = match standing {
        Standing::Linearizable => (Outcome::Kept, None, pending(history.pending())),
        Standing::NotLinearizable { event } => {
            (Outcome::Broken, Some(event), Some(t!("no order of the operations explains every answer")))
        }
        Standing::Undecided => (Outcome::Undecided, None, Some(t!("there are too many open operations to decide"))),
    };
    Verdict { outcome, event, last: event, sentence, nodes: Vec::new() }
}

fn pending(operations: u64) -> Option<Text> {
    match operations {
        0 => None,
        1 => Some(t!("1 operation pending")),
        _ => Some(t!("{pending} operations pending", pending = operations)),
    }
}
