//! The text of a log: its lines, its header, and where its executions begin and end.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::expression::Expression;

/// The text of a log with the places where its lines begin.
#[derive(Clone, Debug)]
pub(super) struct Source {
    text: String,
    /// Where each line after the first one begins.
    line_starts: Vec<usize>,
}

/// The part of a log that holds one execution.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Section {
    /// What the delimiter before it says in its group `trace`; empty where there is none.
    pub name: String,
    /// Whether it stands before all delimiters, where a log may have words of its own.
    pub is_first: bool,
    pub range: Range<usize>,
}

/// The lines of a log that are in no event: neither blank nor touched by the parser expression.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassedOver {
    /// How many there are.
    pub lines: u64,
    /// The number of the first one, counted from 1; 0 if there is none.
    pub first_line: u64,
}

/// The first two lines of a file for ShiViz: the expressions that it is to be read with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header<'a> {
    /// The parser expression.
    pub parser: &'a str,
    /// The delimiter expression; empty where the file holds one execution. See [`Header::is_one_line`].
    pub delimiter: &'a str,
}

/// How many lines of a log are looked at to see whether it begins in the second one.
const LINES_OF_A_BEGINNING: usize = 20;

impl<'a> Header<'a> {
    /// The header of a log, if it has one: a first line with the three groups that a parser expression must have.
    pub fn of(text: &'a str) -> Option<Header<'a>> {
        let mut lines = text.trim_start_matches('\u{feff}').lines();
        let parser = lines.next()?.trim();
        let has = |group: &str| parser.contains(&format!("(?<{group}>"));
        let is_header = ["host", "clock", "event"].into_iter().all(has);
        is_header.then(|| Header { parser, delimiter: lines.next().unwrap_or_default().trim() })
    }

    /// Whether the log, read with this parser expression, begins in the second line, which then is no delimiter.
    pub fn is_one_line(&self, text: &str, parser: &dyn Expression) -> bool {
        if self.delimiter.is_empty() || self.delimiter.contains("(?<trace>") {
            return false;
        }
        let lines = text.lines().skip(1).take(LINES_OF_A_BEGINNING);
        let log: String = lines.flat_map(|line| [line, "\n"]).collect();
        let first = parser.matches(&log).next();
        first.is_some_and(|found| !log[..found.range.start].contains('\n'))
    }
}

impl Source {
    /// Takes a text in. Lines may end as on Windows, as browsers allow in a form.
    pub fn new(text: &str) -> Source {
        let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        let line_starts = text.match_indices('\n').map(|(end, _)| end + 1).collect();
        Source { text, line_starts }
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// The number of the line with this place in it, counted from 1.
    pub fn line(&self, place: usize) -> u64 {
        self.line_starts.partition_point(|start| *start <= place) as u64 + 1
    }

    /// The lines that are wholly in a stretch of the text and not blank.
    pub fn lines_in(&self, stretch: Range<usize>) -> PassedOver {
        let text = &self.text[..stretch.end];
        let is_whole = stretch.start == 0 || self.text.as_bytes()[stretch.start - 1] == b'\n';
        let start = if is_whole {
            Some(stretch.start)
        } else {
            text[stretch.start..].find('\n').map(|end| stretch.start + end + 1)
        };
        let ends_whole = stretch.end == self.text.len() || self.text.as_bytes()[stretch.end] == b'\n';
        let end = if ends_whole { Some(stretch.end) } else { text.rfind('\n') };
        let (Some(start), Some(end)) = (start, end) else { return PassedOver::default() };
        let lines = self.text.get(start..end).unwrap_or_default().lines();
        let mut filled = (self.line(start)..).zip(lines).filter(|(_, line)| !line.trim().is_empty());
        let first = filled.next();
        PassedOver {
            lines: first.iter().count() as u64 + filled.count() as u64,
            first_line: first.map_or(0, |(number, _)| number),
        }
    }

    /// The executions, in order. Stretches of blanks are none.
    pub fn sections(&self, parser: &dyn Expression, delimiter: Option<&dyn Expression>) -> Vec<Section> {
        let mut start = self.after_header(parser);
        let mut name = String::new();
        let mut sections = Vec::new();
        if let Some(delimiter) = delimiter {
            let trace = delimiter.names().iter().position(|name| name == "trace");
            let body = start;
            for found in delimiter.matches(&self.text[body..]) {
                let label = trace.and_then(|trace| found.groups[trace].clone());
                let label = label.map_or("", |range| &self.text[body + range.start..body + range.end]);
                let end = body + found.range.start;
                let name = std::mem::replace(&mut name, label.to_string());
                sections.push(Section { name, is_first: sections.is_empty(), range: start..end });
                start = body + found.range.end;
            }
        }
        sections.push(Section { name, is_first: sections.is_empty(), range: start..self.text.len() });
        sections.retain(|section| !self.text[section.range.clone()].trim().is_empty());
        sections
    }

    fn after_header(&self, parser: &dyn Expression) -> usize {
        let Some(header) = Header::of(&self.text) else { return 0 };
        let lines = if header.is_one_line(&self.text, parser) { 1 } else { 2 };
        self.line_starts.get(lines - 1).copied().unwrap_or(self.text.len())
    }
}

impl PassedOver {
    /// Adds the lines of a later stretch.
    pub(super) fn add(&mut self, later: PassedOver) {
        if self.lines == 0 {
            self.first_line = later.first_line;
        }
        self.lines += later.lines;
    }
}
