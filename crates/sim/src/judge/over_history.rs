//! Verdicts of checks that look at the history of operations.

use crate::base::text::Text;
use crate::judge::check::{Check, Judge, Outcome, Verdict};
use crate::judge::history::{History, Monitor, Standing};
use crate::t;

/// How many search states the linearizability checker may visit for one frame, and each judgement of a history.
pub(crate) const CHECKER_LIMIT: u64 = 200_000;

/// What follows the history of operations for a check that it decides.
pub(crate) fn monitor(check: &Check) -> Option<Monitor> {
    match &check.judge {
        Judge::Monitor => None,
        Judge::Linearizability(model) => Some(Monitor::new(model.clone(), CHECKER_LIMIT)),
    }
}

/// The verdict of a check that looks at the history of operations; none for one that the lab's monitor judges.
pub fn judge_history(check: &Check, history: &History) -> Option<Verdict> {
    monitor(check).map(|mut monitor| over_history(&mut monitor, history, u64::MAX))
}

/// The verdict over a history, as it stands after this event.
pub(crate) fn over_history(monitor: &mut Monitor, history: &History, event: u64) -> Verdict {
    monitor.observe(history);
    let (outcome, event, sentence) = match monitor.standing(event) {
        Standing::Linearizable => (Outcome::Kept, None, pending(history.pending())),
        Standing::NotLinearizable { event } => {
            (Outcome::Broken, Some(event), Some(t!("no order of the operations explains every answer")))
        }
        Standing::Undecided => (Outcome::Undecided, None, Some(t!("there are too many open operations to decide"))),
    };
    Verdict { outcome, event, sentence, nodes: Vec::new() }
}

fn pending(operations: u64) -> Option<Text> {
    match operations {
        0 => None,
        1 => Some(t!("1 operation pending")),
        _ => Some(t!("{pending} operations pending", pending = operations)),
    }
}
