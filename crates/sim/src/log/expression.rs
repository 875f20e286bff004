//! Regular expressions, of whatever engine: the page uses the browser's, the command line a crate.

use std::fmt::Debug;
use std::ops::Range;

/// A regular expression with named groups. `^` and `$` match at the lines of the text, as with JavaScript's flag `m`.
pub trait Expression: Debug {
    /// The names of its groups, each once.
    fn names(&self) -> Vec<String>;

    /// All matches in a text, in order; none begins before the one before it has ended.
    fn matches<'a>(&'a self, text: &'a str) -> Box<dyn Iterator<Item = Match> + 'a>;
}

/// One match of an expression. All places are in bytes of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// All that was matched.
    pub range: Range<usize>,
    /// What each group has caught, in the order of the names; none where it took no part.
    pub groups: Vec<Option<Range<usize>>>,
}
