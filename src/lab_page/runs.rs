//! Which run is shown: scenarios, branches, bookmarks.

use sim::{Scenario, Text, Value, t};
use yew::prelude::*;

use super::{LabPage, Source, Start};
use crate::bookmarks::Bookmark;
use crate::command::{Named, Run};
use crate::compare::Comparison;
use crate::dom;
use crate::lanes::chronicle::Chronicle;
use crate::rescue;
use crate::route::Route;
use crate::stage::tool::Tool;

impl LabPage {
    pub(super) fn change_run(&mut self, context: &Context<Self>, wish: Run) {
        match wish {
            Run::Open(name) => {
                self.open_scenario(context, name);
                dom::scroll_to_start(".side");
            }
            Run::Restart { changes, seed } => self.restart(changes, seed),
            Run::ShowFind(scenario, check) => self.show_find(&scenario, &check),
            Run::SelectBranch(branch) => self.select_branch(branch),
            Run::NextBranch { forward } => self.go_to_next_branch(forward),
            Run::RemoveBranch(branch) => self.remove_branch(branch),
            Run::Compare(comparison) => self.compare(comparison),
            Run::ToggleBookmark => {
                if let Some(moment) = &self.moment {
                    self.places.toggle_bookmark(moment);
                }
            }
            Run::GoToBookmark(index) => self.go_to_bookmark(index),
            Run::Rename(named, name) => self.rename(named, name),
        }
    }

    fn open_scenario(&mut self, context: &Context<Self>, name: String) {
        // The browser reports no change where the address already says so.
        let start = Start::Scenario(name.clone().into());
        if context.props().start == start || self.places.scenario.as_deref() == Some(&name) {
            self.open(context, &start);
        } else if let Source::Lab(lab) = &context.props().source {
            Route::Lab { lab: lab.to_string(), scenario: Some(name) }.go();
        }
    }

    fn restart(&mut self, changes: Vec<(String, Value)>, seed: u64) {
        let Ok(session) = &mut self.session else { return };
        self.notices.sentence = session.restart(changes, seed).err();
        if self.notices.sentence.is_none() {
            self.places.scenario = None;
            self.leave_run();
            self.look();
            self.tool = self.frame().and_then(Tool::for_still_run);
            self.stand();
        }
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
        let refusal = session.open_branch(scenario, t!("hunt")).err();
        self.show_run(refusal);
        let found = self.frame().and_then(|frame| frame.checks.iter().find(|row| row.name == check).cloned());
        if let (None, Some(row)) = (&self.notices.sentence, found) {
            let title = row.title;
            self.notices.sentence = Some(match row.sentence {
                Some(sentence) => {
                    t!("The hunt has found this: {sentence} ({check})", sentence = sentence, check = title)
                }
                None => t!("The hunt has found this: {check}", check = title),
            });
        }
    }

    fn select_branch(&mut self, branch: usize) {
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
        }
        self.show_run(refusal);
    }

    fn go_to_bookmark(&mut self, index: usize) {
        let Ok(session) = &mut self.session else { return };
        let Some(Bookmark { letter, event, .. }) = self.places.bookmarks.get(index) else { return };
        let branch = session.branches().iter().position(|row| row.letter == *letter).unwrap_or(usize::MAX);
        let refusal = session.select_branch(branch).err();
        if refusal.is_none() {
            session.seek(*event);
        }
        self.show_run(refusal);
    }

    /// Shows the branch that the session has come to, and why it is not the one that was wished for.
    fn show_run(&mut self, refusal: Option<Text>) {
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
                self.look();
            }
            Named::Bookmark(place) => {
                if let Some(bookmark) = self.places.bookmarks.get_mut(place) {
                    bookmark.rename(&name);
                }
            }
        }
    }
}
