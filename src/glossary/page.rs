//! The page of all words: `#/words`, or at one of them `#/words/quorum`.

use lessons::{Vocabulary, Word};
use sim::t;
use web_sys::{HtmlInputElement, InputEvent};
use yew::prelude::*;

use super::{card, shelf};
use crate::dom;
use crate::icons::logo;
use crate::language::{LanguageChoice, use_language};
use crate::route::Route;
use crate::theme::ThemeButton;
use crate::words::say;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct WordsPageProps {
    /// The word to begin with, by its name in the address.
    pub slug: Option<AttrValue>,
}

/// All words in the order of the alphabet.
#[component]
pub fn WordsPage(props: &WordsPageProps) -> Html {
    use_language();
    let search = use_state(String::new);
    let oninput = {
        let search = search.clone();
        Callback::from(move |event: InputEvent| search.set(event.target_unchecked_into::<HtmlInputElement>().value()))
    };
    use_effect_with(props.slug.clone(), |slug| {
        if let Some(slug) = slug {
            let place = format!("[id={:?}]", anchor(slug));
            dom::scroll_to(&place);
            dom::focus(&place);
        }
    });
    let Some(vocabulary) = shelf::vocabulary() else { return Html::default() };
    let shown = shown(&vocabulary, &search);
    let label = say(t!("Search {count} words", count = vocabulary.words.len()));
    html! {
        <div class="home words-page">
            <header class="home-bar">
                { logo() }
                <span class="space"></span>
                <input class="search" type="search" data-testid="search-words" placeholder={label.clone()} aria-label={label}
                    value={(*search).clone()} {oninput} />
                <LanguageChoice />
                <ThemeButton />
            </header>
            <main>
                <h1>{ say(t!("Words")) }</h1>
                <p class="found" role="status">
                    if shown.is_empty() {
                        { say(t!("No word matches. Try fewer letters.")) }
                    }
                </p>
                <ul class="words-list">{ for shown.into_iter().map(|word| draw_word(word, &vocabulary)) }</ul>
            </main>
        </div>
    }
}

/// The words that the search finds, or all of them in the order of the alphabet.
fn shown<'a>(vocabulary: &'a Vocabulary, search: &str) -> Vec<&'a Word> {
    if !search.trim().is_empty() {
        return vocabulary.search(search);
    }
    let mut words: Vec<&Word> = vocabulary.words.iter().collect();
    words.sort_by_cached_key(|word| word.title.to_lowercase());
    words
}

/// What the element of a word is called.
fn anchor(slug: &str) -> String {
    format!("word-{slug}")
}

fn address(word: &Word) -> String {
    Route::Words(Some(word.slug())).hash()
}

fn draw_word(word: &Word, vocabulary: &Vocabulary) -> Html {
    let see = word.see.iter().filter_map(|name| vocabulary.word(name));
    let labs = word.labs.iter().filter_map(|id| labs::registry::about(id).ok());
    html! {
        <li key={word.name.clone()} id={anchor(&word.slug())} tabindex="-1">
            <h2><a href={address(word)}>{ &word.title }</a></h2>
            { card::draw_body(word, format!("sentence-{}", word.slug())) }
            if !word.see.is_empty() {
                <p class="see">
                    <span class="hint">{ say(t!("See also:")) }</span>
                    { for see.map(|other| html! { <>{ " " }<a href={address(other)}>{ &other.title }</a></> }) }
                </p>
            }
            if !word.labs.is_empty() {
                <p class="see">
                    <span class="hint">{ say(t!("In these labs:")) }</span>
                    { for labs.map(|lab| html! {
                        <>{ " " }<a href={Route::Lab { lab: lab.id.to_string(), scenario: None }.hash()}>{ say(&lab.title) }</a></>
                    }) }
                </p>
            }
            { card::draw_source(word) }
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_in_the_order_of_the_alphabet_until_somebody_searches() {
        let word = |name: &str| format!("## {name}\n\nA.\n\nB.\n\n");
        let vocabulary = Vocabulary::read(&["term", "CAP", "quorum"].map(word).concat()).unwrap();
        let titles = |search| shown(&vocabulary, search).iter().map(|word| word.title.clone()).collect::<Vec<_>>();
        assert_eq!(titles(" "), ["CAP", "quorum", "term"]);
        assert_eq!(titles("Quo"), ["quorum"]);
        assert!(titles("xyz").is_empty());
    }
}
