//! The prepared scenarios of a lab: in the top bar as a menu, at the side as a list.

use std::rc::Rc;

use sim::{About, ScenarioCard, Text, t};
use yew::prelude::*;

use crate::command::{Commands, Look, Run};
use crate::dom;
use crate::glossary::marked;
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
    /// The lessons of the lab, in words.
    pub lessons: Html,
    /// The visitor's runs of the lab, and the one that is open.
    pub runs: Rc<[Row]>,
    pub run: Option<u64>,
    /// Whether the article of the lab is open; none where it has none.
    pub article: Option<bool>,
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
        self.cards.get(self.place()?)
    }

    /// Which one is open, counted from 0.
    pub fn place(&self) -> Option<usize> {
        self.cards.iter().position(|card| Some(card.name) == self.current.as_deref())
    }

    /// What the run is called.
    pub fn heading(&self) -> AttrValue {
        match (self.open(), self.story.is_shared) {
            _ if !self.story.title.is_empty() => self.story.title.clone().into(),
            (Some(card), _) => say(&card.title),
            (None, true) => say(t!("A shared run")),
            (None, false) => say(t!("A run of your own")),
        }
    }

    /// The scenario that the run came from, and what has become of it since.
    fn origin(&self) -> Option<(&ScenarioCard, Since)> {
        let (name, since) = self.story.origin.as_ref()?;
        Some((self.cards.iter().find(|card| card.name == name.as_str())?, *since))
    }

    /// Whether it is no more as it was prepared.
    pub fn is_other(&self) -> bool {
        self.came_from().is_some() || self.story.back_ms.is_some()
    }

    /// Where it came from, unless that is just what its heading says.
    fn came_from(&self) -> Option<Text> {
        let (card, since) = self.origin()?;
        let is_as_prepared = self.story.title.is_empty() && self.open().is_some() && since == Since::Acts(0);
        let title = card.title.clone();
        (!is_as_prepared).then(|| if self.story.is_shared { since.of_shared(title) } else { since.of_own(title) })
    }

    /// What there is to see in it.
    fn summary(&self) -> Text {
        let card = self.open().or(self.origin().map(|(card, _)| card));
        card.map_or_else(
            || t!("It began with nothing but the settings. Press play, or act on a node or a link."),
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
            <b title={props.lab.clone()}>{ &props.lab }</b>
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
    html! {
        <section class="scenarios" aria-labelledby="scenario-title">
            { draw_open(props) }
            { props.lessons.clone() }
            <h2 class="eyebrow">{ say(t!("Scenarios")) }</h2>
            <ul class="cards">{ for others.map(item) }</ul>
        </section>
    }
}

/// What the run is that is shown.
fn draw_open(props: &Scenarios) -> Html {
    html! {
        <>
            <p class="eyebrow">{ &props.lab }</p>
            <h2 id="scenario-title"><bdi>{ props.heading() }</bdi></h2>
            { draw_story(props) }
            if let Some(back_ms) = props.story.back_ms {
                <p class="hint" data-testid="run-back">{ say(t!("Your run as you left it {when}.", when = when::ago(back_ms, dom::date_ms()))) }</p>
            }
            { draw_again(props) }{ " " }{ draw_article(props) }
        </>
    }
}

/// The way to the article.
pub fn draw_article(props: &Scenarios) -> Html {
    let Some(is_open) = props.article else { return Html::default() };
    let onclick = props.commands.reform(move |_: MouseEvent| Look::ShowArticle(!is_open).into());
    html! {
        <button class="button to-article" data-testid="article" aria-expanded={is_open.to_string()} {onclick}>{ say(t!("Article")) }</button>
    }
}

/// The way to begin the open scenario again.
pub fn draw_again(props: &Scenarios) -> Html {
    let Some(card) = props.open() else { return Html::default() };
    let name = card.name.to_string();
    let onclick = props.commands.reform(move |_: MouseEvent| Run::Open(name.clone()).into());
    let label = if props.story.back_ms.is_some() { t!("Begin again") } else { t!("Open it again") };
    html! { <button class="button" data-testid="open-again" {onclick}>{ say(label) }</button> }
}

/// What there is to see in the run, where it came from, and what is said about it.
pub fn draw_story(props: &Scenarios) -> Html {
    let Story { is_shared, note, .. } = &props.story;
    html! {
        <>
            if let Some(came_from) = props.came_from() {
                <p class="hint" data-testid="origin">{ sentence(&came_from) }</p>
            }
            if !note.is_empty() {
                <blockquote class="run-note" data-testid="run-note"><bdi>{ note }</bdi>
                    if *is_shared {
                        <small>{ say(t!("Note of who shared it")) }</small>
                    }
                </blockquote>
            }
            <p>{ marked(say(props.summary())) }</p>
        </>
    }
}
