//! What is wrong with a text, and where.

use thiserror::Error;

/// A mistake in a text: `12:1: “quorum” is explained twice`.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{line}:{column}: {sentence}")]
pub struct Mistake {
    /// The line, counted from 1.
    pub line: usize,
    /// The character in the line, counted from 1.
    pub column: usize,
    /// What is wrong, and what to write instead.
    pub sentence: String,
}

impl Mistake {
    pub(crate) fn new(line: usize, column: usize, sentence: impl Into<String>) -> Mistake {
        Mistake { line, column, sentence: sentence.into() }
    }
}
