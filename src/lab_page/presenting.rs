//! Presenting to a class, and pictures to keep.

use sim::{Place, Subject, t};
use yew::prelude::*;

use super::moment::watched;
use super::{LabPage, LabPageMessage, LabPageProps, Source};
use crate::caption;
use crate::command::{Command, Lectern};
use crate::dom;
use crate::export;
use crate::lanes::picture;
use crate::panels::Panel;
use crate::present::notes::{self, NotesWindow};
use crate::present::{self, Presenting, Prompt, code};
use crate::route::Route;
use crate::stage::Stage;
use crate::transport::{self, Transport};
use crate::words::say;

impl LabPage {
    /// Begins to present, or goes back to the whole page.
    pub(super) fn present(&mut self, begins: bool) {
        if begins == self.presenting.is_some() {
            return;
        }
        self.presenting = begins.then(|| Presenting::begin(&self.commands));
        let selector = if begins { ".presenting > main" } else { "[data-testid=present], [data-testid=more]" };
        self.focus = Some(selector.into());
        if begins {
            self.text = false;
            self.comparison = None;
            self.selection = None;
        }
    }

    pub(super) fn change_lectern(&mut self, context: &Context<Self>, change: Lectern) {
        let commands = self.commands.clone();
        let is_lab = matches!(context.props().source, Source::Lab(_));
        let Some(presenting) = &mut self.presenting else { return };
        match change {
            Lectern::ToggleBlank => presenting.blank = !presenting.blank,
            Lectern::ToggleCode if presenting.code.is_some() => presenting.code = None,
            Lectern::ToggleCode if is_lab => {
                self.pause();
                let address = self.share().map(|moment| dom::page_address() + &Route::Moment(moment.link()).hash());
                if let Some(presenting) = &mut self.presenting {
                    presenting.code = address;
                }
            }
            Lectern::ToggleCode => {}
            Lectern::ToggleNotes if presenting.notes.is_some() => presenting.notes = None,
            Lectern::ToggleNotes => {
                presenting.notes = NotesWindow::open(&commands, context.link().callback(LabPageMessage::Key));
                if presenting.notes.is_none() {
                    self.notice = Some(t!(
                        "This browser did not open a second window. Allow pop-up windows for this page and try again."
                    ));
                }
            }
            Lectern::LoseNotes => presenting.notes = None,
            Lectern::Fill => {
                if !presenting.fill() {
                    self.present(false);
                }
            }
            // Browsers leave full screen when another window opens: that is no reason to stop.
            Lectern::LoseScreen => {
                if presenting.notes.is_none() {
                    self.present(false);
                }
            }
        }
    }

    /// Finds out what the notes say about the moment, while somebody reads them and time stands still.
    pub(super) fn prompt(&mut self) {
        let (Ok(session), Some(moment), Some(presenting)) = (&mut self.session, &self.moment, &mut self.presenting)
        else {
            return;
        };
        let known = presenting.prompt.take();
        if self.playing || presenting.notes.is_none() {
            return;
        }
        let frame = &moment.frame;
        presenting.prompt = known.filter(|known| known.frame == *frame).or_else(|| {
            let why = session.why(&Subject::Event(frame.event));
            let branch = moment.branches.iter().position(|row| row.selected)?;
            let next = session.frame_of(branch, Place::Event(frame.event + 1));
            let next = next.filter(|next| next.event > frame.event).map(|next| next.caption.headline);
            Some(Prompt { frame: frame.clone(), why, next })
        });
    }

    /// The page while it presents.
    pub(super) fn draw_presenting(&self, presenting: &Presenting, props: &LabPageProps) -> Html {
        let (Ok(session), Some(moment)) = (&self.session, &self.moment) else { return self.draw(props) };
        let (frame, shown, commands) = (&moment.frame, &moment.shown, &self.commands);
        let about = session.about();
        // What has just arrived stays in sight until the next step.
        let arrived = moment.chronicle.event(frame.event).and_then(|event| event.received.first().cloned());
        let arriving = self.arriving.clone().or(arrived.filter(|_| !self.playing && self.knower.is_none()));
        let transport = transport::draw(&Transport {
            frame: frame.clone(),
            playing: self.playing,
            speed: self.speed,
            pace_us: about.pace_us,
            node: None,
            new_leader: about.new_leader.clone(),
            dock: None,
            commands: commands.clone(),
        });
        html! {
            <div class="presenting" data-testid="presenting">
                <main tabindex="-1" aria-label={say(t!("Presenting: {lab}", lab = about.title.clone()))}>
                    <h1 class="unseen">{ say(t!("{chapter}: {lab}", chapter = about.chapter.clone(), lab = about.title.clone())) }</h1>
                    <Stage frame={shown.clone()} {arriving} selection={self.selection} presenting=true zoom={self.zoom}
                        motion={self.motion.clone()} commands={commands.clone()} />
                    { caption::draw(&shown.caption, self.playing) }
                    { self.draw_notice(commands) }
                    { for presenting.code.as_ref().map(|address| code::draw(address, commands)) }
                </main>
                <section class="dock" aria-label={say(t!("Time"))}>
                    { transport }
                    { present::draw_lectern(presenting, matches!(props.source, Source::Lab(_)), commands) }
                </section>
                if presenting.blank {
                    { present::draw_blank(commands) }
                }
                if let Some(window) = &presenting.notes {
                    { create_portal(notes::draw(frame, presenting.prompt.as_ref(), presenting.began_ms), window.host.clone()) }
                }
                { self.draw_dialog(moment) }
            </div>
        }
    }

    /// Gives the visitor a picture of the moment to keep.
    pub(super) fn save_picture(&mut self, subject: export::Subject, format: export::Format) {
        let Some((svg, name)) = self.picture(subject, format) else {
            self.notice = Some(subject.refusal());
            return;
        };
        let refusal = t!("This browser cannot make pixels of the picture. Save it as SVG instead.");
        let commands = self.commands.clone();
        export::save(svg, name, format, move || commands.emit(Command::Say(refusal)));
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
                let watch = watched(&self.chronicle, self.watch, moment.frame.at_us);
                while self.chronicle.learn(&mut **session, watch, self.event) {}
                let view = picture::View {
                    frame: &frame,
                    chronicle: &self.chronicle,
                    watch,
                    event: self.event,
                    knower: self.knower,
                    height_px: self.panels.size_px(Panel::Lanes),
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
