//! Lessons: a text at the left of the stage that asks what will happen, shows it, and sets tasks. What plays them is a part of its
//! own, with the judge of lessons; the page of a lab knows a [`Tutor`] only.

pub mod amount;
mod asking;
mod classroom;
pub mod file;
pub mod go_on;
pub mod large;
pub mod notebook;
pub mod panel;
mod paper;
pub mod player;
pub mod progress;
pub mod scales;
pub mod shelf;
mod text;
mod trying;

use std::fmt::{self, Debug, Formatter};

use sim::Text;
use web_sys::KeyboardEvent;
use yew::prelude::*;

use crate::command::{Command, Commands, Lesson};
use crate::embed::Answers;
use crate::lab_page::LabPage;
use crate::part;
use crate::parts::Loading;

/// Who leads through a lesson on the page of its lab.
pub trait Tutor {
    /// Shows where the lesson begins, or where the visitor left it.
    fn enter(&mut self, page: &mut LabPage);
    /// Goes to a step. False where that is of another lesson.
    fn turn_to(&mut self, page: &mut LabPage, lesson: &str, step: Option<usize>) -> bool;
    fn obey(&mut self, page: &mut LabPage, wish: Lesson);
    /// Whether a command is not to be carried out: it is not the time for it, or it was an answer.
    fn minds(&mut self, page: &mut LabPage, command: &Command) -> bool;
    /// Looks at what has happened on the page.
    fn follow(&mut self, page: &mut LabPage);
    /// What has been answered so far.
    fn answers(&self) -> Answers;
    /// Goes on with answers from elsewhere.
    fn take_answers(&mut self, page: &mut LabPage, text: &str) -> Result<(), Text>;
    /// The page has got another language. What has to come for the lesson to be read in it, if anything.
    fn translate(&mut self) -> Option<Loading>;
    /// What a key means in a lesson.
    fn meaning(&self, event: &KeyboardEvent, presents: bool) -> Option<Command>;
    /// The panel beside the stage.
    fn draw(&self, commands: &Commands) -> Html;
    /// In front of a class: what fills the screen; nothing while the stage is to be seen.
    fn draw_large(&self, commands: &Commands) -> Option<Html>;
    /// What only the teacher reads: the key, and what the lesson says to teachers.
    fn draw_notes(&self, commands: &Commands) -> Html;
}

/// Not what stands in it: whatever could print that would come with each lesson.
impl Debug for dyn Tutor {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("Tutor")
    }
}

/// Opens a lesson by its name, at a step or where the visitor left it.
type Opening = fn(&str, Option<usize>) -> Result<Box<dyn Tutor>, Text>;

/// What plays lessons.
#[derive(Debug)]
pub struct Lessons {
    /// Whether it is known what a lesson is: its text has come, or there is none.
    pub is_there: fn(&str) -> bool,
    /// Gets that.
    pub load: fn(AttrValue) -> Loading,
    /// The lab of a lesson.
    pub lab: fn(&str) -> Result<String, Text>,
    /// What a lesson is called.
    pub title: fn(&str) -> Option<String>,
    /// Who leads through a lesson, at a step or where the visitor left it. The lab has to be there.
    pub open: Opening,
}

part!(
    lessons: Lessons = Lessons {
        is_there: shelf::is_there,
        load: |id| Box::pin(async move { shelf::load(&id).await }),
        lab: |id| shelf::lesson(id).map(|lesson| lesson.lab.clone()),
        title: |id| shelf::lesson(id).ok().map(|lesson| lesson.title.clone()),
        open: |id, step| Ok(Box::new(player::Player::open(id, step)?)),
    }
);
