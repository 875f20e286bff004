//! Replays answer files, with the lessons and labs that they need.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use js_sys::{ArrayBuffer, Function, Promise, Uint8Array};
use lessons::{AnswerFile, LONGEST_ANSWERS, Misconception, Row, Verdict, Verifier, read_misconceptions};
use sim::encoding::text_of;
use sim::{SharedMoment, Text, t};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

use super::Found;
use crate::lesson::shelf;
use crate::parts::Missing;
use crate::wait::Needed;
use crate::{dom, files, language, share};

/// What is known of lessons, and what comes with them.
#[derive(Debug, Default)]
pub struct School {
    verifiers: BTreeMap<String, Verifier>,
    misconceptions: Option<Vec<Misconception>>,
}

impl School {
    /// The belief under a tag, as a sentence; the tag where nobody knows it.
    pub fn belief(&self, tag: &str) -> String {
        let mut known = self.misconceptions.iter().flatten();
        known.find(|known| known.tag == tag).map_or_else(|| tag.to_string(), |known| known.sentence.clone())
    }

    /// The title of a step.
    pub fn title(&self, lesson: &str, step: usize) -> String {
        let step = self.verifiers.get(lesson).and_then(|verifier| verifier.lesson().step(step));
        step.map(|step| step.title.clone()).unwrap_or_default()
    }
}

/// What can be said of a file.
pub async fn replay(school: &Rc<RefCell<School>>, file: &File) -> Vec<Found> {
    let name = file.name();
    let rows = match read(file).await.and_then(|text| AnswerFile::read(&text)) {
        Ok(answers) => verify(school, &answers)
            .await
            .unwrap_or_else(|why| vec![Row::of_file(&answers.label, &answers.lesson, Verdict::DoesNotReplay, why)]),
        Err(why) => vec![Row::of_file("", "", Verdict::DoesNotReplay, why)],
    };
    let mut found = Vec::new();
    for row in rows {
        let link = link(&row).await;
        found.push(Found { file: name.clone(), row, link });
    }
    found
}

/// Lets the page show what there is.
pub async fn breathe() {
    let wait = Promise::new(&mut |resolve: Function, _| {
        if let Some(window) = dom::window() {
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, 0);
        }
    });
    let _ = JsFuture::from(wait).await;
}

async fn read(file: &File) -> Result<String, Text> {
    if file.size() > LONGEST_ANSWERS as f64 {
        return Err(files::too_large(file.size() as usize, LONGEST_ANSWERS));
    }
    let buffer = JsFuture::from(file.array_buffer()).await;
    let buffer = buffer.ok().and_then(|buffer| buffer.dyn_into::<ArrayBuffer>().ok());
    let buffer = buffer.ok_or_else(|| t!("the browser cannot read it"))?;
    text_of(&Uint8Array::new(&buffer).to_vec())
}

async fn verify(school: &Rc<RefCell<School>>, answers: &AnswerFile) -> Result<Vec<Row>, Text> {
    if !school.borrow().verifiers.contains_key(&answers.lesson) {
        let Some(lesson) = shelf::fetch(&answers.lesson).await.map_err(Missing::sentence)? else {
            return Ok(vec![Row::without_lesson(answers)]);
        };
        let lab = lesson.lab.clone();
        Needed::Lab(lab.clone().into()).load().await.map_err(Missing::sentence)?;
        let verifier = Verifier::new(lesson, labs::registry::lab(&lab)?);
        let verifier = verifier.map_err(|mistake| Text::verbatim(mistake.to_string()))?;
        school.borrow_mut().verifiers.insert(answers.lesson.clone(), verifier);
    }
    if school.borrow().misconceptions.is_none() {
        let known = language::file("lessons/misconceptions.txt").await.unwrap_or_default();
        if known.is_empty() {
            return Err(Missing::why().await.sentence());
        }
        let known = read_misconceptions(&known).unwrap_or_default();
        school.borrow_mut().misconceptions = Some(known);
    }
    let mut school = school.borrow_mut();
    Ok(school.verifiers.get_mut(&answers.lesson).map(|verifier| verifier.verify(answers)).unwrap_or_default())
}

/// The part of an address that shows where a run was left.
async fn link(row: &Row) -> Option<String> {
    let moment = row.moment.as_ref()?;
    let mut session = labs::registry::open_unjudged(&moment.scenario.lab).ok()?;
    session.load(&moment.scenario).ok()?;
    let share = share::PART.load().await.ok()?;
    Some(format!("#{}", (share.link)(&SharedMoment::now(&mut *session, None, Vec::new()))))
}
