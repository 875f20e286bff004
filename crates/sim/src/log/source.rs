//! The text of a log: its lines, its header, and where its executions begin and end.

use std::ops::Range;

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

/// The first two lines of a file for ShiViz: the expressions that it is to be read with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header<'a> {
    /// The parser expression.
    pub parser: &'a str,
    /// The delimiter expression; empty where the file holds one execution.
    pub delimiter: &'a str,
}

impl<'a> Header<'a> {
    /// The header of a log, if it has one: a first line with the three groups that a parser expression must have.
    pub fn of(text: &'a str) -> Option<Header<'a>> {
        let mut lines = text.trim_start_matches('\u{feff}').lines();
        let parser = lines.next()?.trim();
        let has = |group: &str| parser.contains(&format!("(?<{group}>"));
        let is_header = ["host", "clock", "event"].into_iter().all(has);
        is_header.then(|| Header { parser, delimiter: lines.next().unwrap_or_default().trim() })
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

    /// The executions, in order. Stretches of blanks are none.
    pub fn sections(&self, delimiter: Option<&dyn Expression>) -> Vec<Section> {
        let mut start = if Header::of(&self.text).is_some() { self.after_header() } else { 0 };
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

    fn after_header(&self) -> usize {
        self.line_starts.get(1).copied().unwrap_or(self.text.len())
    }
}
