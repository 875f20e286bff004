//! What the page says by itself.

use sim::Text;

use crate::command::{Command, Notice};
use crate::hint::Tried;
use crate::parts::Missing;

/// What the page says by itself.
#[derive(Debug)]
pub(super) struct Notices {
    /// What became of the last wish, where that cannot be seen.
    pub(super) sentence: Option<Text>,
    /// Why a part that a command needs did not come.
    pub(super) missing: Option<(Missing, Command)>,
    /// What a first visitor has tried; none when there is no need for a hint.
    pub(super) tried: Option<Tried>,
}

impl Notices {
    pub(super) fn new() -> Notices {
        Notices { sentence: None, missing: None, tried: Tried::recalled() }
    }

    pub(super) fn obey(&mut self, wish: Notice) {
        match wish {
            Notice::Say(text) => self.sentence = Some(text),
            Notice::Dismiss => self.sentence = None,
            Notice::EndHint => {
                Tried::remember();
                self.tried = None;
            }
        }
    }

    /// Ticks off what a first visitor tries.
    pub(super) fn tick(&mut self, command: &Command) {
        if let Some(tried) = &mut self.tried {
            *tried = tried.after(command);
            if tried.is_all() {
                Tried::remember();
            }
        }
    }
}
