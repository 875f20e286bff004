//! What a rule is for: a run without it beside the same one with it.

use sim::hunt::Contrast;
use sim::{LabSession, Scenario, Text, t};

use super::LabPage;
use crate::bookmarks::Bookmark;
use crate::compare::{By, Comparison};
use crate::hunt::show::Wish;
use crate::panels::Pane;

impl LabPage {
    /// Opens both runs beside the branches there are, where what matters begins, with a mark where they part and one where
    /// the check breaks. Each branch has settings of its own.
    pub(super) fn show_contrast(&mut self, contrast: &Contrast, wish: &Wish) {
        let (Ok(session), Some(moment)) = (&mut self.session, &self.moment) else { return };
        let rule = moment.title_of(wish);
        let opened = open(&mut **session, &contrast.with, contrast.begins, t!("with: {rule}", rule = rule.clone()))
            .and_then(|with| {
                let without = t!("without: {rule}", rule = rule);
                Ok((with, open(&mut **session, &contrast.without, contrast.begins, without)?))
            });
        let (with, without) = match opened {
            Ok(letters) => letters,
            Err(refusal) => return self.show_run(Some(refusal)),
        };
        let kept = || {
            let title = moment.checks.iter().find(|check| check.name == wish.check).map(|check| check.title.clone());
            t!("“{check}” is kept", check = title.unwrap_or_default())
        };
        let story = t!(
            "Without it: {broken}. With it: {kept}.",
            broken = contrast.broken.clone(),
            kept = contrast.kept.clone().unwrap_or_else(kept)
        );
        let broken = (contrast.without.cursor, t!("Without the rule: {broken}", broken = contrast.broken.clone()));
        let parts = contrast.parts.filter(|event| *event < broken.0);
        let marks = parts.map(|event| (event, t!("Here the two runs part"))).into_iter().chain([broken]);
        let letter = without;
        self.places.bookmarks.extend(marks.map(|(event, title)| Bookmark {
            letter: letter.clone(),
            event,
            title,
            is_named: true,
        }));
        self.places.comparison = Some(Comparison { letter: with, by: By::Time, story: Some(story) });
        self.reading.knower = None;
        self.desk.close_sheet();
        self.desk.panels.pane = Pane::Stage;
        self.show_run(None);
    }
}

/// Opens a run as a branch, computed to its end, at an earlier moment. Returns its letter.
fn open(session: &mut dyn LabSession, scenario: &Scenario, begins: u64, title: Text) -> Result<String, Text> {
    session.open_branch(scenario, title)?;
    session.seek(begins);
    Ok(session.branches().into_iter().find(|row| row.selected).map(|row| row.letter).unwrap_or_default())
}
