//! Questions: answers are chosen and locked, and the run goes on to what happens.

use lessons::{Answer, Feedback, Moment, Prediction, PredictionKind, Revealed, ways};
use sim::{NodeId, Text, t};
use yew::AttrValue;

use super::Tutor;
use super::notebook::{Phase, Place, Told};
use super::player::{Player, at, in_words};
use super::{amount, panel, progress};
use crate::command::Item;
use crate::dom;
use crate::embed::{Payload, Predicted};
use crate::lab_page::LabPage;
use crate::words;

/// How long a run may take that shows what happens, in milliseconds, at the least and at the most.
const RUN_MS: (f64, f64) = (2_500.0, 8_000.0);

impl Player {
    /// What can be chosen where a node or a message is asked for.
    pub(super) fn list_options(&mut self, page: &LabPage) {
        let Some(frame) = page.shown() else { return };
        self.notebook.options = match self.notebook.prediction().map(|prediction| &prediction.kind) {
            Some(PredictionKind::Node { .. }) => {
                let option = |node: &sim::frame::Node| (Answer::Node(node.label.clone()), node.label.clone().into());
                frame.nodes.iter().map(option).collect()
            }
            Some(PredictionKind::Message { .. }) => {
                let name =
                    |node: NodeId| frame.nodes.get(node.index()).map(|node| node.label.clone()).unwrap_or_default();
                let option = |message: &sim::frame::Message| {
                    let label = format!("{}: {} → {}", message.label, name(message.from), name(message.to));
                    (Answer::Message(message.id), AttrValue::from(label))
                };
                frame.messages.iter().map(option).collect()
            }
            _ => return,
        };
    }

    /// Chooses an answer of the open question.
    pub(super) fn choose(&mut self, answer: Answer) {
        if self.notebook.phase == Phase::Asking {
            self.notebook.question_mut().answer = Some(answer);
            self.show();
        }
    }

    /// Chooses the answer of this number, counted from 1, or takes that back.
    pub(super) fn choose_place(&mut self, place: usize) {
        let Some(prediction) = self.notebook.prediction() else { return };
        let count = prediction.choices.len();
        match &prediction.kind {
            PredictionKind::One if (1..=count).contains(&place) => self.choose(Answer::Choices(vec![place])),
            PredictionKind::Any if (1..=count).contains(&place) => {
                let mut chosen = match self.notebook.question(self.place()).answer {
                    Some(Answer::Choices(chosen)) => chosen,
                    _ => Vec::new(),
                };
                match chosen.iter().position(|other| *other == place) {
                    Some(at) => drop(chosen.remove(at)),
                    None => chosen.push(place),
                }
                chosen.sort_unstable();
                self.choose(Answer::Choices(chosen));
            }
            PredictionKind::Node { .. } | PredictionKind::Message { .. } => {
                let option = place.checked_sub(1).and_then(|place| self.notebook.options.get(place));
                if let Some((answer, _)) = option.cloned() {
                    self.choose(answer);
                }
            }
            _ => {}
        }
    }

    pub(super) fn write(&mut self, typed: String) {
        let Some(PredictionKind::Number { unit, .. }) = self.notebook.prediction().map(|prediction| &prediction.kind)
        else {
            return;
        };
        let answer = amount::read(&typed, unit).map(Answer::Number);
        if self.notebook.phase == Phase::Asking {
            let question = self.notebook.question_mut();
            (question.typed, question.answer) = (typed, answer);
            self.show();
        }
    }

    /// Locks the answer. A question that comes out with the next one is followed by that at once.
    pub(super) fn lock(&mut self, page: &mut LabPage) {
        self.notebook.question_mut().is_locked = true;
        progress::keep(&self.notebook);
        let (_, block) = self.place();
        let later = self.notebook.together(self.place()).into_iter().find(|other| *other > block);
        match later {
            Some(later) => {
                self.notebook.block = later;
                self.list_options(page);
                page.lead_to(panel::QUESTION);
            }
            None => {
                self.notebook.phase = Phase::Locked;
                page.lead_to(panel::FORWARD);
                page.look_at_stage();
            }
        }
        self.show();
    }

    /// Lets the moment go on.
    pub(super) fn run(&mut self, page: &mut LabPage) {
        if let Err(sentence) = self.begin_run(page) {
            page.remark(Some(sentence));
        }
        self.show();
    }

    pub(super) fn begin_run(&mut self, page: &mut LabPage) -> Result<(), Text> {
        let (step, block) = self.place();
        let (Some(stand), Some(prediction), Some(shown)) =
            (self.path.at(step, block), self.notebook.prediction(), self.notebook.lesson.step(step))
        else {
            return Ok(());
        };
        let ends = Revealed::new(prediction, ways(shown, block), self.lab, stand).map_err(in_words)?.ends();
        let ends: Vec<(String, Moment)> = ends.into_iter().map(|(name, end)| (name.to_string(), end)).collect();
        let (from, from_us) = (stand.moment.scenario.cursor, stand.moment.at_us);
        let (Some((first, end)), title, door) = (ends.first(), self.title(), self.door()) else { return Ok(()) };
        page.show_moment(&at(end, from), from_us, title, door)?;
        if !first.is_empty() {
            page.name_way(first);
        }
        let mut letters = vec![(page.way(), first.clone())];
        for (name, end) in ends.iter().skip(1) {
            letters.push((page.add_way(&at(end, from), Text::verbatim(name.clone()), from, from_us)?, name.clone()));
        }
        page.show_way(&letters[0].0);
        page.show_beside(letters.get(1).map(|(letter, _)| letter.clone()));
        (self.notebook.ways, self.notebook.way) = (letters, 0);
        self.ends = ends.into_iter().map(|(_, end)| end).collect();
        (self.notebook.phase, self.notebook.is_large) = (Phase::Running, false);
        page.lead_to("[data-testid=lesson-skip]");
        page.look_at_stage();
        if dom::reduced_motion() {
            self.skip(page)
        } else {
            self.play_on(page)
        }
        Ok(())
    }

    /// Plays on to the end of what is being shown, at the usual pace where that is neither too fast nor too slow.
    pub(super) fn play_on(&mut self, page: &mut LabPage) {
        let (Some(end), (_, now_us)) = (self.ends.get(self.notebook.way), page.stands_at()) else { return };
        let way_us = end.at_us.saturating_sub(now_us) as f64;
        let usual_ms = way_us * 1_000.0 / page.usual_pace_us().max(1) as f64;
        let run_ms = usual_ms.max(RUN_MS.0).min(RUN_MS.1);
        page.play_to(end.at_us, way_us / run_ms);
    }

    pub(super) fn skip(&mut self, page: &mut LabPage) {
        if let Some(end) = self.ends.get(self.notebook.way) {
            page.skip_to(end.at_us);
        }
        if self.notebook.phase == Phase::Running {
            self.tell(page);
        }
    }

    /// Says what has come out.
    pub(super) fn tell(&mut self, page: &mut LabPage) {
        for block in self.notebook.together(self.place()) {
            let place = (self.notebook.step, block);
            match self.judge(place) {
                Ok(told) => {
                    self.report(page, place, &told);
                    self.notebook.questions.entry(place).or_default().told = Some(told);
                }
                Err(sentence) => page.remark(Some(sentence)),
            }
        }
        (self.notebook.phase, self.notebook.is_large) = (Phase::Told, false);
        self.notebook.said = Some(self.aloud());
        progress::keep(&self.notebook);
        page.lead_to(panel::FEEDBACK);
        page.look_at_lesson();
        self.show();
    }

    /// Tells the page around a figure what came out.
    pub(super) fn report(&self, page: &LabPage, place: Place, told: &Told) {
        let (Some(prediction), Some(choice)) =
            (self.notebook.prediction_at(place), self.notebook.question(place).answer)
        else {
            return;
        };
        let right = told.feedback.is_right;
        let has = |answer: &Answer, remark: usize| matches!(answer, Answer::Choices(chosen) if chosen.contains(&(remark + 1)));
        // Of what is ticked together, only what is wrong has a reason.
        let is_wrong = |remark: &usize| {
            let is_true = told.feedback.right.iter().any(|answer| has(answer, *remark));
            prediction.kind != PredictionKind::Any || has(&choice, *remark) != is_true
        };
        let wrong = told.feedback.remarks.iter().copied().filter(is_wrong);
        let tag = wrong.filter_map(|remark| prediction.choices[remark].tag.clone()).find(|_| !right);
        page.report("predict", Payload::Predict(Predicted { step: place.0, choice, right, tag }));
    }

    pub(super) fn judge(&self, (step, block): Place) -> Result<Told, Text> {
        let missing = || t!("it is damaged");
        let stand = self.path.at(step, block).ok_or_else(missing)?;
        let prediction = self.notebook.prediction_at((step, block)).ok_or_else(missing)?;
        let shown = self.notebook.lesson.step(step).ok_or_else(missing)?;
        let revealed = Revealed::new(prediction, ways(shown, block), self.lab, stand).map_err(in_words)?;
        let feedback = match self.notebook.question((step, block)).answer {
            Some(answer) => revealed.judge(&answer).map_err(in_words)?,
            // In front of a class nobody has to answer.
            None => Feedback { is_right: false, remarks: Vec::new(), ..self.key(&revealed, prediction)? },
        };
        let shows =
            feedback.remarks.iter().copied().filter(|remark| prediction.choices[*remark].show.is_some()).collect();
        Ok(Told { feedback, shows })
    }

    /// What is said aloud when something has come out.
    pub(super) fn aloud(&self) -> Text {
        let question = self.notebook.question(self.place());
        let is_right = question.told.as_ref().is_some_and(|told| told.feedback.is_right);
        let say = |prediction: &Prediction| {
            let remarks = question.told.iter().flat_map(|told| &told.feedback.remarks);
            remarks.map(|remark| prediction.choices[*remark].say.plain()).collect::<Vec<_>>().join(" ")
        };
        let remarks = Text::verbatim(self.notebook.prediction().map(say).unwrap_or_default());
        match is_right {
            true => t!("Yes, that is how it came out. {remarks}", remarks = remarks),
            false => t!("It came out differently. {remarks}", remarks = remarks),
        }
    }

    /// Shows where it can be seen why a choice is as it is.
    pub(super) fn show_why(&mut self, page: &mut LabPage, block: usize, choice: usize) {
        let (step, _) = self.place();
        let moment = || -> Result<Option<(Moment, u64, String)>, Text> {
            let missing = || t!("it is damaged");
            let stand = self.path.at(step, block).ok_or_else(missing)?;
            let prediction = self.notebook.prediction_at((step, block)).ok_or_else(missing)?;
            let shown = self.notebook.lesson.step(step).ok_or_else(missing)?;
            let revealed = Revealed::new(prediction, ways(shown, block), self.lab, stand).map_err(in_words)?;
            let moment = revealed.show(choice).map_err(in_words)?;
            let title = prediction.choices.get(choice).map(|choice| choice.text.plain()).unwrap_or_default();
            Ok(moment.map(|moment| (moment, stand.moment.at_us, title)))
        };
        let shown = moment().and_then(|found| {
            let Some((Moment { scenario, at_us }, _, answer)) = found else { return Ok(()) };
            let before = page.way();
            page.show_beside(None);
            let title = t!("why not: {answer}", answer = words::shorten(&answer, 40));
            page.add_way(&scenario, title, scenario.cursor, at_us)?;
            self.before.get_or_insert(before);
            Ok(())
        });
        match shown {
            Ok(()) => {
                self.notebook.is_aside = self.before.is_some();
                page.look_at_stage();
                page.lead_to("[data-testid=lesson-return]");
            }
            Err(sentence) => page.remark(Some(sentence)),
        }
        self.show();
    }

    /// Comes back from what is shown aside.
    pub(super) fn come_back(&mut self, page: &mut LabPage) {
        if let Some(before) = self.before.take() {
            page.show_way(&before);
        }
        self.notebook.is_aside = false;
        if self.notebook.phase == Phase::Told {
            if let Some(end) = self.ends.get(self.notebook.way) {
                page.skip_to(end.at_us);
            }
            page.look_at_lesson();
        }
        page.lead_to(if self.notebook.phase == Phase::Told { panel::FEEDBACK } else { panel::QUESTION });
        self.seen = None;
        self.follow(page);
        self.show();
    }

    pub(super) fn show_other_way(&mut self, page: &mut LabPage, way: usize) {
        let Some((letter, _)) = self.notebook.ways.get(way).cloned() else { return };
        page.show_beside(None);
        page.show_way(&letter);
        self.notebook.way = way;
        if let Some(end) = self.ends.get(way) {
            page.skip_to(end.at_us);
        }
        let other = self.notebook.ways.iter().map(|(letter, _)| letter).find(|other| **other != letter);
        page.show_beside(other.cloned());
        self.show();
    }

    /// Takes what is selected on the stage as the answer, where that is asked for.
    pub(super) fn take(&mut self, page: &mut LabPage, item: Item) -> bool {
        let Some(frame) = page.shown().filter(|_| self.notebook.phase == Phase::Asking) else { return false };
        let answer = match (self.notebook.prediction().map(|prediction| &prediction.kind), item) {
            (Some(PredictionKind::Node { .. }), Item::Node(node)) => {
                frame.nodes.get(node.index()).map(|node| Answer::Node(node.label.clone()))
            }
            (Some(PredictionKind::Message { .. }), Item::Message(message)) => Some(Answer::Message(message)),
            _ => None,
        };
        let Some(answer) = answer else { return false };
        self.choose(answer);
        page.mark(Some(item));
        true
    }
}
