//! The sentence that says what the last event did.

use sim::frame::Caption;
use yew::prelude::*;

use crate::words::say;

/// The caption under the stage, read out politely.
/// Screen readers hear each step; while playing they would hear nothing else.
pub fn draw(caption: &Caption, playing: bool) -> Html {
    html! {
        <p class="caption" data-testid="caption" role="status" aria-live={if playing { "off" } else { "polite" }} aria-atomic="true">
            <strong>{ say(&caption.headline) }</strong>
            if let Some(detail) = &caption.detail {
                { " " }<span>{ say(detail) }</span>
            }
        </p>
    }
}
