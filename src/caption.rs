//! The sentence that says what the last event did.

use sim::frame::Caption;
use yew::prelude::*;

use crate::words::{say, sentence};

/// The caption under the stage, read out politely.
/// Screen readers hear each step; where events flow by they would hear nothing else.
pub fn draw(caption: &Caption, flows: bool) -> Html {
    html! {
        <p class="caption" data-testid="caption" role="status" aria-live={if flows { "off" } else { "polite" }} aria-atomic="true">
            if let Some(detail) = &caption.detail {
                <strong>{ sentence(&caption.headline) }</strong>{ " " }<span>{ sentence(detail) }</span>
            } else {
                <strong>{ say(&caption.headline) }</strong>
            }
        </p>
    }
}
