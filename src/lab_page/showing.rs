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
    /// the check breaks.
    pub(super) fn show_contrast(&mut self, contrast: &Contrast, wish: &Wish) {
        let (Ok(session), Some(moment)) = (&mut self.session, &self.moment) else { return };
        let check = moment.checks.iter().find(|check| check.name == wish.check);
        let story = tell(contrast, check.map(|check| check.title.clone()).unwrap_or_default());
        match open_both(&mut **session, contrast, &moment.title_of(wish)) {
            Err(refusal) => self.show_run(Some(refusal)),
            Ok((with, without)) => {
                self.places.bookmarks.extend(marks(contrast, &without));
                self.places.comparison = Some(Comparison { letter: with, by: By::Time, story: Some(story) });
                self.reading.knower = None;
                self.desk.close_sheet();
                self.desk.panels.pane = Pane::Stage;
                self.show_run(None);
            }
        }
    }
}

/// Opens both as branches, each with settings of its own, and goes to the one without the rule. Returns the letters of the
/// one with it and of the one without.
fn open_both(session: &mut dyn LabSession, contrast: &Contrast, rule: &Text) -> Result<(String, String), Text> {
    let with = open(session, &contrast.with, contrast.begins, t!("with: {rule}", rule = rule.clone()))?;
    let without = open(session, &contrast.without, contrast.begins, t!("without: {rule}", rule = rule.clone()))?;
    Ok((with, without))
}

/// Opens a run as a branch, computed to its end, at an earlier moment. Returns its letter.
fn open(session: &mut dyn LabSession, scenario: &Scenario, begins: u64, title: Text) -> Result<String, Text> {
    session.open_branch(scenario, title)?;
    session.seek(begins);
    Ok(session.branches().into_iter().find(|row| row.selected).map(|row| row.letter).unwrap_or_default())
}

/// Where the runs part, and where the check breaks without the rule.
fn marks(contrast: &Contrast, letter: &str) -> Vec<Bookmark> {
    let broken = contrast.without.cursor;
    let parts = contrast.parts.filter(|event| *event < broken).map(|event| (event, t!("Here the two runs part")));
    let marks = parts.into_iter().chain([(broken, contrast.broken.clone())]);
    marks
        .map(|(event, title)| Bookmark {
            letter: letter.to_string(),
            event,
            title,
            is_named: true,
            note: String::new(),
        })
        .collect()
}

/// What happens without the rule and with it, in a sentence.
fn tell(contrast: &Contrast, check: Text) -> Text {
    t!(
        "Without it: {broken}. With it: {kept}.",
        broken = contrast.broken.clone(),
        kept = contrast.kept.clone().unwrap_or_else(|| t!("“{check}” is kept", check = check))
    )
}

#[cfg(test)]
mod tests {
    use sim::hunt::{Hunt, SEEDS_TO_SHOW};
    use sim::{Outcome, Settings};

    use super::*;

    /// The Raft paper, section 5.2: a candidate wins with the votes of a majority, so that at most one can.
    #[test]
    fn what_a_rule_is_for_stands_beside_what_was_there() {
        let raft = labs::registry::lab("raft").unwrap();
        let hunt = Hunt::new(raft, Settings::default()).without("majority").unwrap();
        let find = hunt.shortest(SEEDS_TO_SHOW, |hunt, seeds| hunt.search(seeds, |_| true)).unwrap().unwrap();
        let contrast = hunt.contrast(&find).unwrap();
        let mut session = raft.open().unwrap();
        let before = session.scenario();
        let letters = open_both(&mut *session, &contrast, &t!("a majority decides")).unwrap();
        assert_eq!(letters, ("B".to_string(), "C".to_string()));
        let story = tell(&contrast, t!("one leader per term")).to_string();
        assert!(story.starts_with("Without it: ") && story.contains(". With it: "), "{story}");
        let marks = marks(&contrast, "C");
        let mut outcome = |branch: usize, event: u64| {
            session.select_branch(branch).unwrap();
            assert_eq!(session.scenario().cursor, if branch == 0 { before.cursor } else { contrast.begins });
            let is_on = session.settings().1.is_on("majority");
            session.seek(event);
            let rows = session.frame().checks;
            (is_on, rows.into_iter().find(|row| row.name == "election-safety").unwrap().outcome)
        };
        assert_eq!(outcome(2, marks.last().unwrap().event), (false, Outcome::Broken));
        assert_eq!(outcome(1, contrast.with.cursor), (true, Outcome::Kept));
        assert_eq!(outcome(0, before.cursor), (true, Outcome::Kept));
    }
}
