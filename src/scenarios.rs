//! The prepared scenarios of a lab: in the top bar as a menu, at the side as a list.

use sim::{ScenarioCard, t};
use yew::prelude::*;

use crate::command::{Commands, Run};
use crate::glossary::marked;
use crate::menu::{Entry, MenuButton};
use crate::shared::Shared;
use crate::words::say;

/// The scenarios of a lab, and which is open.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenarios {
    pub chapter: AttrValue,
    pub lab: AttrValue,
    pub cards: Shared<Vec<ScenarioCard>>,
    /// The name of the one that is open.
    pub current: Option<AttrValue>,
    pub commands: Commands,
}

impl Scenarios {
    fn open(&self) -> Option<&ScenarioCard> {
        self.cards.iter().find(|card| Some(card.name) == self.current.as_deref())
    }
}

/// The menu of scenarios in the top bar.
pub fn draw_picker(props: &Scenarios) -> Html {
    let entry = |card: &ScenarioCard| Entry {
        detail: Some(say(&card.summary)),
        current: Some(card.name) == props.current.as_deref(),
        ..Entry::new(format!("scenario-{}", card.name), say(&card.title), Run::Open(card.name.to_string()))
    };
    if props.cards.is_empty() {
        return html! { <b class="picker">{ &props.lab }</b> };
    }
    let title = props.open().map(|card| say(&card.title));
    html! {
        <MenuButton class={classes!("picker")} id="scenario-picker" label={say(t!("Choose a scenario"))}
            entries={props.cards.iter().map(entry).collect::<Vec<_>>()} commands={props.commands.clone()}>
            <span class="picker-chapter">{ &props.chapter }{ " ·" }</span>
            <b title={title.clone()}>{ &props.lab }if let Some(title) = title { { ": " }{ title } }</b>
        </MenuButton>
    }
}

/// The open scenario, and the others to go on with.
pub fn draw_list(props: &Scenarios) -> Html {
    let others = props.cards.iter().filter(|card| Some(card.name) != props.current.as_deref());
    let item = |card: &ScenarioCard| {
        let name = card.name.to_string();
        let onclick = props.commands.reform(move |_: MouseEvent| Run::Open(name.clone()).into());
        html! {
            <li key={card.name}>
                <button class="card-button" {onclick}><b>{ say(&card.title) }</b><small>{ say(&card.summary) }</small></button>
            </li>
        }
    };
    let again = props.open().map(|card| {
        let name = card.name.to_string();
        props.commands.reform(move |_: MouseEvent| Run::Open(name.clone()).into())
    });
    html! {
        <section class="scenarios" aria-labelledby="scenario-title">
            if let Some(card) = props.open() {
                <p class="eyebrow">{ &props.lab }</p>
                <h2 id="scenario-title">{ say(&card.title) }</h2>
                <p>{ marked(say(&card.summary)) }</p>
                <button class="button" data-testid="open-again" onclick={again}>{ say(t!("Open it again")) }</button>
            } else {
                <p class="eyebrow">{ &props.lab }</p>
                <h2 id="scenario-title">{ say(t!("A run of your own")) }</h2>
                <p>{ say(t!("It began with nothing but the settings below. Press play, or act on a node or a link.")) }</p>
            }
            <h2 class="eyebrow">{ say(t!("Scenarios")) }</h2>
            <ul class="cards">{ for others.map(item) }</ul>
        </section>
    }
}
