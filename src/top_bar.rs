//! The bar at the top: where one is, and what holds for the whole page.

use sim::t;
use yew::prelude::*;

use crate::command::{Command, Topic};
use crate::icons::Logo;
use crate::scenarios::{ScenarioPicker, ScenariosProps};
use crate::theme::ThemeButton;
use crate::words::say;

/// Logo, scenarios, theme, help.
#[component]
pub fn TopBar(props: &ScenariosProps) -> Html {
    let help = say(t!("Help and keys (?)"));
    let onclick = props.commands.reform(|_: MouseEvent| Command::ShowDialog(Some(Topic::Help)));
    html! {
        <header class="top-bar">
            <Logo />
            <ScenarioPicker ..props.clone() />
            <span class="space"></span>
            <ThemeButton />
            <button class="button icon" data-testid="help" aria-label={help.clone()} title={help} {onclick}>{ "?" }</button>
        </header>
    }
}
