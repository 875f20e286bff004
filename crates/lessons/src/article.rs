//! Articles: what a lab is about, for those who read first. They stand in `notes.md` in the folder of a lab, one after the other
//! where that has several labs:
//!
//! ```text
//! ---
//! lab: raft
//! ---
//!
//! # Raft
//!
//! Five servers keep one log, and go on when two of them fail.
//!
//! ## What it is
//! …
//! ```
//!
//! Each has the seven [`SECTIONS`] in their order.

use serde::{Deserialize, Serialize};
use sim::Catalogue;

use crate::front::Front;
use crate::mistake::Mistake;
use crate::piece::Piece;
use crate::prose::{Block, Prose, Target, plain};
use crate::translation;

/// The sections of an article.
pub const SECTIONS: [&str; 7] =
    ["What it is", "Why", "How it works", "In real systems", "What goes wrong", "Words", "Sources"];

/// An article about a lab.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Article {
    /// The lab, by its name in addresses.
    pub lab: String,
    /// The language that it is read in.
    pub language: String,
    pub title: String,
    /// Its first paragraph, in plain text.
    pub summary: String,
    /// All below the title.
    pub prose: Prose,
    /// The line of its file that it begins in, counted from 1.
    pub line: usize,
}

/// The text of an article as it stands in a file, front matter and all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manuscript<'a> {
    /// The lab, by its name in addresses; empty where it does not say.
    pub lab: &'a str,
    pub text: &'a str,
    /// The line that it begins in, counted from 1.
    pub line: usize,
}

impl<'a> Manuscript<'a> {
    /// The articles of a file, one after the other.
    ///
    /// # Errors
    ///
    /// Says so when there is something before the first one, or none.
    pub fn all(file: &'a str) -> Result<Vec<Manuscript<'a>>, Mistake> {
        let (mut at, mut is_front, mut starts) = (0, false, Vec::new());
        for (number, line) in (1..).zip(file.split_inclusive('\n')) {
            match line.trim_end() {
                "---" if is_front => is_front = false,
                "---" => {
                    is_front = true;
                    starts.push((at, number));
                }
                text if starts.is_empty() && !text.is_empty() => break,
                _ => {}
            }
            at += line.len();
        }
        if starts.is_empty() {
            return Err(Mistake::new(1, 1, "an article begins with ---, lab: NAME, and --- again"));
        }
        let ends = starts.iter().skip(1).map(|(at, _)| *at).chain([file.len()]);
        Ok(starts.iter().zip(ends).map(|((start, line), end)| Manuscript::new(&file[*start..end], *line)).collect())
    }

    fn new(text: &'a str, line: usize) -> Manuscript<'a> {
        let mut head = text.lines().skip(1).take_while(|line| line.trim_end() != "---");
        let lab = head.find_map(|line| line.strip_prefix("lab:")).unwrap_or_default().trim();
        Manuscript { lab, text, line }
    }

    /// All that can be translated, in the order of the text, with the line that it begins in.
    pub fn entries(&self) -> Vec<Piece> {
        translation::entries(&self.body(), self.line + self.front())
    }

    /// How many lines the front matter has.
    fn front(&self) -> usize {
        self.text.lines().skip(1).take_while(|line| line.trim_end() != "---").count() + 2
    }

    fn body(&self) -> String {
        self.text.split_inclusive('\n').skip(self.front()).collect()
    }

    /// Reads the article in this language, as far as the catalogue has it. One of which it has nothing stays English.
    ///
    /// # Errors
    ///
    /// Says all that is wrong with the English, and where.
    pub fn read_in(&self, language: &str, catalogue: &Catalogue) -> Result<Article, Vec<Mistake>> {
        let mut article = self.read()?;
        let (body, is_said) = translation::translated(&self.body(), catalogue);
        // All pieces fit, so that it can be read.
        if let Some(prose) = Prose::read(&body, 1).ok().filter(|_| is_said) {
            article.say_in(language, prose);
        }
        Ok(article)
    }

    /// Reads the article.
    ///
    /// # Errors
    ///
    /// Says all that is wrong, and where.
    pub fn read(&self) -> Result<Article, Vec<Mistake>> {
        let lines: Vec<&str> = self.text.lines().collect();
        let at = |line: usize, sentence: String| Mistake::new(self.line + line, 1, sentence);
        let here = |mistake: Mistake| vec![Mistake { line: self.line + mistake.line - 1, ..mistake }];
        let (front, _) = Front::read(&lines, 0, &["lab"]).map_err(here)?;
        let lab = front.wanted("lab").map_err(here)?;
        let mut mistakes = Vec::new();
        let body = self.front();
        let mut blocks = Prose::read(&self.body(), self.line + body)?.blocks;
        let title = match blocks.first() {
            Some(Block::Heading { level: 1, inlines, .. }) => plain(inlines),
            _ => {
                mistakes.push(at(body, "the article has no title: # What it is called".to_string()));
                String::new()
            }
        };
        blocks.drain(..usize::from(!title.is_empty()));
        let said: Vec<String> = sections(&blocks).map(|(_, title)| title).collect();
        if said != SECTIONS {
            mistakes.push(at(0, about_sections(&said)));
        }
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        let (language, summary) = ("en".to_string(), summary(&blocks));
        Ok(Article { lab, language, title, summary, prose: Prose { blocks }, line: self.line })
    }
}

impl Article {
    /// Reads all articles of a file.
    ///
    /// # Errors
    ///
    /// Says all that is wrong, and where.
    pub fn read(file: &str) -> Result<Vec<Article>, Vec<Mistake>> {
        let manuscripts = Manuscript::all(file).map_err(|mistake| vec![mistake])?;
        let (mut articles, mut mistakes) = (Vec::new(), Vec::new());
        for manuscript in manuscripts {
            match manuscript.read() {
                Ok(article) => articles.push(article),
                Err(others) => mistakes.extend(others),
            }
        }
        if mistakes.is_empty() { Ok(articles) } else { Err(mistakes) }
    }

    /// Takes over what another language says, title and all.
    fn say_in(&mut self, language: &str, prose: Prose) {
        let mut blocks = prose.blocks.into_iter();
        let Some(title) = blocks.next() else { return };
        let mut blocks: Vec<Block> = blocks.collect();
        for (said, english) in blocks.iter_mut().zip(&self.prose.blocks) {
            // A section has the same address in all languages.
            if let (Block::Heading { slug, .. }, Block::Heading { slug: english, .. }) = (said, english) {
                slug.clone_from(english);
            }
        }
        self.language = language.to_string();
        self.title = title.plain();
        self.summary = summary(&blocks);
        self.prose = Prose { blocks };
    }

    /// How many words it has before its sources.
    pub fn words(&self) -> usize {
        let is_sources = |block: &Block| matches!(block, Block::Heading { slug, .. } if slug == "sources");
        let read = self.prose.blocks.iter().take_while(|block| !is_sources(block));
        Prose { blocks: read.cloned().collect() }.words()
    }

    /// The statements of all moments that it shows or leads to, in its order.
    pub fn moments(&self) -> Vec<String> {
        let moment = |target| if let Target::Moment(said) = target { Some(said) } else { None };
        self.prose.targets().into_iter().filter_map(moment).collect()
    }

    /// Its sections: what they are called in addresses, and their titles.
    pub fn contents(&self) -> Vec<(&str, String)> {
        sections(&self.prose.blocks).collect()
    }
}

/// The first paragraph, in plain text.
fn summary(blocks: &[Block]) -> String {
    blocks.iter().find(|block| matches!(block, Block::Paragraph(_))).map(Block::plain).unwrap_or_default()
}

fn sections(blocks: &[Block]) -> impl Iterator<Item = (&str, String)> {
    blocks.iter().filter_map(|block| match block {
        Block::Heading { level: 2, slug, inlines } => Some((slug.as_str(), plain(inlines))),
        _ => None,
    })
}

/// What is wrong with the sections of an article.
fn about_sections(said: &[String]) -> String {
    let is_said = |section: &&str| said.iter().any(|title| title == section);
    let missing: Vec<&str> = SECTIONS.into_iter().filter(|section| !is_said(section)).collect();
    let said = said.iter().map(String::as_str);
    let other: Vec<&str> = said.filter(|title| !SECTIONS.contains(title)).collect();
    match (missing.as_slice(), other.as_slice()) {
        ([], []) => format!("the sections stand in another order; it is {}", SECTIONS.join(", ")),
        ([], other) => format!("no article has a section {}: make it ###", other.join(", ")),
        (missing, _) => format!("the article has no section {}", missing.join(", ")),
    }
}
