//! Proves a lesson: each right choice right and each wrong one wrong, each task possible, not done at its start and not done by
//! waiting.

use sim::{AnyLab, Text};

use crate::course::go_on_to;
use crate::lesson::{Block, Choice, Lesson, Prediction, PredictionKind, Step, Task};
use crate::mistake::{Mistake, unknown};
use crate::path::{Path, ways};
use crate::patience::Patience;
use crate::reader::digest;
use crate::reveal::{Answer, Revealed};
use crate::runner::{Runner, Stand};
use crate::watch::{Standing, Watch};

/// How much work the proof of a lesson may be: some ten seconds'.
const MOST_WORK: u64 = 20_000_000;

/// The key of a lesson: computed, never written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Key {
    pub entries: Vec<KeyEntry>,
}

/// The key of a prediction or a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyEntry {
    /// Counted from 1.
    pub step: usize,
    /// The place of the block in the step, counted from 0.
    pub block: usize,
    pub line: usize,
    /// What is right, for a prediction; how many solutions there are, for a task.
    pub right: Vec<Answer>,
}

/// What a lesson names and somebody else has.
#[derive(Debug, Default)]
pub struct Known<'a> {
    /// The names of the words.
    pub words: Vec<&'a str>,
    /// The tags of misconceptions.
    pub tags: Vec<&'a str>,
    /// The lessons that there are.
    pub lessons: Vec<&'a str>,
}

/// Proves all keys of a lesson.
///
/// # Errors
///
/// All that is wrong with it.
pub fn prove(lesson: &Lesson, lab: &'static dyn AnyLab) -> Result<Key, Vec<Mistake>> {
    prove_within(lesson, lab, MOST_WORK)
}

/// The same with less work: as much as so many events of a small run take.
///
/// # Errors
///
/// All that is wrong with it. That it takes more than this is a mistake too.
pub fn prove_within(lesson: &Lesson, lab: &'static dyn AnyLab, events: u64) -> Result<Key, Vec<Mistake>> {
    let patience = Patience::new(events);
    let path = Path::within(lesson, lab, patience.clone()).map_err(|mistake| vec![mistake])?;
    let mut proof = Proof { lab, key: Key::default(), mistakes: Vec::new(), patience };
    for step in &lesson.steps {
        proof.step(step, &path);
    }
    if proof.mistakes.is_empty() { Ok(proof.key) } else { Err(proof.mistakes) }
}

/// All verdicts of a lesson in a line that is the same wherever it is proved.
pub fn verdicts(lesson: &Lesson, lab: &'static dyn AnyLab) -> String {
    let proved = format!("{:?}", prove(lesson, lab));
    format!("lesson/{} {}", lesson.id, digest(&[&proved]))
}

/// Whether all that a lesson names is there.
pub fn resolve(lesson: &Lesson, known: &Known<'_>) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    let mut ask = |line: usize, what: &str, name: &str, all: &[&str]| {
        if !all.contains(&name) {
            mistakes.push(Mistake::new(line, 1, unknown(what, name, all.iter().copied())));
        }
    };
    lesson.words.iter().for_each(|word| ask(lesson.line, "word", word, &known.words));
    lesson.needs.iter().for_each(|other| ask(lesson.line, "lesson", other, &known.lessons));
    for block in lesson.steps.iter().flat_map(|step| &step.blocks) {
        if let Block::Predict(prediction) = block {
            for choice in &prediction.choices {
                choice.tag.iter().for_each(|tag| ask(choice.line, "misconception", tag, &known.tags));
            }
        }
    }
    mistakes
}

struct Proof {
    lab: &'static dyn AnyLab,
    key: Key,
    mistakes: Vec<Mistake>,
    patience: Patience,
}

impl Proof {
    fn say(&mut self, line: usize, sentence: impl Into<String>) {
        self.mistakes.push(Mistake::new(line, 1, sentence));
    }

    fn note<T>(&mut self, found: Result<T, Mistake>) -> Option<T> {
        found.map_err(|mistake| self.mistakes.push(mistake)).ok()
    }

    fn step(&mut self, step: &Step, path: &Path) {
        let mut after_task = false;
        for (place, block) in step.blocks.iter().enumerate() {
            let Some(stand) = path.at(step.number, place).filter(|_| !self.patience.is_over()) else { return };
            match block {
                Block::Sim(_) => after_task = false,
                Block::Predict(prediction) => {
                    if after_task {
                        self.say(
                            prediction.line,
                            "what comes out here depends on what was done before: put a sim with “again” before it",
                        );
                    }
                    self.prediction(step, place, prediction, stand);
                }
                Block::Do(task) => {
                    after_task = true;
                    self.task(step, place, task, stand);
                }
                Block::Prose(_) | Block::Teacher(_) => {}
            }
        }
    }

    fn prediction(&mut self, step: &Step, place: usize, prediction: &Prediction, stand: &Stand) {
        let revealed = Revealed::within(prediction, ways(step, place), self.lab, stand, self.patience.clone());
        let Some(revealed) = self.note(revealed) else { return };
        let right = match &prediction.kind {
            PredictionKind::One | PredictionKind::Any => self.choices(prediction, &revealed),
            PredictionKind::Number { .. } => self.number(prediction, &revealed),
            PredictionKind::Node { right } => {
                let labels = revealed.labels();
                let found = self.note(revealed.right_nodes(right)).unwrap_or_default();
                if found.is_empty() {
                    self.say(right.line, "no node is right");
                } else if found.len() == labels.len() {
                    self.say(right.line, "every node is right: ask for something narrower");
                }
                self.remarks(&revealed, labels.into_iter().map(Answer::Node))
            }
            PredictionKind::Message { .. } => {
                let all: Vec<Answer> = revealed.messages().iter().map(|message| Answer::Message(message.id)).collect();
                let right = self.remarks(&revealed, all.into_iter());
                if right.is_empty() {
                    self.say(prediction.line, "no message that is under way is right");
                }
                right
            }
        };
        for (choice, it) in prediction.choices.iter().enumerate() {
            if it.show.is_some() {
                self.note(revealed.show(choice));
            }
        }
        self.key.entries.push(KeyEntry { step: step.number, block: place, line: prediction.line, right });
    }

    fn choices(&mut self, prediction: &Prediction, revealed: &Revealed<'_>) -> Vec<Answer> {
        let Some(truths) = self.note(revealed.truths()) else { return Vec::new() };
        let with_truth = || prediction.choices.iter().zip(&truths);
        let right: Vec<&Choice> = with_truth().filter(|(_, is_right)| **is_right).map(|(choice, _)| choice).collect();
        match (&prediction.kind, &right[..]) {
            (_, []) => self.say(prediction.line, no_choice(prediction, revealed)),
            (PredictionKind::One, [first, second, ..]) => {
                let (first, second) = (first.line, second.line);
                self.say(
                    prediction.line,
                    format!("two choices are right (lines {first}, {second}): say “predict any”, or make one narrower"),
                );
            }
            _ => {}
        }
        if prediction.kind == PredictionKind::One {
            for (choice, _) in with_truth().filter(|(choice, is_right)| !**is_right && choice.tag.is_none()) {
                self.say(
                    choice.line,
                    "a wrong choice names the misconception that chooses it: tag: timeout-means-dead",
                );
            }
        }
        for (choice, _) in with_truth().filter(|(choice, is_right)| **is_right && choice.tag.is_some()) {
            if prediction.kind == PredictionKind::One {
                self.say(choice.line, "this choice is right: it has no misconception");
            }
        }
        vec![Answer::Choices((1..=truths.len()).filter(|place| truths[place - 1]).collect())]
    }

    fn number(&mut self, prediction: &Prediction, revealed: &Revealed<'_>) -> Vec<Answer> {
        let Some((number, tolerance)) = self.note(revealed.number()) else { return Vec::new() };
        let tolerance = i64::try_from(tolerance).unwrap_or(i64::MAX);
        // What is just near enough is right too, and no remark may be said of it.
        let near = [number.saturating_sub(tolerance), number, number.saturating_add(tolerance)];
        let right = self.remarks(revealed, near.into_iter().map(Answer::Number));
        if right.len() != near.len() {
            self.say(prediction.line, "what is near enough is not right");
        }
        vec![Answer::Number(number)]
    }

    /// Judges answers. No remark may be true of a right one.
    fn remarks(&mut self, revealed: &Revealed<'_>, answers: impl Iterator<Item = Answer>) -> Vec<Answer> {
        let mut right = Vec::new();
        for answer in answers {
            let Some(feedback) = self.note(revealed.judge(&answer)) else { return right };
            if !feedback.is_right {
                continue;
            }
            if let Some(remark) = feedback.remarks.first() {
                let line = revealed.line_of(*remark);
                self.say(line, format!("this remark is said of an answer that is right: {}", words(&answer)));
            }
            right.push(answer);
        }
        right
    }

    fn task(&mut self, step: &Step, place: usize, task: &Task, stand: &Stand) {
        if task.goals.is_empty() {
            self.say(task.line, "a task has goals: put a block check after it");
            return;
        }
        if task.solutions.is_empty() {
            self.say(task.line, "a task has a solution: put a block solution after it");
            return;
        }
        match self.standings(task, stand, |_| Ok(())) {
            Some((standings, _)) if all_met(&standings) => {
                self.say(task.line, "the task is done before anything is done")
            }
            _ => {}
        }
        let mut longest_us = 0;
        for solution in &task.solutions {
            let Some((standings, end_us)) = self.standings(task, stand, |runner| runner.run(solution)) else {
                continue;
            };
            longest_us = longest_us.max(end_us.saturating_sub(stand.moment.at_us));
            for (goal, standing) in task.goals.iter().zip(standings) {
                match standing {
                    Standing::Met => {}
                    Standing::NotYet => {
                        self.say(goal.line, format!("the solution of line {} does not meet this", solution.line))
                    }
                    Standing::Lost(event) => {
                        self.say(
                            goal.line,
                            format!("the solution of line {} loses this at event {event}", solution.line),
                        );
                    }
                }
            }
        }
        match self.is_done_by_waiting(task, stand, longest_us) {
            Ok(false) => {}
            Ok(true) => self.say(task.line, "the task is done by waiting alone"),
            Err(mistake) => self.mistakes.push(mistake),
        }
        let right = vec![Answer::Number(task.solutions.len() as i64)];
        self.key.entries.push(KeyEntry { step: step.number, block: place, line: task.line, right });
    }

    /// How the goals stand after something was done, and when that is.
    fn standings(
        &mut self,
        task: &Task,
        stand: &Stand,
        act: impl FnOnce(&mut Runner) -> Result<(), Mistake>,
    ) -> Option<(Vec<Standing>, u64)> {
        let refused = |refusal: Text| Mistake::new(task.line, 1, refusal.to_string());
        let mut runner = self.note(Runner::at_within(self.lab, stand, self.patience.clone()).map_err(refused))?;
        self.note(act(&mut runner))?;
        let course = runner.course(stand.moment.start());
        let mut watch = Watch::new(task, self.lab, &stand.moment);
        let standings = self.note(watch.judge_within(&course.timeline, course.now_us, &self.patience))?;
        Some((standings, course.now_us))
    }

    /// Whether all goals are met at some event of a run in which nobody does anything.
    fn is_done_by_waiting(&self, task: &Task, stand: &Stand, for_us: u64) -> Result<bool, Mistake> {
        let too_much = |sentence| Mistake::new(task.line, 1, sentence);
        let refused = |refusal: Text| Mistake::new(task.line, 1, refusal.to_string());
        self.patience.spend(stand.moment.scenario.cursor).map_err(too_much)?;
        let mut timeline = stand.moment.open(self.lab).map_err(refused)?;
        let mut watch = Watch::new(task, self.lab, &stand.moment);
        let end_us = stand.moment.at_us.saturating_add(for_us);
        // Where something takes long, the end is enough.
        if !task.goals.iter().any(|goal| goal.condition.is_costly()) {
            while timeline.next_at_us().is_some_and(|next_us| next_us <= end_us) && timeline.forward() {
                self.patience.spend(1).map_err(too_much)?;
                if all_met(&watch.judge_within(&timeline, timeline.world().now_us(), &self.patience)?) {
                    return Ok(true);
                }
            }
        }
        go_on_to(&mut timeline, end_us, &self.patience).map_err(too_much)?;
        Ok(all_met(&watch.judge_within(&timeline, end_us, &self.patience)?))
    }
}

fn all_met(standings: &[Standing]) -> bool {
    standings.iter().all(|standing| *standing == Standing::Met)
}

/// “no choice is right: at the reveal nodes(leader) = 2”, of the first thing that a choice compares.
fn no_choice(prediction: &Prediction, revealed: &Revealed<'_>) -> String {
    let compared = prediction.choices.iter().find_map(|choice| choice.condition.compared());
    let value = compared.as_ref().and_then(|part| revealed.values(&[part], None, None).ok());
    match (compared, value.and_then(|mut values| values.pop())) {
        (Some(part), Some(value)) => format!("no choice is right: at the reveal {} = {value}", part.text()),
        _ => "no choice is right".into(),
    }
}

fn words(answer: &Answer) -> String {
    match answer {
        Answer::Choices(places) => format!("{places:?}"),
        Answer::Number(number) => number.to_string(),
        Answer::Node(label) => label.clone(),
        Answer::Message(id) => format!("the message {id}"),
    }
}
