//! In front of a class: the stage, one caption and the transport, large enough for the last row.

pub mod code;
mod elapsed;
pub mod keys;
pub mod notes;
mod screen;

use sim::frame::Frame;
use sim::{Text, Why, t};
use web_sys::KeyboardEvent;
use yew::prelude::*;

use crate::command::{Command, Commands, Lectern};
use crate::dom;
use crate::shared::Shared;
use crate::words::say;
use notes::NotesWindow;
use screen::Screen;

/// What there is of a page only while it presents.
#[derive(Debug)]
pub struct Presenting {
    /// Whether the screen is black.
    pub blank: bool,
    /// The address that is shown as a QR code.
    pub code: Option<String>,
    pub notes: Option<NotesWindow>,
    /// What the notes say about the moment.
    pub prompt: Option<Prompt>,
    /// When it began, in milliseconds of the page.
    pub began_ms: f64,
    screen: Screen,
}

/// What a teacher wants to know beforehand.
#[derive(Clone, Debug)]
pub struct Prompt {
    /// The moment that it is about.
    pub frame: Shared<Frame>,
    pub why: Why,
    /// What the next event will do.
    pub next: Option<Text>,
}

impl Presenting {
    /// Fills the screen, as far as the browser lets it.
    pub fn begin(commands: &Commands) -> Presenting {
        let screen = Screen::take(commands);
        Presenting { blank: false, code: None, notes: None, prompt: None, began_ms: dom::now_ms(), screen }
    }

    /// What a key means only while presenting.
    pub fn meaning(&self, event: &KeyboardEvent) -> Option<Command> {
        if event.ctrl_key() || event.meta_key() || event.alt_key() || event.default_prevented() {
            return None;
        }
        keys::command(&event.key(), self.blank, crate::keys::are_on())
    }

    /// Fills the screen again where it does not any more. Returns whether there was need to.
    pub fn fill(&self) -> bool {
        self.screen.fill()
    }
}

/// The buttons of a teacher, beside the transport.
pub fn draw_lectern(presenting: &Presenting, shares: bool, commands: &Commands) -> Html {
    let button = |id: &'static str, title: Text, pressed: bool, change: Lectern| {
        let onclick = commands.reform(move |_: MouseEvent| change.into());
        html! { <button class="button" data-testid={id} aria-pressed={pressed.to_string()} {onclick}>{ say(title) }</button> }
    };
    html! {
        <div class="lectern" role="group" aria-label={say(t!("Presenting"))}>
            if shares {
                { button("present-code", t!("QR code (Q)"), presenting.code.is_some(), Lectern::ToggleCode) }
            }
            { button("present-notes", t!("Notes (W)"), presenting.notes.is_some(), Lectern::ToggleNotes) }
            { button("present-blank", t!("Black (.)"), presenting.blank, Lectern::ToggleBlank) }
            <button class="button" data-testid="present-leave" onclick={commands.reform(|_: MouseEvent| Lectern::Leave.into())}>
                { say(t!("Leave (Esc)")) }
            </button>
        </div>
    }
}

/// A black screen, until any of the keys of a clicker or a click.
pub fn draw_blank(commands: &Commands) -> Html {
    let onclick = commands.reform(|_: MouseEvent| Lectern::ToggleBlank.into());
    html! {
        <button class="blank" data-testid="blank" {onclick}>
            <span class="unseen" role="status">{ say(t!("The screen is black. Press a key to go on.")) }</span>
        </button>
    }
}
