//! What somebody has answered, kept in the browser as a file of answers.

use lessons::{AnswerFile, Done, Moment, Predicted};

use super::notebook::{Effort, Notebook, Place, Question};
use crate::workbook::shelf::{Browser, Shelf};

/// The locked answers and done tasks of a notebook.
pub fn answers(notebook: &Notebook) -> AnswerFile {
    let mut file = AnswerFile::new(&notebook.lesson, &notebook.label);
    for step in 1..=notebook.lesson.steps.len() {
        for (number, place) in questions(notebook, step).enumerate() {
            let Question { answer, is_locked, hints, .. } = notebook.question(place);
            let answer = answer.filter(|_| is_locked);
            if answer.is_some() || hints > 0 {
                file.step_mut(step).predict(number, Predicted { answer, hints: hints as u64 });
            }
        }
        for (number, place) in tasks(notebook, step).enumerate() {
            let Effort { done, hints, .. } = notebook.effort(place);
            let hints = hints as u64;
            match done {
                Some(moment) => file.step_mut(step).task(number, Done::at(&moment, hints)),
                None if hints > 0 => file.step_mut(step).task(number, Done { hints, ..Done::default() }),
                None => {}
            }
        }
    }
    file
}

/// What the file is called in which answers are saved: those of a class lie in one folder.
pub fn file_name(notebook: &Notebook) -> String {
    let label: String = notebook.label.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
    match label.trim_matches('-') {
        "" => format!("{}.answers.json", notebook.lesson.id),
        label => format!("{}.{label}.answers.json", notebook.lesson.id),
    }
}

/// Puts answers to the same text into a notebook.
pub fn fill(notebook: &mut Notebook, file: &AnswerFile) {
    let lesson = notebook.lesson.clone();
    if file.lesson != lesson.id || file.text != lesson.digest {
        return;
    }
    notebook.label.clone_from(&file.label);
    for answered in &file.steps {
        let asked: Vec<Place> = questions(notebook, answered.step).collect();
        for (place, Predicted { answer, hints }) in asked.into_iter().zip(&answered.predict) {
            let (is_locked, hints) = (answer.is_some(), *hints as usize);
            let question = Question { answer: answer.clone(), is_locked, hints, ..Question::default() };
            notebook.questions.insert(place, question);
        }
        let set: Vec<Place> = tasks(notebook, answered.step).collect();
        for (place, Done { scenario, at_us, hints }) in set.into_iter().zip(&answered.tasks) {
            let moment = |run: &lessons::Run| Moment { scenario: run.scenario(&lesson.lab), at_us: *at_us };
            let effort = Effort { done: scenario.as_ref().map(moment), hints: *hints as usize, ..Effort::default() };
            notebook.tasks.insert(place, effort);
        }
    }
}

fn questions(notebook: &Notebook, step: usize) -> impl Iterator<Item = Place> {
    places(notebook, step).filter(|place| notebook.prediction_at(*place).is_some())
}

fn tasks(notebook: &Notebook, step: usize) -> impl Iterator<Item = Place> {
    places(notebook, step).filter(|place| notebook.task_at(*place).is_some())
}

fn places(notebook: &Notebook, step: usize) -> impl Iterator<Item = Place> {
    let blocks = notebook.lesson.step(step).map_or(0, |step| step.blocks.len());
    (0..blocks).map(move |block| (step, block))
}

/// What the storage calls the answers to a lesson.
fn name(lesson: &str) -> String {
    format!("netsplit.lesson.{lesson}")
}

/// Keeps what a notebook has.
pub fn keep(notebook: &Notebook) {
    let (name, text) = (name(&notebook.lesson.id), answers(notebook).write());
    if !Browser.put(&name, &text) {
        Browser.hold(&name, &text);
    }
}

/// Puts what was kept into a notebook.
pub fn recall(notebook: &mut Notebook) {
    let kept = Browser.get(&name(&notebook.lesson.id));
    if let Some(file) = kept.and_then(|text| AnswerFile::read(&text).ok()) {
        fill(notebook, &file);
    }
}

/// Forgets what was kept.
pub fn forget(lesson: &str) {
    Browser.remove(&name(lesson));
}
