//! What stands above the stage: which scenario is open, and what there is to see in it.

use sim::t;
use yew::prelude::*;

use crate::command::{Commands, Look};
use crate::menu::MenuButton;
use crate::scenarios::{self, Scenarios};
use crate::words::say;

/// The title of the scenario, on a menu of all, and its sentence; with the way to the article where there is one, which may be
/// open.
pub fn draw(scenarios: &Scenarios, article: Option<bool>) -> Html {
    let count = scenarios.cards.len();
    let place = match scenarios.place() {
        Some(place) => t!("Scenario {place} of {count}", place = place + 1, count = count),
        None => t!("{count} scenarios", count = count),
    };
    html! {
        <section class="band" data-testid="band" aria-labelledby="band-title">
            <div>
                <MenuButton class={classes!("eyebrow", "picker")} id="band-scenarios" label={say(t!("Choose a scenario"))}
                    entries={scenarios.entries()} commands={scenarios.commands.clone()}>{ say(place) }</MenuButton>
                if scenarios.is_other() {
                    { scenarios::draw_again(scenarios) }
                }
                if let Some(is_open) = article {
                    { draw_article(is_open, &scenarios.commands) }
                }
                <h2 id="band-title"><bdi>{ scenarios.heading() }</bdi></h2>
            </div>
            <div>{ scenarios::draw_story(scenarios) }</div>
            { scenarios.lessons.clone() }
        </section>
    }
}

/// The way to the article.
pub fn draw_article(is_open: bool, commands: &Commands) -> Html {
    let onclick = commands.reform(move |_: MouseEvent| Look::ShowArticle(!is_open).into());
    html! {
        <button class="button" data-testid="article" aria-expanded={is_open.to_string()} {onclick}>{ say(t!("Article")) }</button>
    }
}
