//! Pictures of the moment and files for other programs: a part of its own.

use sim::export::Format;
use sim::t;
use yew::prelude::*;

use super::LabPage;
use crate::command::{Notice, Save};
use crate::dom;
use crate::export;
use crate::files;
use crate::lanes::picture;
use crate::panels::Panel;
use crate::part;
use crate::words::say;

/// What gives the visitor something to keep.
#[derive(Debug)]
pub struct Exporting {
    pub save: fn(&mut LabPage, Save),
}

part!(export: Exporting = Exporting { save: LabPage::save });

impl LabPage {
    fn save(&mut self, wish: Save) {
        match wish {
            Save::Run(format) => self.save_run(format),
            Save::Picture(subject, format) => self.save_picture(subject, format),
        }
    }

    /// Gives the visitor the run in a format of other programs.
    fn save_run(&mut self, format: Format) {
        let Ok(session) = &mut self.session else { return };
        match format.write(&mut **session) {
            Ok(content) => {
                let scenario = session.scenario();
                let name = format!("{}-event-{}.{}", scenario.lab, scenario.cursor, format.extension());
                files::save(&name, "text/plain", content.as_bytes());
            }
            Err(sentence) => self.notices.sentence = Some(sentence),
        }
    }

    /// Gives the visitor a picture of the moment to keep.
    fn save_picture(&mut self, subject: export::Subject, format: export::Format) {
        let Some((svg, name)) = self.picture(subject, format) else {
            self.notices.sentence = Some(subject.refusal());
            return;
        };
        let refusal = t!("This browser cannot make pixels of the picture. Save it as SVG instead.");
        let commands = self.commands.clone();
        export::save(svg, name, format, move || commands.emit(Notice::Say(refusal).into()));
    }

    /// A picture of the moment, and the name of its file: `raft-event-37-stage.svg`.
    fn picture(&mut self, subject: export::Subject, format: export::Format) -> Option<(String, String)> {
        let (title, description) = self.words_of_picture()?;
        let (Ok(session), Some(moment)) = (&mut self.session, &self.moment) else { return None };
        let frame = moment.shown.clone();
        let name =
            format!("{}-event-{}-{}.{}", session.about().id, moment.frame.event, subject.name(), format.extension());
        let svg = match subject {
            export::Subject::Stage => export::stage::stage_svg(&title, &description)?,
            export::Subject::Lanes => {
                let watch = self.events.watched(moment.frame.at_us);
                while self.events.learn(&mut **session, watch) {}
                let view = picture::View {
                    frame: &frame,
                    chronicle: &self.events.chronicle,
                    watch,
                    event: self.events.selected,
                    knower: self.reading.knower,
                    height_px: self.desk.panels.size_px(Panel::Lanes),
                };
                picture::svg(&view, &dom::document()?.document_element()?, &title, &description)?
            }
        };
        Some((svg, name))
    }

    /// The title of a picture of this moment, and what it shows.
    pub(super) fn words_of_picture(&self) -> Option<(AttrValue, AttrValue)> {
        let (session, frame) = (self.session.as_ref().ok()?, &self.moment.as_ref()?.shown);
        let title = t!("{lab}, event {event}", lab = session.about().title.clone(), event = frame.event);
        Some((say(title), say(&frame.caption.headline)))
    }
}
