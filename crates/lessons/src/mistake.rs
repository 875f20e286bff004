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

/// A mistake inside of a piece of a line, of which nobody there knows where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Slip {
    /// The character in the piece, counted from 0.
    pub(crate) at: usize,
    pub(crate) sentence: String,
}

impl Slip {
    pub(crate) fn new(at: usize, sentence: impl Into<String>) -> Slip {
        Slip { at, sentence: sentence.into() }
    }

    /// The same as a mistake in a text in which the piece begins at this line and column, both counted from 1.
    pub(crate) fn at(self, line: usize, column: usize) -> Mistake {
        Mistake::new(line, column + self.at, self.sentence)
    }
}

/// “there is no check split-votes; did you mean split-vote?”, or else what there is.
pub(crate) fn unknown<'a>(what: &str, name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    let name = sim::text::excerpt(name, sim::text::QUOTED);
    let near = known.iter().map(|known| (distance(&name, known), known)).min();
    match near {
        Some((away, near)) if away <= 1 + name.chars().count() / 4 => {
            format!("there is no {what} {name}; did you mean {near}?")
        }
        _ if known.is_empty() => format!("there is no {what} {name}: there is none here"),
        _ => format!("there is no {what} {name}; there are: {}", sim::text::choices(&known)),
    }
}

/// How many letters have to change to make one word of the other (Levenshtein 1966).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, a) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, b) in b.iter().enumerate() {
            let cost = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = cost.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}
