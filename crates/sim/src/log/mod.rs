//! Logs of real systems with vector clocks, in the format of ShiViz.
//!
//! Each event stands in the log with its host, its text and its vector clock as a JSON object; a regular expression with the
//! groups `host`, `clock` and `event` says where. A host's own entry in the clock numbers its events from 1; the order of the
//! lines does not matter. What the expression does not match is passed over, and counted. Source: Beschastnikh, Liu, Xing, Wang, Brun,
//! Ernst, "Visualizing Distributed System Executions", TOSEM 29(2), 2020, and ShiViz's own documentation of its format.
//!
//! Beside the mistakes that ShiViz refuses, counts that go back are refused here: such a log is mixed up.

mod clock;
mod clocks;
mod edges;
mod entries;
mod execution;
mod expression;
mod extension;
mod problems;
mod relation;
mod session;
mod source;
mod usual;
mod why;

use std::sync::Arc;

pub use edges::Edge;
pub use execution::{Event, Execution};
pub use expression::{Expression, Match};
pub use problems::{MOST_PROBLEMS, Problem, Problems};
pub use session::LogSession;
pub use source::{Header, PassedOver};
pub use usual::{DEFAULT_PARSER, EVENT_FIRST_PARSER, better_parser};

use crate::base::text::Text;
use crate::t;
use entries::{Entries, Groups};
use source::Source;

/// How to read a log.
#[derive(Debug)]
pub struct Format<'a> {
    parser: &'a dyn Expression,
    delimiter: Option<&'a dyn Expression>,
    groups: Groups,
}

impl<'a> Format<'a> {
    /// A format of a parser expression, and of a delimiter expression where the log holds several executions.
    ///
    /// # Errors
    ///
    /// Says which group the parser expression lacks.
    pub fn new(parser: &'a dyn Expression, delimiter: Option<&'a dyn Expression>) -> Result<Format<'a>, Text> {
        Ok(Format { parser, delimiter, groups: Groups::of(parser)? })
    }

    /// Reads the executions of a log; a header is passed over.
    ///
    /// # Errors
    ///
    /// Says all that is wrong with the log, line by line.
    pub fn read(&self, text: &str) -> Result<Vec<Execution>, Problems> {
        let source = Source::new(text);
        let fields = Arc::new(self.groups.fields());
        let mut problems = Problems::default();
        let mut executions = Vec::new();
        let sections = source.sections(self.parser, self.delimiter);
        if sections.is_empty() {
            problems.add(1, t!("the log is empty"));
        }
        let several = sections.len() > 1;
        let mut passed_over = PassedOver::default();
        for section in sections {
            let known = problems.len();
            let mut entries = Entries::read(&source, &section, self.parser, &self.groups, &mut problems);
            passed_over.add(entries.passed_over);
            if !entries.list.is_empty() {
                let log = source.text()[section.range].to_string();
                entries.passed_over = std::mem::take(&mut passed_over);
                let PassedOver { lines, first_line } = entries.passed_over;
                executions.extend(Execution::new(section.name, log, entries, fields.clone(), &mut problems));
                if lines > 0 && problems.len() > known {
                    problems.add(
                        first_line,
                        t!(
                            "the parser expression passes over this line, and over {count} in all: if they belong to events, it does not fit them",
                            count = lines
                        ),
                    );
                }
            } else if !(several && section.is_first) {
                let text = source.text()[section.range.clone()].trim_start();
                problems.add(
                    source.line(section.range.end - text.len()),
                    t!("the parser expression matches nothing from here on: compare it with the lines of the log"),
                );
            }
        }
        if problems.is_empty() { Ok(executions) } else { Err(problems.finish()) }
    }
}
