//! Which run is shown: scenarios, branches, bookmarks.

use sim::share::{MOST_NOTE, MOST_TITLE, plain};
use sim::{Scenario, Text, Value, t};
use yew::prelude::*;

use super::notices::Offer;
use super::places::{Places, Removed};
use super::{LabPage, Source, Start, around, keeping};
use crate::command::{Named, Run};
use crate::compare::Comparison;
use crate::dom;
use crate::lanes::chronicle::Chronicle;
use crate::rescue;
use crate::route::Route;
use crate::stage::tool::Tool;
use crate::workbook::row::Door;

/// The button that takes a removal back.
const UNDO: &str = "[data-testid=undo]";

impl LabPage {
    pub(super) fn change_run(&mut self, context: &Context<Self>, wish: Run) {
        match wish {
            Run::Open(name) => {
                self.open_scenario(context, name);
                dom::scroll_to_start(".side");
            }
            Run::OpenMoment(said, title) => self.open_moment(context, &said, &title),
            Run::OpenLab(lab) => Route::Lab { lab: lab.to_string(), scenario: None }.go(),
            Run::Restart { changes, seed } => self.restart(context, changes, seed),
            Run::ShowFind(scenario, check) => self.show_find(&scenario, &check),
            Run::ShowMe(wish) => self.places.wish = wish,
            Run::ShowContrast(contrast, wish) => {
                if let Some(around) = around::PART.get() {
                    (around.show_contrast)(self, &contrast, &wish);
                }
            }
            Run::SelectBranch(branch) => self.select_branch(branch),
            Run::NextBranch { forward } => self.go_to_next_branch(forward),
            Run::RemoveBranch(branch) => self.remove_branch(branch),
            Run::Compare(comparison) => self.compare(comparison),
            Run::ToggleBookmark => self.toggle_bookmark(),
            Run::RemoveBookmark(index) => self.remove_bookmark(index),
            Run::Annotate(index, note) => self.write(|places| {
                places.bookmarks.get_mut(index).into_iter().for_each(|bookmark| bookmark.annotate(&note));
            }),
            Run::Describe { title, note } => self.write(|places| {
                (places.title, places.note) = (plain(&title, MOST_TITLE), plain(&note, MOST_NOTE));
            }),
            Run::GoToBookmark(index) => self.go_to_bookmark(index),
            Run::Rename(named, name) => self.rename(named, name),
            Run::OpenKept(id) => self.open_kept(context, id),
            Run::RemoveKept(id) => {
                if let Some(keeping) = keeping::PART.get() {
                    (keeping.remove)(self, id);
                    self.painting.focus = Some(UNDO.into());
                }
            }
            Run::Undo => {
                if let Some(keeping) = keeping::PART.get() {
                    (keeping.undo)(self);
                }
            }
        }
    }

    fn open_scenario(&mut self, context: &Context<Self>, name: String) {
        // Whoever asks for what is open wants to begin again.
        self.places.page.is_left |= self.places.scenario.as_deref() == Some(&name);
        let start = Start::Scenario(name.clone().into());
        // The browser reports no change where the address already says so; while somebody reads, it names the article.
        if [&start, &Start::Notes].contains(&&context.props().start) {
            self.open(context, &start);
        } else if let Source::Lab(lab) = &context.props().source {
            Route::Lab { lab: lab.to_string(), scenario: Some(name) }.go();
        }
    }

    fn open_kept(&mut self, context: &Context<Self>, id: u64) {
        let start = Start::Run(id);
        if [&start, &Start::Notes].contains(&&context.props().start) {
            self.open(context, &start);
        } else if let Source::Lab(lab) = &context.props().source {
            Route::Run { lab: lab.to_string(), id }.go();
        }
    }

    /// Starts an empty run: one of its own, which is kept, with an address of its own.
    fn restart(&mut self, context: &Context<Self>, changes: Vec<(String, Value)>, seed: u64) {
        self.keep_page();
        // Who goes through settings or seeds does not want each of them in the list.
        let is_untouched = self.places.page.door == Door::Settings && self.is_as_opened();
        let page = if is_untouched { self.places.page.wiped() } else { self.places.page.turned() };
        let Ok(session) = &mut self.session else { return };
        self.notices.sentence = session.restart(changes, seed).err();
        if self.notices.sentence.is_none() {
            let (origin, opening) = (self.places.origin.take(), session.scenario());
            self.leave_run();
            (self.places.origin, self.places.page) = (origin, page);
            self.places.page.opening = Some(opening);
            self.look();
            self.tool = self.frame().and_then(Tool::for_still_run);
            self.stand();
            self.keep_page();
            if let (Source::Lab(lab), Some(id)) = (&context.props().source, self.places.page.id) {
                Route::Run { lab: lab.to_string(), id }.go();
            }
        }
    }

    fn toggle_bookmark(&mut self) {
        let Some(moment) = &self.moment else { return };
        match self.places.mark(moment) {
            Some(known) => self.remove_bookmark(known),
            None => self.write(|_| ()),
        }
    }

    fn remove_bookmark(&mut self, index: usize) {
        let Some(bookmark) = self.places.take_out(index) else { return };
        let sentence = t!("The bookmark {place} is removed.", place = bookmark.place());
        self.places.removed = Some(Removed::Bookmark(index, bookmark));
        self.notices.offer = Some(Offer::undo(sentence));
        self.keep();
    }

    /// Writes something of the visitor's own, and keeps it.
    fn write(&mut self, write: impl FnOnce(&mut Places)) {
        write(&mut self.places);
        self.places.page.is_written = true;
        self.keep();
    }

    /// Another run begins: what was chosen and known of the one before is not of this one.
    pub(super) fn leave_run(&mut self) {
        self.playing.errand = None;
        self.playing.is_on = false;
        self.reading.leave_run();
        self.places.leave_run();
        self.forget();
        rescue::forget();
    }

    /// Forgets what is known of the events: they are others now.
    fn forget(&mut self) {
        self.events.chronicle = Chronicle::default();
        self.select_event(None);
    }

    /// Opens a find beside the branches there are, and says what it shows.
    fn show_find(&mut self, scenario: &Scenario, check: &str) {
        let Ok(session) = &mut self.session else { return };
        let title = session.checks().iter().find(|known| known.name == check).map(|check| check.title.clone());
        let refusal = session.open_branch(scenario, t!("found: {check}", check = title.unwrap_or_default())).err();
        self.show_run(refusal);
        let found = self.frame().and_then(|frame| frame.checks.iter().find(|row| row.name == check).cloned());
        if let (None, Some(row)) = (&self.notices.sentence, found) {
            let title = row.title;
            self.notices.sentence = Some(match row.sentence {
                Some(sentence) => t!(
                    "Found: {sentence} ({check}). Step back to see how it came about.",
                    sentence = sentence,
                    check = title
                ),
                None => t!("Found: {check}. Step back to see how it came about.", check = title),
            });
        }
    }

    fn select_branch(&mut self, branch: usize) {
        if let Some(comparison) = &mut self.places.comparison {
            comparison.story = None;
        }
        let Ok(session) = &mut self.session else { return };
        let refusal = session.select_branch(branch).err();
        self.show_run(refusal);
    }

    fn go_to_next_branch(&mut self, forward: bool) {
        let Ok(session) = &mut self.session else { return };
        let rows = session.branches();
        let at = rows.iter().position(|row| row.selected).unwrap_or(0);
        let next = if forward { at + 1 } else { at + rows.len() - 1 } % rows.len().max(1);
        self.select_branch(next);
    }

    fn remove_branch(&mut self, branch: usize) {
        let Ok(session) = &mut self.session else { return };
        let letter = session.branches().get(branch).map(|row| row.letter.clone());
        let refusal = session.remove_branch(branch).err();
        if let (None, Some(letter)) = (&refusal, letter) {
            rescue::forget_branch(&letter);
            let lost = self.places.take_out_lost(&session.branches());
            self.places.removed = Some(Removed::Branch(lost));
            self.notices.offer = Some(Offer::undo(t!("Branch {letter} is removed.", letter = letter)));
            self.painting.focus = Some(UNDO.into());
        }
        self.show_run(refusal);
    }

    fn go_to_bookmark(&mut self, index: usize) {
        let Ok(session) = &mut self.session else { return };
        let Some(bookmark) = self.places.bookmarks.get(index) else { return };
        let rows = session.branches();
        let own = rows.iter().position(|row| row.letter == bookmark.letter);
        // Its branch may be gone, and what it marks still be the past of another one.
        let branch = own.or_else(|| rows.iter().position(|row| bookmark.is_on(row))).unwrap_or(usize::MAX);
        let refusal = session.select_branch(branch).err();
        if refusal.is_none() {
            session.seek(bookmark.event);
        }
        self.show_run(refusal);
    }

    /// Shows the branch that the session has come to, and why it is not the one that was wished for.
    pub(super) fn show_run(&mut self, refusal: Option<Text>) {
        self.forget();
        self.arrive();
        self.notices.sentence = refusal;
    }

    fn compare(&mut self, comparison: Option<Comparison>) {
        self.places.comparison = comparison;
        self.reading.knower = None;
        self.playing.pause();
        self.look();
        self.stand();
    }

    fn rename(&mut self, named: Named, name: String) {
        match named {
            Named::Branch(branch) => {
                let Ok(session) = &mut self.session else { return };
                self.notices.sentence = session.rename_branch(branch, name).err();
                self.places.page.is_written = true;
                self.look();
            }
            Named::Bookmark(place) => self.write(|places| {
                places.bookmarks.get_mut(place).into_iter().for_each(|bookmark| bookmark.rename(&name));
            }),
        }
    }
}
