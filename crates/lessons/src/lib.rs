//! What is explained beside the labs, as texts in `lessons/` that are read and checked here. It knows no lab and no browser.

mod mistake;
mod search;
mod words;

pub use mistake::Mistake;
pub use search::Mark;
pub use words::{Source, Vocabulary, Word};
