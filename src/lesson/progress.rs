//! What somebody has answered, kept in the browser in the shape of a file of answers.

use std::collections::BTreeMap;

use lessons::Answer;
use serde::{Deserialize, Serialize};
use sim::Scenario;

use super::notebook::{Effort, Notebook, Question};
use crate::workbook::shelf::{Browser, Shelf};

/// The version of files of answers.
const VERSION: u32 = 1;

/// What somebody has answered.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Answers {
    netsplit: u32,
    lesson: String,
    /// The digest of the text that was answered.
    text: String,
    #[serde(default)]
    label: String,
    steps: Vec<StepAnswers>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct StepAnswers {
    step: usize,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    predict: Vec<Predicted>,
    #[serde(default, rename = "do", skip_serializing_if = "Vec::is_empty")]
    tasks: Vec<Attempt>,
}

/// The answer to a question, in the order of the step.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Predicted {
    answer: Option<Answer>,
    #[serde(default, skip_serializing_if = "is_none")]
    hints: usize,
}

/// The run that did a task, in the order of the step.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Attempt {
    scenario: Option<Scenario>,
    #[serde(default, skip_serializing_if = "is_none")]
    hints: usize,
}

fn is_none(count: &usize) -> bool {
    *count == 0
}

impl Answers {
    /// What a notebook has: locked answers and done tasks.
    pub fn of(notebook: &Notebook) -> Answers {
        let lesson = &notebook.lesson;
        let step = |number: usize| {
            let places = |is_meant: fn(&Notebook, (usize, usize)) -> bool| {
                let blocks = lesson.step(number).map_or(0, |step| step.blocks.len());
                (0..blocks).map(move |block| (number, block)).filter(move |place| is_meant(notebook, *place))
            };
            let predict = places(|notebook, place| notebook.prediction_at(place).is_some());
            let predict = predict.map(|place| {
                let question = notebook.question(place);
                Predicted { answer: question.answer.filter(|_| question.is_locked), hints: question.hints }
            });
            let tasks = places(|notebook, place| notebook.task_at(place).is_some());
            let tasks = tasks.map(|place| {
                let effort = notebook.effort(place);
                Attempt { scenario: effort.done, hints: effort.hints }
            });
            StepAnswers { step: number, predict: predict.collect(), tasks: tasks.collect() }
        };
        let has_any = |step: &StepAnswers| {
            step.predict.iter().any(|predicted| predicted.answer.is_some() || predicted.hints > 0)
                || step.tasks.iter().any(|attempt| attempt.scenario.is_some() || attempt.hints > 0)
        };
        Answers {
            netsplit: VERSION,
            lesson: lesson.id.clone(),
            text: lesson.digest.clone(),
            label: String::new(),
            steps: (1..=lesson.steps.len()).map(step).filter(has_any).collect(),
        }
    }

    /// Puts them into a notebook of the same text.
    pub fn fill(&self, notebook: &mut Notebook) {
        let lesson = notebook.lesson.clone();
        if self.netsplit != VERSION || self.lesson != lesson.id || self.text != lesson.digest {
            return;
        }
        for StepAnswers { step, predict, tasks } in &self.steps {
            let blocks = lesson.step(*step).map_or(0, |step| step.blocks.len());
            let places: Vec<(usize, usize)> = (0..blocks).map(|block| (*step, block)).collect();
            let questions = places.iter().filter(|place| notebook.prediction_at(**place).is_some());
            let questions: BTreeMap<_, _> = questions.copied().zip(predict).collect();
            let efforts = places.iter().filter(|place| notebook.task_at(**place).is_some());
            let efforts: BTreeMap<_, _> = efforts.copied().zip(tasks).collect();
            for (place, predicted) in questions {
                let question = Question {
                    answer: predicted.answer.clone(),
                    is_locked: predicted.answer.is_some(),
                    hints: predicted.hints,
                    ..Question::default()
                };
                notebook.questions.insert(place, question);
            }
            for (place, attempt) in efforts {
                let effort = Effort { done: attempt.scenario.clone(), hints: attempt.hints, ..Effort::default() };
                notebook.tasks.insert(place, effort);
            }
        }
    }

    /// As a file.
    pub fn written(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    pub fn read(text: &str) -> Option<Answers> {
        serde_json::from_str(text).ok()
    }
}

/// What the storage calls the answers to a lesson.
fn name(lesson: &str) -> String {
    format!("netsplit.lesson.{lesson}")
}

/// Keeps what a notebook has.
pub fn keep(notebook: &Notebook) {
    let text = Answers::of(notebook).written();
    if !Browser.put(&name(&notebook.lesson.id), &text) {
        Browser.hold(&name(&notebook.lesson.id), &text);
    }
}

/// Puts what was kept into a notebook.
pub fn recall(notebook: &mut Notebook) {
    if let Some(answers) = Browser.get(&name(&notebook.lesson.id)).and_then(|text| Answers::read(&text)) {
        answers.fill(notebook);
    }
}

/// Forgets what was kept.
pub fn forget(lesson: &str) {
    Browser.remove(&name(lesson));
}
