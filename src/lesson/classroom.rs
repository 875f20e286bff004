//! A lesson in front of a class.

use lessons::{Answer, Feedback, Prediction, PredictionKind, Revealed};
use sim::{Text, t};

use super::Tutor;
use super::notebook::Phase;
use super::player::{Player, in_words};
use crate::command::Lesson;
use crate::lab_page::LabPage;

impl Player {
    /// What is right, found out with any answer.
    pub(super) fn key(&self, revealed: &Revealed<'_>, prediction: &Prediction) -> Result<Feedback, Text> {
        let any = match prediction.kind {
            PredictionKind::One | PredictionKind::Any => Answer::Choices(vec![1]),
            PredictionKind::Number { .. } => Answer::Number(i64::MIN),
            PredictionKind::Node { .. } | PredictionKind::Message { .. } => {
                let option = self.notebook.options.first();
                option.map(|(answer, _)| answer.clone()).ok_or_else(|| t!("there is nothing to choose"))?
            }
        };
        revealed.judge(&any).map_err(in_words)
    }

    /// In front of a class: the question, the run, the answer, and so on.
    pub(super) fn present(&mut self, page: &mut LabPage, forward: bool) {
        match (self.notebook.phase, self.notebook.is_large, forward) {
            (Phase::Asking | Phase::Locked, true, true) => self.run_for_all(page),
            (Phase::Running, _, true) => self.skip(page),
            (Phase::Told, false, true) => self.notebook.is_large = true,
            (Phase::Doing, true, true) => self.notebook.is_large = false,
            (Phase::Told, true, false) => self.notebook.is_large = false,
            (Phase::Doing, false, false) => self.notebook.is_large = true,
            (_, _, true) => return self.go_on(page),
            (_, _, false) => return self.obey(page, Lesson::Turn { forward: false }),
        }
        self.show();
    }

    /// Runs, whether somebody has answered or not; questions before that come out with this one are asked one after the other.
    pub(super) fn run_for_all(&mut self, page: &mut LabPage) {
        let (_, block) = self.place();
        let later = self.notebook.together(self.place()).into_iter().find(|other| *other > block);
        match later {
            Some(later) => {
                self.notebook.block = later;
                self.list_options(page);
            }
            None => self.run(page),
        }
    }

    pub(super) fn count(&mut self, choice: usize, more: bool) {
        let place = self.place();
        let Some(count) = self.notebook.prediction().map(|prediction| prediction.choices.len()) else { return };
        let hands = self.notebook.hands.entry(place).or_insert_with(|| vec![0; count]);
        if let Some(hands) = choice.checked_sub(1).and_then(|choice| hands.get_mut(choice)) {
            *hands = if more { (*hands + 1).min(999) } else { hands.saturating_sub(1) };
        }
        self.show();
    }
}
