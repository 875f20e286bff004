//! One lab, or one recorded log, on the screen. The session lives here, outside of what Yew compares; the parts of the screen get plain data
//! and send [`Command`]s.

pub mod answers;
pub mod around;
pub mod checkers;
mod commands;
mod course;
mod drawing;
pub mod exporting;
mod figure;
pub mod host;
mod moment;
mod needs;
mod opening;
pub mod presenting;
mod source;

use std::rc::Rc;

use sim::frame::Message;
use sim::{Compared, LabSession, NodeId, SharedMoment, Subject, Text, Until};
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;
use yew::prelude::*;

use crate::bookmarks::Bookmark;
use crate::command::{Command, Commands, Item, Tab, Topic};
use crate::compare::Comparison;
use crate::dom::{self, Listener, NextPicture};
use crate::embed::News;
use crate::hint::Tried;
use crate::keys;
use crate::lanes::chronicle::{Chronicle, Watch};
use crate::language;
use crate::looks::{Looks, View};
use crate::motion::{Motion, Report};
use crate::panels::{Dock, Panels, Room};
use crate::parts::Missing;
use crate::present::Presenting;
use crate::shared::Shared;
use crate::stage;
use crate::stage::tool::Tool;
use around::Around;
use host::{Figure, Host};
use moment::{Answer, Judged, Moment};
pub use opening::Start;
pub use source::Source;

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

/// The page of a lab.
#[derive(Debug)]
pub struct LabPage {
    session: Result<Box<dyn LabSession>, Text>,
    moment: Option<Moment>,
    scenario: Option<AttrValue>,
    motion: Motion,
    playing: bool,
    /// As a power of two.
    speed: i32,
    arriving: Option<Message>,
    selection: Option<Item>,
    /// How near the visitor stands to the stage.
    zoom: f64,
    /// The selected event of the lanes.
    event: Option<u64>,
    /// The event that it is compared with; itself until another one is chosen.
    other_event: Option<u64>,
    compared: Option<Shared<Compared>>,
    /// What pressing a node does, where history is made by hand.
    tool: Option<Tool>,
    chronicle: Chronicle,
    watch: Option<Watch>,
    /// A run to a moment that goes on with the next picture.
    errand: Option<NextPicture>,
    tab: Tab,
    /// The node that the screen is limited to the knowledge of.
    knower: Option<NodeId>,
    /// A question that somebody has asked in so many words.
    question: Option<Subject>,
    answer: Option<Answer>,
    judged: Option<Judged>,
    topic: Option<Topic>,
    /// The moment that the dialog shares.
    shared: Option<Rc<SharedMoment>>,
    notice: Option<Text>,
    /// Why a part that a command needs did not come.
    missing: Option<(Missing, Command)>,
    /// Whether the text view stands in the place of the stage.
    text: bool,
    comparison: Option<Comparison>,
    bookmarks: Vec<Bookmark>,
    /// What a first visitor has tried; none when there is no need for a hint.
    tried: Option<Tried>,
    panels: Panels,
    /// What stands under the transport, where there is something to choose.
    dock: Option<Dock>,
    listeners: Vec<Listener>,
    /// The page around, where this is a figure in another page.
    host: Option<Host>,
    /// Where the whole page shows the moment at which a figure last stood.
    address: AttrValue,
    /// What there is only while the page presents.
    presenting: Option<Presenting>,
    /// Whether what stands around the stage is drawn: not in the first picture, which is there the sooner.
    is_whole: bool,
    first_picture: Option<NextPicture>,
    /// What gets the focus once the page is drawn.
    focus: Option<AttrValue>,
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
    /// A part that a command needs did not come.
    Missing(Missing, Command),
    Report(Report),
    Key(KeyboardEvent),
    /// The page has got another language.
    Translated,
    /// The window has another size.
    Resized,
    RunOn(Until),
    /// Goes on to a shared moment.
    Approach(Rc<SharedMoment>),
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
            scenario: None,
            motion: Motion::new(context.link().callback(LabPageMessage::Report)),
            playing: false,
            speed: 0,
            arriving: None,
            selection: None,
            zoom: 1.0,
            event: None,
            other_event: None,
            compared: None,
            tool: None,
            chronicle: Chronicle::default(),
            watch: None,
            errand: None,
            tab: Tab::Node,
            knower: None,
            question: None,
            answer: None,
            judged: None,
            topic: None,
            shared: None,
            notice: None,
            missing: None,
            text: false,
            comparison: None,
            bookmarks: Vec::new(),
            tried: Tried::recalled(),
            panels: Panels::recalled(),
            dock: None,
            listeners: Vec::new(),
            host: figure.map(|figure| (figure.meet)(context)),
            address: AttrValue::default(),
            presenting: None,
            // Without a window there is one picture only.
            is_whole: dom::window().is_none(),
            first_picture: None,
            focus: None,
            commands: context.link().callback(LabPageMessage::Command),
        };
        page.open(context, &context.props().start);
        page.present(context.props().looks.view == View::Present);
        page.answer();
        page
    }

    fn changed(&mut self, context: &Context<Self>, old: &LabPageProps) -> bool {
        if context.props().start != old.start {
            self.open(context, &context.props().start);
            self.answer();
        }
        true
    }

    fn update(&mut self, context: &Context<Self>, message: LabPageMessage) -> bool {
        match message {
            LabPageMessage::Command(Command::Watch(watch)) => return self.watch(watch),
            LabPageMessage::Command(command) => self.obey(context, command),
            LabPageMessage::RunOn(until) => self.run_until(context, until),
            LabPageMessage::Approach(moment) => self.approach(context, &moment),
            LabPageMessage::Report(report) => self.hear(report),
            LabPageMessage::Missing(why, command) => self.missing = Some((why, command)),
            LabPageMessage::Host(_) | LabPageMessage::Sight(_) | LabPageMessage::Measured => {
                return host::PART.get().is_some_and(|figure| self.hear_host(figure, context, message));
            }
            // All parts that get the commands are drawn again when these are others.
            LabPageMessage::Painting { first: true } => {
                self.await_picture(context, false);
                return false;
            }
            LabPageMessage::Painting { first: false } => {
                self.first_picture = None;
                // Around a figure stands the page of somebody else.
                if self.host.is_some() {
                    self.surround();
                } else {
                    self.obey(context, Command::Surround);
                }
            }
            LabPageMessage::Translated => self.commands = context.link().callback(LabPageMessage::Command),
            LabPageMessage::Resized => {
                let room = Room::now();
                if room == self.panels.room {
                    return false;
                }
                self.panels.room = room;
            }
            LabPageMessage::Key(event) => {
                let Some(command) = self.meaning(&event, &context.props().looks) else { return false };
                event.prevent_default();
                let selects = matches!(event.key().as_str(), "l" | "m" | "c");
                self.obey(context, command);
                if let (true, Some(item)) = (selects, self.selection) {
                    self.focus = Some(stage::selector(item).into());
                }
            }
        }
        self.catch_up();
        true
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
        if let Some(selector) = self.focus.take() {
            dom::focus(&selector);
        }
        if let Some(figure) = host::PART.get().filter(|_| first && self.host.is_some()) {
            (figure.watch_sight)(self, context);
        }
        if first && let Some(document) = dom::document() {
            self.await_picture(context, true);
            // The page before this one may have been scrolled down.
            dom::scroll_to_top();
            let report = context.link().callback(LabPageMessage::Key);
            self.listeners.push(Listener::new(&document, "keydown", move |event| {
                if let Ok(event) = event.dyn_into::<KeyboardEvent>() {
                    report.emit(event);
                }
            }));
            let report = context.link().callback(|()| LabPageMessage::Translated);
            self.listeners.extend(language::on_change(move || report.emit(())));
            if let Some(window) = dom::window() {
                let report = context.link().callback(|()| LabPageMessage::Resized);
                self.listeners.push(Listener::new(&window, "resize", move |_| report.emit(())));
            }
        }
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
        self.is_whole = true;
        self.keep();
    }

    /// What stands around the stage, once the first picture is there.
    fn around(&self) -> Option<&'static Around> {
        around::PART.get().filter(|_| self.is_whole)
    }

    /// What a key means now; none if it is not ours.
    fn meaning(&self, event: &KeyboardEvent, looks: &Looks) -> Option<Command> {
        let moment = self.moment.as_ref().filter(|_| self.topic.is_none())?;
        let lecture = self.presenting.as_ref().zip(presenting::PART.get());
        let presented = lecture.and_then(|(presenting, lecture)| (lecture.meaning)(presenting, event));
        let meaning = || keys::are_on().then(|| keys::command(event, &moment.frame, self.selection)).flatten();
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

    /// Asks to be told before the next picture. What is done before the first one is painted together with it.
    fn await_picture(&mut self, context: &Context<Self>, first: bool) {
        let report = context.link().callback(move |()| LabPageMessage::Painting { first });
        self.first_picture = NextPicture::new(report);
    }

    /// Forgets what is known of the run: it is another one now.
    fn forget(&mut self) {
        self.chronicle = Chronicle::default();
        self.select_event(None);
    }
}
