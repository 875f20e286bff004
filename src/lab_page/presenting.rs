//! Presenting to a class.

use sim::{Place, Subject, t};
use web_sys::KeyboardEvent;
use yew::prelude::*;

use super::course::MOST_PER_SEARCH;
use super::{LabPage, LabPageMessage, LabPageProps, Source, answers};
use crate::bookmarks;
use crate::caption;
use crate::command::{Command, Commands, Lectern};
use crate::dom;
use crate::panels::Level;
use crate::part;
use crate::present::notes::{self, Notes, NotesWindow};
use crate::present::{self, Presenting, Prompt, code};
use crate::route::Route;
use crate::share;
use crate::stage::Stage;
use crate::transport::{self, Transport};
use crate::words::say;

/// What presents: a part of its own.
#[derive(Debug)]
pub struct Lecture {
    /// Begins.
    pub begin: fn(&Commands) -> Presenting,
    /// What a key means only while presenting.
    pub meaning: fn(&Presenting, &KeyboardEvent) -> Option<Command>,
    pub change: fn(&mut LabPage, &Context<LabPage>, Lectern),
    pub prompt: fn(&mut LabPage),
    pub draw: fn(&LabPage, &Presenting, &LabPageProps) -> Html,
}

part!(
    present: Lecture = Lecture {
        begin: Presenting::begin,
        meaning: Presenting::meaning,
        change: LabPage::lecture,
        prompt: LabPage::prompt,
        draw: LabPage::draw_presenting,
    }
);

impl LabPage {
    /// Begins to present, or goes back to the whole page.
    pub(super) fn present(&mut self, begins: bool) {
        if begins == self.presenting.is_some() {
            return;
        }
        self.presenting = PART.get().filter(|_| begins).map(|lecture| (lecture.begin)(&self.commands));
        let selector = if begins { ".presenting > main" } else { "[data-testid=present], [data-testid=more]" };
        self.painting.focus = Some(selector.into());
        if begins {
            self.desk.has_text = false;
            self.places.comparison = None;
            self.reading.selection = None;
        }
    }

    fn lecture(&mut self, context: &Context<Self>, wish: Lectern) {
        match (wish, &mut self.presenting) {
            (Lectern::Begin, _) => {
                // What was said to the teacher alone is nothing for the class.
                self.notices.sentence = None;
                self.present(true);
            }
            (Lectern::Leave, _) => self.present(false),
            (_, None) => {}
            (Lectern::ToggleBlank, Some(presenting)) => presenting.blank = !presenting.blank,
            (Lectern::ToggleCode, Some(presenting)) if presenting.code.is_some() => presenting.code = None,
            (Lectern::ToggleCode, Some(_)) => self.show_code(context),
            (Lectern::ToggleNotes, Some(presenting)) if presenting.notes.is_some() => presenting.notes = None,
            (Lectern::ToggleNotes, Some(_)) => self.open_notes(context),
            (Lectern::LoseNotes, Some(presenting)) => presenting.notes = None,
            (Lectern::Fill, Some(presenting)) => {
                if !presenting.fill() {
                    self.present(false);
                }
            }
            // Browsers leave full screen when another window opens: that is no reason to stop.
            (Lectern::LoseScreen, Some(presenting)) => {
                if presenting.notes.is_none() {
                    self.present(false);
                }
            }
        }
    }

    /// Shows the address of the moment; a log has none.
    fn show_code(&mut self, context: &Context<Self>) {
        if !matches!(context.props().source, Source::Lab(_)) {
            return;
        }
        self.playing.pause();
        let moment = self.share().zip(share::PART.get());
        let state = moment.map(|(moment, share)| (share.link)(&moment));
        if let Some(presenting) = &mut self.presenting {
            presenting.code = state.map(|state| dom::page_address() + &Route::Moment(state).hash());
        }
    }

    fn open_notes(&mut self, context: &Context<Self>) {
        let Some(presenting) = &mut self.presenting else { return };
        presenting.notes = NotesWindow::open(&self.commands, context.link().callback(LabPageMessage::Key));
        if presenting.notes.is_none() {
            self.notices.sentence = Some(t!(
                "This browser did not open a second window. Allow pop-up windows for this page and try again."
            ));
        }
    }

    /// Finds out what the notes say about the moment, while somebody reads them and time stands still.
    fn prompt(&mut self) {
        let (Ok(session), Some(moment), Some(presenting)) = (&mut self.session, &self.moment, &mut self.presenting)
        else {
            return;
        };
        let known = presenting.prompt.take();
        let Some(answers) = answers::PART.get().filter(|_| !self.playing.is_on && presenting.notes.is_some()) else {
            return;
        };
        let frame = &moment.frame;
        presenting.prompt = known.filter(|known| known.frame == *frame).or_else(|| {
            let why = (answers.why)(&mut **session, &Subject::Event(frame.event));
            let branch = moment.branches.iter().position(|row| row.selected)?;
            // What Page Down brings.
            let next = session.ahead(MOST_PER_SEARCH, 0);
            let next = next.and_then(|next| session.frame_of(branch, Place::Event(next.event)));
            let next = next.map(|next| next.caption.headline);
            Some(Prompt { frame: frame.clone(), why, next })
        });
    }

    /// The page while it presents.
    fn draw_presenting(&self, presenting: &Presenting, props: &LabPageProps) -> Html {
        let (Ok(session), Some(moment)) = (&self.session, &self.moment) else { return self.draw(props) };
        let (frame, shown, commands) = (&moment.frame, &moment.shown, &self.commands);
        let about = session.about();
        let bookmark = self.places.bookmark_at(moment);
        // What has just arrived stays in sight until the next step.
        let arrived = moment.received().filter(|_| !self.playing.is_on && self.reading.knower.is_none()).cloned();
        let arriving = self.playing.arriving.clone().or(arrived);
        let transport = Transport {
            frame: frame.clone(),
            playing: self.playing.is_on,
            pace: self.playing.pace,
            stretch: self.playing.stretch,
            pace_us: about.pace_us,
            node: None,
            new_leader: about.new_leader.clone(),
            dock: None,
            marks: self.around().map(|around| (around.marks)(session.weights(), frame)).unwrap_or_default(),
            commands: commands.clone(),
        };
        let goals = self.around().map(|around| (around.goals)(&transport, Level::All)).unwrap_or_default();
        html! {
            <div class="presenting" data-testid="presenting">
                <main tabindex="-1" aria-label={say(t!("Presenting: {lab}", lab = about.title.clone()))}>
                    <h1 class="unseen">{ say(t!("{chapter}: {lab}", chapter = about.chapter.clone(), lab = about.title.clone())) }</h1>
                    { self.lesson.as_ref().and_then(|tutor| tutor.draw_large(commands)).unwrap_or_default() }
                    <Stage frame={shown.clone()} {arriving} selection={self.reading.selection} pointed={self.reading.pointed(shown).cloned()} presenting=true zoom={self.desk.zoom}
                        motion={self.playing.motion.clone()} commands={commands.clone()} />
                    { caption::draw(self.caption(shown), self.playing.is_on, self.playing.flows()) }
                    { for bookmark.map(bookmarks::draw_note) }
                    { self.draw_notice(commands) }
                    { for presenting.code.as_ref().map(|address| code::draw(address, commands)) }
                </main>
                <section class="dock" aria-label={say(t!("Time"))}>
                    { transport::draw(&transport, goals) }
                    { present::draw_lectern(presenting, matches!(props.source, Source::Lab(_)), commands) }
                </section>
                if presenting.blank {
                    { present::draw_blank(commands) }
                }
                if let Some(window) = &presenting.notes {
                    { create_portal(notes::draw(&Notes { frame, prompt: presenting.prompt.as_ref(), bookmark, next: self.places.next_bookmark(moment, true), began_ms: presenting.began_ms, lesson: self.lesson.as_ref().map(|tutor| tutor.draw_notes(commands)).unwrap_or_default() }), window.host.clone()) }
                }
                { self.draw_dialog(moment) }
                { self.draw_card(about.id) }
            </div>
        }
    }
}
