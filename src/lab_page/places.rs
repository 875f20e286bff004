//! Where in the lab the visitor is, and where else they want to look.

use sim::{BranchRow, Mark};
use yew::prelude::*;

use super::keeping::Page;
use super::moment::Moment;
use crate::bookmarks::{self, Bookmark};
use crate::command::{Command, Course};
use crate::compare::{By, Comparison};
use crate::hunt::show::Wish;
use crate::scenarios::Story;
use crate::workbook::book;
use crate::workbook::origin::Origin;
use crate::workbook::row::Door;

/// Where in the lab the visitor is, and where else they want to look.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// The prepared scenario that the run began with.
    pub(super) scenario: Option<AttrValue>,
    /// What the run came from, also where it was started again with other settings.
    pub(super) origin: Option<Origin>,
    /// What the run is called and what is said about it, by the visitor or by who shared it.
    pub(super) title: String,
    pub(super) note: String,
    pub(super) bookmarks: Vec<Bookmark>,
    /// The page of the workbook that the run is on.
    pub(super) page: Page,
    /// What was removed last.
    pub(super) removed: Option<Removed>,
    pub(super) comparison: Option<Comparison>,
    /// What the visitor wants to be shown, while it is searched.
    pub(super) wish: Option<Wish>,
    /// Where the whole page shows the moment at which a figure last stood.
    pub(super) address: AttrValue,
}

/// What was removed, to be put back.
#[derive(Debug)]
pub(super) enum Removed {
    /// A branch, which the session holds, with the bookmarks that went with it and their places.
    Branch(Vec<(usize, Bookmark)>),
    Bookmark(usize, Bookmark),
    Run(book::Removed),
}

impl Places {
    /// Takes a bookmark out; none where there is no such bookmark.
    pub(super) fn take_out(&mut self, place: usize) -> Option<Bookmark> {
        (place < self.bookmarks.len()).then(|| self.bookmarks.remove(place))
    }

    /// Puts a bookmark back.
    pub(super) fn put_back(&mut self, place: usize, bookmark: Bookmark) {
        self.bookmarks.insert(place.min(self.bookmarks.len()), bookmark);
    }

    /// Takes the bookmarks out that are on none of these branches, with their places.
    pub(super) fn take_out_lost(&mut self, rows: &[BranchRow]) -> Vec<(usize, Bookmark)> {
        let all = std::mem::take(&mut self.bookmarks).into_iter().enumerate();
        let (kept, lost): (Vec<_>, Vec<_>) = all.partition(|(_, bookmark)| rows.iter().any(|row| bookmark.is_on(row)));
        self.bookmarks = kept.into_iter().map(|(_, bookmark)| bookmark).collect();
        lost
    }

    /// Another run begins.
    pub(super) fn leave_run(&mut self) {
        let address = std::mem::take(&mut self.address);
        let page = self.page.turned();
        *self = Places { address, page, ..Places::default() };
    }

    /// Marks a moment, or finds the place of its mark.
    pub(super) fn mark(&mut self, moment: &Moment) -> Option<usize> {
        let letter = moment.branch().map(|row| row.letter.clone()).unwrap_or_default();
        let (event, title) = (moment.frame.event, moment.frame.caption.headline.clone());
        let is_same = |other: &Bookmark| other.letter == letter && other.event == event;
        let known = self.bookmarks.iter().position(is_same);
        if known.is_none() {
            self.bookmarks.push(Bookmark { letter, event, title, is_named: false, note: String::new() });
        }
        known
    }

    /// How the run came to be.
    pub(super) fn story(&self, moment: &Moment) -> Story {
        let origin = self.origin.as_ref().map(|origin| origin.name.clone());
        Story {
            origin: origin.zip(moment.since),
            is_shared: matches!(self.page.door, Door::Link(_)),
            title: self.title.clone(),
            note: self.note.clone(),
            back_ms: self.page.back_ms,
        }
    }

    /// The bookmarks of a branch and of the past that it shares, to pass on.
    pub(super) fn marks_of(&self, row: &BranchRow) -> Vec<Mark> {
        self.bookmarks.iter().filter(|bookmark| bookmark.is_on(row)).map(Bookmark::mark).collect()
    }

    /// The bookmark at a moment.
    pub(super) fn bookmark_at(&self, moment: &Moment) -> Option<&Bookmark> {
        bookmarks::at(&self.bookmarks, moment.branch()?, moment.frame.event)
    }

    /// The nearest bookmark after a moment, or before it.
    pub(super) fn next_bookmark(&self, moment: &Moment, forward: bool) -> Option<&Bookmark> {
        bookmarks::next(&self.bookmarks, moment.branch()?, moment.frame.event, forward)
    }

    /// What a page of a clicker means where there are bookmarks: the way to the next one. A black screen first shows where
    /// one is.
    pub(super) fn instead_of(&self, command: Command, key: &str, moment: &Moment) -> Command {
        let next = match key {
            "PageDown" => self.next_bookmark(moment, true),
            "PageUp" => self.next_bookmark(moment, false),
            _ => None,
        };
        match next {
            Some(bookmark) if matches!(command, Command::Course(_)) => Course::Seek(bookmark.event).into(),
            _ => command,
        }
    }

    /// The branch beside the selected one, by its place. One that has been removed cannot be compared any more, nor one
    /// with itself.
    pub(super) fn compared_branch(&mut self, branches: &[BranchRow]) -> Option<(usize, By)> {
        let comparison = self.comparison.as_ref()?;
        let place = branches.iter().position(|row| row.letter == comparison.letter && !row.selected);
        let by = comparison.by;
        if place.is_none() {
            self.comparison = None;
        }
        place.map(|place| (place, by))
    }
}
