//! A row of tabs, one of which is selected: arrows go from one to the next.

use sim::Text;
use web_sys::{Element, KeyboardEvent};
use yew::prelude::*;

use crate::command::{Command, Commands};
use crate::dom;
use crate::language;
use crate::words::say;

/// One tab of a row.
#[derive(Clone, Debug, PartialEq)]
pub struct Tab {
    /// The name in the page and for tests.
    pub id: &'static str,
    pub title: Text,
    pub is_selected: bool,
    /// What selects it.
    pub command: Command,
}

/// The row; `panel` is the name of what the tabs show.
pub fn draw(tabs: Vec<Tab>, panel: impl Fn(&Tab) -> AttrValue, commands: &Commands) -> Html {
    let tab = |tab: &Tab| {
        let wish = tab.command.clone();
        html! {
            <button role="tab" id={tab.id} data-testid={tab.id} aria-selected={tab.is_selected.to_string()} aria-controls={panel(tab)}
                tabindex={if tab.is_selected { "0" } else { "-1" }} onclick={commands.reform(move |_: MouseEvent| wish.clone())}>
                { say(&tab.title) }
            </button>
        }
    };
    let row: Html = tabs.iter().map(tab).collect();
    let commands = commands.clone();
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        // The one with the focus: what is selected may still have to be drawn.
        let focused = event.target_unchecked_into::<Element>().id();
        let at = tabs.iter().position(|tab| tab.id == focused).unwrap_or(0);
        let step = match (event.key().as_str(), language::is_mirrored()) {
            ("ArrowRight", false) | ("ArrowLeft", true) => 1,
            ("ArrowLeft", false) | ("ArrowRight", true) => tabs.len() - 1,
            _ => return,
        };
        let next = &tabs[(at + step) % tabs.len()];
        event.prevent_default();
        commands.emit(next.command.clone());
        dom::focus(&format!("#{}", next.id));
    });
    html! { <div class="tabs" role="tablist" {onkeydown}>{ row }</div> }
}
