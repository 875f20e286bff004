//! Words that are explained where they stand: marked in texts, with a card each, and a page of all. What `lessons/words.md`
//! says comes after the first picture; until then texts are plain.

mod card;
mod legend;
mod marks;
mod page;
mod shelf;

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::language::use_language;
use crate::part;
use crate::parts::Loading;
use crate::wait::Needed;

/// The vocabulary and what shows it: a part of its own.
#[derive(Debug)]
pub struct Glossary {
    /// Whether the vocabulary is there, in the language of the page.
    pub is_there: fn() -> bool,
    /// Gets it.
    pub load: fn() -> Loading,
    pub mark: fn(&[AttrValue]) -> Vec<Html>,
    /// What is said as the word with this name in addresses.
    pub word: fn(&str, &str) -> Html,
    pub find: fn(&str) -> Vec<Found>,
    /// What shows the card of a word that is pressed, on the page of a lab or elsewhere.
    pub draw_card: fn(Option<AttrValue>) -> Html,
    /// The page of all words, at the one with this name in the address.
    pub draw_page: fn(Option<&str>) -> Html,
    /// What the signs on the stage of a lab mean.
    pub draw_legend: fn(&str) -> Html,
}

part!(
    glossary: Glossary = Glossary {
        is_there: || shelf::vocabulary().is_some(),
        load: || Box::pin(shelf::load()),
        mark: marks::mark,
        word: marks::word,
        find: shelf::find,
        draw_card: |lab| html! { <card::CardHolder {lab} /> },
        draw_page: |slug| html! { <page::WordsPage slug={slug.map(|slug| AttrValue::from(slug.to_string()))} /> },
        draw_legend: legend::draw,
    }
);

/// A word that a search has found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its name in the address `#/words/NAME`.
    pub slug: AttrValue,
    pub title: AttrValue,
    pub sentence: AttrValue,
    /// The labs that are about it.
    pub labs: Vec<String>,
}

/// A text in which the words of the vocabulary are marked, each at its first occurrence; a press on one opens its card.
pub fn marked(said: AttrValue) -> Html {
    let [marked] = marked_together([said]);
    marked
}

/// Texts that are read as one: a word is marked in one of them only.
pub fn marked_together<const N: usize>(said: [AttrValue; N]) -> [Html; N] {
    let marked = PART.get().map(|glossary| (glossary.mark)(&said));
    let marked = marked.and_then(|marked| <[Html; N]>::try_from(marked).ok());
    marked.unwrap_or_else(|| said.map(|said| html! { { said } }))
}

/// The same for any number of texts.
pub fn marked_in(said: Vec<AttrValue>) -> Vec<Html> {
    match PART.get() {
        Some(glossary) => (glossary.mark)(&said),
        None => said.into_iter().map(|said| html! { { said } }).collect(),
    }
}

/// What is said as the word with this name in addresses: a press on it opens its card.
pub fn word(slug: &str, said: &str) -> Html {
    match PART.get() {
        Some(glossary) => (glossary.word)(slug, said),
        None => html! { { said.to_string() } },
    }
}

/// The words that somebody looks for, the likeliest first. None before the vocabulary is there ([`use_words`]).
pub fn find(wanted: &str) -> Vec<Found> {
    PART.get().map(|glossary| (glossary.find)(wanted)).unwrap_or_default()
}

/// Gets the vocabulary once it is wanted, also in another language, and draws the component again when it is there.
#[hook]
pub fn use_words(is_wanted: bool) {
    let (language, redraw) = (use_language(), use_force_update());
    use_effect_with((is_wanted, language), move |(is_wanted, _)| {
        if *is_wanted && !Needed::Words.is_there() {
            spawn_local(async move {
                if Needed::Words.load().await.is_ok() {
                    redraw.force_update();
                }
            });
        }
    });
}
