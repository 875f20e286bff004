//! Who leads through a lesson: shows where a block begins, lets the run go on when an answer is locked, and watches tasks.

use std::collections::BTreeSet;

use lessons::{
    Answer, Block, Feedback, Mistake, Moment, Path, Prediction, PredictionKind, Revealed, Runner, Stand, Standing,
    Watch, ways,
};
use sim::{AnyLab, Input, NodeId, Text, t};
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};
use yew::prelude::*;

use super::notebook::{GoalState, Notebook, Phase, Place, Told};
use super::{Tutor, amount, go_on, large, panel, progress, shelf, text};
use crate::command::{Command, Commands, Course, Hand, Item, Lesson, Read, Run};
use crate::dom;
use crate::embed::{GoalReport, Payload, Predicted, Score};
use crate::files;
use crate::keys;
use crate::lab_page::LabPage;
use crate::panels::Pane;
use crate::route::Route;
use crate::shared::Shared;

/// How long a run may take that shows what happens, in milliseconds, at the least and at the most.
const RUN_MS: (f64, f64) = (2_500.0, 8_000.0);

/// A look at the goals that takes longer than this is not taken while the run plays, in milliseconds.
const LONG_MS: f64 = 30.0;

/// The way through a lesson on the page of its lab.
#[derive(Debug)]
pub struct Player {
    lab: &'static dyn AnyLab,
    path: Path,
    notebook: Notebook,
    /// What the panel shows of it.
    sheet: Shared<Notebook>,
    /// How the moment went on that is being shown, and its letter.
    ends: Vec<Moment>,
    /// Who follows the task that is open, and where that one looked last.
    watch: Option<Watch>,
    seen: Option<(String, u64, u64)>,
    is_slow: bool,
    /// The branches that show solutions: they do no task.
    solutions: BTreeSet<String>,
    /// The branch to come back to from what is shown aside.
    before: Option<String>,
}

impl Player {
    /// Who leads through a lesson that has come, at this step or where the visitor left it.
    ///
    /// # Errors
    ///
    /// Says what is wrong with the lesson.
    pub fn open(id: &str, step: Option<usize>) -> Result<Player, Text> {
        let lesson = shelf::lesson(id)?;
        let lab = labs::registry::lab(&lesson.lab)?;
        let path = Path::of(&lesson, lab).map_err(|mistake| Text::verbatim(mistake.to_string()))?;
        let mut notebook = Notebook::new(lesson.clone());
        progress::recall(&mut notebook);
        let left = || go_on::begun().into_iter().find(|begun| begun.id == lesson.id && !begun.is_over);
        notebook.step = step.or_else(|| left().map(|begun| begun.step)).unwrap_or(1).clamp(1, lesson.steps.len());
        let mut player = Player {
            lab,
            path,
            sheet: Shared::new(notebook.clone()),
            notebook,
            ends: Vec::new(),
            watch: None,
            seen: None,
            is_slow: false,
            solutions: BTreeSet::new(),
            before: None,
        };
        player.tell_all();
        Ok(player)
    }

    /// What the panel shows.
    pub fn notebook(&self) -> &Notebook {
        &self.notebook
    }

    fn place(&self) -> Place {
        (self.notebook.step, self.notebook.block)
    }

    /// Where the open block begins.
    fn stand(&self) -> Option<&Stand> {
        let (step, block) = self.place();
        let last = self.notebook.shown()?.blocks.len().checked_sub(1)?;
        self.path.at(step, block.min(last))
    }

    /// The panel shows the notebook as it is now.
    fn show(&mut self) {
        self.sheet = Shared::new(self.notebook.clone());
    }

    /// What was answered before is told again.
    fn tell_all(&mut self) {
        let locked: Vec<Place> = self
            .notebook
            .questions
            .iter()
            .filter(|(_, question)| question.is_locked)
            .map(|(place, _)| *place)
            .collect();
        for place in locked {
            if let Ok(told) = self.judge(place)
                && let Some(question) = self.notebook.questions.get_mut(&place)
            {
                question.told = Some(told);
            }
        }
    }

    /// Goes to a step, to what is open in it.
    fn go_to(&mut self, page: &mut LabPage, step: usize) {
        self.notebook.step = step.clamp(1, self.notebook.lesson.steps.len() + 1);
        self.notebook.said = None;
        let next = |from: usize| self.notebook.next_block(from);
        let mut block = next(0);
        while let Some(open) = block.filter(|block| self.notebook.is_over((self.notebook.step, *block))) {
            block = next(open + 1);
        }
        let count = self.notebook.shown().map_or(0, |step| step.blocks.len());
        self.begin(page, block.unwrap_or(count));
        page.lead_to(panel::TITLE);
        page.turn_page(Pane::Lesson);
        let lesson = &self.notebook.lesson;
        if self.notebook.step > lesson.steps.len() {
            let (right, of, tasks, _) = self.notebook.score();
            page.report("complete", Payload::Lesson(Score { lesson: lesson.id.clone(), right, of, tasks }));
        }
        // Who writes a lesson stays where it is written.
        if matches!(Route::current(), Route::Write { .. }) {
            return;
        }
        go_on::note(&lesson.id, &lesson.title, self.notebook.step, lesson.steps.len());
        let address = Route::Lesson { id: lesson.id.clone(), step: Some(self.notebook.step.min(lesson.steps.len())) };
        if Route::current() != address && !page.is_figure() {
            address.go();
        }
    }

    /// Opens a block, at the moment at which it begins.
    fn begin(&mut self, page: &mut LabPage, block: usize) {
        self.notebook.block = block;
        (self.notebook.ways, self.notebook.way, self.notebook.is_aside) = (Vec::new(), 0, false);
        (self.ends, self.watch, self.before) = (Vec::new(), None, None);
        self.solutions.clear();
        self.notebook.phase = match self.notebook.shown().and_then(|step| step.blocks.get(block)) {
            Some(Block::Predict(_)) => Phase::Asking,
            Some(Block::Do(_)) => Phase::Doing,
            _ => Phase::Reading,
        };
        self.notebook.is_large = true;
        self.stage(page);
        self.list_options(page);
        if let (Some(task), Some(stand)) = (self.notebook.task(), self.stand()) {
            self.watch = Some(Watch::new(task, self.lab, &stand.moment));
            self.seen = None;
        }
        self.follow(page);
        self.show();
    }

    /// Shows the moment at which the open block begins.
    fn stage(&mut self, page: &mut LabPage) {
        let Some(stand) = self.stand() else { return };
        let Moment { scenario, at_us } = &stand.moment;
        let title = self.title();
        let refusal = page.show_moment(scenario, *at_us, title, self.door()).err();
        page.remark(refusal);
    }

    /// What a run of the visitor's own in this block is called.
    fn title(&self) -> String {
        let title = format!("{}, {}", self.notebook.lesson.title, self.notebook.step);
        sim::share::plain(&title, sim::share::MOST_TITLE)
    }

    /// What the workbook calls the way to runs of this block.
    fn door(&self) -> String {
        let (step, block) = self.place();
        format!("{}/{step}/{block}", self.notebook.lesson.id)
    }

    /// What can be chosen where a node or a message is asked for.
    fn list_options(&mut self, page: &LabPage) {
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
    fn choose(&mut self, answer: Answer) {
        if self.notebook.phase == Phase::Asking {
            self.notebook.question_mut().answer = Some(answer);
            self.show();
        }
    }

    /// Chooses the answer of this number, counted from 1, or takes that back.
    fn choose_place(&mut self, place: usize) {
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

    fn write(&mut self, typed: String) {
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

    /// Does what comes next.
    fn go_on(&mut self, page: &mut LabPage) {
        match self.notebook.phase {
            Phase::Asking if !self.notebook.is_answered() => {
                page.remark(Some(match self.notebook.prediction().map(|asked| &asked.kind) {
                    Some(PredictionKind::Number { .. }) => t!("Write a whole number first, such as 3."),
                    _ => t!("Choose an answer first. A guess is good enough."),
                }))
            }
            Phase::Asking => self.lock(page),
            Phase::Locked => self.run(page),
            Phase::Running => self.skip(page),
            Phase::Reading => self.go_to(page, self.notebook.step + 1),
            Phase::Told | Phase::Doing => {
                let step = self.notebook.step;
                match self.notebook.next_block(self.notebook.block + 1) {
                    Some(next) => {
                        self.begin(page, next);
                        page.lead_to(panel::QUESTION);
                        page.turn_page(Pane::Lesson);
                    }
                    // What stands behind the last question of a step is read before the next one.
                    None if self.has_more_to_read() => {
                        let count = self.notebook.shown().map_or(0, |step| step.blocks.len());
                        self.notebook.block = count;
                        (self.notebook.phase, self.notebook.is_aside) = (Phase::Reading, false);
                        self.watch = None;
                        self.show();
                        page.lead_to(panel::TITLE);
                        page.turn_page(Pane::Lesson);
                    }
                    None => self.go_to(page, step + 1),
                }
            }
        }
    }

    fn has_more_to_read(&self) -> bool {
        let blocks = self.notebook.shown().map(|step| &step.blocks[(self.notebook.block + 1).min(step.blocks.len())..]);
        blocks.is_some_and(|blocks| blocks.iter().any(|block| matches!(block, Block::Prose(_))))
    }

    /// Locks the answer. A question that comes out with the next one is followed by that at once.
    fn lock(&mut self, page: &mut LabPage) {
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
                page.turn_page(Pane::Stage);
            }
        }
        self.show();
    }

    /// Lets the moment go on.
    fn run(&mut self, page: &mut LabPage) {
        if let Err(sentence) = self.begin_run(page) {
            page.remark(Some(sentence));
        }
        self.show();
    }

    fn begin_run(&mut self, page: &mut LabPage) -> Result<(), Text> {
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
        page.turn_page(Pane::Stage);
        if dom::reduced_motion() {
            self.skip(page)
        } else {
            self.play_on(page)
        }
        Ok(())
    }

    /// Plays on to the end of what is being shown, at the usual pace where that is neither too fast nor too slow.
    fn play_on(&mut self, page: &mut LabPage) {
        let (Some(end), (_, now_us)) = (self.ends.get(self.notebook.way), page.stands_at()) else { return };
        let way_us = end.at_us.saturating_sub(now_us) as f64;
        let usual_ms = way_us * 1_000.0 / page.usual_pace_us().max(1) as f64;
        let run_ms = usual_ms.max(RUN_MS.0).min(RUN_MS.1);
        page.play_to(end.at_us, way_us / run_ms);
    }

    fn skip(&mut self, page: &mut LabPage) {
        if let Some(end) = self.ends.get(self.notebook.way) {
            page.skip_to(end.at_us);
        }
        if self.notebook.phase == Phase::Running {
            self.tell(page);
        }
    }

    /// Says what has come out.
    fn tell(&mut self, page: &mut LabPage) {
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
        page.turn_page(Pane::Lesson);
        self.show();
    }

    /// Tells the page around a figure what came out.
    fn report(&self, page: &LabPage, place: Place, told: &Told) {
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

    fn judge(&self, (step, block): Place) -> Result<Told, Text> {
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

    /// What is right, found out with any answer.
    fn key(&self, revealed: &Revealed<'_>, prediction: &Prediction) -> Result<Feedback, Text> {
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
    fn present(&mut self, page: &mut LabPage, forward: bool) {
        match (self.notebook.phase, self.notebook.is_large, forward) {
            (Phase::Asking | Phase::Locked, true, true) => self.run_for_all(page),
            (Phase::Running, _, true) => self.skip(page),
            (Phase::Told, false, true) => self.notebook.is_large = true,
            (Phase::Doing, true, true) => self.notebook.is_large = false,
            (Phase::Doing | Phase::Told, true, false) if self.notebook.phase == Phase::Told => {
                self.notebook.is_large = false
            }
            (Phase::Doing, false, false) => self.notebook.is_large = true,
            (_, _, true) => return self.go_on(page),
            (_, _, false) => return self.obey(page, Lesson::Turn { forward: false }),
        }
        self.show();
    }

    /// Runs, whether somebody has answered or not; questions before that come out with this one are asked one after the other.
    fn run_for_all(&mut self, page: &mut LabPage) {
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

    fn count(&mut self, choice: usize, more: bool) {
        let place = self.place();
        let Some(count) = self.notebook.prediction().map(|prediction| prediction.choices.len()) else { return };
        let hands = self.notebook.hands.entry(place).or_insert_with(|| vec![0; count]);
        if let Some(hands) = choice.checked_sub(1).and_then(|choice| hands.get_mut(choice)) {
            *hands = if more { (*hands + 1).min(999) } else { hands.saturating_sub(1) };
        }
        self.show();
    }

    /// What is said aloud when something has come out.
    fn aloud(&self) -> Text {
        let question = self.notebook.question(self.place());
        let is_right = question.told.as_ref().is_some_and(|told| told.feedback.is_right);
        let say = |prediction: &Prediction| {
            let remarks = question.told.iter().flat_map(|told| &told.feedback.remarks);
            remarks.map(|remark| text::plain(&prediction.choices[*remark].say)).collect::<Vec<_>>().join(" ")
        };
        let remarks = Text::verbatim(self.notebook.prediction().map(say).unwrap_or_default());
        match is_right {
            true => t!("Yes, that is how it came out. {remarks}", remarks = remarks),
            false => t!("It came out differently. {remarks}", remarks = remarks),
        }
    }

    /// Shows where it can be seen why a choice is as it is.
    fn show_why(&mut self, page: &mut LabPage, block: usize, choice: usize) {
        let (step, _) = self.place();
        let moment = || -> Result<Option<(Moment, u64, String)>, Text> {
            let missing = || t!("it is damaged");
            let stand = self.path.at(step, block).ok_or_else(missing)?;
            let prediction = self.notebook.prediction_at((step, block)).ok_or_else(missing)?;
            let shown = self.notebook.lesson.step(step).ok_or_else(missing)?;
            let revealed = Revealed::new(prediction, ways(shown, block), self.lab, stand).map_err(in_words)?;
            let moment = revealed.show(choice).map_err(in_words)?;
            let title = prediction.choices.get(choice).map(|choice| text::plain(&choice.text)).unwrap_or_default();
            Ok(moment.map(|moment| (moment, stand.moment.at_us, title)))
        };
        let shown = moment().and_then(|found| {
            let Some((Moment { scenario, at_us }, _, answer)) = found else { return Ok(()) };
            let before = page.way();
            page.show_beside(None);
            let title = t!("why not: {answer}", answer = crate::words::shorten(&answer, 40));
            page.add_way(&scenario, title, scenario.cursor, at_us)?;
            self.before.get_or_insert(before);
            Ok(())
        });
        match shown {
            Ok(()) => {
                self.notebook.is_aside = self.before.is_some();
                page.turn_page(Pane::Stage);
                page.lead_to("[data-testid=lesson-return]");
            }
            Err(sentence) => page.remark(Some(sentence)),
        }
        self.show();
    }

    /// Comes back from what is shown aside.
    fn come_back(&mut self, page: &mut LabPage) {
        if let Some(before) = self.before.take() {
            page.show_way(&before);
        }
        self.notebook.is_aside = false;
        if self.notebook.phase == Phase::Told {
            if let Some(end) = self.ends.get(self.notebook.way) {
                page.skip_to(end.at_us);
            }
            page.turn_page(Pane::Lesson);
        }
        page.lead_to(if self.notebook.phase == Phase::Told { panel::FEEDBACK } else { panel::QUESTION });
        self.seen = None;
        self.follow(page);
        self.show();
    }

    fn show_other_way(&mut self, page: &mut LabPage, way: usize) {
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

    fn hint(&mut self) {
        match self.notebook.phase {
            Phase::Asking => {
                let count = self.notebook.prediction().map_or(0, |prediction| prediction.hints.len());
                let question = self.notebook.question_mut();
                question.hints = (question.hints + 1).min(count);
            }
            Phase::Doing => {
                let count = self.notebook.task().map_or(0, |task| task.hints.len());
                let effort = self.notebook.effort_mut();
                effort.hints = (effort.hints + 1).min(count);
            }
            _ => return,
        }
        progress::keep(&self.notebook);
        self.show();
    }

    /// Shows the next solution of the task.
    fn solve(&mut self, page: &mut LabPage) {
        let place = self.place();
        let shown = self.notebook.effort(place).solutions;
        let (Some(stand), Some(task)) = (self.stand(), self.notebook.task()) else { return };
        let Some(script) = task.solutions.get(shown) else { return };
        let run = || -> Result<Moment, Text> {
            let mut runner = Runner::at(self.lab, stand)?;
            runner.run(script).map_err(in_words)?;
            Ok(runner.moment())
        };
        let (from, from_us, before) = (stand.moment.scenario.cursor, stand.moment.at_us, page.way());
        let opened = run().and_then(|end| Ok((page.add_way(&at(&end, from), t!("a solution"), from, from_us)?, end)));
        match opened {
            Ok((letter, end)) => {
                self.solutions.insert(letter);
                self.before.get_or_insert(before);
                self.notebook.effort_mut().solutions += 1;
                (self.notebook.is_aside, self.notebook.way, self.ends) = (true, 0, vec![end]);
                page.turn_page(Pane::Stage);
                page.lead_to("[data-testid=lesson-return]");
                if dom::reduced_motion() { self.skip(page) } else { self.play_on(page) }
            }
            Err(sentence) => page.remark(Some(sentence)),
        }
        self.show();
    }

    /// Looks how the goals of the task stand.
    fn watch(&mut self, page: &mut LabPage) {
        let place = self.place();
        let letter = page.way();
        if self.solutions.contains(&letter) || self.notebook.is_over(place) {
            return;
        }
        let (event, now_us) = page.stands_at();
        let (_, is_moving) = page.is_on_the_way();
        let is_playing = is_moving || page.is_playing();
        // While time runs, a look at each event is enough.
        let now = (letter, event, if is_playing { 0 } else { now_us });
        if self.seen.as_ref() == Some(&now) || is_playing && self.is_slow {
            return;
        }
        let began_ms = dom::now_ms();
        let Some(watch) = &mut self.watch else { return };
        let standings = match page.timeline().map(|timeline| watch.judge(timeline, now_us)) {
            Some(Ok(standings)) => standings,
            Some(Err(mistake)) => return page.remark(Some(in_words(mistake))),
            None => return,
        };
        self.is_slow |= dom::now_ms() - began_ms > LONG_MS;
        self.seen = Some(now);
        self.note(page, &standings, event);
    }

    /// Notes how the goals stand, and says aloud what is new.
    fn note(&mut self, page: &mut LabPage, standings: &[Standing], event: u64) {
        let known = self.notebook.effort(self.place()).goals;
        let mut goals: Vec<GoalState> = Vec::new();
        for (place, standing) in standings.iter().enumerate() {
            goals.push(match (standing, known.get(place)) {
                (Standing::Met, Some(GoalState::Met(since))) if *since <= event => GoalState::Met(*since),
                (Standing::Met, _) => GoalState::Met(event),
                (Standing::NotYet, _) => GoalState::Open,
                (Standing::Lost(by), Some(GoalState::Lost(known, told))) if known == by => {
                    GoalState::Lost(*by, told.clone())
                }
                (Standing::Lost(by), _) => GoalState::Lost(*by, page.told(*by)),
            });
        }
        if goals == known {
            return;
        }
        let changed =
            goals.iter().enumerate().filter(|(place, state)| known.get(*place).unwrap_or(&GoalState::Open) != *state);
        let changed: Vec<(usize, &GoalState)> = changed.filter(|(_, state)| **state != GoalState::Open).collect();
        if let (Some(task), Some((place, state))) = (self.notebook.task(), changed.last()) {
            let goal = Text::verbatim(text::plain(&task.goals[*place].text));
            self.notebook.said = Some(match state {
                GoalState::Met(_) => t!("Met: {goal}", goal = goal),
                _ => t!("Can no longer be met: {goal}", goal = goal),
            });
        }
        for (place, state) in goals.iter().enumerate() {
            if known.get(place).unwrap_or(&GoalState::Open).name() != state.name() {
                let report = GoalReport { step: self.notebook.step, goal: place + 1, state: state.name() };
                page.report("check", Payload::Goal(report));
            }
        }
        let is_done = !goals.is_empty() && goals.iter().all(|state| matches!(state, GoalState::Met(_)));
        let scenario = page.scenario().filter(|_| is_done);
        let effort = self.notebook.effort_mut();
        (effort.goals, effort.done) = (goals, scenario);
        if is_done {
            self.notebook.said = Some(t!("Done. All goals are met."));
            progress::keep(&self.notebook);
        }
        self.show();
    }

    /// Why a command is not to be carried out now; none where it may be.
    fn refusal(&self, page: &LabPage, command: &Command) -> Option<Text> {
        let (event, _) = page.stands_at();
        let start = self.stand().map_or(0, |stand| stand.moment.scenario.cursor);
        let acts = matches!(command, Command::Act(_) | Command::Hand(Hand::Make(_) | Hand::Press(_)));
        match self.notebook.phase {
            Phase::Asking | Phase::Locked if acts || leads_on(command, event, start) => {
                Some(match self.notebook.phase {
                    Phase::Asking => t!("Time stands still until you have locked an answer."),
                    _ => t!("Your answer is locked. Press Run to see what happens."),
                })
            }
            Phase::Running if acts || leads_on(command, event, 0) => Some(t!("See first what happens, or press Skip.")),
            Phase::Doing if acts && event < start => {
                Some(t!("The task begins at event {event}: act there, or later.", event = start))
            }
            Phase::Doing => self.closed(command),
            _ => None,
        }
    }

    /// Why a control is not open in this task.
    fn closed(&self, command: &Command) -> Option<Text> {
        let only = self.notebook.task()?.only.as_ref()?;
        let is_open = |input: &Input| match input {
            Input::Set { name, .. } => only.contains(name),
            input => only.iter().any(|name| name == input.name()),
        };
        let is_closed = match command {
            Command::Act(inputs) => !inputs.iter().all(is_open),
            Command::Run(Run::Restart { .. }) | Command::Hand(Hand::Make(_) | Hand::Press(_)) => true,
            _ => false,
        };
        is_closed.then(|| t!("In this task only these are open: {controls}.", controls = only.join(", ")))
    }

    /// Takes what is selected on the stage as the answer, where that is asked for.
    fn take(&mut self, page: &mut LabPage, item: Item) -> bool {
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

impl Tutor for Player {
    fn enter(&mut self, page: &mut LabPage) {
        self.go_to(page, self.notebook.step);
    }

    fn turn_to(&mut self, page: &mut LabPage, lesson: &str, step: Option<usize>) -> bool {
        if lesson != self.notebook.lesson.id {
            return false;
        }
        let is_here = step.is_none_or(|step| step == self.notebook.step.min(self.notebook.lesson.steps.len()));
        if let (Some(step), false) = (step, is_here) {
            self.go_to(page, step);
        }
        true
    }

    fn obey(&mut self, page: &mut LabPage, wish: Lesson) {
        match wish {
            Lesson::GoTo(step) => self.go_to(page, step),
            Lesson::Turn { forward: true } if self.notebook.step < self.notebook.lesson.steps.len() => {
                self.go_to(page, self.notebook.step + 1);
            }
            Lesson::Turn { forward: false } if self.notebook.step > 1 => self.go_to(page, self.notebook.step - 1),
            Lesson::Turn { .. } => {}
            Lesson::Choose(place) => self.choose_place(place),
            Lesson::Write(typed) => self.write(typed),
            Lesson::GoOn => self.go_on(page),
            Lesson::Skip => self.skip(page),
            Lesson::Show(block, choice) => self.show_why(page, block, choice),
            Lesson::Return => self.come_back(page),
            Lesson::ShowWay(way) => self.show_other_way(page, way),
            Lesson::Hint => self.hint(),
            Lesson::Solve => self.solve(page),
            Lesson::Visit(event) => page.visit(event),
            Lesson::GoBack(event) => {
                page.visit(event.saturating_sub(1));
                page.remark(Some(t!("You are before the event. Act now, and a new branch begins here.")));
            }
            Lesson::Again => {
                let place = self.place();
                if let Some(effort) = self.notebook.tasks.get_mut(&place) {
                    effort.goals.clear();
                }
                self.begin(page, place.1);
            }
            Lesson::Present { forward } => self.present(page, forward),
            Lesson::Reveal => {
                if matches!(self.notebook.phase, Phase::Asking | Phase::Locked) {
                    self.run_for_all(page);
                }
                if self.notebook.phase == Phase::Running {
                    self.skip(page);
                }
                self.notebook.is_large = true;
                self.show();
            }
            Lesson::Count { choice, more } => self.count(choice, more),
            Lesson::Forget => {
                let id = self.notebook.lesson.id.clone();
                progress::forget(&id);
                self.notebook = Notebook::new(self.notebook.lesson.clone());
                self.go_to(page, 1);
                go_on::forget(&id);
            }
            Lesson::Save => {
                let answers = progress::Answers::of(&self.notebook).written();
                let name = format!("{}.answers.json", self.notebook.lesson.id);
                files::save(&name, "application/json", answers.as_bytes());
            }
            Lesson::Leave => Route::Lab { lab: self.notebook.lesson.lab.clone(), scenario: None }.go(),
            // Only who writes one does that.
            Lesson::Draft(_) => {}
        }
    }

    fn minds(&mut self, page: &mut LabPage, command: &Command) -> bool {
        if let Command::Read(Read::Select(Some(item))) = command {
            return self.take(page, *item);
        }
        if let Command::Course(Course::Play) = command
            && let (true, is_moving) = page.is_on_the_way()
        {
            if !is_moving {
                self.play_on(page);
            }
            return !is_moving;
        }
        let refusal = self.refusal(page, command);
        if refusal.is_some() {
            page.remark(refusal.clone());
        }
        refusal.is_some()
    }

    fn follow(&mut self, page: &mut LabPage) {
        match self.notebook.phase {
            Phase::Running if !page.is_on_the_way().0 => self.tell(page),
            Phase::Doing => self.watch(page),
            _ => {}
        }
    }

    fn translate(&mut self) {
        self.show();
    }

    fn meaning(&self, event: &KeyboardEvent, presents: bool) -> Option<Command> {
        let turn = |forward: bool| Some(Lesson::Present { forward }.into());
        match event.key().as_str() {
            "PageDown" if presents => return turn(true),
            "PageUp" if presents => return turn(false),
            _ => {}
        }
        if !keys::are_on() || event.ctrl_key() || event.meta_key() || event.alt_key() || event.default_prevented() {
            return None;
        }
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let tag = target.as_ref().map(|target| target.tag_name().to_ascii_lowercase()).unwrap_or_default();
        let kind = target.as_ref().and_then(|target| target.get_attribute("type")).unwrap_or_default();
        let is_text = matches!(tag.as_str(), "select" | "textarea" | "dialog")
            || tag == "input" && kind != "radio" && kind != "checkbox";
        if is_text {
            return None;
        }
        let key = event.key();
        let digit = key.parse::<usize>().ok().filter(|digit| key.len() == 1 && *digit > 0);
        if let (Some(place), Phase::Asking) = (digit, self.notebook.phase) {
            return Some(
                if presents { Lesson::Count { choice: place, more: true } } else { Lesson::Choose(place) }.into(),
            );
        }
        match key.as_str() {
            "v" | "V" if presents => Some(Lesson::Reveal.into()),
            "j" => Some(Lesson::Turn { forward: true }.into()),
            "k" => Some(Lesson::Turn { forward: false }.into()),
            "h" if matches!(self.notebook.phase, Phase::Asking | Phase::Doing) => Some(Lesson::Hint.into()),
            // A button, a link and what is on the stage do something with it by themselves.
            "Enter" if matches!(tag.as_str(), "body" | "legend" | "h2" | "h3" | "input") => {
                matches!(self.notebook.phase, Phase::Asking | Phase::Locked).then(|| Lesson::GoOn.into())
            }
            _ => None,
        }
    }

    fn draw(&self, commands: &Commands) -> Html {
        html! { <panel::Panel notebook={self.sheet.clone()} commands={commands.clone()} /> }
    }

    fn draw_large(&self, commands: &Commands) -> Option<Html> {
        let sheet = self.sheet.clone();
        self.notebook.is_large.then(|| html! { <large::Large notebook={sheet} commands={commands.clone()} /> })
    }

    fn draw_notes(&self) -> Html {
        let key = self.notebook.prediction().and_then(|prediction| {
            let (step, block) = self.place();
            let shown = self.notebook.shown()?;
            let revealed = Revealed::new(prediction, ways(shown, block), self.lab, self.path.at(step, block)?).ok()?;
            Some(large::key(prediction, &self.key(&revealed, prediction).ok()?.right))
        });
        large::notes(&self.notebook, key)
    }
}

/// Whether a command leads beyond an event, or to another run in the place of this one.
fn leads_on(command: &Command, event: u64, most: u64) -> bool {
    match command {
        Command::Course(Course::Seek(to) | Course::Follow(to)) => *to > most,
        Command::Course(Course::Step { forward } | Course::StepNode { forward } | Course::StepTelling { forward }) => {
            *forward && event >= most
        }
        Command::Course(Course::Play | Course::RunUntil(_)) => true,
        Command::Run(Run::Restart { .. } | Run::ShowFind(..) | Run::ShowMe(Some(_)) | Run::ShowContrast(..)) => true,
        _ => false,
    }
}

/// A run that has come to its end, at an earlier event of it.
fn at(end: &Moment, event: u64) -> sim::Scenario {
    sim::Scenario { cursor: event.min(end.scenario.cursor), ..end.scenario.clone() }
}

fn in_words(mistake: Mistake) -> Text {
    Text::verbatim(mistake.sentence)
}
