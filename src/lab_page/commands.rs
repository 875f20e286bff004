//! Which room of the page a command enters.

use yew::prelude::*;

use super::{LabPage, exporting, presenting};
use crate::command::Command;

impl LabPage {
    pub(super) fn obey(&mut self, context: &Context<Self>, command: Command) {
        if self.defer(context, &command) {
            return;
        }
        self.notices.tick(&command);
        if self.session.is_err() {
            return;
        }
        if self.is_minded(&command) {
            return;
        }
        self.playing.errand = None;
        self.notices.go_on(&command);
        match command {
            Command::Surround => self.surround(),
            Command::Course(wish) => self.go(context, wish),
            Command::Run(wish) => self.change_run(context, wish),
            Command::Act(inputs) => self.act(inputs),
            Command::Hand(wish) => self.handle(wish),
            Command::Read(wish) => self.read(wish),
            Command::Look(wish) => self.arrange(context, wish),
            Command::Notice(wish) => self.notices.obey(wish),
            Command::Save(wish) => {
                if let Some(exporting) = exporting::PART.get() {
                    (exporting.save)(self, wish);
                }
            }
            Command::Lesson(wish) => self.with_tutor(|tutor, page| tutor.obey(page, wish)),
            Command::Lectern(wish) => {
                if let Some(lecture) = presenting::PART.get() {
                    (lecture.change)(self, context, wish);
                }
            }
        }
    }
}
