//! What is wrong with a log, and where.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::base::order::sort_by_key;
use crate::base::text::Text;

/// How many problems are told at most.
pub const MOST_PROBLEMS: usize = 100;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The number of the line, counted from 1.
    pub line: u64,
    /// What is wrong there and what to do, as a sentence without a full stop.
    pub message: Text,
}

/// All that is wrong with a log, by line; the first [`MOST_PROBLEMS`] of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problems {
    list: Vec<Problem>,
    left_out: usize,
}

impl Problems {
    pub(super) fn add(&mut self, line: u64, message: Text) {
        self.list.push(Problem { line, message: message.excerpted() });
    }

    pub(super) fn append(&mut self, more: Problems) {
        self.list.extend(more.list);
    }

    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    /// Puts them in order and leaves out those that nobody would read any more.
    pub(super) fn finish(mut self) -> Problems {
        sort_by_key(&mut self.list, |problem| problem.line.into());
        self.left_out = self.list.len().saturating_sub(MOST_PROBLEMS);
        self.list.truncate(MOST_PROBLEMS);
        self
    }

    /// The problems, in the order of their lines.
    pub fn list(&self) -> &[Problem] {
        &self.list
    }

    /// How many more there are.
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "line {}: {}", self.line, self.message)
    }
}
