//! The prepared scenarios of a lab: in the top bar as a menu, at the side as a list.

use sim::{About, ScenarioCard, Text, t};
use yew::prelude::*;

use crate::command::{Commands, Run};
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
        self.cards.get(self.place()?)
    }

    /// Which one is open, counted from 0.
    pub fn place(&self) -> Option<usize> {
        self.cards.iter().position(|card| Some(card.name) == self.current.as_deref())
    }

    /// What the run is called.
    pub fn title(&self) -> Text {
        self.open().map_or_else(|| t!("A run of your own"), |card| card.title.clone())
    }

    /// What there is to see in it.
    pub fn summary(&self) -> Text {
        self.open().map_or_else(
            || t!("It began with nothing but the settings below. Press play, or act on a node or a link."),
            |card| card.summary.clone(),
        )
    }

    /// All of them as the lines of a menu.
    pub fn entries(&self) -> Vec<Entry> {
        let entry = |card: &ScenarioCard| Entry {
            detail: Some(say(&card.summary)),
            current: Some(card.name) == self.current.as_deref(),
            ..Entry::new(format!("scenario-{}", card.name), say(&card.title), Run::Open(card.name.to_string()))
        };
        self.cards.iter().map(entry).collect()
    }
}

/// The menu of all labs in the top bar, where the scenario is told elsewhere.
pub fn draw_labs(props: &Scenarios) -> Html {
    let entry = |about: fn() -> About| {
        let About { id, title, chapter, .. } = about();
        let command = Run::OpenLab(id);
        Entry {
            detail: Some(say(chapter)),
            current: say(&title) == props.lab,
            ..Entry::new(format!("open-lab-{id}"), say(title), command)
        }
    };
    html! {
        <MenuButton class={classes!("picker")} id="lab-picker" label={say(t!("Choose a lab"))}
            entries={labs::registry::ABOUT.iter().map(|about| entry(*about)).collect::<Vec<_>>()} commands={props.commands.clone()}>
            <span class="picker-chapter">{ &props.chapter }{ " ·" }</span>
            <b>{ &props.lab }</b>
        </MenuButton>
    }
}

/// The menu of scenarios in the top bar.
pub fn draw_picker(props: &Scenarios) -> Html {
    if props.cards.is_empty() {
        return html! { <b class="picker">{ &props.lab }</b> };
    }
    let title = props.open().map(|card| say(&card.title));
    html! {
        <MenuButton class={classes!("picker")} id="scenario-picker" label={say(t!("Choose a scenario"))}
            entries={props.entries()} commands={props.commands.clone()}>
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
            <p class="eyebrow">{ &props.lab }</p>
            <h2 id="scenario-title">{ say(props.title()) }</h2>
            <p>{ say(props.summary()) }</p>
            if let Some(again) = again {
                <button class="button" data-testid="open-again" onclick={again}>{ say(t!("Open it again")) }</button>
            }
            <h2 class="eyebrow">{ say(t!("Scenarios")) }</h2>
            <ul class="cards">{ for others.map(item) }</ul>
        </section>
    }
}
