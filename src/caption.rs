//! The sentence that says what the last event did.

use sim::frame::Caption;
use yew::prelude::*;

use crate::words::say;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct CaptionLineProps {
    pub caption: Caption,
    /// Screen readers hear each step; while playing they would hear nothing else.
    pub playing: bool,
}

/// The caption under the stage, read out politely.
#[component]
pub fn CaptionLine(props: &CaptionLineProps) -> Html {
    let CaptionLineProps { caption, playing } = props;
    html! {
        <p class="caption" data-testid="caption" role="status" aria-live={if *playing { "off" } else { "polite" }} aria-atomic="true">
            <strong>{ say(&caption.headline) }</strong>
            if let Some(detail) = &caption.detail {
                { " " }<span>{ say(detail) }</span>
            }
        </p>
    }
}
