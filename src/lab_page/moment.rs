//! What the session says about the moment that is shown.

use sim::frame::{Frame, Message};
use sim::{BranchRow, Check, LabSession, NodeId, Place, ScenarioCard, Text};

use super::{LabPage, answers};
use crate::compare::By;
use crate::hunt::show::Wish;
use crate::lanes::chronicle::Chronicle;
use crate::panels::Dock;
use crate::settings_panel::Rulebook;
use crate::shared::Shared;
use crate::workbook::origin::Since;

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
    /// What has become of the scenario that the run came from.
    pub(super) since: Option<Since>,
    pub(super) checks: Shared<Vec<Check>>,
    /// Whether clients of this lab record operations.
    pub(super) records: bool,
    /// The branch beside this one, where two are compared.
    pub(super) other: Option<Shared<Frame>>,
}

impl Moment {
    /// The selected branch.
    pub(super) fn branch(&self) -> Option<&BranchRow> {
        self.branches.iter().find(|row| row.selected)
    }

    /// What somebody wants to be shown, in words: the rule to do without, or else the check.
    pub(super) fn title_of(&self, wish: &Wish) -> Text {
        let rule = self.rulebook.rules.iter().find(|rule| wish.without.as_deref() == Some(rule.name));
        let check = || self.checks.iter().find(|check| check.name == wish.check).map(|check| check.title.clone());
        rule.map(|rule| rule.title.clone()).or_else(check).unwrap_or_default()
    }

    /// The message that the last event received.
    pub(super) fn received(&self) -> Option<&Message> {
        self.chronicle.event(self.frame.event)?.received.first()
    }

    /// Shows only what a node knows of it, or everything.
    pub(super) fn limit(&mut self, knower: Option<NodeId>, session: &mut dyn LabSession) {
        self.shown = shown_to(knower, &self.frame, session);
    }
}

impl LabPage {
    /// Asks the session what there is to show.
    pub(super) fn look(&mut self) {
        let dock = self.dock();
        let Ok(session) = &mut self.session else { return };
        let session = &mut **session;
        let frame = session.frame();
        self.events.open(session, &frame);
        if dock != Some(Dock::Charts) {
            self.events.learn(session, self.events.watched(frame.at_us));
        }
        let branches = session.branches();
        let other = self.places.compared_branch(&branches).and_then(|(branch, by)| {
            let place = match by {
                By::Event => Place::Event(frame.event),
                By::Time => Place::Moment(frame.at_us),
            };
            session.frame_of(branch, place).map(Shared::new)
        });
        let due_us = match self.playing.until_us {
            Some(until_us) if self.playing.is_on => {
                Some(frame.next_at_us.map_or(until_us, |next_us| next_us.min(until_us)))
            }
            _ => frame.next_at_us,
        };
        self.playing.motion.expect(frame.at_us, due_us);
        if self.playing.story.is_none() && self.moment.as_ref().is_none_or(|known| known.frame.caption != frame.caption)
        {
            self.playing.begin_reading();
        }
        self.playing.arriving = None;
        self.reading.question = None;
        self.reading.knower = self.reading.knower.filter(|knower| knower.index() < frame.nodes.len());
        let frame = Shared::new(frame);
        let known = self.moment.take();
        let rulebook = rulebook(session);
        self.moment = Some(Moment {
            shown: shown_to(self.reading.knower, &frame, session),
            frame,
            chronicle: Shared::new(self.events.chronicle.clone()),
            branches: Shared::new(branches),
            rulebook: match &known {
                Some(known) if *known.rulebook == rulebook => known.rulebook.clone(),
                _ => Shared::new(rulebook),
            },
            since: self.places.origin.as_ref().map(|origin| origin.since(&session.scenario())),
            checks: known.as_ref().map_or_else(|| Shared::new(session.checks().to_vec()), |known| known.checks.clone()),
            records: known.as_ref().map_or_else(|| session.history().is_some(), |known| known.records),
            cards: known.map_or_else(|| Shared::new(session.scenarios()), |known| known.cards),
            other,
        });
        self.keep();
    }

    pub(super) fn frame(&self) -> Option<&Frame> {
        self.moment.as_ref().map(|moment| &*moment.frame)
    }
}

/// What the screen shows of a moment where it is limited to what a node knows.
fn shown_to(knower: Option<NodeId>, frame: &Shared<Frame>, session: &mut dyn LabSession) -> Shared<Frame> {
    let known = knower.zip(answers::PART.get()).map(|(knower, answers)| (answers.known_by)(session, knower));
    known.map_or_else(|| frame.clone(), Shared::new)
}

/// What can be set, what is set, and the rules.
fn rulebook(session: &dyn LabSession) -> Rulebook {
    let (settings, values) = session.settings();
    Rulebook {
        settings: settings.to_vec(),
        values: values.clone(),
        presets: session.presets().to_vec(),
        rules: session.rules().to_vec(),
    }
}
