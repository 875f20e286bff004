//! The workbook as the page of a lab uses it: a part of its own.

use std::rc::Rc;

use sim::{Scenario, SharedMoment, Text, t};
use yew::AttrValue;

use super::notices::Offer;
use super::opening::Goal;
use super::places::Removed;
use super::{LabPage, Start};
use crate::command::Run;
use crate::dom;
use crate::part;
use crate::words::say;
use crate::workbook::entry::Entry;
use crate::workbook::origin::{Origin, Since, further};
use crate::workbook::row::{Door, Row};
use crate::workbook::{self, when};

/// What keeps runs.
#[derive(Debug)]
pub struct Keeping {
    /// Opens the run that the visitor has behind this door; nothing where there is none.
    pub resume: fn(&mut LabPage, &Start) -> Result<Option<Goal>, Text>,
    /// Opens the run that the visitor has of a task of a lesson. Returns whether there is one.
    pub resume_task: fn(&mut LabPage, &str) -> bool,
    /// Keeps the run as it is now, if the visitor has done anything in it.
    pub keep: fn(&mut LabPage),
    pub remove: fn(&mut LabPage, u64),
    /// Takes the last removal back.
    pub undo: fn(&mut LabPage),
}

part!(
    workbook: Keeping = Keeping {
        resume: LabPage::resume,
        resume_task: LabPage::resume_run_of_task,
        keep: LabPage::keep_run,
        remove: LabPage::remove_kept,
        undo: LabPage::undo,
    }
);

/// The page of the workbook that a run is on.
#[derive(Debug, Default)]
pub struct Page {
    /// Its row; none as long as the visitor has done nothing.
    pub(super) id: Option<u64>,
    pub(super) door: Door,
    /// Whether the visitor has begun again since, or is about to.
    pub(super) is_left: bool,
    /// How it began, before anything was done; none where that is not known any more.
    pub(super) opening: Option<Scenario>,
    /// Whether a lesson shows it, and the visitor has done nothing in it.
    pub(super) is_lent: bool,
    /// Whether the visitor has written something: a name, a bookmark, a note.
    pub(super) is_written: bool,
    /// When it had changed last, where it was opened again.
    pub(super) back_ms: Option<u64>,
    /// When it changed last, as far as this page knows, and what was written then.
    known_ms: Option<u64>,
    written: Option<(String, bool)>,
    /// All runs of the lab.
    pub(super) rows: Rc<[Row]>,
}

impl Page {
    /// An empty page of the same workbook.
    pub(super) fn turned(&self) -> Page {
        Page { rows: self.rows.clone(), ..Page::default() }
    }

    /// The same page, for another run in the place of one in which nothing was done.
    pub(super) fn wiped(&self) -> Page {
        Page { id: self.id, known_ms: self.known_ms, ..self.turned() }
    }
}

impl LabPage {
    /// Opens the run that the visitor has behind this door; nothing where there is none.
    fn resume(&mut self, start: &Start) -> Result<Option<Goal>, Text> {
        self.list_runs();
        let Ok(session) = &self.session else { return Ok(None) };
        let lab = session.about().id;
        let book = workbook::book();
        let of_scenario = |name: &str| book.behind(lab, &Door::Scenario(name.to_string()));
        let row = match start {
            Start::First | Start::Notes => session.scenarios().first().and_then(|card| of_scenario(card.name)),
            Start::Scenario(name) => of_scenario(name),
            Start::Run(id) => {
                let row = self.places.page.rows.iter().find(|row| row.id == *id).cloned();
                Some(row.ok_or_else(|| t!("This run is not kept in this browser: it was removed, or made elsewhere."))?)
            }
            Start::Moment(moment) => {
                self.notices.offer = book.behind(lab, &door_of(moment)).map(|row| Offer::go_on(&row, dom::date_ms()));
                None
            }
            Start::Lesson { .. } | Start::Write => None,
        };
        let Some(row) = row else { return Ok(None) };
        match (self.reopen(row), start) {
            (Ok(goal), _) => Ok(Some(goal)),
            (Err(why), Start::Run(_)) => Err(t!("This run cannot be opened: {why}.", why = why)),
            (Err(why), _) => {
                self.notices.sentence = Some(t!(
                    "Your last run of this scenario cannot be opened: {why}. It stays in the list, and this one begins afresh.",
                    why = why
                ));
                Ok(None)
            }
        }
    }

    fn resume_run_of_task(&mut self, place: &str) -> bool {
        self.list_runs();
        let Ok(session) = &self.session else { return false };
        let row = workbook::book().behind(session.about().id, &Door::Lesson(place.to_string()));
        let Some(Ok(goal)) = row.map(|row| self.reopen(row)) else { return false };
        if let Ok(session) = &mut self.session {
            session.seek(goal.moment.scenario.cursor);
        }
        self.look();
        self.stand();
        true
    }

    fn reopen(&mut self, row: Row) -> Result<Goal, Text> {
        let packed = workbook::book().read(row.id).ok_or_else(|| t!("it is damaged"))?;
        let entry = Entry::read(&packed)?;
        let (moment, length) = entry.moment(&row.lab).ok_or_else(|| t!("it is damaged"))?;
        let session = self.session.as_mut().map_err(|sentence| sentence.clone())?;
        let origin = entry.origin.as_deref().and_then(|name| Origin::open(&mut **session, name).ok());
        session.plant(&entry.tree)?;
        self.leave_run();
        self.places.scenario = match &row.door {
            Door::Scenario(name) => Some(AttrValue::from(name.clone())),
            Door::Link(_) | Door::Lesson(_) | Door::Settings => None,
        };
        if let Some(name) = &self.places.scenario {
            self.notices.offer = Some(Offer::begin_again(name, &row, dom::date_ms()));
        }
        (self.places.origin, self.places.bookmarks) = (origin, entry.bookmarks);
        (self.places.title, self.places.note) = (entry.title, entry.note);
        self.places.page = Page {
            id: Some(row.id),
            door: row.door,
            is_left: row.is_left,
            back_ms: Some(row.changed_ms),
            known_ms: Some(row.changed_ms),
            written: Some((packed, row.is_left)),
            ..self.places.page.turned()
        };
        Ok(Goal { moment: Rc::new(moment), length })
    }

    /// Whether nothing has been done in the run since it began.
    pub(super) fn is_as_opened(&self) -> bool {
        let Ok(session) = &self.session else { return false };
        let page = &self.places.page;
        !page.is_written && session.branches().len() == 1 && page.opening.as_ref() == Some(&session.scenario())
    }

    /// Keeps the run as it is now, if the visitor has done anything in it. A figure belongs to the page around it, and on
    /// the way to a moment that is far the run is not yet as it was left.
    fn keep_run(&mut self) {
        // What a lesson shows is no work of the visitor.
        if self.places.page.is_lent {
            return;
        }
        if self.host.is_some() || self.moment.is_none() || self.playing.errand.is_some() {
            return;
        }
        // Settings are something that the visitor has done.
        if self.places.page.id.is_none() && self.places.page.door != Door::Settings && self.is_as_opened() {
            return;
        }
        let Ok(session) = &mut self.session else { return };
        let Some(tree) = session.tree() else { return };
        let page = &self.places.page;
        let (lab, now_ms) = (session.about().id.to_string(), dom::date_ms());
        let limb = &tree.branches[tree.selected];
        let acts = further(&limb.prepared, &limb.inputs);
        let entry = Entry {
            origin: self.places.origin.as_ref().map(|origin| origin.name.to_string()),
            title: self.places.title.clone(),
            note: self.places.note.clone(),
            bookmarks: self.places.bookmarks.clone(),
            digest: session.digest() as u32,
            tree,
        };
        let written = (entry.write(), page.is_left);
        if page.written.as_ref() == Some(&written) {
            return;
        }
        let row = Row {
            id: page.id.unwrap_or(now_ms),
            lab,
            door: page.door.clone(),
            is_left: page.is_left,
            changed_ms: now_ms,
            bytes: 0,
            branches: entry.tree.branches.len(),
            acts,
            bookmarks: entry.bookmarks.len(),
            title: self.title_of_run(),
        };
        let row = workbook::book().keep(row, &written.0, page.known_ms);
        let page = &mut self.places.page;
        (page.id, page.known_ms, page.written) = (Some(row.id), Some(row.changed_ms), Some(written));
        self.list_runs();
    }

    /// What the run is called in the list.
    fn title_of_run(&self) -> String {
        if !self.places.title.is_empty() {
            return self.places.title.clone();
        }
        let Some(moment) = &self.moment else { return String::new() };
        let origin = self.places.origin.as_ref();
        let card = origin.and_then(|origin| moment.cards.iter().find(|card| card.name == origin.name.as_str()));
        let title = match (card, moment.since, &self.places.page.door) {
            (Some(card), Some(Since::Anew), _) => t!("{scenario}, begun anew", scenario = card.title.clone()),
            (Some(card), ..) => card.title.clone(),
            (None, _, Door::Link(_)) => t!("A shared run"),
            (None, ..) => t!("A run of your own"),
        };
        say(title).to_string()
    }

    fn list_runs(&mut self) {
        if let Ok(session) = &self.session {
            let lab = session.about().id;
            self.places.page.rows = workbook::recent().into_iter().filter(|row| row.lab == lab).collect();
        }
    }

    fn remove_kept(&mut self, id: u64) {
        let Some(removed) = workbook::book().remove(id) else { return };
        self.places.removed = Some(Removed::Run(removed));
        self.list_runs();
        self.notices.offer = Some(Offer::undo(t!("The run is removed.")));
    }

    /// Takes the last removal back.
    fn undo(&mut self) {
        match self.places.removed.take() {
            None => self.notices.sentence = Some(t!("Nothing has been removed that could be put back.")),
            Some(Removed::Run(removed)) => {
                workbook::book().put_back(removed);
                self.list_runs();
            }
            Some(Removed::Bookmark(place, bookmark)) => self.places.put_back(place, bookmark),
            Some(Removed::Branch(bookmarks)) => {
                let Ok(session) = &mut self.session else { return };
                let refusal = session.regrow().err();
                bookmarks.into_iter().for_each(|(place, bookmark)| self.places.put_back(place, bookmark));
                self.show_run(refusal);
            }
        }
        self.keep();
    }
}

/// The door of a moment that somebody has shared.
pub(super) fn door_of(moment: &SharedMoment) -> Door {
    Door::Link(u64::from(moment.digest) << 32 | moment.scenario.cursor & u64::from(u32::MAX))
}

impl Offer {
    /// The run is as the visitor has left it: they may not want that.
    fn begin_again(scenario: &AttrValue, row: &Row, now_ms: u64) -> Offer {
        Offer {
            sentence: t!("Your run as you left it {when}.", when = when::ago(row.changed_ms, now_ms)),
            label: t!("Begin again"),
            id: "begin-again",
            wish: Run::Open(scenario.to_string()),
        }
    }

    /// A link shows its moment, and the visitor has gone on from there before.
    fn go_on(row: &Row, now_ms: u64) -> Offer {
        Offer {
            sentence: t!("You went on from here {when}.", when = when::ago(row.changed_ms, now_ms)),
            label: t!("Go on with that run"),
            id: "go-on-with",
            wish: Run::OpenKept(row.id),
        }
    }
}
