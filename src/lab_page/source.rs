//! What the page of a lab shows.

use sim::{LabSession, Text};
use yew::AttrValue;

use super::checkers;
use crate::log_page::{self, Recording};
use crate::parts::Missing;

/// Where the session of a page comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// A lab, by its name.
    Lab(AttrValue),
    /// A log of the visitor's own: it can be looked at, not changed.
    Log(Recording),
}

impl Source {
    pub(super) fn open(&self) -> Result<Box<dyn LabSession>, Text> {
        match self {
            Source::Lab(name) => {
                let mut session = labs::registry::open_unjudged(name)?;
                if let Some(checkers) = checkers::PART.get() {
                    (checkers.follow)(&mut *session);
                }
                Ok(session)
            }
            Source::Log(recording) => match log_page::PART.get() {
                Some(logs) => Ok((logs.open)(recording)),
                None => Err(Missing::Unreachable.sentence()),
            },
        }
    }
}
