//! The page that takes in a log of a system of the visitor's own, and shows what is in it.

mod expression;
mod form;
pub mod problems;
mod recording;

use sim::log::{DEFAULT_PARSER, Format, Header, Problems};
use sim::{Text, t};
use web_sys::File;
use yew::prelude::*;

use crate::dom::Listener;
use crate::files::{self, Reading};
use crate::lab_page::{LabPage, Source};
use crate::language;
use expression::Expression;
pub use recording::Recording;

/// How long a log may be, in bytes: a page has not much more memory than some ten times that.
const MOST_BYTES: usize = 32 << 20;

/// A log that shows what a log looks like.
const EXAMPLE: &str = include_str!("example.log");

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

/// The page.
#[derive(Debug)]
pub struct LogPage {
    typed: Typed,
    found: Found,
    open: Option<Recording>,
    /// A file that is being read.
    reading: Option<Reading>,
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
        LogPage { typed, found: Found::Nothing, open: None, reading: None, _listener: listener }
    }

    fn update(&mut self, context: &Context<Self>, message: LogPageMessage) -> bool {
        match message {
            LogPageMessage::Text(text) => self.take_text(text),
            LogPageMessage::Parser(parser) => self.typed.parser = parser,
            LogPageMessage::Delimiter(delimiter) => self.typed.delimiter = delimiter,
            LogPageMessage::Example => {
                self.typed = Typed { text: EXAMPLE.into(), parser: DEFAULT_PARSER.into(), delimiter: "".into() };
                self.found = Found::Nothing;
            }
            LogPageMessage::OpenFile(file) => {
                self.reading = Reading::begin(&file, MOST_BYTES, context.link().callback(LogPageMessage::Take))
            }
            LogPageMessage::Take(content) => self.take(content),
            LogPageMessage::Read => self.read(),
            LogPageMessage::Open(index) => {
                if let Found::Executions(list) = &self.found {
                    self.open = list.get(index).cloned();
                }
            }
            LogPageMessage::Close => self.open = None,
            LogPageMessage::Translated => {}
        }
        true
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
        match content {
            Ok(text) => {
                self.take_text(text.into());
                self.found = Found::Nothing;
            }
            Err(why) => self.found = Found::Refusal(t!("This file cannot be opened: {why}.", why = why)),
        }
    }

    fn read(&mut self) {
        self.found = self.typed.read().unwrap_or_else(Found::Refusal);
        if let Found::Executions(list) = &self.found
            && let [only] = &list[..]
        {
            self.open = Some(only.clone());
        }
    }
}

impl Typed {
    fn read(&self) -> Result<Found, Text> {
        if self.text.len() > MOST_BYTES {
            return Err(t!("The log cannot be read: {why}.", why = files::too_large(self.text.len(), MOST_BYTES)));
        }
        let parser = Expression::new(&self.parser)
            .map_err(|why| t!("The parser expression cannot be used: {why}.", why = why))?;
        let delimiter = (!self.delimiter.is_empty()).then(|| Expression::new(&self.delimiter)).transpose();
        let delimiter = delimiter.map_err(|why| t!("The delimiter expression cannot be used: {why}.", why = why))?;
        let delimiter = delimiter.as_ref().map(|delimiter| delimiter as &dyn sim::log::Expression);
        let format = Format::new(&parser, delimiter).map_err(|why| t!("The log cannot be read: {why}.", why = why))?;
        Ok(match format.read(&self.text) {
            Ok(executions) => Found::Executions(executions.into_iter().map(Recording::new).collect()),
            Err(problems) => Found::Problems(problems),
        })
    }
}
