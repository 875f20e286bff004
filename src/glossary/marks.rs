//! Words in a text that can be pressed.

use lessons::Vocabulary;
use web_sys::KeyboardEvent;
use yew::prelude::*;

use super::{card, shelf};

/// Marks each word at its first occurrence in texts that are read as one.
pub(super) fn mark(said: &[AttrValue]) -> Vec<Html> {
    let Some(vocabulary) = shelf::vocabulary() else { return said.iter().map(|said| html! { { said } }).collect() };
    let mut seen = Vec::new();
    said.iter().map(|said| mark_one(said, &vocabulary, &mut seen)).collect()
}

fn mark_one(said: &str, vocabulary: &Vocabulary, seen: &mut Vec<usize>) -> Html {
    let mut parts: Vec<Html> = Vec::new();
    let mut end = 0;
    for mark in vocabulary.marks(said) {
        if !seen.contains(&mark.word) {
            seen.push(mark.word);
            parts.push(html! { { &said[end..mark.from] } });
            parts.push(draw(&vocabulary.words[mark.word].name, &said[mark.from..mark.to]));
            end = mark.to;
        }
    }
    parts.push(html! { { &said[end..] } });
    parts.into_iter().collect()
}

/// What is said as the word with this name in addresses.
pub(super) fn word(slug: &str, said: &str) -> Html {
    let vocabulary = shelf::vocabulary();
    match vocabulary.as_ref().and_then(|vocabulary| vocabulary.at(slug)) {
        Some(word) => draw(&word.name, said),
        None => html! { { said.to_string() } },
    }
}

/// A word that opens its card. It may stand in the label of a control, where no element may that could have a label of its
/// own, as a button could.
fn draw(name: &str, said: &str) -> Html {
    let onkeydown = Callback::from(|event: KeyboardEvent| {
        if matches!(event.key().as_str(), "Enter" | " ") {
            card::ask(event.into());
        }
    });
    html! {
        <span role="button" tabindex="0" class="word" data-word={name.to_string()} aria-haspopup="dialog"
            onclick={Callback::from(|event: MouseEvent| card::ask(event.into()))} {onkeydown}>{ said.to_string() }</span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::LANGUAGES;

    fn drawn(said: &[&str]) -> Vec<Html> {
        mark(&said.iter().map(|said| AttrValue::from(said.to_string())).collect::<Vec<_>>())
    }

    /// How many pieces of a text are buttons.
    fn buttons(html: &Html) -> usize {
        format!("{html:?}").matches("data-word").count()
    }

    #[test]
    fn a_word_is_marked_once_in_what_is_read_as_one() {
        assert!(drawn(&["A term begins."]).iter().all(|html| buttons(html) == 0), "no vocabulary, no marks");
        shelf::keep(&LANGUAGES[0], Vocabulary::read("## term\n\nalso: terms\n\nA.\n\nB.\n").unwrap());
        let marked = drawn(&["A term begins: term 2.", "Terms end."]);
        assert_eq!(marked.iter().map(buttons).collect::<Vec<_>>(), [1, 0]);
        assert_eq!(drawn(&["nothing"]).iter().map(buttons).sum::<usize>(), 0);
    }
}
