//! What teaches beside the labs: the vocabulary, articles, and lessons with their judge. Texts in `lessons/` and in the labs' folders are
//! read and checked here. It knows no lab and no browser.

pub mod article;
mod course;
mod expression;
mod front;
mod index;
mod judge;
mod lesson;
mod lint;
mod misconceptions;
mod mistake;
mod path;
mod patience;
mod pick;
mod prediction;
mod proof;
pub mod prose;
mod reader;
mod record;
mod reveal;
mod runner;
mod script;
mod search;
mod token;
mod value;
mod watch;
mod words;

pub use article::Article;
pub use course::{Moment, Start};
pub use expression::Expression;
pub use index::Listing;
pub use lesson::{
    Block, Choice, Goal, Lesson, Level, Passage, Prediction, PredictionKind, Reveals, Show, Step, Task, Within,
};
pub use lint::lint;
pub use misconceptions::{Misconception, read_misconceptions};
pub use mistake::Mistake;
pub use path::{Path, ways};
pub use pick::{Picked, Thing, pick};
pub use proof::{Key, KeyEntry, Known, prove, prove_within, resolve, verdicts};
pub use prose::Prose;
pub use reader::{LONGEST_FILE, read_lessons};
pub use reveal::{Answer, Feedback, Revealed};
pub use runner::{Runner, Stand};
pub use script::Script;
pub use search::Mark;
pub use value::Value;
pub use watch::{Standing, Watch};
pub use words::{Source, Vocabulary, Word};
