//! Moments to come back to: marked with a key, shown beside the branches.

use sim::{Text, t};
use yew::prelude::*;

use crate::command::{Commands, Look, Named, Run, Topic};
use crate::icons::{Shape, icon};
use crate::words::{say, shorten};

/// A moment that a visitor has marked.
#[derive(Clone, Debug, PartialEq)]
pub struct Bookmark {
    /// The letter of its branch.
    pub letter: String,
    pub event: u64,
    /// What happened there, or the name that the visitor gave to it.
    pub title: Text,
    pub is_named: bool,
}

impl Bookmark {
    /// The name that the visitor gave to it, or nothing.
    pub fn name(&self) -> String {
        if self.is_named { self.title.to_string() } else { String::new() }
    }

    /// Gives it another name; an empty one changes nothing.
    pub fn rename(&mut self, name: &str) {
        let name: String = name.trim().chars().take(60).collect();
        if !name.is_empty() {
            (self.title, self.is_named) = (Text::verbatim(name), true);
        }
    }
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
        let rename_label = say(t!("Rename bookmark {place}", place = place.clone()));
        html! {
            <li key={place.clone()} class="chip">
                <button data-testid={format!("bookmark-{place}")} title={title.clone()}
                    onclick={commands.reform(move |_: MouseEvent| Run::GoToBookmark(index).into())}>
                    <span aria-hidden="true">{ "⚑" }</span><b>{ place.clone() }</b><small>{ shorten(&title, 28) }</small>
                </button>
                <button class="remove" data-testid={format!("bookmark-rename-{place}")} aria-label={rename_label.clone()} title={rename_label}
                    onclick={commands.reform(move |_: MouseEvent| Look::ShowDialog(Some(Topic::Rename(Named::Bookmark(index)))).into())}>{ icon(Shape::Pencil) }</button>
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
        let mark = |event| Bookmark { letter: "A".to_string(), event, title: t!("S1 crashes"), is_named: false };
        let mut bookmarks = Vec::new();
        toggle(&mut bookmarks, mark(7));
        toggle(&mut bookmarks, mark(9));
        toggle(&mut bookmarks, mark(7));
        assert_eq!(bookmarks, [mark(9)]);
    }

    #[test]
    fn a_name_of_ones_own_takes_the_place_of_what_happened() {
        let mut bookmark = Bookmark { letter: "A".to_string(), event: 7, title: t!("S1 crashes"), is_named: false };
        bookmark.rename("  ");
        assert_eq!((bookmark.name().as_str(), bookmark.title.to_string().as_str()), ("", "S1 crashes"));
        bookmark.rename(" the fall ");
        assert_eq!((bookmark.name().as_str(), bookmark.title.to_string().as_str()), ("the fall", "the fall"));
    }
}
