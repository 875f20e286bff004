//! Checks: named properties of a run, and their verdicts.

use serde::Serialize;

use crate::base::id::NodeId;
use crate::base::settings::{Setting, Settings, Value};
use crate::base::text::Text;
use crate::judge::history::Model;
use crate::t;

/// A named property of a run.
#[derive(Clone, Debug)]
pub struct Check {
    /// The name on the command line and in lessons.
    pub name: &'static str,
    /// The words of the status row.
    pub title: Text,
    /// What it means, in a sentence or two that a beginner understands.
    pub meaning: Text,
    pub kind: CheckKind,
    /// Who judges it.
    pub judge: Judge,
    /// A rule without which it breaks, where it is no rule's own check (`Rule::broken_check`).
    pub kept_by: Option<&'static str>,
    /// The settings that it needs: each of those named has one of the values that stand beside its name. Under others it is
    /// not promised: it is judged only where somebody asks for it by name.
    pub promised_under: Vec<(&'static str, Value)>,
}

impl Check {
    /// A check that the lab's monitor judges and that is promised under all settings.
    #[inline(never)]
    pub fn new(name: &'static str, title: Text, kind: CheckKind, meaning: Text) -> Check {
        Check { name, title, meaning, kind, judge: Judge::Monitor, kept_by: None, promised_under: Vec::new() }
    }

    /// The same check, which no rule has for its own: this one keeps it as well.
    pub fn kept_by(self, rule: &'static str) -> Check {
        Check { kept_by: Some(rule), ..self }
    }

    /// The same check, promised only where each of these settings has one of the values beside its name.
    pub fn promised_under(self, settings: Vec<(&'static str, Value)>) -> Check {
        Check { promised_under: settings, ..self }
    }

    /// That it is promised under some settings only, and under which; none where it is promised under all. `known` are the
    /// settings of the lab.
    pub fn condition(&self, known: &[Setting]) -> Option<Text> {
        let needs = known.iter().filter_map(|setting| {
            let words = self.promised_under.iter().filter(|(name, _)| *name == setting.name);
            let values = words.map(|(_, value)| setting.title_of(value));
            let values = values.reduce(|first, next| t!("{first}, or {next}", first = first, next = next))?;
            Some(t!("{setting}: {values}", setting = setting.title.clone(), values = values))
        });
        let needs = needs.reduce(|first, next| t!("{first}; {next}", first = first, next = next))?;
        Some(match self.kind {
            CheckKind::Sometimes => t!("this is looked for only with “{settings}”", settings = needs),
            _ => t!("this is promised only with “{settings}”", settings = needs),
        })
    }

    /// The settings that differ from the defaults where it is looked for.
    pub fn needed(&self, known: &[Setting]) -> impl Iterator<Item = (&'static str, Value)> {
        known.iter().filter_map(move |setting| {
            let of = || self.promised_under.iter().filter(|(needed, _)| *needed == setting.name);
            let is_usual = of().any(|(_, value)| *value == setting.default);
            of().next().filter(|_| !is_usual).cloned()
        })
    }

    /// Whether a run that shows it is no failure. A history is judged, whatever a lab promises of it.
    pub fn is_to_be_seen(&self) -> bool {
        self.kind == CheckKind::Sometimes && matches!(self.judge, Judge::Monitor)
    }

    /// Whether it is promised under these settings, which are complete.
    pub fn is_promised(&self, settings: &Settings) -> bool {
        let has_one = |name: &str| {
            let mut values = self.promised_under.iter().filter(|(needed, _)| *needed == name);
            values.any(|(_, value)| settings.get(name) == Some(value))
        };
        self.promised_under.iter().all(|(name, _)| has_one(name))
    }
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
    /// Nobody promises it under these settings.
    NotPromised,
}

/// How a check stands, with what decided it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Verdict {
    pub outcome: Outcome,
    /// The number of the event that decided it.
    pub event: Option<u64>,
    /// The number of the newest event that saw or broke it. No part of what a run is: it says what somebody sees who begins to
    /// look in the middle.
    #[serde(skip)]
    pub last: Option<u64>,
    pub sentence: Option<Text>,
    pub nodes: Vec<NodeId>,
}

/// The verdicts of all checks of a lab that its monitor judges.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Verdicts {
    event: u64,
    /// Whether that event has changed one.
    are_new: bool,
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
            last: None,
            sentence: None,
            nodes: Vec::new(),
        };
        Verdicts { event: 0, are_new: false, verdicts: checks.iter().map(start).collect() }
    }

    pub(crate) fn begin(&mut self, event: u64) {
        (self.event, self.are_new) = (event, false);
    }

    /// Whether the last event has changed a verdict.
    pub(crate) fn are_new(&self) -> bool {
        self.are_new
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
            self.verdicts[check].last = Some(self.event);
            self.are_new = true;
        }
    }

    /// The verdict of the check at this place of the list.
    pub fn get(&self, check: usize) -> &Verdict {
        &self.verdicts[check]
    }

    fn decide(&mut self, check: usize, outcome: Outcome, nodes: &[NodeId], sentence: impl FnOnce() -> Text) {
        let verdict = &mut self.verdicts[check];
        if verdict.outcome != outcome {
            let (event, sentence) = (Some(self.event), Some(sentence()));
            *verdict = Verdict { outcome, event, last: event, sentence, nodes: nodes.to_vec() };
            self.are_new = true;
        }
        verdict.last = Some(self.event);
    }
}
