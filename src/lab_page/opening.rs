//! How a page begins: with a scenario, or with a moment that somebody has shared.

use std::rc::Rc;

use sim::{Below, Beside, Mark, Scenario, SharedMoment, Sight, Text, t};
use yew::prelude::*;

use super::moment::Moment;
use super::{LabPage, LabPageMessage};
use crate::bookmarks::Bookmark;
use crate::command::{Item, Tab};
use crate::dom::{self, NextPicture};
use crate::panels::{Dock, Level, Room};
use crate::rescue;
use crate::route::Route;
use crate::share;
use crate::stage::tool::Tool;

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
    /// A moment that somebody has shared.
    Moment(Rc<SharedMoment>),
}

impl LabPage {
    pub(super) fn open(&mut self, context: &Context<Self>, start: &Start) {
        if self.session.is_err() {
            return;
        }
        let entered = self.enter(start);
        if let (Err(sentence), Some(_), None) = (&entered, &self.host, &self.moment) {
            // Another run in the place of the one that the page around has asked for would be nobody's wish.
            self.session = Err(sentence.clone());
            return;
        }
        self.notices.sentence = entered.err();
        self.leave_run();
        self.reading.tab = Tab::Node;
        match (start, &self.notices.sentence) {
            (Start::Moment(moment), None) => self.stride(context, moment),
            _ => self.begin_stretch(),
        }
        self.look();
        self.stand();
        self.tool = self.frame().and_then(Tool::for_still_run);
        self.lay_out();
    }

    /// Shows what the scenario needs. A moment that somebody has shared, or a run of one's own, needs nothing special.
    fn lay_out(&mut self) {
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

    /// Begins the run that the page opens with, a shared moment's at its beginning.
    fn enter(&mut self, start: &Start) -> Result<(), Text> {
        let session = self.session.as_mut().map_err(|sentence| sentence.clone())?;
        let name = match start {
            Start::First => session.scenarios().first().map(|card| AttrValue::from(card.name)),
            Start::Scenario(name) => Some(name.clone()),
            Start::Moment(moment) => {
                let beginning = Scenario { cursor: 0, ..moment.scenario.clone() };
                session.load(&beginning).map_err(|why| t!("This moment cannot be opened: {why}.", why = why))?;
                if let Some(name) = &moment.branch {
                    // A name that cannot be given is no reason not to open the moment.
                    let _ = session.rename_branch(0, name.clone());
                }
                None
            }
        };
        if let Some(name) = &name {
            session.open(name).map_err(|why| t!("This address leads nowhere: {why}.", why = why))?;
        }
        self.places.scenario = name;
        Ok(())
    }

    /// Goes on to a shared moment, however far, with a picture now and then.
    pub(super) fn approach(&mut self, context: &Context<Self>, moment: &Rc<SharedMoment>) {
        self.stride(context, moment);
        self.look();
        self.stand();
    }

    fn stride(&mut self, context: &Context<Self>, moment: &Rc<SharedMoment>) {
        let Ok(session) = &mut self.session else { return };
        let (before, to) = (session.scenario().cursor, moment.scenario.cursor);
        let reached = session.seek(to.min(before + MOST_PER_STRIDE));
        if reached < to && reached > before {
            let next = moment.clone();
            self.notices.sentence = Some(t!(
                "On the way to event {to}: {reached} so far. Play or step to stay here.",
                to = to,
                reached = reached
            ));
            self.playing.errand =
                NextPicture::new(context.link().callback(move |()| LabPageMessage::Approach(next.clone())));
            return;
        }
        self.notices.sentence = moment.compare(&mut **session).err();
        let letter = session.branches().first().map(|row| row.letter.clone()).unwrap_or_default();
        let bookmark = |mark: &Mark| {
            let title = match session.trace(mark.event, mark.event).first() {
                _ if !mark.name.is_empty() => Text::verbatim(mark.name.clone()),
                Some(event) => event.caption.headline.clone(),
                None => t!("The run begins"),
            };
            Bookmark { letter: letter.clone(), event: mark.event, title, is_named: !mark.name.is_empty() }
        };
        self.places.bookmarks = moment.bookmarks.iter().map(bookmark).collect();
        self.begin_stretch();
    }

    /// Keeps the moment that is shown where a failure of the app does not reach it, and its address for who looks at a
    /// figure. While a run plays that is the moment from which it plays; a recorded log is a file already.
    pub(super) fn keep(&mut self) {
        let Some(share) = share::PART.get().filter(|_| !self.playing.is_on && self.painting.is_whole) else { return };
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
        let marks = self.places.marks_of(&row.letter);
        Some(Rc::new(SharedMoment::now(&mut **session, name, marks)))
    }
}
