//! Checks: named properties of a run, and their verdicts.

use serde::Serialize;

use crate::history::Model;
use crate::id::NodeId;
use crate::text::Text;

/// A named property of a run.
#[derive(Clone, Debug)]
pub struct Check {
    /// The name on the command line and in lessons.
    pub name: &'static str,
    /// The words of the status row.
    pub title: Text,
    pub kind: CheckKind,
    /// Who judges it.
    pub judge: Judge,
}

/// When a property has to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum CheckKind {
    /// At every moment.
    Always,
    /// At some moment of some run: "show me a split vote".
    Sometimes,
    /// In the end, after all faults have healed.
    Eventually,
}

/// Who judges a check.
#[derive(Clone, Debug)]
pub enum Judge {
    /// The lab's monitor, after each event.
    Monitor,
    /// The linearizability checker, over the history of client operations, as operations on this model.
    Linearizability(Model),
}

/// How a check stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Outcome {
    /// *Always*: never broken so far.
    Kept,
    /// *Always*: broken, for good.
    Broken,
    /// *Sometimes*: not so far.
    NotSeen,
    /// *Sometimes*: it has happened.
    Seen,
    /// *Eventually*: not now.
    Waiting,
    /// *Eventually*: it holds now.
    Reached,
    /// The checker ran into its limit.
    Undecided,
}

/// How a check stands, with what decided it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Verdict {
    pub outcome: Outcome,
    /// The number of the event that decided it.
    pub event: Option<u64>,
    pub sentence: Option<Text>,
    pub nodes: Vec<NodeId>,
}

/// The verdicts of all checks of a lab that its monitor judges.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Verdicts {
    event: u64,
    verdicts: Vec<Verdict>,
}

impl Verdicts {
    /// All checks at their start.
    pub fn new(checks: &[Check]) -> Verdicts {
        let start = |check: &Check| Verdict {
            outcome: match check.kind {
                CheckKind::Always => Outcome::Kept,
                CheckKind::Sometimes => Outcome::NotSeen,
                CheckKind::Eventually => Outcome::Waiting,
            },
            event: None,
            sentence: None,
            nodes: Vec::new(),
        };
        Verdicts { event: 0, verdicts: checks.iter().map(start).collect() }
    }

    pub(crate) fn begin(&mut self, event: u64) {
        self.event = event;
    }

    /// The *always* check at this place of the list is broken. The first time counts.
    pub fn broken(&mut self, check: usize, nodes: &[NodeId], sentence: impl FnOnce() -> Text) {
        self.decide(check, Outcome::Broken, nodes, sentence);
    }

    /// The *sometimes* check at this place of the list has been seen. The first time counts.
    pub fn seen(&mut self, check: usize, nodes: &[NodeId], sentence: impl FnOnce() -> Text) {
        self.decide(check, Outcome::Seen, nodes, sentence);
    }

    /// Whether the *eventually* check at this place of the list holds now.
    pub fn reached(&mut self, check: usize, now: bool) {
        let outcome = if now { Outcome::Reached } else { Outcome::Waiting };
        if self.verdicts[check].outcome != outcome {
            self.verdicts[check].outcome = outcome;
            self.verdicts[check].event = Some(self.event);
        }
    }

    /// The verdict of the check at this place of the list.
    pub fn get(&self, check: usize) -> &Verdict {
        &self.verdicts[check]
    }

    fn decide(&mut self, check: usize, outcome: Outcome, nodes: &[NodeId], sentence: impl FnOnce() -> Text) {
        let verdict = &mut self.verdicts[check];
        if verdict.outcome != outcome {
            *verdict = Verdict { outcome, event: Some(self.event), sentence: Some(sentence()), nodes: nodes.to_vec() };
        }
    }
}
