//! What the page says by itself.

use sim::{Text, t};

use crate::command::{Command, Notice, Run};
use crate::hint::Tried;
use crate::parts::Missing;

/// Something that can be done about what has just happened.
#[derive(Clone, Debug)]
pub(super) struct Offer {
    /// What has happened.
    pub(super) sentence: Text,
    /// What stands on the button.
    pub(super) label: Text,
    /// The name for tests.
    pub(super) id: &'static str,
    pub(super) wish: Run,
}

impl Offer {
    /// Something was removed.
    pub(super) fn undo(sentence: Text) -> Offer {
        Offer { sentence, label: t!("Undo (U)"), id: "undo", wish: Run::Undo }
    }
}

/// What the page says by itself.
#[derive(Debug)]
pub(super) struct Notices {
    /// What became of the last wish, where that cannot be seen.
    pub(super) sentence: Option<Text>,
    /// What can be done about it; it stands until the next act, or another moment.
    pub(super) offer: Option<Offer>,
    /// Why a part that a command needs did not come.
    pub(super) missing: Option<(Missing, Command)>,
    /// What a first visitor has tried; none when there is no need for a hint.
    pub(super) tried: Option<Tried>,
}

impl Notices {
    pub(super) fn new() -> Notices {
        Notices { sentence: None, offer: None, missing: None, tried: Tried::recalled() }
    }

    pub(super) fn obey(&mut self, wish: Notice) {
        match wish {
            Notice::Say(text) => self.sentence = Some(text),
            Notice::Dismiss => (self.sentence, self.offer) = (None, None),
            Notice::EndHint => {
                Tried::remember();
                self.tried = None;
            }
        }
    }

    /// Takes away what is offered, once the visitor goes on.
    pub(super) fn go_on(&mut self, command: &Command) {
        if matches!(command, Command::Course(_) | Command::Run(_) | Command::Act(_) | Command::Hand(_)) {
            self.offer = None;
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
