//! What the visitor looks at and asks, and the answers.

use sim::frame::Frame;
use sim::history::consistency::Consistency;
use sim::{LabSession, NodeId, Subject, Why};

use super::{LabPage, answers, checkers};
use crate::command::{Item, Read, Tab};
use crate::inspector;
use crate::lanes::chronicle::Watch;
use crate::panels::Pane;
use crate::shared::Shared;
use crate::stage::pointed::Pointed;
use crate::stage::tool::Tool;

/// What the visitor looks at and asks, and the answers.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) selection: Option<Item>,
    pub(super) tab: Tab,
    /// The node that the screen is limited to the knowledge of.
    pub(super) knower: Option<NodeId>,
    /// What a check points at, and at which event.
    pointed: Option<(u64, Pointed)>,
    /// A question that somebody has asked in so many words.
    pub(super) question: Option<Subject>,
    pub(super) answer: Option<Answer>,
    pub(super) judged: Option<Judged>,
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

impl Reading {
    pub(super) fn new() -> Reading {
        Reading {
            selection: None,
            tab: Tab::Node,
            knower: None,
            pointed: None,
            question: None,
            answer: None,
            judged: None,
        }
    }

    /// Another run begins.
    pub(super) fn leave_run(&mut self) {
        self.selection = None;
        self.knower = None;
        self.pointed = None;
    }

    /// What a check points at, as long as the moment is the one at which it does.
    pub(super) fn pointed(&self, frame: &Frame) -> Option<&Pointed> {
        self.pointed.as_ref().filter(|(event, _)| *event == frame.event).map(|(_, pointed)| pointed)
    }

    pub(super) fn select(&mut self, item: Option<Item>) {
        self.selection = item;
        self.question = None;
        self.pointed = None;
        match item {
            Some(Item::Node(_)) => self.tab = Tab::Node,
            Some(Item::Message(_)) => self.tab = Tab::Message,
            Some(Item::Link(..)) | None => {}
        }
    }

    fn ask(&mut self, subject: Subject) {
        self.question = Some(subject);
        self.tab = Tab::Why;
    }

    /// Answers the question of the open tab. What is known already is not asked again.
    fn answer(&mut self, session: &mut dyn LabSession, frame: &Shared<Frame>) {
        let known = self.answer.take();
        let Some((answers, subject)) = answers::PART.get().zip(self.subject(frame)) else { return };
        let known = known.filter(|known| known.frame == *frame && known.subject == subject);
        self.answer = known.or_else(|| {
            let why = Shared::new((answers.why)(session, &subject));
            Some(Answer { frame: frame.clone(), subject, why })
        });
    }

    /// What the open tab asks about.
    fn subject(&self, frame: &Frame) -> Option<Subject> {
        let usual = || inspector::why::usual_subject(frame, self.selection);
        match self.tab {
            Tab::Node => inspector::node::shown(frame, self.selection).map(|node| Subject::Node(node.id)),
            Tab::Message => usual().filter(|subject| matches!(subject, Subject::Message(_))),
            Tab::Why => self.question.clone().or_else(usual),
            Tab::Log | Tab::History | Tab::Events => None,
        }
    }

    /// Judges the operations of clients, while that is shown.
    fn judge(&mut self, session: &mut dyn LabSession, frame: &Shared<Frame>) {
        let known = self.judged.take();
        let Some(checkers) = checkers::PART.get().filter(|_| self.tab == Tab::History) else { return };
        self.judged = known.filter(|known| known.frame == *frame).or_else(|| {
            let consistency = Shared::new((checkers.judge)(session)?);
            Some(Judged { frame: frame.clone(), consistency })
        });
    }
}

impl LabPage {
    pub(super) fn read(&mut self, wish: Read) {
        match wish {
            Read::Select(item) => self.select(item),
            Read::ShowTab(tab) => {
                self.reading.tab = tab;
                self.desk.panels = self.desk.panels.showing_selection();
            }
            Read::PointAt(check) => self.point_at(check),
            Read::Ask(subject) => {
                self.reading.ask(subject);
                self.desk.panels = self.desk.panels.showing_selection();
            }
            Read::ShowKnown(knower) => self.show_known(knower),
            Read::SelectEvent(event) => self.select_event(event),
            Read::CompareEvent(event) => self.compare_event(event),
            // Carried out where it comes in, since it often changes nothing.
            Read::Watch(_) => {}
        }
    }

    fn point_at(&mut self, check: &'static str) {
        let row = self.frame().and_then(|frame| frame.checks.iter().find(|row| row.name == check));
        let Some((event, pointed)) = row.and_then(|row| Some((row.event?, Pointed::of(row)))) else { return };
        self.seek(event);
        self.reading.pointed = pointed.map(|pointed| (event, pointed));
    }

    /// Shows something in the inspector. With nothing, first what is in the way goes: a tool in the hand, a sheet.
    fn select(&mut self, item: Option<Item>) {
        match item {
            None if self.tool.is_some() => self.tool = self.tool.and_then(Tool::put_back),
            None if self.desk.panels.has_sheet() => self.desk.close_sheet(),
            None => {
                self.reading.select(None);
                self.select_event(None);
            }
            Some(Item::Node(_) | Item::Message(_)) => {
                self.reading.select(item);
                self.desk.panels = self.desk.panels.showing_selection();
            }
            // A menu of its own says what can be done with it.
            Some(_) => self.reading.select(item),
        }
    }

    /// Finds out what the inspector says, while time stands still.
    pub(super) fn answer(&mut self) {
        if !self.painting.is_whole {
            return;
        }
        let (Ok(session), Some(moment)) = (&mut self.session, &self.moment) else { return };
        if self.playing.is_on {
            (self.reading.answer, self.reading.judged) = (None, None);
        } else {
            self.reading.judge(&mut **session, &moment.frame);
            self.reading.answer(&mut **session, &moment.frame);
        }
    }

    /// Shows only what one node knows, or everything again.
    fn show_known(&mut self, knower: Option<NodeId>) {
        self.reading.knower = knower;
        if knower.is_some() {
            self.places.comparison = None;
            self.desk.panels.pane = Pane::Stage;
        }
        if let (Ok(session), Some(moment)) = (&mut self.session, &mut self.moment) {
            moment.limit(knower, &mut **session);
        }
    }

    /// Learns some more of what the lanes show. Returns whether there is anything new.
    pub(super) fn watch(&mut self, watch: Watch) -> bool {
        self.events.watch = Some(watch);
        let (Ok(session), Some(moment)) = (&mut self.session, &mut self.moment) else { return false };
        let changed = self.events.learn(&mut **session, watch);
        if changed {
            moment.chronicle = Shared::new(self.events.chronicle.clone());
        }
        changed
    }

    pub(super) fn select_event(&mut self, event: Option<u64>) {
        self.events.select(event);
        if let Some(watch) = self.events.watch {
            self.watch(watch);
        }
    }

    /// Compares the selected event with another one. Without a selected event, this one is selected and waits for another.
    fn compare_event(&mut self, other: Option<u64>) {
        if self.events.selected.is_none() {
            self.select_event(other);
        }
        (self.events.other, self.events.compared) = (other, None);
        if let (Ok(session), Some((event, other))) = (&mut self.session, self.events.pair()) {
            let compared = answers::PART.get().and_then(|answers| (answers.compare)(&mut **session, event, other));
            self.events.compared = compared.map(Shared::new);
            self.reading.tab = Tab::Events;
        }
    }
}
