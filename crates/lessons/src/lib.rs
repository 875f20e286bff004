//! What is explained beside the labs, as texts that are read and checked here: the vocabulary in `lessons/`, and the articles in
//! the folders of labs. It knows no lab and no browser.

pub mod article;
mod mistake;
pub mod prose;
mod search;
mod words;

pub use article::Article;
pub use mistake::Mistake;
pub use prose::Prose;
pub use search::Mark;
pub use words::{Source, Vocabulary, Word};
