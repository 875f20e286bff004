//! How a page begins: with a scenario, or with a moment that somebody has shared.

use std::rc::Rc;

use sim::session::tree::MOST_AHEAD;
use sim::text::{QUOTED, excerpt};
use sim::{Below, Beside, LabSession, Mark, Scenario, ScenarioCard, SharedMoment, Sight, Text, t};
use yew::prelude::*;

use super::moment::Moment;
use super::{LabPage, LabPageMessage, Source, keeping};
use crate::article;
use crate::bookmarks::Bookmark;
use crate::command::{Item, Tab};
use crate::dom::{self, NextPicture};
use crate::panels::{Dock, Level, Pane, Room};
use crate::parts::Missing;
use crate::rescue;
use crate::route::Route;
use crate::share;
use crate::speed::Pace;
use crate::stage::tool::Tool;
use crate::workbook::origin::Origin;
use crate::workbook::row::Door;

/// Events that the way to a shared moment, which may be far, computes for each picture.
const MOST_PER_STRIDE: u64 = 4_000;

/// What a page opens with.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Start {
    /// The first scenario.
    #[default]
    First,
    /// A scenario, by its name.
    Scenario(AttrValue),
    /// What is open, or the first scenario, with the article of the lab.
    Notes,
    /// A run that the visitor has kept, by its number.
    Run(u64),
    /// A moment that somebody has shared.
    Moment(Rc<SharedMoment>),
    /// A lesson, at a step or where the visitor left it.
    Lesson { id: AttrValue, step: Option<usize> },
    /// The draft of a lesson, to write.
    Write,
}

/// A moment to go to, however far it is.
#[derive(Clone, Debug)]
pub struct Goal {
    pub(super) moment: Rc<SharedMoment>,
    /// How many events had been computed there.
    pub(super) length: u64,
}

impl LabPage {
    pub(super) fn open(&mut self, context: &Context<Self>, start: &Start) {
        if self.session.is_err() {
            return;
        }
        self.keep_page();
        (self.notices.sentence, self.notices.offer) = (None, None);
        self.lesson = None;
        self.desk.panels = self.desk.panels.with_lesson(false);
        let start = match start {
            Start::Lesson { id, step } => match self.begin_lesson(id, *step) {
                Ok(()) => {
                    self.translate_lesson(context);
                    return self.lay_out();
                }
                Err(sentence) => {
                    self.notices.sentence = Some(t!("This lesson cannot be opened: {why}.", why = sentence));
                    &Start::First
                }
            },
            Start::Write => match self.begin_writing() {
                Ok(()) => return self.lay_out(),
                Err(sentence) => {
                    self.notices.sentence = Some(sentence);
                    &Start::First
                }
            },
            start => start,
        };
        let entered = self.enter(start).or_else(|sentence| {
            // Another run in the place of the one that the page around has asked for would be nobody's wish.
            if self.host.is_some() {
                return Err(sentence);
            }
            let goal = self.enter(&Start::First)?;
            self.notices.sentence = Some(sentence);
            Ok(goal)
        });
        let goal = match entered {
            Ok(goal) => goal,
            Err(sentence) if self.moment.is_none() => {
                self.session = Err(sentence);
                return;
            }
            Err(sentence) => {
                self.notices.sentence = Some(sentence);
                None
            }
        };
        self.reading.tab = Tab::Node;
        match goal {
            Some(goal) => self.stride(context, &goal),
            None => self.begin_stretch(),
        }
        self.look();
        self.stand();
        self.tool = self.frame().and_then(Tool::for_still_run);
        self.lay_out();
    }

    /// Shows what the scenario needs. A moment that somebody has shared, or a run of one's own, needs nothing special.
    pub(super) fn lay_out(&mut self) {
        let Some(moment) = &self.moment else { return };
        let card = moment.cards.iter().find(|card| Some(card.name) == self.places.scenario.as_deref());
        let sight = card.map_or(Sight::STAGE, |card| card.sight);
        let below = sight.below.map(|below| match below {
            Below::Lanes => Dock::Lanes,
            Below::Charts => Dock::Charts,
        });
        let tab = sight.beside.map(|beside| match beside {
            Beside::Node => Tab::Node,
            Beside::Panels => Tab::Log,
            Beside::History => Tab::History,
        });
        let usual = Dock::usual(&moment.frame);
        let pace = if sight.is_in_real_time { Pace::Real(0) } else { Pace::Story };
        self.playing.pace = Pace::recalled().unwrap_or(pace);
        self.desk.dock = usual.and(below).or(usual);
        let desk = self.desk.panels.without_sheet();
        // What is selected is read in the inspector, which *Learn* opens only where that is what there is to see.
        let acted = moment.frame.caption.node.filter(|_| desk.level == Level::All);
        self.reading.selection = sight.node.or(acted).map(Item::Node);
        self.desk.panels = desk.with_high_lanes(sight.is_high);
        if let Some(tab) = tab {
            self.reading.tab = tab;
            // A sheet would lie over the stage.
            if desk.room == Room::Wide {
                self.desk.panels = self.desk.panels.showing_selection();
            }
        }
    }

    /// Begins the run that the page opens with. Returns the moment to go on to, where that may be far.
    fn enter(&mut self, start: &Start) -> Result<Option<Goal>, Text> {
        if let Some(keeping) = keeping::PART.get().filter(|_| self.host.is_none())
            && let Some(goal) = (keeping.resume)(self, start)?
        {
            return Ok(Some(goal));
        }
        let Ok(session) = &mut self.session else { return Ok(None) };
        let cards = session.scenarios();
        let name = match start {
            Start::First | Start::Notes => cards.first().map(|card| card.name),
            Start::Scenario(name) => match cards.iter().find(|card| card.name == name.as_str()) {
                Some(card) => Some(card.name),
                None if self.host.is_none() => return Err(no_scenario(name, &cards)),
                // The writer of a page needs the names.
                None => Some(name.as_str()),
            },
            Start::Moment(moment) => return self.begin(moment).map(Some),
            Start::Lesson { .. } | Start::Write | Start::Run(_) => return Err(Missing::Unreachable.sentence()),
        };
        let origin = name.map(|name| Origin::open(&mut **session, name)).transpose();
        let origin = origin.map_err(|why| t!("This address leads nowhere: {why}.", why = why))?;
        let opening = session.scenario();
        self.leave_run();
        self.places.scenario = name.map(|name| AttrValue::from(name.to_string()));
        self.places.page.door = name.map(|name| Door::Scenario(name.to_string())).unwrap_or_default();
        (self.places.origin, self.places.page.opening) = (origin, Some(opening));
        Ok(None)
    }

    /// Begins a shared run, at its beginning.
    fn begin(&mut self, moment: &Rc<SharedMoment>) -> Result<Goal, Text> {
        let session = self.session.as_mut().map_err(|sentence| sentence.clone())?;
        let beginning = Scenario { cursor: 0, ..moment.scenario.clone() };
        let load = |session: &mut dyn LabSession| {
            session.load(&beginning).map_err(|why| t!("This moment cannot be opened: {why}.", why = why))
        };
        load(&mut **session)?;
        let origin = moment.origin.as_deref().and_then(|name| Origin::open(&mut **session, name).ok());
        load(&mut **session)?;
        if let Some(name) = &moment.branch {
            // A name that cannot be given is no reason not to open the moment.
            let _ = session.rename_branch(0, name.clone());
        }
        self.leave_run();
        self.places.origin = origin;
        (self.places.title, self.places.note) = (moment.title.clone(), moment.note.clone());
        self.places.page.door = keeping::door_of(moment);
        Ok(Goal { moment: moment.clone(), length: moment.scenario.cursor })
    }

    /// Goes on to a moment, however far, with a picture now and then.
    pub(super) fn approach(&mut self, context: &Context<Self>, goal: &Goal) {
        self.stride(context, goal);
        self.look();
        self.stand();
    }

    fn stride(&mut self, context: &Context<Self>, goal: &Goal) {
        let Ok(session) = &mut self.session else { return };
        let moment = &goal.moment;
        let (before, to) = (session.scenario().cursor, moment.scenario.cursor);
        let reached = session.seek(to.min(before + MOST_PER_STRIDE));
        if reached < to && reached > before {
            let next = goal.clone();
            self.notices.sentence = Some(t!(
                "On the way to event {to}: {reached} so far. Play or step to stay here.",
                to = to,
                reached = reached
            ));
            self.playing.errand =
                NextPicture::new(context.link().callback(move |()| LabPageMessage::Approach(next.clone())));
            return;
        }
        self.playing.errand = None;
        if let Err(sentence) = moment.compare(&mut **session) {
            self.notices.sentence = Some(sentence);
        }
        if goal.length > to {
            session.seek(goal.length.min(to + MOST_AHEAD));
            session.seek(to);
        }
        let letter = session.branches().first().map(|row| row.letter.clone()).unwrap_or_default();
        let bookmark = |mark: &Mark| {
            let title = match session.trace(mark.event, mark.event).first() {
                _ if !mark.name.is_empty() => Text::verbatim(mark.name.clone()),
                Some(event) => event.caption.headline.clone(),
                None => t!("The run begins"),
            };
            let (is_named, note) = (!mark.name.is_empty(), mark.note.clone());
            Bookmark { letter: letter.clone(), event: mark.event, title, is_named, note }
        };
        self.places.bookmarks.extend(moment.bookmarks.iter().map(bookmark));
        if self.places.page.id.is_none() {
            self.places.page.opening = Some(session.scenario());
        }
        self.begin_stretch();
    }

    /// Opens a moment that the article speaks of: a run of its own, beside the text.
    pub(super) fn open_moment(&mut self, context: &Context<Self>, said: &str, title: &str) {
        let (Some(reader), Source::Lab(lab)) = (article::PART.get(), &context.props().source) else { return };
        match (reader.moment)(lab, said, title) {
            Ok(moment) => self.open(context, &Start::Moment(Rc::new(moment))),
            Err(sentence) => self.notices.sentence = Some(sentence),
        }
        if self.desk.panels.pane == Pane::Article {
            self.desk.panels.pane = Pane::Stage;
        }
    }

    /// Whether a run that the visitor has kept is open already.
    pub(super) fn is_open(&self, start: &Start) -> bool {
        matches!(start, Start::Run(id) if self.places.page.id == Some(*id))
    }

    /// Keeps the run in the workbook.
    pub(super) fn keep_page(&mut self) {
        if let Some(keeping) = keeping::PART.get() {
            (keeping.keep)(self);
        }
    }

    /// Keeps the moment that is shown where a failure of the app does not reach it, and its address for who looks at a
    /// figure. While a run plays that is the moment from which it plays; a recorded log is a file already.
    pub(super) fn keep(&mut self) {
        if self.playing.is_on || !self.painting.is_whole {
            return;
        }
        self.keep_page();
        let Some(share) = share::PART.get() else { return };
        let row = self.moment.as_ref().and_then(Moment::branch);
        let Some(letter) = row.map(|row| row.letter.clone()) else { return };
        if let Some(moment) = self.share().filter(|moment| labs::registry::about(&moment.scenario.lab).is_ok()) {
            // Packing a moment costs something, and without a page nobody keeps it.
            if dom::window().is_some() {
                let state = (share.link)(&moment);
                rescue::keep(&letter, &state, &(share.file)(&moment));
                self.places.address = (dom::page_address() + &Route::Moment(state).hash()).into();
            }
        }
    }

    /// The moment that is shown, to pass on.
    pub(super) fn share(&mut self) -> Option<Rc<SharedMoment>> {
        let session = self.session.as_mut().ok()?;
        let row = session.branches().into_iter().find(|row| row.selected)?;
        let name = row.is_named.then(|| row.title.to_string());
        let marks = self.places.marks_of(&row);
        Some(Rc::new(SharedMoment {
            origin: self.places.origin.as_ref().map(|origin| origin.name.to_string()),
            title: self.places.title.clone(),
            note: self.places.note.clone(),
            ..SharedMoment::now(&mut **session, name, marks)
        }))
    }
}

/// What a visitor reads whose address names no scenario of the lab: they see the first one.
fn no_scenario(name: &str, cards: &[ScenarioCard]) -> Text {
    t!(
        "This lab has no scenario {name}, so you see “{title}”. Choose another one under Scenarios.",
        name = excerpt(name, QUOTED),
        title = cards.first().map(|card| card.title.clone()).unwrap_or_default()
    )
}
