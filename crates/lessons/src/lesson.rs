//! A lesson as it is written: steps with texts, moments, questions and tasks. [`read_lessons`](crate::read_lessons) makes one of a file.

use serde::{Deserialize, Serialize};

use crate::expression::Expression;
use crate::prose::{self, Inline, Prose};
use crate::script::Script;

/// A lesson.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lesson {
    /// The line that it begins in.
    pub line: usize,
    /// The name in addresses: `raft-two-leaders`.
    pub id: String,
    /// The lab that it plays in.
    pub lab: String,
    /// How long it takes.
    pub minutes: u32,
    /// For whom it is.
    pub level: Level,
    /// The lessons to do before.
    pub needs: Vec<String>,
    /// The words of the vocabulary that it explains or uses.
    pub words: Vec<String>,
    /// The language that it was first written in.
    pub language: String,
    pub title: String,
    /// What stands before the first step.
    pub introduction: Vec<Passage>,
    /// For the teacher alone, about the whole lesson.
    pub teacher: Vec<Passage>,
    pub steps: Vec<Step>,
    /// A number for the text: another text has another one.
    pub digest: String,
}

/// For whom a lesson is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Level {
    Beginner,
    Engineer,
    Protocols,
}

impl Level {
    /// All of them, with their names in files.
    pub const ALL: [(&str, Level); 3] =
        [("beginner", Level::Beginner), ("engineer", Level::Engineer), ("protocols", Level::Protocols)];
}

/// A piece of Markdown: a paragraph, a list, a table. One of these is what a translator translates.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    /// The line that it begins in.
    pub line: usize,
    /// Its source, where it was read from that.
    #[serde(skip)]
    pub text: String,
    pub blocks: Vec<prose::Block>,
}

/// A step of a lesson.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub line: usize,
    /// Counted from 1.
    pub number: usize,
    pub title: String,
    pub blocks: Vec<Block>,
}

/// A part of a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Block {
    Prose(Passage),
    /// How the moment comes about at which what follows begins.
    Sim(Script),
    Predict(Prediction),
    Do(Task),
    /// For the teacher alone.
    Teacher(Passage),
}

/// A question about what will happen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prediction {
    pub line: usize,
    pub kind: PredictionKind,
    pub question: Vec<Passage>,
    /// How it comes out. Several ones are ways in which the same moment can go on.
    pub reveals: Reveals,
    /// What can be chosen, or for a number, a node and a message remarks about what is wrong.
    pub choices: Vec<Choice>,
    pub hints: Vec<Passage>,
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PredictionKind {
    /// One of the choices.
    One,
    /// All choices that are true.
    Any,
    /// A whole number: what it will be, in this unit, and how far off is near enough.
    Number { value: Expression, unit: String, within: Within },
    /// A node of which this is true.
    Node { right: Expression },
    /// A message of which this is true.
    Message { right: Expression },
}

/// How far off a number may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Within {
    /// Percent of the right number.
    Percent(i64),
    /// So much, in the unit that it is computed in.
    Amount(i64),
}

/// How a prediction comes out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reveals {
    /// Together with the next question.
    Next,
    /// In these ways; a single one has no name.
    Ways(Vec<(String, Script)>),
}

/// A choice, or a remark.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    pub line: usize,
    /// What stands beside the box; empty for a remark.
    pub text: Passage,
    /// When it is right; when a remark is said.
    pub condition: Expression,
    /// The misconception that chooses it.
    pub tag: Option<String>,
    /// What is said to who has chosen it.
    pub say: Passage,
    /// Where that can be seen.
    pub show: Option<Show>,
}

/// A moment to show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Show {
    /// The first moment of the reveal of which this is true.
    First(Expression),
    /// A run of its own, from where the block began.
    Run(Script),
}

/// Something to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    pub line: usize,
    pub text: Vec<Passage>,
    /// The names of the acts and settings that are open; all of them where it says nothing.
    pub only: Option<Vec<String>>,
    pub goals: Vec<Goal>,
    pub hints: Vec<Passage>,
    pub solutions: Vec<Script>,
}

/// A goal of a task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Goal {
    pub line: usize,
    pub text: Passage,
    pub condition: Expression,
}

impl Passage {
    /// Reads it. Who reads a lesson sees the words of what is no prose as they are written.
    pub(crate) fn read(line: usize, text: impl Into<String>) -> Passage {
        let mut passage = Passage { line, text: text.into(), blocks: Vec::new() };
        passage.read_again();
        passage
    }

    fn read_again(&mut self) {
        self.blocks = match Prose::read(&self.text, self.line) {
            Ok(prose) => prose.blocks,
            Err(_) => vec![prose::Block::Paragraph(vec![Inline::Text(self.text.clone())])],
        };
    }

    /// What it says, without how.
    pub fn plain(&self) -> String {
        self.blocks.iter().map(prose::Block::plain).collect::<Vec<_>>().join(" ")
    }

    fn visit(&mut self, each: &mut impl FnMut(usize, &mut String)) {
        each(self.line, &mut self.text);
        self.read_again();
    }
}

impl Lesson {
    /// The step of this number, counted from 1.
    pub fn step(&self, number: usize) -> Option<&Step> {
        self.steps.get(number.checked_sub(1)?)
    }

    /// How many predictions and tasks there are.
    pub fn counts(&self) -> (usize, usize) {
        let count = |is_meant: fn(&Block) -> bool| {
            self.steps.iter().flat_map(|step| &step.blocks).filter(|block| is_meant(block)).count()
        };
        (count(|block| matches!(block, Block::Predict(_))), count(|block| matches!(block, Block::Do(_))))
    }

    /// Everything that is read, to be translated: titles, paragraphs, choices, what is said, goals and hints. Not conditions
    /// and not how moments come about.
    pub fn passages(&mut self, mut each: impl FnMut(usize, &mut String)) {
        each(self.line, &mut self.title);
        visit(&mut self.introduction, &mut each);
        visit(&mut self.teacher, &mut each);
        for step in &mut self.steps {
            each(step.line, &mut step.title);
            for block in &mut step.blocks {
                block.passages(&mut each);
            }
        }
    }
}

impl Block {
    fn passages(&mut self, each: &mut impl FnMut(usize, &mut String)) {
        match self {
            Block::Sim(_) => {}
            Block::Prose(passage) | Block::Teacher(passage) => passage.visit(each),
            Block::Predict(prediction) => {
                visit(&mut prediction.question, each);
                for choice in &mut prediction.choices {
                    if !choice.text.text.is_empty() {
                        choice.text.visit(each);
                    }
                    choice.say.visit(each);
                }
                visit(&mut prediction.hints, each);
            }
            Block::Do(task) => {
                visit(&mut task.text, each);
                for goal in &mut task.goals {
                    goal.text.visit(each);
                }
                visit(&mut task.hints, each);
            }
        }
    }
}

fn visit(passages: &mut [Passage], each: &mut impl FnMut(usize, &mut String)) {
    for passage in passages {
        passage.visit(each);
    }
}
