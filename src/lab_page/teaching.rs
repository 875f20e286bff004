//! What a lesson does with the page of its lab.

use sim::{Scenario, Text, Timeline, Work};
use wasm_bindgen_futures::spawn_local;
use yew::{AttrValue, Context};

use super::{LabPage, LabPageMessage, Start, keeping};
use crate::command::{Command, Commands, Item};
use crate::compare::{By, Comparison};
use crate::dom;
use crate::lesson::{self, Tutor};
use crate::panels::{Pane, Room};
use crate::parts::Missing;
use crate::workbook::row::Door;
use crate::write;

/// Events that a way to a moment may compute at once.
const MOST_AT_ONCE: u64 = 200_000;

impl LabPage {
    /// Lets who leads through the lesson, if one is open, do something with the page.
    pub(super) fn with_tutor(&mut self, act: impl FnOnce(&mut dyn Tutor, &mut LabPage)) {
        if let Some(mut tutor) = self.lesson.take() {
            act(&mut *tutor, self);
            self.lesson = Some(tutor);
        }
    }

    /// Says the lesson that is open in the language of the page, once it has come.
    pub(super) fn translate_lesson(&mut self, context: &Context<LabPage>) {
        let mut coming = None;
        self.with_tutor(|tutor, _| coming = tutor.translate());
        if let Some(coming) = coming {
            let link = context.link().clone();
            spawn_local(async move {
                if coming.await.is_ok() {
                    link.send_message(LabPageMessage::Translated);
                }
            });
        }
    }

    /// Whether the lesson that is open does not want this to be done, or has taken it as an answer.
    pub(super) fn is_minded(&mut self, command: &Command) -> bool {
        let mut is_minded = false;
        self.with_tutor(|tutor, page| is_minded = tutor.minds(page, command));
        is_minded
    }

    /// Goes to another step of the lesson that is open. False where something else is asked for.
    pub(super) fn turn_to(&mut self, start: &Start) -> bool {
        let Start::Lesson { id, step } = start else { return false };
        let mut is_same = false;
        self.with_tutor(|tutor, page| is_same = tutor.turn_to(page, id, *step));
        is_same
    }

    /// Opens a lesson of this lab.
    pub(super) fn begin_lesson(&mut self, id: &AttrValue, step: Option<usize>) -> Result<(), Text> {
        let player = lesson::PART.get().ok_or_else(|| Missing::Unreachable.sentence())?;
        self.lesson = Some((player.open)(id, step)?);
        self.desk.panels = self.desk.panels.with_lesson(true);
        self.with_tutor(|tutor, page| tutor.enter(page));
        Ok(())
    }

    /// Opens the draft of a lesson of this lab.
    pub(super) fn begin_writing(&mut self) -> Result<(), Text> {
        let writing = write::PART.get().ok_or_else(|| Missing::Unreachable.sentence())?;
        self.lesson = Some((writing.open)()?);
        self.desk.panels = self.desk.panels.with_lesson(true);
        self.with_tutor(|tutor, page| tutor.enter(page));
        // A draft that cannot be read shows no moment.
        if self.moment.is_none() {
            self.look();
            self.stand();
        }
        Ok(())
    }

    /// Where wishes go.
    pub fn commands(&self) -> Commands {
        self.commands.clone()
    }

    /// What is selected on the stage.
    pub fn selected(&self) -> Option<Item> {
        self.reading.selection
    }

    /// The focus stays where it is.
    pub fn stay(&mut self) {
        self.painting.focus = None;
    }

    /// Shows a moment as a run of its own. What the visitor has done before is kept.
    ///
    /// # Errors
    ///
    /// Says why it cannot be replayed.
    pub fn show_moment(&mut self, scenario: &Scenario, at_us: u64, title: String, door: String) -> Result<(), Text> {
        self.keep_page();
        let Ok(session) = &mut self.session else { return Ok(()) };
        session.load(scenario)?;
        let opening = session.scenario();
        self.leave_run();
        self.playing.pause();
        self.playing.until_us = None;
        self.places.title = title;
        (self.places.page.door, self.places.page.opening) = (Door::Lesson(door), Some(opening));
        self.places.page.is_lent = true;
        self.look();
        self.playing.motion.stand_at(at_us);
        Ok(())
    }

    /// Opens the run that the visitor has of a task of the lesson. Returns whether there is one.
    pub fn resume_task(&mut self, place: &str) -> bool {
        self.keep_page();
        self.playing.pause();
        self.playing.until_us = None;
        keeping::PART.get().filter(|_| self.host.is_none()).is_some_and(|keeping| (keeping.resume_task)(self, place))
    }

    /// What was done in the task is kept, and does not come back when the task is opened again.
    pub fn leave_task(&mut self) {
        self.places.page.is_left = true;
    }

    /// Opens a run as a branch beside the others, at an event of it, and returns its letter.
    ///
    /// # Errors
    ///
    /// Says why it cannot be replayed.
    pub fn add_way(&mut self, scenario: &Scenario, title: Text, event: u64, at_us: u64) -> Result<String, Text> {
        let Ok(session) = &mut self.session else { return Ok(String::new()) };
        session.open_branch(scenario, title)?;
        session.seek(event);
        let letter = session.branches().into_iter().find(|row| row.selected).map(|row| row.letter);
        self.show_run(None);
        self.playing.motion.stand_at(at_us);
        Ok(letter.unwrap_or_default())
    }

    /// Gives the branch that is shown a name.
    pub fn name_way(&mut self, name: &str) {
        let Ok(session) = &mut self.session else { return };
        if let Some(place) = session.branches().iter().position(|row| row.selected) {
            // A name that cannot be given is no reason not to show it.
            let _ = session.rename_branch(place, name.to_string());
        }
    }

    /// Goes to a branch, if it is still there, to the moment that it was left at.
    pub fn show_way(&mut self, letter: &str) {
        let Ok(session) = &mut self.session else { return };
        let Some(place) = session.branches().iter().position(|row| row.letter == letter) else { return };
        let refusal = session.select_branch(place).err();
        self.show_run(refusal);
    }

    /// The letter of the branch that is shown.
    pub fn way(&self) -> String {
        self.moment.as_ref().and_then(|moment| moment.branch()).map(|row| row.letter.clone()).unwrap_or_default()
    }

    /// Shows another branch beside the one that is shown, or none.
    pub fn show_beside(&mut self, letter: Option<String>) {
        self.places.comparison = letter.map(|letter| Comparison { letter, by: By::Time, story: None });
        let at_us = self.playing.motion.stands_at_us();
        self.look();
        if !self.playing.is_on {
            self.playing.motion.stand_at(at_us);
        }
    }

    /// Plays up to a moment of virtual time, so fast.
    pub fn play_to(&mut self, at_us: u64, us_per_ms: f64) {
        self.playing.until_us = Some(at_us);
        (self.playing.is_on, self.playing.story, self.playing.arriving) = (true, None, None);
        self.look();
        self.playing.motion.play(us_per_ms);
    }

    /// Whether it is on the way to such a moment, and whether it moves.
    pub fn is_on_the_way(&self) -> (bool, bool) {
        (self.playing.until_us.is_some(), self.playing.is_on)
    }

    /// Goes to a moment of virtual time at once.
    pub fn skip_to(&mut self, at_us: u64) {
        if let Ok(session) = &mut self.session {
            session.advance(at_us, MOST_AT_ONCE);
        }
        self.playing.until_us = None;
        self.playing.pause();
        self.look();
        self.playing.motion.stand_at(at_us);
    }

    /// Whether time runs.
    pub fn is_playing(&self) -> bool {
        self.playing.is_on
    }

    /// Whether it is a figure in another page.
    pub fn is_figure(&self) -> bool {
        self.host.is_some()
    }

    /// Goes to an event.
    pub fn visit(&mut self, event: u64) {
        self.seek(event);
    }

    /// The event that is shown, and the moment of virtual time.
    pub fn stands_at(&self) -> (u64, u64) {
        (self.frame().map_or(0, |frame| frame.event), self.playing.motion.clock_us())
    }

    /// The branch that is shown.
    pub fn timeline(&mut self) -> Option<&Timeline> {
        let session = self.session.as_mut().ok()?;
        session.as_any().downcast_ref::<Work>().map(Work::timeline)
    }

    /// The run up to what is shown.
    pub fn scenario(&self) -> Option<Scenario> {
        self.session.as_ref().ok().map(|session| session.scenario())
    }

    /// What is told of an event.
    pub fn told(&mut self, event: u64) -> Option<Text> {
        let session = self.session.as_mut().ok()?;
        session.trace(event, event).pop().map(|event| event.caption.headline)
    }

    /// What is shown.
    pub fn shown(&self) -> Option<&sim::frame::Frame> {
        self.frame()
    }

    /// Says a sentence under the stage.
    pub fn remark(&mut self, sentence: Option<Text>) {
        self.notices.sentence = sentence;
    }

    /// What gets the focus once the page is drawn.
    pub fn lead_to(&mut self, selector: &'static str) {
        self.painting.focus = Some(selector.into());
    }

    /// Leaves the focus where it is.
    pub fn lead_nowhere(&mut self) {
        self.painting.focus = None;
    }

    /// On a narrow page, shows the lesson, which has the stage above it.
    pub fn look_at_lesson(&mut self) {
        self.desk.panels.pane = Pane::Lesson;
    }

    /// On a narrow page, leads the eye to the stage above the lesson.
    pub fn look_at_stage(&mut self) {
        self.look_at_lesson();
        if self.desk.panels.room == Room::Narrow {
            dom::scroll_to_top();
        }
    }

    /// Marks something on the stage as selected.
    pub fn mark(&mut self, item: Option<Item>) {
        self.reading.selection = item;
    }

    /// How much virtual time usually passes in a real second, in microseconds.
    pub fn usual_pace_us(&self) -> u64 {
        self.pace_us()
    }
}
