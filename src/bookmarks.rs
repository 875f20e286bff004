//! Moments to come back to: marked with a key, shown beside the branches.

use serde::{Deserialize, Serialize};
use sim::share::{MOST_REMARK, plain};
use sim::{BranchRow, Mark, Text, t};
use yew::prelude::*;

use crate::command::{Commands, Look, Named, Run, Topic};
use crate::icons::{Shape, icon};
use crate::words::{say, shorten};

/// A moment that a visitor has marked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bookmark {
    /// The letter of its branch.
    pub letter: String,
    pub event: u64,
    /// What happened there, or the name that the visitor gave to it.
    pub title: Text,
    pub is_named: bool,
    /// A sentence of the visitor's own about it, or nothing.
    pub note: String,
}

impl Bookmark {
    /// The name that the visitor gave to it, or nothing.
    pub fn name(&self) -> String {
        if self.is_named { self.title.to_string() } else { String::new() }
    }

    /// Gives it another name; an empty one changes nothing, nor does what it is called already.
    pub fn rename(&mut self, name: &str) {
        let name = name.trim();
        if !name.is_empty() && name != &*say(&self.title) {
            (self.title, self.is_named) = (Text::verbatim(plain(name, 60)), true);
        }
    }

    /// Writes something else about it.
    pub fn annotate(&mut self, note: &str) {
        self.note = plain(note, MOST_REMARK);
    }

    /// To be passed on with its branch.
    pub fn mark(&self) -> Mark {
        Mark { event: self.event, name: self.name(), note: self.note.clone() }
    }

    /// Where it stands: `A@37`.
    pub fn place(&self) -> String {
        format!("{}@{}", self.letter, self.event)
    }

    /// Whether it marks an event of a branch: one of its own, or of the past that it shares.
    pub fn is_on(&self, row: &BranchRow) -> bool {
        row.has(&self.letter, self.event)
    }
}

/// The nearest bookmark of a branch after an event, or before it.
pub fn next<'a>(bookmarks: &'a [Bookmark], row: &BranchRow, event: u64, forward: bool) -> Option<&'a Bookmark> {
    let own = bookmarks.iter().filter(|bookmark| bookmark.is_on(row));
    if forward {
        own.filter(|bookmark| bookmark.event > event).min_by_key(|bookmark| bookmark.event)
    } else {
        own.filter(|bookmark| bookmark.event < event).max_by_key(|bookmark| bookmark.event)
    }
}

/// The bookmark of a branch at an event.
pub fn at<'a>(bookmarks: &'a [Bookmark], row: &BranchRow, event: u64) -> Option<&'a Bookmark> {
    bookmarks.iter().find(|bookmark| bookmark.event == event && bookmark.is_on(row))
}

/// The sentence of a bookmark, for all to read.
pub fn draw_note(bookmark: &Bookmark) -> Html {
    if bookmark.note.is_empty() {
        return Html::default();
    }
    html! {
        <p class="bookmark-note" data-testid="bookmark-note"><span aria-hidden="true">{ "⚑ " }</span><bdi>{ &bookmark.note }</bdi></p>
    }
}

/// One chip a bookmark: press it to go there.
pub fn draw(bookmarks: &[Bookmark], commands: &Commands) -> Html {
    let chip = |(index, bookmark): (usize, &Bookmark)| {
        let place = bookmark.place();
        let title = say(&bookmark.title);
        let edit_label = say(t!("Name and note of bookmark {place}", place = place.clone()));
        let remove_label = say(t!("Remove bookmark {place}", place = place.clone()));
        let edit = Look::ShowDialog(Some(Topic::Rename(Named::Bookmark(index))));
        html! {
            <li key={place.clone()} class="chip">
                <button data-testid={format!("bookmark-{place}")} title={title.clone()}
                    onclick={commands.reform(move |_: MouseEvent| Run::GoToBookmark(index).into())}>
                    <span aria-hidden="true">{ "⚑" }</span><b>{ place.clone() }</b><small>{ shorten(&title, 28) }</small>
                    if !bookmark.note.is_empty() {
                        <em title={bookmark.note.clone()}><bdi>{ shorten(&bookmark.note, 60) }</bdi></em>
                    }
                </button>
                <button class="remove" data-testid={format!("bookmark-rename-{place}")} aria-label={edit_label.clone()} title={edit_label}
                    onclick={commands.reform(move |_: MouseEvent| edit.into())}>{ icon(Shape::Pencil) }</button>
                <button class="remove" data-testid={format!("bookmark-remove-{place}")} aria-label={remove_label.clone()} title={remove_label}
                    onclick={commands.reform(move |_: MouseEvent| Run::RemoveBookmark(index).into())}>{ icon(Shape::Close) }</button>
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
    use sim::Fork;

    fn mark(letter: &str, event: u64) -> Bookmark {
        Bookmark { letter: letter.into(), event, title: t!("S1 crashes"), is_named: false, note: String::new() }
    }

    #[test]
    fn a_name_of_ones_own_takes_the_place_of_what_happened() {
        let mut bookmark = mark("A", 7);
        bookmark.rename("  ");
        bookmark.rename("S1 crashes");
        let long = Bookmark { title: Text::verbatim("x".repeat(80)), ..bookmark.clone() };
        let mut same = long.clone();
        same.rename(&"x".repeat(80));
        assert_eq!(same, long);
        assert_eq!((bookmark.name().as_str(), bookmark.title.to_string().as_str()), ("", "S1 crashes"));
        bookmark.rename(" the fall ");
        assert_eq!((bookmark.name().as_str(), bookmark.title.to_string().as_str()), ("the fall", "the fall"));
        bookmark.annotate(&format!(" Who\u{0} falls? {}", "x".repeat(400)));
        assert!(bookmark.note.starts_with("Who  falls? xxx") && bookmark.note.len() == MOST_REMARK);
    }

    /// DESIGN, section 4: B forks from A after event 20, so that both have what A has marked before.
    #[test]
    fn a_branch_goes_through_the_bookmarks_of_its_whole_line() {
        let past = vec![Fork { letter: "A".into(), event: 20 }];
        let row =
            BranchRow { letter: "B".into(), title: t!("first run"), past, is_named: false, length: 90, selected: true };
        let bookmarks = [mark("B", 50), mark("A", 30), mark("A", 10), mark("A", 20)];
        let next = |event, forward| next(&bookmarks, &row, event, forward).map(Bookmark::place);
        assert_eq!((next(0, true), next(10, true)), (Some("A@10".into()), Some("A@20".into())));
        assert_eq!((next(20, true), next(50, true)), (Some("B@50".into()), None));
        assert_eq!(
            (next(50, false), next(20, false), next(10, false)),
            (Some("A@20".into()), Some("A@10".into()), None)
        );
        assert_eq!(at(&bookmarks, &row, 20).map(Bookmark::place), Some("A@20".into()));
        assert_eq!(at(&bookmarks, &row, 30), None);
    }
}
