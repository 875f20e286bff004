//! Prose: the part of Markdown in which articles and lessons are written, as a tree that a page draws. There is no HTML in
//! it, and links lead to the web, to a word, a lesson, a moment of a lab, or to what is said of how the lab is modelled.

use std::fmt::{self, Display};
use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use serde::{Deserialize, Serialize};

use crate::mistake::Mistake;

/// A piece of text that is read from its beginning to its end.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prose {
    pub blocks: Vec<Block>,
}

/// What stands by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Block {
    Paragraph(Vec<Inline>),
    Heading {
        /// From 1 to 6.
        level: u8,
        /// What it is called in addresses of the page: `in-real-systems`.
        slug: String,
        inlines: Vec<Inline>,
    },
    List {
        /// The first number, if its items are counted.
        first: Option<u64>,
        items: Vec<Vec<Block>>,
    },
    Table {
        head: Vec<Vec<Inline>>,
        rows: Vec<Vec<Vec<Inline>>>,
    },
    Code(String),
    /// A moment that is shown where it stands: a paragraph with nothing but a link to it.
    Figure {
        moment: String,
        caption: Vec<Inline>,
    },
}

/// What stands in a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Inline {
    Text(String),
    Emphasis(Vec<Inline>),
    Strong(Vec<Inline>),
    Code(String),
    Link { target: Target, inlines: Vec<Inline> },
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Target {
    /// A word of the vocabulary, by its name in addresses: `happened-before`.
    Word(String),
    /// A lesson, by its name.
    Lesson(String),
    /// A moment of the lab, as statements: `scenario split-vote; run 200 ms`.
    Moment(String),
    /// How the lab is modelled.
    Readme,
    /// A page of the web: `https://…`.
    Address(String),
}

impl Display for Target {
    /// As it stands in a link.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Word(name) => write!(f, "word:{name}"),
            Target::Lesson(id) => write!(f, "lesson:{id}"),
            Target::Moment(said) => write!(f, "moment:{said}"),
            Target::Readme => f.write_str("readme:"),
            Target::Address(address) => f.write_str(address),
        }
    }
}

impl Prose {
    /// Reads a text that begins in this line of its file.
    ///
    /// # Errors
    ///
    /// Says all that is wrong, and where.
    pub fn read(text: &str, first_line: usize) -> Result<Prose, Vec<Mistake>> {
        let moments = moments(text);
        let masked = masked(text, &moments);
        let mut reader = Reader { text, first_line, moments, mistakes: Vec::new(), open: vec![Open::default()] };
        for (event, range) in Parser::new_ext(&masked, Options::ENABLE_TABLES).into_offset_iter() {
            reader.take(event, range);
        }
        let blocks = reader.open.pop().unwrap_or_default().blocks;
        if reader.mistakes.is_empty() { Ok(Prose { blocks }) } else { Err(reader.mistakes) }
    }

    /// All links, and the figures as links.
    pub fn targets(&self) -> Vec<Target> {
        let mut targets = Vec::new();
        self.blocks.iter().for_each(|block| block.collect_targets(&mut targets));
        targets
    }

    /// How many words it has.
    pub fn words(&self) -> usize {
        self.blocks.iter().map(Block::words).sum()
    }
}

impl Block {
    /// All that it says, in one line.
    pub fn plain(&self) -> String {
        match self {
            Block::Paragraph(inlines) | Block::Heading { inlines, .. } | Block::Figure { caption: inlines, .. } => {
                plain(inlines)
            }
            Block::List { items, .. } => items.iter().flatten().map(Block::plain).collect::<Vec<_>>().join(" "),
            Block::Table { head, rows } => {
                head.iter().chain(rows.iter().flatten()).map(|cell| plain(cell)).collect::<Vec<_>>().join(" ")
            }
            Block::Code(text) => text.clone(),
        }
    }

    fn words(&self) -> usize {
        self.plain().split_whitespace().count()
    }

    fn collect_targets(&self, targets: &mut Vec<Target>) {
        match self {
            Block::Paragraph(inlines) | Block::Heading { inlines, .. } => collect_targets(inlines, targets),
            Block::List { items, .. } => items.iter().flatten().for_each(|block| block.collect_targets(targets)),
            Block::Table { head, rows } => {
                head.iter().chain(rows.iter().flatten()).for_each(|cell| collect_targets(cell, targets));
            }
            Block::Code(_) => {}
            Block::Figure { moment, .. } => targets.push(Target::Moment(moment.clone())),
        }
    }
}

/// What inlines say, without how.
pub fn plain(inlines: &[Inline]) -> String {
    let say = |inline: &Inline| match inline {
        Inline::Text(text) | Inline::Code(text) => text.clone(),
        Inline::Emphasis(inlines) | Inline::Strong(inlines) | Inline::Link { inlines, .. } => plain(inlines),
    };
    inlines.iter().map(say).collect()
}

fn collect_targets(inlines: &[Inline], targets: &mut Vec<Target>) {
    for inline in inlines {
        match inline {
            Inline::Text(_) | Inline::Code(_) => {}
            Inline::Emphasis(inlines) | Inline::Strong(inlines) => collect_targets(inlines, targets),
            Inline::Link { target, inlines } => {
                targets.push(target.clone());
                collect_targets(inlines, targets);
            }
        }
    }
}

/// A text as it stands in addresses: `in-real-systems`.
pub fn slug(text: &str) -> String {
    let words = text.split(|letter: char| !letter.is_alphanumeric() && letter != '\'');
    words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect::<Vec<_>>().join("-")
}

/// How a link to a moment begins.
const MOMENT: &str = "](moment:";

/// Where a text has the statements of moments. They have blanks, arrows and brackets, which no address in Markdown has.
pub(crate) fn moments(text: &str) -> Vec<Range<usize>> {
    let mut moments = Vec::new();
    let mut from = 0;
    while let Some(start) = text[from..].find(MOMENT).map(|at| from + at + MOMENT.len()) {
        let paragraph = text[start..].split("\n\n").next().unwrap_or_default();
        let mut depth = 0;
        let length = paragraph.find(|letter| {
            depth += i32::from(letter == '(') - i32::from(letter == ')');
            depth < 0
        });
        moments.extend(length.filter(|length| *length > 0).map(|length| start..start + length));
        from = start + length.unwrap_or_default();
    }
    moments
}

/// The same text, as long in bytes, with letters in the place of these statements.
pub(crate) fn masked(text: &str, moments: &[Range<usize>]) -> String {
    let mut masked = String::with_capacity(text.len());
    for moment in moments {
        masked.push_str(&text[masked.len()..moment.start]);
        masked.extend(std::iter::repeat_n('-', moment.len()));
    }
    masked.push_str(&text[masked.len()..]);
    masked
}

/// What has begun and not ended yet, with what stands in it so far.
#[derive(Default)]
struct Open {
    /// Of a link.
    destination: String,
    /// Of a list.
    first: Option<u64>,
    blocks: Vec<Block>,
    inlines: Vec<Inline>,
    cells: Vec<Vec<Inline>>,
    rows: Vec<Vec<Vec<Inline>>>,
    items: Vec<Vec<Block>>,
}

impl Open {
    /// Items without blank lines between them have their text without a paragraph around it.
    fn close_paragraph(&mut self) {
        if !self.inlines.is_empty() {
            self.blocks.push(Block::Paragraph(std::mem::take(&mut self.inlines)));
        }
    }
}

struct Reader<'a> {
    text: &'a str,
    first_line: usize,
    moments: Vec<Range<usize>>,
    mistakes: Vec<Mistake>,
    /// The text itself, and in it all that is open, from outside in.
    open: Vec<Open>,
}

impl Reader<'_> {
    fn take(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.begin(tag, range.start),
            Event::End(tag) => self.end(tag, range),
            Event::Text(text) => {
                self.look_for_lost_link(&text, &range);
                self.say(&text);
            }
            Event::Code(text) => self.add(Inline::Code(text.into_string())),
            Event::SoftBreak | Event::HardBreak => self.say(" "),
            Event::InlineHtml(_) => self.refuse_html(range.start),
            Event::Rule => self.refuse(range.start, "there is no rule in prose: begin a section with ##"),
            // Lines of what is refused as a whole, and what is not switched on.
            _ => {}
        }
    }

    fn begin(&mut self, tag: Tag<'_>, at: usize) {
        let mut open = Open::default();
        let is_block = matches!(tag, Tag::List(_) | Tag::CodeBlock(_) | Tag::Table(_));
        match tag {
            Tag::Link { dest_url, .. } => open.destination = dest_url.into_string(),
            Tag::List(first) => open.first = first,
            Tag::HtmlBlock => self.refuse_html(at),
            Tag::BlockQuote(_) => self.refuse(at, "there are no quotations with > in prose: write a paragraph"),
            Tag::Image { .. } => self.refuse(at, "there are no pictures in prose: show a moment, [caption](moment:…)"),
            _ => {}
        }
        if let Some(outer) = self.open.last_mut().filter(|_| is_block) {
            outer.close_paragraph();
        }
        self.open.push(open);
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        let Some(mut inner) = self.open.pop() else { return };
        let target = if tag == TagEnd::Link { self.target(&inner.destination, &range) } else { None };
        let is_top = self.open.len() == 1;
        let Some(outer) = self.open.last_mut() else { return };
        match tag {
            TagEnd::Paragraph if is_top => outer.blocks.push(paragraph(inner.inlines)),
            TagEnd::Paragraph => outer.blocks.push(Block::Paragraph(inner.inlines)),
            TagEnd::Heading(level) => {
                let slug = slug(&plain(&inner.inlines));
                outer.blocks.push(Block::Heading { level: level as u8, slug, inlines: inner.inlines });
            }
            TagEnd::CodeBlock => outer.blocks.push(Block::Code(plain(&inner.inlines))),
            TagEnd::Item => {
                inner.close_paragraph();
                outer.items.push(inner.blocks);
            }
            TagEnd::List(_) => outer.blocks.push(Block::List { first: inner.first, items: inner.items }),
            TagEnd::TableCell => outer.cells.push(inner.inlines),
            TagEnd::TableHead | TagEnd::TableRow => outer.rows.push(inner.cells),
            TagEnd::Table => {
                let mut rows = inner.rows.into_iter();
                outer.blocks.push(Block::Table { head: rows.next().unwrap_or_default(), rows: rows.collect() });
            }
            TagEnd::Emphasis => outer.inlines.push(Inline::Emphasis(inner.inlines)),
            TagEnd::Strong => outer.inlines.push(Inline::Strong(inner.inlines)),
            TagEnd::Link => {
                outer.inlines.extend(target.map(|target| Inline::Link { target, inlines: inner.inlines }));
            }
            // Refused, or not switched on.
            _ => {}
        }
    }

    fn add(&mut self, inline: Inline) {
        if let Some(open) = self.open.last_mut() {
            open.inlines.push(inline);
        }
    }

    /// Text comes in pieces, which are one for those who read it.
    fn say(&mut self, text: &str) {
        let last = self.open.last_mut().and_then(|open| open.inlines.last_mut());
        match last {
            Some(Inline::Text(said)) => said.push_str(text),
            _ => self.add(Inline::Text(text.to_string())),
        }
    }

    /// An address with a blank in it is no address, and its link would be read as it was written.
    fn look_for_lost_link(&mut self, text: &str, range: &Range<usize>) {
        if text.starts_with("](") || (text.ends_with(']') && self.text[range.end..].starts_with('(')) {
            self.refuse(
                range.start,
                "this looks like a link and is none: write [text](address), the address without blanks",
            );
        }
    }

    /// Where the link in this part of the text leads.
    fn target(&mut self, destination: &str, range: &Range<usize>) -> Option<Target> {
        let (scheme, rest) = destination.split_once(':').unwrap_or_default();
        let mend = match (scheme, rest.trim()) {
            ("https", _) => return Some(Target::Address(destination.to_string())),
            ("readme", "") => return Some(Target::Readme),
            ("word" | "lesson" | "moment", "") => {
                format!("{scheme}: leads nowhere: say which {scheme} behind the colon")
            }
            ("word", name) => return Some(Target::Word(name.to_ascii_lowercase().replace(' ', "-"))),
            ("lesson", id) => return Some(Target::Lesson(id.to_string())),
            ("moment", said) => {
                let inside = |moment: &&Range<usize>| range.contains(&moment.start);
                let said = self.moments.iter().find(inside).map_or(said, |moment| &self.text[moment.clone()]);
                return Some(Target::Moment(said.split_whitespace().collect::<Vec<_>>().join(" ")));
            }
            ("http", _) => "links lead to https:// addresses, and this one says http".to_string(),
            _ => format!(
                "“{destination}” is no address that is known here: there are https://…, word:…, lesson:…, moment:… and readme:"
            ),
        };
        self.refuse(range.start, mend);
        None
    }

    fn refuse_html(&mut self, at: usize) {
        self.refuse(at, "there is no HTML in prose: write Markdown, and < as \\<");
    }

    fn refuse(&mut self, at: usize, sentence: impl Into<String>) {
        let before = &self.text[..at];
        let line = self.first_line + before.matches('\n').count();
        let column = before.chars().rev().take_while(|letter| *letter != '\n').count() + 1;
        self.mistakes.push(Mistake::new(line, column, sentence));
    }
}

/// A paragraph, or a figure where there is nothing in it but a link to a moment.
fn paragraph(mut inlines: Vec<Inline>) -> Block {
    match inlines.pop() {
        Some(Inline::Link { target: Target::Moment(moment), inlines: caption }) if inlines.is_empty() => {
            Block::Figure { moment, caption }
        }
        last => {
            inlines.extend(last);
            Block::Paragraph(inlines)
        }
    }
}
