//! The bar at the top: where one is, and what holds for the whole page.

use sim::t;
use yew::prelude::*;

use crate::command::{Command, Topic};
use crate::icons::{Icon, Logo, Shape};
use crate::panels::{Panel, Panels};
use crate::scenarios::{ScenarioPicker, ScenariosProps};
use crate::theme::ThemeButton;
use crate::words::say;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct TopBarProps {
    pub scenarios: ScenariosProps,
    pub panels: Panels,
    /// Whether the text view is on.
    pub text: bool,
}

/// Logo, scenarios, text view, panels, theme, help.
#[component]
pub fn TopBar(props: &TopBarProps) -> Html {
    let commands = &props.scenarios.commands;
    let help = say(t!("Help and keys (?)"));
    let onclick = commands.reform(|_: MouseEvent| Command::ShowDialog(Some(Topic::Help)));
    let text = commands.reform(|_: MouseEvent| Command::ToggleText);
    let fold = |panel: Panel| {
        let title = say(panel.title());
        let shape = match panel {
            Panel::Side => Shape::PanelSide,
            Panel::Inspector => Shape::PanelInspector,
            Panel::Lanes => Shape::PanelLanes,
        };
        html! {
            <button class="button icon" data-testid={format!("fold-{}", panel.name())} aria-label={title.clone()} {title}
                aria-pressed={props.panels.shows(panel).to_string()}
                onclick={commands.reform(move |_: MouseEvent| Command::Fold(panel))}><Icon {shape} /></button>
        }
    };
    html! {
        <header class="top-bar">
            <Logo />
            <ScenarioPicker ..props.scenarios.clone() />
            <span class="space"></span>
            <button class="button" data-testid="text" aria-pressed={props.text.to_string()} onclick={text}>{ say(t!("Text view")) }</button>
            <div class="folds segments" role="group" aria-label={say(t!("Panels"))}>{ for Panel::ALL.map(fold) }</div>
            <ThemeButton />
            <button class="button icon" data-testid="help" aria-label={help.clone()} title={help} {onclick}>{ "?" }</button>
        </header>
    }
}
