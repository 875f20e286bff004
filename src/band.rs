//! What stands above the stage: which scenario is open, and what there is to see in it.

use sim::t;
use yew::prelude::*;

use crate::menu::MenuButton;
use crate::scenarios::{self, Scenarios};
use crate::words::say;

/// The title of the scenario, on a menu of all, and its sentence.
pub fn draw(scenarios: &Scenarios) -> Html {
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
                { scenarios::draw_article(scenarios) }
                <h2 id="band-title"><bdi>{ scenarios.heading() }</bdi></h2>
            </div>
            <div>{ scenarios::draw_story(scenarios) }</div>
            { scenarios.lessons.clone() }
        </section>
    }
}
