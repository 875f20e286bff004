//! The proof of a draft, as it goes on in a worker: a part of its own, with the reader of lessons.

use lessons::{Mistake, prove, read_lessons};
use serde::{Deserialize, Serialize};
use sim::Text;

use crate::part;
use crate::worker::{Errand, Errands, Work, run};

part!(proof: Errands = Errands {
    run: |errand, scope| if let Errand::Prove(draft) = errand { run(draft, scope) }
});

/// A draft to prove.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Manuscript {
    /// The lab of its lessons.
    pub lab: String,
    pub text: String,
}

/// What is wrong at a line and a column.
pub type Wrong = (usize, usize, String);

impl From<Manuscript> for Errand {
    fn from(manuscript: Manuscript) -> Errand {
        Errand::Prove(manuscript)
    }
}

impl Work for Manuscript {
    type Report = Vec<Wrong>;

    fn run(self, _tell: &dyn Fn(Vec<Wrong>)) -> Result<Vec<Wrong>, Text> {
        let lab = labs::registry::lab(&self.lab)?;
        let lessons = read_lessons(&self.text).unwrap_or_default();
        // A file may have lessons of several labs: this one is open.
        let here = lessons.iter().filter(|lesson| lesson.lab == self.lab);
        let mistakes = here.filter_map(|lesson| prove(lesson, lab).err()).flatten();
        Ok(mistakes.map(|Mistake { line, column, sentence }| (line, column, sentence)).collect())
    }
}
