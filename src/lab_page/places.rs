//! Where in the lab the visitor is, and where else they want to look.

use sim::{BranchRow, Mark};
use yew::prelude::*;

use super::moment::Moment;
use crate::bookmarks::{self, Bookmark};
use crate::compare::{By, Comparison};
use crate::hunt::show::Wish;

/// Where in the lab the visitor is, and where else they want to look.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// The prepared scenario that the run began with.
    pub(super) scenario: Option<AttrValue>,
    pub(super) bookmarks: Vec<Bookmark>,
    pub(super) comparison: Option<Comparison>,
    /// What the visitor wants to be shown, while it is searched.
    pub(super) wish: Option<Wish>,
    /// Where the whole page shows the moment at which a figure last stood.
    pub(super) address: AttrValue,
}

impl Places {
    /// Another run begins.
    pub(super) fn leave_run(&mut self) {
        self.comparison = None;
        self.bookmarks.clear();
    }

    /// Marks a moment, or takes its mark away.
    pub(super) fn toggle_bookmark(&mut self, moment: &Moment) {
        let letter = moment.branch().map(|row| row.letter.clone()).unwrap_or_default();
        let (event, title) = (moment.frame.event, moment.frame.caption.headline.clone());
        bookmarks::toggle(&mut self.bookmarks, Bookmark { letter, event, title, is_named: false });
    }

    /// The bookmarks of a branch, to pass on.
    pub(super) fn marks_of(&self, letter: &str) -> Vec<Mark> {
        let marks = self.bookmarks.iter().filter(|bookmark| bookmark.letter == letter);
        marks.map(|bookmark| Mark { event: bookmark.event, name: bookmark.name() }).collect()
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
