//! The prepared scenarios of a lab: in the top bar as a menu, at the side as a list.

use std::rc::Rc;

use sim::{ScenarioCard, t};
use yew::prelude::*;

use crate::command::{Commands, Run};
use crate::dom;
use crate::menu::{Entry, MenuButton};
use crate::shared::Shared;
use crate::words::{say, sentence};
use crate::workbook::origin::Since;
use crate::workbook::row::Row;
use crate::workbook::when;

/// The scenarios of a lab, and which is open.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenarios {
    pub chapter: AttrValue,
    pub lab: AttrValue,
    pub cards: Shared<Vec<ScenarioCard>>,
    /// The name of the one that is open.
    pub current: Option<AttrValue>,
    pub story: Story,
    /// The visitor's runs of the lab, and the one that is open.
    pub runs: Rc<[Row]>,
    pub run: Option<u64>,
    pub commands: Commands,
}

/// How the run that is shown came to be.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Story {
    /// The name of the scenario that it came from, and what has become of it since.
    pub origin: Option<(AttrValue, Since)>,
    /// Whether somebody has shared it.
    pub is_shared: bool,
    /// What it is called, and what is said about it.
    pub title: String,
    pub note: String,
    /// When it had changed last, where it was opened again, in milliseconds since 1970.
    pub back_ms: Option<u64>,
}

impl Scenarios {
    fn open(&self) -> Option<&ScenarioCard> {
        self.cards.iter().find(|card| Some(card.name) == self.current.as_deref())
    }

    /// The scenario that the run came from, and what has become of it since.
    fn origin(&self) -> Option<(&ScenarioCard, Since)> {
        let (name, since) = self.story.origin.as_ref()?;
        Some((self.cards.iter().find(|card| card.name == name.as_str())?, *since))
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
    html! {
        <section class="scenarios" aria-labelledby="scenario-title">
            { draw_open(props) }
            <h2 class="eyebrow">{ say(t!("Scenarios")) }</h2>
            <ul class="cards">{ for others.map(item) }</ul>
        </section>
    }
}

/// What the run is that is shown: a scenario, or where it came from; and what is said about it.
pub fn draw_open(props: &Scenarios) -> Html {
    let Story { is_shared, title, note, back_ms, .. } = &props.story;
    let heading = match (props.open(), is_shared) {
        _ if !title.is_empty() => title.clone().into(),
        (Some(card), _) => say(&card.title),
        (None, true) => say(t!("A shared run")),
        (None, false) => say(t!("A run of your own")),
    };
    let came_from = props.origin().map(|(card, since)| {
        let title = card.title.clone();
        if *is_shared { since.of_shared(title) } else { since.of_own(title) }
    });
    let is_as_prepared =
        title.is_empty() && props.open().is_some() && matches!(props.origin(), Some((_, Since::Acts(0))));
    let summary = props.open().or(props.origin().map(|(card, _)| card)).map(|card| &card.summary);
    let again = props.open().map(|card| {
        let name = card.name.to_string();
        let onclick = props.commands.reform(move |_: MouseEvent| Run::Open(name.clone()).into());
        let label = if back_ms.is_some() { t!("Begin again") } else { t!("Open it again") };
        html! { <button class="button" data-testid="open-again" {onclick}>{ say(label) }</button> }
    });
    html! {
        <>
            <p class="eyebrow">{ &props.lab }</p>
            <h2 id="scenario-title"><bdi>{ heading }</bdi></h2>
            if let Some(came_from) = came_from.filter(|_| !is_as_prepared) {
                <p class="hint" data-testid="origin">{ sentence(&came_from) }</p>
            }
            if !note.is_empty() {
                <blockquote class="run-note" data-testid="run-note"><bdi>{ note }</bdi>
                    if *is_shared {
                        <small>{ say(t!("Note of who shared it")) }</small>
                    }
                </blockquote>
            }
            { for summary.map(|summary| html! { <p>{ say(summary) }</p> }) }
            if summary.is_none() {
                <p>{ say(t!("It began with nothing but the settings below. Press play, or act on a node or a link.")) }</p>
            }
            if let Some(back_ms) = back_ms {
                <p class="hint" data-testid="run-back">{ say(t!("Your run as you left it {when}.", when = when::ago(*back_ms, dom::date_ms()))) }</p>
            }
            { for again }
        </>
    }
}
