//! How each command is carried out.

use sim::{Scenario, Text, t};
use yew::prelude::*;

use super::{LabPage, Source, Start, exporting, presenting};
use crate::bookmarks::{self, Bookmark};
use crate::command::{Command, Item, Named, Tab, Topic};
use crate::hint::Tried;
use crate::language;
use crate::rescue;
use crate::route::Route;
use crate::speed;
use crate::stage::tool::Tool;

impl LabPage {
    pub(super) fn obey(&mut self, context: &Context<Self>, command: Command) {
        if self.defer(context, &command) {
            return;
        }
        if let Some(tried) = &mut self.tried {
            *tried = tried.after(&command);
            if tried.is_all() {
                Tried::remember();
            }
        }
        let Ok(session) = &mut self.session else { return };
        self.errand = None;
        match command {
            Command::Surround => self.surround(),
            Command::Open(name) => {
                // The browser reports no change where the address already says so.
                let start = Start::Scenario(name.clone().into());
                if context.props().start == start || self.scenario.as_deref() == Some(&name) {
                    self.open(context, &start);
                } else if let Source::Lab(lab) = &context.props().source {
                    Route::Lab { lab: lab.to_string(), scenario: Some(name) }.go();
                }
            }
            Command::Restart { changes, seed } => {
                self.notice = session.restart(changes, seed).err();
                if self.notice.is_none() {
                    self.scenario = None;
                    self.comparison = None;
                    self.bookmarks.clear();
                    self.playing = false;
                    self.selection = None;
                    self.knower = None;
                    self.forget();
                    rescue::forget();
                    self.look();
                    self.tool = self.frame().and_then(Tool::for_still_run);
                    self.stand();
                }
            }
            Command::ShowFind(scenario, check) => self.show_find(&scenario, &check),
            Command::Act(inputs) => self.act(inputs),
            Command::Seek(event) => {
                session.seek(event);
                self.arrive();
            }
            Command::Step { forward } => self.step(forward),
            Command::StepNode { forward } => self.step_node(forward),
            Command::End => {
                let length = self.frame().map_or(0, |frame| frame.length);
                if let Ok(session) = &mut self.session {
                    session.seek(length);
                }
                self.arrive();
            }
            Command::Play => self.play(),
            Command::SetSpeed(power) => {
                self.speed = power;
                if self.playing {
                    self.motion.play(speed::us_per_ms(power, self.pace_us()));
                }
            }
            Command::RunUntil(until) => self.run_until(context, until),
            Command::SelectBranch(branch) => {
                let refusal = session.select_branch(branch).err();
                self.change_run(refusal);
            }
            Command::ToggleBookmark => {
                let Some(moment) = &self.moment else { return };
                let letter = moment.branches.iter().find(|row| row.selected).map(|row| row.letter.clone());
                let (event, title) = (moment.frame.event, moment.frame.caption.headline.clone());
                let bookmark = Bookmark { letter: letter.unwrap_or_default(), event, title, is_named: false };
                bookmarks::toggle(&mut self.bookmarks, bookmark);
            }
            Command::GoToBookmark(index) => {
                let Some(Bookmark { letter, event, .. }) = self.bookmarks.get(index).cloned() else { return };
                let branch = session.branches().iter().position(|row| row.letter == letter).unwrap_or(usize::MAX);
                let refusal = session.select_branch(branch).err();
                if refusal.is_none() {
                    session.seek(event);
                }
                self.change_run(refusal);
            }
            Command::NextBranch { forward } => {
                let rows = session.branches();
                let at = rows.iter().position(|row| row.selected).unwrap_or(0);
                let next = if forward { at + 1 } else { at + rows.len() - 1 } % rows.len().max(1);
                let refusal = session.select_branch(next).err();
                self.change_run(refusal);
            }
            Command::RemoveBranch(branch) => {
                let letter = session.branches().get(branch).map(|row| row.letter.clone());
                let refusal = session.remove_branch(branch).err();
                if let (None, Some(letter)) = (&refusal, letter) {
                    rescue::forget_branch(&letter);
                }
                self.change_run(refusal);
            }
            Command::Rename(Named::Branch(branch), name) => {
                self.notice = session.rename_branch(branch, name).err();
                self.look();
            }
            Command::Rename(Named::Bookmark(place), name) => {
                if let Some(bookmark) = self.bookmarks.get_mut(place) {
                    bookmark.rename(&name);
                }
            }
            Command::Compare(comparison) => {
                self.comparison = comparison;
                self.knower = None;
                self.pause();
                self.look();
                self.stand();
            }
            Command::ToggleText => self.text = !self.text,
            Command::Fold(panel) => {
                self.panels = self.panels.toggled(panel);
                self.panels.remember();
            }
            Command::ShowDock(dock) => {
                self.dock = Some(dock);
                self.look();
            }
            Command::Resize(panel, size_px) => {
                self.panels = self.panels.resized(panel, size_px);
                self.panels.remember();
            }
            Command::ShowPane(pane) => self.panels.pane = pane,
            Command::Speak(language) => language::choose(language),
            Command::EndHint => {
                Tried::remember();
                self.tried = None;
            }
            Command::CloseSheet => self.panels = self.panels.without_sheet(),
            Command::Select(None) if self.tool.is_some() => self.tool = self.tool.and_then(Tool::put_back),
            Command::Select(None) if self.panels.has_sheet() => self.panels = self.panels.without_sheet(),
            Command::Select(item) => {
                self.selection = item;
                self.question = None;
                if item.is_some() {
                    self.panels = self.panels.showing_selection();
                }
                match item {
                    None => self.select_event(None),
                    Some(Item::Node(_)) => self.tab = Tab::Node,
                    Some(Item::Message(_)) => self.tab = Tab::Message,
                    _ => {}
                }
            }
            Command::Take(tool) => self.tool = tool,
            Command::NextTool => self.tool = self.frame().and_then(|frame| Tool::next(self.tool, frame)),
            Command::Press(node) => self.press(node),
            Command::Make(deed) => self.make(deed),
            Command::Zoom(zoom) => self.zoom = zoom.from(self.zoom),
            Command::SelectEvent(event) => self.select_event(event),
            Command::CompareEvent(event) => self.compare_event(event),
            // Carried out where it comes in, since it often changes nothing.
            Command::Watch(_) => {}
            Command::ShowTab(tab) => self.tab = tab,
            Command::Ask(subject) => {
                self.question = Some(subject);
                self.tab = Tab::Why;
            }
            Command::Follow(event) => self.follow(event),
            Command::ShowKnown(knower) => self.show_known(knower),
            Command::Export(format) => {
                if let Some(exporting) = exporting::PART.get() {
                    (exporting.save_run)(self, format);
                }
            }
            Command::SavePicture(subject, format) => {
                if let Some(exporting) = exporting::PART.get() {
                    (exporting.save_picture)(self, subject, format);
                }
            }
            Command::Present(begins) => self.present(begins),
            Command::Lectern(change) => {
                if let Some(present) = presenting::PART.get() {
                    (present.change)(self, context, change);
                }
            }
            Command::ShowDialog(Some(Topic::Share)) => {
                if matches!(context.props().source, Source::Lab(_)) {
                    self.pause();
                    self.shared = self.share();
                    self.topic = Some(Topic::Share);
                }
            }
            Command::ShowDialog(topic) => self.topic = topic,
            Command::Say(text) => self.notice = Some(text),
            Command::Dismiss => self.notice = None,
        }
    }

    /// Opens a find beside the branches there are, and says what it shows.
    fn show_find(&mut self, scenario: &Scenario, check: &str) {
        let Ok(session) = &mut self.session else { return };
        let refusal = session.open_branch(scenario, t!("hunt")).err();
        self.change_run(refusal);
        let found = self.frame().and_then(|frame| frame.checks.iter().find(|row| row.name == check).cloned());
        if let (None, Some(row)) = (&self.notice, found) {
            let title = row.title;
            self.notice = Some(match row.sentence {
                Some(sentence) => {
                    t!("The hunt has found this: {sentence} ({check})", sentence = sentence, check = title)
                }
                None => t!("The hunt has found this: {check}", check = title),
            });
        }
    }

    /// Shows the branch that the session has come to, and why it is not the one that was wished for.
    fn change_run(&mut self, refusal: Option<Text>) {
        self.forget();
        self.arrive();
        self.notice = refusal;
    }
}
