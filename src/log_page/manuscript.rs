//! Reading a log, as it goes on in a worker.

use serde::{Deserialize, Serialize};
use sim::log::{Format, Header, Problems};
use sim::{Text, t};

use super::Recording;
use super::expression::Expression;
use crate::worker::{Errand, Work};

/// A log, and the expressions that it is to be read with.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Manuscript {
    pub text: String,
    pub parser: String,
    /// Empty where the log holds one execution.
    pub delimiter: String,
}

/// What is in a log, or what is wrong with it.
#[derive(Debug, Serialize, Deserialize)]
pub enum Answer {
    Executions(Vec<Recording>),
    Problems(Problems),
}

impl From<Manuscript> for Errand {
    fn from(manuscript: Manuscript) -> Errand {
        Errand::ReadLog(manuscript)
    }
}

impl Work for Manuscript {
    type Report = Answer;

    fn run(self, _tell: &dyn Fn(Answer)) -> Result<Answer, Text> {
        let parser = Expression::new(&self.parser)
            .map_err(|why| t!("The parser expression cannot be used: {why}.", why = why))?;
        let header = Header::of(&self.text).filter(|header| header.delimiter == self.delimiter);
        let is_none = self.delimiter.is_empty() || header.is_some_and(|header| header.is_one_line(&self.text, &parser));
        let delimiter = (!is_none).then(|| Expression::new(&self.delimiter)).transpose();
        let delimiter = delimiter.map_err(|why| t!("The delimiter expression cannot be used: {why}.", why = why))?;
        let delimiter = delimiter.as_ref().map(|delimiter| delimiter as &dyn sim::log::Expression);
        let format = Format::new(&parser, delimiter).map_err(|why| t!("The log cannot be read: {why}.", why = why))?;
        Ok(match format.read(&self.text) {
            Ok(executions) => Answer::Executions(executions.into_iter().map(Recording::new).collect()),
            Err(problems) => Answer::Problems(problems),
        })
    }
}
