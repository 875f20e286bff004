//! The sentence that says what the last event did.

use sim::frame::Caption;
use yew::prelude::*;

use crate::glossary::marked_together;
use crate::words::{say, sentence};

/// The caption under the stage, read out politely.
/// Screen readers hear each step; where events flow by they would hear nothing else.
pub fn draw(caption: &Caption, playing: bool, flows: bool) -> Html {
    let sentences = match &caption.detail {
        Some(detail) => [sentence(&caption.headline), sentence(detail)],
        None => [say(&caption.headline), AttrValue::default()],
    };
    // What goes by cannot be pressed.
    let [headline, detail] =
        if playing { sentences.map(|said| html! { { said } }) } else { marked_together(sentences) };
    html! {
        <p class="caption" data-testid="caption" role="status" aria-live={if flows { "off" } else { "polite" }} aria-atomic="true">
            <strong>{ headline }</strong>
            if caption.detail.is_some() {
                { " " }<span>{ detail }</span>
            }
        </p>
    }
}
