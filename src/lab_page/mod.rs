//! One lab, or one recorded log, on the screen. The session lives here, outside of what Yew compares; the parts of the screen get plain data
//! and send [`Command`]s.

mod acting;
pub mod answers;
pub mod around;
pub mod checkers;
mod commands;
mod course;
mod desk;
mod drawing;
mod events;
pub mod exporting;
mod figure;
pub mod host;
pub mod keeping;
mod moment;
mod needs;
mod notices;
mod opening;
mod painting;
mod places;
mod playing;
pub mod presenting;
mod reading;
mod runs;
mod showing;
mod source;
mod stretch;
pub mod teaching;
pub mod whole;

use sim::{LabSession, Text, Until};
use wasm_bindgen_futures::spawn_local;
use web_sys::KeyboardEvent;
use yew::prelude::*;

use crate::command::{Command, Commands, Look, Read};
use crate::dom;
use crate::embed::News;
use crate::keys;
use crate::lesson::Tutor;
use crate::looks::{Looks, View};
use crate::motion::Report;
use crate::parts::Missing;
use crate::present::Presenting;
use crate::stage;
use crate::stage::tool::Tool;
use crate::wait::Needed;
use around::Around;
use desk::Desk;
use events::Events;
use host::{Figure, Host};
use moment::Moment;
use notices::Notices;
pub use opening::{Goal, Start};
use painting::Painting;
use places::Places;
use playing::Playing;
use reading::Reading;
pub use source::Source;
pub use stretch::Stretch;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct LabPageProps {
    /// What the page shows.
    pub source: Source,
    /// What it opens with.
    #[prop_or_default]
    pub start: Start,
    /// Called when the visitor is done with a log.
    #[prop_or_default]
    pub on_close: Callback<()>,
    /// How it looks.
    #[prop_or_default]
    pub looks: Looks,
}

/// The page of a lab, in rooms: a command enters one of them ([`Command`]).
#[derive(Debug)]
pub struct LabPage {
    session: Result<Box<dyn LabSession>, Text>,
    /// What the session says about the moment that is shown.
    moment: Option<Moment>,
    playing: Playing,
    places: Places,
    events: Events,
    reading: Reading,
    /// What pressing a node does, where history is made by hand.
    tool: Option<Tool>,
    desk: Desk,
    notices: Notices,
    painting: Painting,
    /// What there is only while the page presents.
    presenting: Option<Presenting>,
    /// The lesson that is open.
    lesson: Option<Box<dyn Tutor>>,
    /// The page around, where this is a figure in another page.
    host: Option<Host>,
    /// Where the parts of the page send their wishes; one for all pictures, so that a part that stays the same is not
    /// drawn again.
    commands: Commands,
}

#[derive(Debug)]
pub enum LabPageMessage {
    /// A picture is about to be painted; whether it is the first one.
    Painting {
        first: bool,
    },
    Command(Command),
    /// What a command needs is there.
    Ready(Command),
    /// A part that a command needs did not come.
    Missing(Missing, Command),
    Report(Report),
    Key(KeyboardEvent),
    /// The page has got another language, or the vocabulary of its language.
    Translated,
    /// The window has another size.
    Resized,
    /// The visitor leaves the page, or loads it again.
    Leaving,
    RunOn(Until),
    /// Goes on to a moment that may be far.
    Approach(Goal),
    /// The page around has something to say.
    Host(News),
    /// The figure came into sight, or left it.
    Sight(bool),
    /// The lines under the figure have another size.
    Measured,
}

impl Component for LabPage {
    type Message = LabPageMessage;
    type Properties = LabPageProps;

    fn create(context: &Context<Self>) -> LabPage {
        let figure = host::PART.get().filter(|_| context.props().looks.view == View::Embed);
        let mut page = LabPage {
            session: context.props().source.open(),
            moment: None,
            playing: Playing::new(context.link().callback(LabPageMessage::Report)),
            places: Places::default(),
            events: Events::default(),
            reading: Reading::new(),
            tool: None,
            desk: Desk::recalled(&context.props().source),
            notices: Notices::new(),
            painting: Painting::new(),
            presenting: None,
            lesson: None,
            host: figure.map(|figure| (figure.meet)(context)),
            commands: context.link().callback(LabPageMessage::Command),
        };
        if page.host.is_some() {
            page.playing.stretch = Stretch::of(&context.props().looks);
        }
        if context.props().start == Start::Notes && page.host.is_none() {
            page.desk.panels = page.desk.panels.with_article(true);
        }
        page.open(context, &context.props().start);
        page.present(context.props().looks.view == View::Present);
        page.answer();
        page
    }

    fn changed(&mut self, context: &Context<Self>, old: &LabPageProps) -> bool {
        let start = &context.props().start;
        if *start != old.start {
            let keeps_run = std::mem::take(&mut self.desk.keeps_run);
            if *start == Start::Notes {
                self.obey(context, Look::ShowArticle(true).into());
            } else if !keeps_run && !self.turn_to(start) && !self.is_open(start) {
                self.desk.awaited = None;
                self.desk.panels = self.desk.panels.with_article(false);
                self.open(context, start);
                self.answer();
            }
        }
        true
    }

    fn update(&mut self, context: &Context<Self>, message: LabPageMessage) -> bool {
        match message {
            LabPageMessage::Command(Command::Read(Read::Watch(watch))) => return self.watch(watch),
            LabPageMessage::Command(command) => self.obey(context, command),
            LabPageMessage::Ready(command) if !self.is_wanted(&command) => return false,
            LabPageMessage::Ready(command) => self.obey(context, command),
            LabPageMessage::RunOn(until) => self.run_until(context, until),
            LabPageMessage::Approach(goal) => self.approach(context, &goal),
            LabPageMessage::Report(report) => self.hear(report),
            LabPageMessage::Missing(why, command) => self.notices.missing = Some((why, command)),
            LabPageMessage::Host(_) | LabPageMessage::Sight(_) | LabPageMessage::Measured => {
                return host::PART.get().is_some_and(|figure| self.hear_host(figure, context, message));
            }
            // All parts that get the commands are drawn again when these are others.
            LabPageMessage::Painting { first: true } => {
                self.painting.await_picture(context, false);
                return false;
            }
            LabPageMessage::Painting { first: false } => {
                self.painting.first_picture = None;
                // Around a figure stands the page of somebody else.
                if self.host.is_some() {
                    self.surround();
                } else {
                    self.obey(context, Command::Surround);
                    self.learn_words(context);
                    if context.props().start == Start::Notes {
                        self.obey(context, Look::ShowArticle(true).into());
                    }
                }
            }
            LabPageMessage::Translated => {
                self.translate_lesson(context);
                self.commands = context.link().callback(LabPageMessage::Command);
                self.learn_words(context);
            }
            LabPageMessage::Leaving => {
                self.keep_page();
                return false;
            }
            LabPageMessage::Resized => {
                if !self.desk.resize() {
                    return false;
                }
            }
            LabPageMessage::Key(event) => {
                if event.key() == "Escape" {
                    self.desk.awaited = None;
                }
                let Some(command) = self.meaning(&event, &context.props().looks) else { return false };
                event.prevent_default();
                let selects = matches!(event.key().as_str(), "l" | "m" | "c");
                self.obey(context, command);
                if let (true, Some(item)) = (selects, self.reading.selection) {
                    self.painting.focus = Some(stage::selector(item).into());
                }
            }
        }
        self.catch_up();
        true
    }

    fn destroy(&mut self, _: &Context<Self>) {
        self.keep_page();
    }

    fn view(&self, context: &Context<Self>) -> Html {
        match (&self.presenting, context.props().looks.view) {
            (Some(presenting), _) => presenting::PART
                .get()
                .map(|lecture| (lecture.draw)(self, presenting, context.props()))
                .unwrap_or_default(),
            (None, View::Embed) => {
                host::PART.get().map(|figure| (figure.draw)(self, context.props())).unwrap_or_default()
            }
            // A teacher who has left goes on with the whole page.
            (None, View::Full | View::Present) => self.draw(context.props()),
        }
    }

    fn rendered(&mut self, context: &Context<Self>, first: bool) {
        self.painting.give_focus();
        if !first {
            return;
        }
        if let Some(figure) = host::PART.get().filter(|_| self.host.is_some()) {
            (figure.watch_sight)(self, context);
        }
        self.painting.await_picture(context, true);
        self.painting.listen(context);
        // The page before this one may have been scrolled down.
        dom::scroll_to_top();
    }
}

impl LabPage {
    /// Does what the page around a figure asks for. Returns whether there is anything new to draw.
    fn hear_host(&mut self, figure: &Figure, context: &Context<Self>, message: LabPageMessage) -> bool {
        match message {
            LabPageMessage::Host(News::Connected) => (figure.welcome)(self),
            LabPageMessage::Host(News::Asked(id, request)) => (figure.serve)(self, context, id, request),
            LabPageMessage::Sight(seen) => return (figure.sight)(self, seen),
            _ => return (figure.measure)(self),
        }
        self.catch_up();
        true
    }

    /// Finds out what else there is to say of what is shown, and tells it to those who listen.
    fn catch_up(&mut self) {
        self.with_tutor(|tutor, page| tutor.follow(page));
        self.answer();
        if let Some(figure) = host::PART.get().filter(|_| self.host.is_some()) {
            (figure.tell)(self);
        }
        if let Some(lecture) = presenting::PART.get().filter(|_| self.presenting.is_some()) {
            (lecture.prompt)(self);
        }
    }

    /// The first picture is there: what had to wait for it can come.
    fn surround(&mut self) {
        self.painting.is_whole = true;
        if let (Some(checkers), Ok(session)) = (checkers::PART.get(), &mut self.session) {
            (checkers.follow)(&mut **session);
        }
        self.look();
    }

    /// Gets the vocabulary and the courses in the language of the page, one after the other. Without them texts are plain, and no lesson
    /// is named: what does not come is not said.
    fn learn_words(&self, context: &Context<Self>) {
        let needs = [Needed::Words, Needed::Courses];
        if self.host.is_some() || needs.iter().all(Needed::is_there) || dom::window().is_none() {
            return;
        }
        let link = context.link().clone();
        spawn_local(async move {
            for needed in needs {
                // The message leads here again.
                if !needed.is_there() && needed.load().await.is_ok() {
                    return link.send_message(LabPageMessage::Translated);
                }
            }
        });
    }

    /// What stands around the stage, once the first picture is there.
    fn around(&self) -> Option<&'static Around> {
        around::PART.get().filter(|_| self.painting.is_whole)
    }

    /// What a key means now; none if it is not ours.
    fn meaning(&self, event: &KeyboardEvent, looks: &Looks) -> Option<Command> {
        let moment = self.moment.as_ref().filter(|_| self.desk.topic.is_none())?;
        let learnt =
            self.lesson.as_ref().filter(|_| !self.presenting.as_ref().is_some_and(|presenting| presenting.blank));
        let learnt = learnt.and_then(|tutor| tutor.meaning(event, self.presenting.is_some()));
        if learnt.is_some() {
            return learnt;
        }
        let lecture = self.presenting.as_ref().zip(presenting::PART.get());
        let presented = lecture
            .and_then(|(presenting, lecture)| (lecture.meaning)(presenting, event))
            .map(|command| self.places.instead_of(command, &event.key(), moment));
        let meaning = || keys::are_on().then(|| keys::command(event, &moment.frame, self.reading.selection)).flatten();
        let command = presented.or_else(meaning);
        if looks.view == View::Embed {
            let taken = command.filter(|command| looks.controls.take(command));
            if let (None, Some(figure)) = (&taken, host::PART.get()) {
                (figure.pass_on)(self, event);
            }
            return taken;
        }
        command
    }
}
