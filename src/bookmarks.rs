//! Moments to come back to: marked with a key, shown beside the branches.

use sim::{Text, t};
use yew::prelude::*;

use crate::command::{Command, Commands};
use crate::words::{say, shorten};

/// A moment that a visitor has marked.
#[derive(Clone, Debug, PartialEq)]
pub struct Bookmark {
    /// The letter of its branch.
    pub letter: String,
    pub event: u64,
    /// What happened there.
    pub title: Text,
}

/// Marks a moment, or takes its mark away.
pub fn toggle(bookmarks: &mut Vec<Bookmark>, bookmark: Bookmark) {
    let is_same = |other: &Bookmark| other.letter == bookmark.letter && other.event == bookmark.event;
    let before = bookmarks.len();
    bookmarks.retain(|other| !is_same(other));
    if bookmarks.len() == before {
        bookmarks.push(bookmark);
    }
}

/// One chip a bookmark: press it to go there.
pub fn draw(bookmarks: &[Bookmark], commands: &Commands) -> Html {
    let chip = |(index, bookmark): (usize, &Bookmark)| {
        let place = format!("{}@{}", bookmark.letter, bookmark.event);
        let title = say(&bookmark.title);
        html! {
            <li key={place.clone()} class="chip">
                <button data-testid={format!("bookmark-{place}")} title={title.clone()}
                    onclick={commands.reform(move |_: MouseEvent| Command::GoToBookmark(index))}>
                    <span aria-hidden="true">{ "⚑" }</span><b>{ place }</b><small>{ shorten(&title, 28) }</small>
                </button>
            </li>
        }
    };
    if bookmarks.is_empty() {
        return Html::default();
    }
    html! { <ul aria-label={say(t!("Bookmarks"))}>{ for bookmarks.iter().enumerate().map(chip) }</ul> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_press_takes_the_mark_away() {
        let mark = |event| Bookmark { letter: "A".to_string(), event, title: t!("S1 crashes") };
        let mut bookmarks = Vec::new();
        toggle(&mut bookmarks, mark(7));
        toggle(&mut bookmarks, mark(9));
        toggle(&mut bookmarks, mark(7));
        assert_eq!(bookmarks, [mark(9)]);
    }
}
