//! What the session says about the moment that is shown.

use sim::frame::Frame;
use sim::history::consistency::Consistency;
use sim::{BranchRow, Check, LabSession, NodeId, Place, ScenarioCard, Subject, Why};

use super::{LabPage, answers, checkers};
use crate::command::Tab;
use crate::compare::By;
use crate::inspector;
use crate::lanes::chronicle::{Chronicle, Watch};
use crate::panels::{Dock, Pane};
use crate::settings_panel::Rulebook;
use crate::shared::Shared;

/// Events around the moment that are known at once.
const TRACE_BEFORE: u64 = 250;
const TRACE_AFTER: u64 = 150;

/// What the session says about the moment that is shown.
#[derive(Clone, Debug)]
pub(super) struct Moment {
    pub(super) frame: Shared<Frame>,
    /// What the screen shows of it: everything, or what one node knows.
    pub(super) shown: Shared<Frame>,
    pub(super) chronicle: Shared<Chronicle>,
    pub(super) branches: Shared<Vec<BranchRow>>,
    pub(super) rulebook: Shared<Rulebook>,
    pub(super) cards: Shared<Vec<ScenarioCard>>,
    pub(super) checks: Shared<Vec<Check>>,
    /// Whether clients of this lab record operations.
    pub(super) records: bool,
    /// The branch beside this one, where two are compared.
    pub(super) other: Option<Shared<Frame>>,
}

/// Why something was as it was at a moment.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) frame: Shared<Frame>,
    pub(super) subject: Subject,
    pub(super) why: Shared<Why>,
}

/// How the operations of clients are judged at a moment.
#[derive(Clone, Debug)]
pub(super) struct Judged {
    pub(super) frame: Shared<Frame>,
    pub(super) consistency: Shared<Consistency>,
}

impl LabPage {
    /// Asks the session what there is to show.
    pub(super) fn look(&mut self) {
        let dock = self.dock();
        let Ok(session) = &mut self.session else { return };
        let frame = session.frame();
        let (first, last) =
            (frame.event.saturating_sub(TRACE_BEFORE).max(1), (frame.event + TRACE_AFTER).min(frame.length));
        self.chronicle.open(&mut **session, frame.length, first..=last);
        let watch = watched(&self.chronicle, self.watch, frame.at_us);
        if dock != Some(Dock::Charts) {
            self.chronicle.learn(&mut **session, watch, self.event);
        }
        let (settings, values) = session.settings();
        let rulebook = Rulebook {
            settings: settings.to_vec(),
            values: values.clone(),
            presets: session.presets().to_vec(),
            rules: session.rules().to_vec(),
        };
        let branches = session.branches();
        // A branch that has been removed cannot be compared any more, nor one with itself.
        self.comparison
            .take_if(|comparison| !branches.iter().any(|row| row.letter == comparison.letter && !row.selected));
        let other = self.comparison.as_ref().and_then(|comparison| {
            let branch = branches.iter().position(|row| row.letter == comparison.letter)?;
            let place = match comparison.by {
                By::Event => Place::Event(frame.event),
                By::Time => Place::Moment(frame.at_us),
            };
            session.frame_of(branch, place).map(Shared::new)
        });
        self.motion.expect(frame.at_us, frame.next_at_us);
        self.arriving = None;
        self.question = None;
        self.knower = self.knower.filter(|knower| knower.index() < frame.nodes.len());
        let frame = Shared::new(frame);
        let known = self.moment.take();
        self.moment = Some(Moment {
            shown: shown_to(self.knower, &frame, &mut **session),
            frame,
            chronicle: Shared::new(self.chronicle.clone()),
            branches: Shared::new(branches),
            rulebook: match &known {
                Some(known) if *known.rulebook == rulebook => known.rulebook.clone(),
                _ => Shared::new(rulebook),
            },
            checks: known.as_ref().map_or_else(|| Shared::new(session.checks().to_vec()), |known| known.checks.clone()),
            records: known.as_ref().map_or_else(|| session.history().is_some(), |known| known.records),
            cards: known.map_or_else(|| Shared::new(session.scenarios()), |known| known.cards),
            other,
        });
        self.keep();
    }

    /// Answers the question of the open tab, while time stands still.
    pub(super) fn answer(&mut self) {
        if !self.is_whole {
            return;
        }
        self.judge();
        let known = self.answer.take();
        let Some(answers) = answers::PART.get() else { return };
        let (Ok(session), Some(moment)) = (&mut self.session, &self.moment) else { return };
        let frame = &moment.frame;
        let node = || inspector::node::shown(frame, self.selection).map(|node| Subject::Node(node.id));
        let subject = match self.tab {
            _ if self.playing => None,
            Tab::Node => node(),
            Tab::Message => inspector::why::usual_subject(frame, self.selection)
                .filter(|subject| matches!(subject, Subject::Message(_))),
            Tab::Why => self.question.clone().or_else(|| inspector::why::usual_subject(frame, self.selection)),
            Tab::Log | Tab::History | Tab::Events => None,
        };
        let Some(subject) = subject else { return };
        self.answer = match known {
            Some(known) if known.frame == *frame && known.subject == subject => Some(known),
            _ => {
                let why = Shared::new((answers.why)(&mut **session, &subject));
                Some(Answer { frame: frame.clone(), subject, why })
            }
        };
    }

    /// Judges the operations of clients, while that is shown and time stands still.
    fn judge(&mut self) {
        let known = self.judged.take();
        let (Ok(session), Some(moment)) = (&mut self.session, &self.moment) else { return };
        let is_shown = !self.playing && self.tab == Tab::History;
        let Some(checkers) = checkers::PART.get().filter(|_| is_shown) else { return };
        let frame = &moment.frame;
        self.judged = known.filter(|known| known.frame == *frame).or_else(|| {
            let consistency = Shared::new((checkers.judge)(&mut **session)?);
            Some(Judged { frame: frame.clone(), consistency })
        });
    }

    /// Shows only what one node knows, or everything again.
    pub(super) fn show_known(&mut self, knower: Option<NodeId>) {
        self.knower = knower;
        if knower.is_some() {
            self.comparison = None;
            self.panels.pane = Pane::Stage;
        }
        let (Ok(session), Some(moment)) = (&mut self.session, &mut self.moment) else { return };
        moment.shown = shown_to(knower, &moment.frame, &mut **session);
    }

    /// Learns some more of what the lanes show. Returns whether there is anything new.
    pub(super) fn watch(&mut self, watch: Watch) -> bool {
        self.watch = Some(watch);
        let (Ok(session), Some(moment)) = (&mut self.session, &mut self.moment) else { return false };
        let changed = self.chronicle.learn(&mut **session, watch, self.event);
        if changed {
            moment.chronicle = Shared::new(self.chronicle.clone());
        }
        changed
    }

    pub(super) fn frame(&self) -> Option<&Frame> {
        self.moment.as_ref().map(|moment| &*moment.frame)
    }

    pub(super) fn select_event(&mut self, event: Option<u64>) {
        self.event = event;
        (self.other_event, self.compared) = (None, None);
        if let Some(watch) = self.watch {
            self.watch(watch);
        }
    }

    /// Compares the selected event with another one. Without a selected event, this one is selected and waits for another.
    pub(super) fn compare_event(&mut self, other: Option<u64>) {
        if self.event.is_none() {
            self.select_event(other);
        }
        (self.other_event, self.compared) = (other, None);
        if let (Ok(session), Some(event), Some(other)) = (&mut self.session, self.event, other)
            && event != other
        {
            let answers = answers::PART.get();
            self.compared =
                answers.and_then(|answers| (answers.compare)(&mut **session, event, other)).map(Shared::new);
            self.tab = Tab::Events;
        }
    }
}

/// What the screen shows of a moment where it is limited to what a node knows.
fn shown_to(knower: Option<NodeId>, frame: &Shared<Frame>, session: &mut dyn LabSession) -> Shared<Frame> {
    let known = knower.zip(answers::PART.get()).map(|(knower, answers)| (answers.known_by)(session, knower));
    known.map_or_else(|| frame.clone(), Shared::new)
}

/// What the lanes show: before they have said so, the events around the moment.
pub(super) fn watched(chronicle: &Chronicle, watch: Option<Watch>, at_us: u64) -> Watch {
    let from_us = chronicle.around().next().map_or(0, |event| event.at_us);
    watch.unwrap_or(Watch { from_us, to_us: at_us, most: TRACE_BEFORE + TRACE_AFTER })
}
