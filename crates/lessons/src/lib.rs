//! What teaches beside the labs: the vocabulary, articles, and lessons with their judge. Texts in `lessons/` and in the labs' folders are
//! read and checked here. It knows no lab and no browser.

mod answers;
pub mod article;
mod course;
mod expression;
mod front;
mod index;
mod isolate;
mod judge;
mod lesson;
mod lint;
mod misconceptions;
mod mistake;
mod path;
mod patience;
mod pick;
mod piece;
mod prediction;
mod proof;
pub mod prose;
mod prospectus;
mod reader;
mod record;
mod reveal;
mod runner;
mod script;
mod search;
pub mod syllabus;
mod table;
mod token;
pub mod translation;
mod value;
mod verify;
mod watch;
mod weighing;
mod words;
pub mod worksheet;

pub use answers::{AnswerFile, Done, LONGEST_ANSWERS, LONGEST_LABEL, Predicted, Run, StepAnswers};
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
pub use piece::Piece;
pub use proof::{Key, KeyEntry, Known, prove, prove_within, resolve, verdicts};
pub use prose::Prose;
pub use prospectus::Prospectus;
pub use reader::{LONGEST_FILE, read_lessons};
pub use reveal::{Answer, Feedback, Revealed};
pub use runner::{Runner, Stand};
pub use script::Script;
pub use search::Mark;
pub use syllabus::{Syllabus, read_syllabi};
pub use table::{COLUMNS, cells, csv_head, csv_line};
pub use value::Value;
pub use verify::{Kind, Place, Row, Verdict, Verifier, in_words};
pub use watch::{Look, Standing, Watch};
pub use weighing::Weighing;
pub use words::{Source, Vocabulary, Word};
