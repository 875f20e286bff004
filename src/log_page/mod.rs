//! The page that takes in a log of a system of the visitor's own, and shows what is in it.

mod expression;
mod form;
mod manuscript;
pub mod problems;
mod recording;

use gloo_timers::callback::Timeout;
use sim::log::{DEFAULT_PARSER, Header, Problems, better_parser};
use sim::{LabSession, Text, t};
use web_sys::File;
use yew::prelude::*;

use crate::dom::{self, Listener};
use crate::files::{self, Reading};
use crate::lab_page::{LabPage, Source};
use crate::language;
use crate::part;
use crate::worker::Helper;
use manuscript::Answer;
pub use manuscript::Manuscript;
pub use recording::Recording;

/// How long a log may be, in bytes: a page has not much more memory than some ten times that.
const MOST_BYTES: usize = 32 << 20;

/// A log that shows what a log looks like.
const EXAMPLE: &str = include_str!("example.log");

/// How long reading a log may take, in milliseconds: an expression can be such that the browser never comes to its end.
const MOST_MS: u32 = 30_000;

/// What the visitor has typed.
#[derive(Clone, Debug, PartialEq)]
struct Typed {
    text: AttrValue,
    parser: AttrValue,
    delimiter: AttrValue,
}

/// What came of reading it.
#[derive(Debug)]
enum Found {
    Nothing,
    /// It cannot be read at all.
    Refusal(Text),
    Problems(Problems),
    Executions(Vec<Recording>),
}

/// A worker that reads a log, and the time that it has.
#[derive(Debug)]
struct Reader {
    _helper: Helper,
    _deadline: Option<Timeout>,
}

/// The page, and what opens a log: a part of its own.
#[derive(Debug)]
pub struct Logs {
    pub draw: fn() -> Html,
    /// A session that shows a recording.
    pub open: fn(&Recording) -> Box<dyn LabSession>,
}

part!(log: Logs = Logs { draw: || html! { <LogPage /> }, open: Recording::open });

/// The page.
#[derive(Debug)]
pub struct LogPage {
    typed: Typed,
    found: Found,
    /// It came with the last message, and is to be seen.
    is_news: bool,
    open: Option<Recording>,
    /// A file that is being opened.
    reading: Option<Reading>,
    reader: Option<Reader>,
    _listener: Option<Listener>,
}

#[derive(Debug)]
pub enum LogPageMessage {
    Text(AttrValue),
    Parser(AttrValue),
    Delimiter(AttrValue),
    Example,
    OpenFile(File),
    Take(Result<String, Text>),
    Read,
    Stop,
    TimeIsUp,
    Hear(Result<Answer, Text>),
    Open(usize),
    Close,
    /// The page has got another language.
    Translated,
}

impl Component for LogPage {
    type Message = LogPageMessage;
    type Properties = ();

    fn create(context: &Context<Self>) -> LogPage {
        let report = context.link().callback(|()| LogPageMessage::Translated);
        let listener = language::on_change(move || report.emit(()));
        let typed = Typed { text: "".into(), parser: DEFAULT_PARSER.into(), delimiter: "".into() };
        LogPage {
            typed,
            found: Found::Nothing,
            is_news: false,
            open: None,
            reading: None,
            reader: None,
            _listener: listener,
        }
    }

    fn update(&mut self, context: &Context<Self>, message: LogPageMessage) -> bool {
        let had_none = matches!(self.found, Found::Nothing);
        match message {
            LogPageMessage::Text(text) => self.take_text(text),
            LogPageMessage::Parser(parser) => self.typed.parser = parser,
            LogPageMessage::Delimiter(delimiter) => self.typed.delimiter = delimiter,
            LogPageMessage::Example => {
                self.typed = Typed { text: EXAMPLE.into(), parser: DEFAULT_PARSER.into(), delimiter: "".into() };
                self.found = Found::Nothing;
                self.reader = None;
            }
            LogPageMessage::OpenFile(file) => {
                self.reading = Reading::begin(&file, MOST_BYTES, context.link().callback(LogPageMessage::Take))
            }
            LogPageMessage::Take(content) => self.take(content),
            LogPageMessage::Read => self.read(context),
            LogPageMessage::Stop => self.give_up(t!("Stopped. Nothing has been read.")),
            LogPageMessage::TimeIsUp => self.give_up(t!(
                "Reading was stopped after {seconds} seconds. An expression in which one repetition stands inside another, such as (a+)+, can take for ever: write it without, or take a part of the log.",
                seconds = MOST_MS / 1_000
            )),
            LogPageMessage::Hear(answer) => self.hear(answer),
            LogPageMessage::Open(index) => {
                if let Found::Executions(list) = &self.found {
                    self.open = list.get(index).cloned();
                }
            }
            LogPageMessage::Close => self.open = None,
            LogPageMessage::Translated => {}
        }
        self.is_news = had_none && !matches!(self.found, Found::Nothing);
        true
    }

    fn rendered(&mut self, _context: &Context<Self>, _first: bool) {
        if std::mem::take(&mut self.is_news) {
            dom::scroll_to(".log-answer");
        }
    }

    fn view(&self, context: &Context<Self>) -> Html {
        match &self.open {
            Some(recording) => {
                let source = Source::Log(recording.clone());
                html! { <LabPage {source} on_close={context.link().callback(|()| LogPageMessage::Close)} /> }
            }
            None => self.draw(context),
        }
    }
}

impl LogPage {
    /// Takes a text, and the expressions that it says it is to be read with.
    fn take_text(&mut self, text: AttrValue) {
        if let Some(header) = Header::of(&text).filter(|header| Header::of(&self.typed.text) != Some(*header)) {
            self.typed.parser = header.parser.to_string().into();
            self.typed.delimiter = header.delimiter.to_string().into();
        }
        self.typed.text = text;
    }

    fn take(&mut self, content: Result<String, Text>) {
        self.reading = None;
        self.reader = None;
        match content {
            Ok(text) => {
                self.take_text(text.into());
                self.found = Found::Nothing;
            }
            Err(why) => self.found = Found::Refusal(t!("This file cannot be opened: {why}.", why = why)),
        }
    }

    /// Gives the log to a worker, so that the page can be used meanwhile.
    fn read(&mut self, context: &Context<Self>) {
        self.found = Found::Nothing;
        if self.typed.text.len() > MOST_BYTES {
            let why = files::too_large(self.typed.text.len(), MOST_BYTES);
            return self.give_up(t!("The log cannot be read: {why}.", why = why));
        }
        if let Some(better) = better_parser(&self.typed.parser, &self.typed.text) {
            self.typed.parser = better.into();
        }
        let link = context.link();
        let helper = Helper::send(self.typed.manuscript(), link.callback(LogPageMessage::Hear));
        self.reader = helper.map(|helper| Reader {
            _helper: helper,
            _deadline: dom::after(MOST_MS, link.callback(|()| LogPageMessage::TimeIsUp)),
        });
        if self.reader.is_none() {
            self.give_up(t!("This browser allows no work beside the page here. Open Netsplit in a window of its own, or use “netsplit log” in a terminal."));
        }
    }

    fn give_up(&mut self, why: Text) {
        self.reader = None;
        self.found = Found::Refusal(why);
    }

    fn hear(&mut self, answer: Result<Answer, Text>) {
        self.reader = None;
        self.found = match answer {
            Ok(Answer::Executions(list)) => Found::Executions(list),
            Ok(Answer::Problems(problems)) => Found::Problems(problems),
            Err(why) => Found::Refusal(why),
        };
        if let Found::Executions(list) = &self.found
            && let [only] = &list[..]
            && only.passed_over().lines == 0
        {
            self.open = Some(only.clone());
        }
    }
}

impl Typed {
    fn manuscript(&self) -> Manuscript {
        Manuscript {
            text: self.text.to_string(),
            parser: self.parser.to_string(),
            delimiter: self.delimiter.to_string(),
        }
    }
}
