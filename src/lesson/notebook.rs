//! What has become of a lesson so far: the step and block that is open, what was answered, and how the goals of tasks stand. It is
//! data only: the panel draws it, and the player changes it.

use std::collections::BTreeMap;
use std::rc::Rc;

use lessons::{Answer, Block, Feedback, Lesson, Moment, Prediction, PredictionKind, Reveals, Step, Task};
use sim::Text;
use yew::AttrValue;

/// The place of a block: its step, counted from 1, and the block, counted from 0.
pub type Place = (usize, usize);

/// A lesson as it stands.
#[derive(Clone, Debug)]
pub struct Notebook {
    pub lesson: Rc<Lesson>,
    /// The step that is shown, counted from 1; one more than there are at the end of the lesson.
    pub step: usize,
    /// The question or the task that is open; the number of blocks of the step when there is none left.
    pub block: usize,
    pub phase: Phase,
    /// The event at which the open block begins.
    pub start: u64,
    pub questions: BTreeMap<Place, Question>,
    pub tasks: BTreeMap<Place, Effort>,
    /// What can be chosen where a node or a message is asked for.
    pub options: Vec<(Answer, AttrValue)>,
    /// The ways in which a moment went on: the letters of their branches, and their names.
    pub ways: Vec<(String, String)>,
    /// The way that is shown.
    pub way: usize,
    /// Whether something is shown besides: why not, or a solution.
    pub is_aside: bool,
    /// What who answers wants the file of answers to be called: free, and perhaps empty.
    pub label: String,
    /// In front of a class, whether the block fills the screen and not the stage.
    pub is_large: bool,
    /// Hands that were counted for the choices of a question.
    pub hands: BTreeMap<Place, Vec<u32>>,
    /// Whether goals that take long are being judged.
    pub is_weighing: bool,
    /// What is said aloud: the reveal with the answer, then each goal once, when it changes.
    pub said: Option<Text>,
}

/// How far the block is that is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// There is nothing to answer any more.
    Reading,
    Asking,
    /// The answer is locked, and it has not been shown what happens.
    Locked,
    Running,
    Told,
    Doing,
}

/// What has become of a question.
#[derive(Clone, Debug, Default)]
pub struct Question {
    pub answer: Option<Answer>,
    /// What was typed, where a number is asked for.
    pub typed: String,
    pub is_locked: bool,
    pub told: Option<Told>,
    pub hints: usize,
}

/// What is said to an answer.
#[derive(Clone, Debug)]
pub struct Told {
    pub feedback: Feedback,
    /// The remarks of which it can be shown why.
    pub shows: Vec<usize>,
}

/// What has become of a task.
#[derive(Clone, Debug, Default)]
pub struct Effort {
    pub goals: Vec<GoalState>,
    pub hints: usize,
    /// How many solutions were shown.
    pub solutions: usize,
    /// The run in which all goals were met at one moment.
    pub done: Option<Moment>,
}

/// How a goal stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum GoalState {
    #[default]
    Open,
    /// Since this event.
    Met(u64),
    /// Lost by this event, which was told so.
    Lost(u64, Option<Text>),
}

impl GoalState {
    pub fn name(&self) -> &'static str {
        match self {
            GoalState::Open => "open",
            GoalState::Met(_) => "met",
            GoalState::Lost(..) => "lost",
        }
    }
}

impl Notebook {
    pub fn new(lesson: Rc<Lesson>) -> Notebook {
        Notebook {
            lesson,
            step: 1,
            block: 0,
            phase: Phase::Reading,
            start: 0,
            questions: BTreeMap::new(),
            tasks: BTreeMap::new(),
            options: Vec::new(),
            ways: Vec::new(),
            way: 0,
            is_aside: false,
            is_large: true,
            label: String::new(),
            hands: BTreeMap::new(),
            is_weighing: false,
            said: None,
        }
    }

    /// The step that is shown; none at the end of the lesson.
    pub fn shown(&self) -> Option<&Step> {
        self.lesson.step(self.step)
    }

    /// The question that is open.
    pub fn prediction(&self) -> Option<&Prediction> {
        self.prediction_at((self.step, self.block))
    }

    pub fn prediction_at(&self, (step, block): Place) -> Option<&Prediction> {
        match self.lesson.step(step)?.blocks.get(block)? {
            Block::Predict(prediction) => Some(prediction),
            _ => None,
        }
    }

    /// The task that is open.
    pub fn task(&self) -> Option<&Task> {
        self.task_at((self.step, self.block))
    }

    pub fn task_at(&self, (step, block): Place) -> Option<&Task> {
        match self.lesson.step(step)?.blocks.get(block)? {
            Block::Do(task) => Some(task),
            _ => None,
        }
    }

    /// What has become of a question.
    pub fn question(&self, place: Place) -> Question {
        self.questions.get(&place).cloned().unwrap_or_default()
    }

    pub fn question_mut(&mut self) -> &mut Question {
        self.questions.entry((self.step, self.block)).or_default()
    }

    pub fn effort(&self, place: Place) -> Effort {
        self.tasks.get(&place).cloned().unwrap_or_default()
    }

    pub fn effort_mut(&mut self) -> &mut Effort {
        self.tasks.entry((self.step, self.block)).or_default()
    }

    /// The questions that come out together with the one in this block, that one included.
    pub fn together(&self, place: Place) -> Vec<usize> {
        let (step, block) = place;
        let Some(shown) = self.lesson.step(step) else { return Vec::new() };
        let waits = |block: usize| matches!(&shown.blocks[block], Block::Predict(prediction) if prediction.reveals == Reveals::Next);
        let questions: Vec<usize> =
            (0..shown.blocks.len()).filter(|block| matches!(shown.blocks[*block], Block::Predict(_))).collect();
        let Some(at) = questions.iter().position(|other| *other == block) else { return Vec::new() };
        let first = questions[..at].iter().rposition(|block| !waits(*block)).map_or(0, |before| before + 1);
        let last =
            questions[at..].iter().position(|block| !waits(*block)).map_or(questions.len() - 1, |more| at + more);
        questions[first..=last].to_vec()
    }

    /// Whether a block needs nothing of the visitor any more.
    pub fn is_over(&self, place: Place) -> bool {
        let (step, block) = place;
        match self.lesson.step(step).and_then(|step| step.blocks.get(block)) {
            Some(Block::Predict(_)) => self.questions.get(&place).is_some_and(|question| question.told.is_some()),
            Some(Block::Do(_)) => self.tasks.get(&place).is_some_and(|effort| effort.done.is_some()),
            _ => true,
        }
    }

    /// Whether all of a step is over.
    pub fn is_step_over(&self, step: usize) -> bool {
        let blocks = self.lesson.step(step).map_or(0, |step| step.blocks.len());
        (0..blocks).all(|block| self.is_over((step, block)))
    }

    /// The question or task at this block or after it, in the step that is shown.
    pub fn next_block(&self, from: usize) -> Option<usize> {
        let blocks = &self.shown()?.blocks;
        (from..blocks.len()).find(|block| matches!(blocks[*block], Block::Predict(_) | Block::Do(_)))
    }

    /// Where the part of the step begins that belongs to the block that is open: behind the question or task before.
    pub fn begins(&self) -> usize {
        let Some(step) = self.shown() else { return 0 };
        let first = self.together((self.step, self.block)).first().copied().unwrap_or(self.block);
        let before = step.blocks[..first.min(step.blocks.len())].iter();
        before.into_iter().rposition(|block| matches!(block, Block::Predict(_) | Block::Do(_))).map_or(0, |at| at + 1)
    }

    /// How many predictions are right, how many there are, and how many tasks are done of how many.
    pub fn score(&self) -> (usize, usize, usize, usize) {
        let (predictions, tasks) = self.lesson.counts();
        let is_right = |question: &&Question| question.told.as_ref().is_some_and(|told| told.feedback.is_right);
        let right = self.questions.values().filter(is_right).count();
        let done = self.tasks.values().filter(|effort| effort.done.is_some()).count();
        (right, predictions, done, tasks)
    }

    /// Whether the open question has an answer that can be locked.
    pub fn is_answered(&self) -> bool {
        let question = self.question((self.step, self.block));
        match (self.prediction().map(|prediction| &prediction.kind), &question.answer) {
            // To tick nothing may be an answer, but there is always one that is true.
            (Some(PredictionKind::One | PredictionKind::Any), Some(Answer::Choices(chosen))) => !chosen.is_empty(),
            (_, answer) => answer.is_some(),
        }
    }

    /// The letter of a choice, counted from 0.
    pub fn letter(choice: usize) -> String {
        char::from_u32('A' as u32 + u32::try_from(choice).unwrap_or(0)).unwrap_or('?').to_string()
    }
}
