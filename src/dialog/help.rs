//! The keys, and how to switch them off.

use sim::t;
use web_sys::{Event, HtmlInputElement};
use yew::prelude::*;

use super::Dialog;
use crate::command::Commands;
use crate::keys;
use crate::words::say;

/// How to begin, and the keys.
pub fn draw(commands: &Commands) -> Html {
    let onchange =
        Callback::from(|event: Event| keys::switch(event.target_unchecked_into::<HtmlInputElement>().checked()));
    let key = |(key, meaning): (&'static str, sim::Text)| {
        html! { <><dt><kbd>{ key }</kbd></dt><dd>{ say(meaning) }</dd></> }
    };
    html! {
        <Dialog title={say(t!("How it works"))} commands={commands.clone()}>
            <p>{ say(t!("Press play or step on, and break things: click on a link to cut it, on a node or a message to see what can be done with it, or draw a line round some nodes to split them off. Step back at any time: acting in the past starts a new branch, and the old one stays.")) }</p>
            <p class="signs">{ say(t!("Legend, below the stage, says what is drawn there. A word with dots below it explains itself when it is pressed.")) }</p>
            <dl class="keys">{ for keys::list().into_iter().map(key) }</dl>
            <label class="control switch">
                <input type="checkbox" role="switch" data-testid="keys-on" checked={keys::are_on()} {onchange} />
                <span>{ say(t!("Use these keys")) }</span>
            </label>
        </Dialog>
    }
}
