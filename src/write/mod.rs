//! Writing lessons: the text with what is wrong with it, the step as a student sees it, and the stage. Who writes leads through the
//! lesson as a [`Tutor`] of the lab's page, which knows nothing more of it.

pub mod draft;
pub mod editor;
pub mod findings;
pub mod keys;
pub mod proof;
mod writer;

use sim::Text;

use crate::lesson::Tutor;
use crate::part;

/// What lets somebody write lessons.
#[derive(Debug)]
pub struct Writing {
    /// The lab of the draft that is open.
    pub lab: fn() -> String,
    /// Who leads through the draft that is open. Its lab has to be there.
    pub open: fn() -> Result<Box<dyn Tutor>, Text>,
}

part!(write: Writing = Writing { lab: || draft::Drafts::recall().lab(), open: || Ok(Box::new(writer::Writer::open()?)) });
