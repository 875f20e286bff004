//! The texts of lessons, once they have come: a list of all, and each when it is opened.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use lessons::{Lesson, Listing, read_lessons};
use sim::text::{QUOTED, excerpt};
use sim::{Text, t};

use crate::language;
use crate::parts::Missing;

/// Where a site has them: `lessons/raft-two-leaders.txt`.
const FOLDER: &str = "lessons";

/// What has come of a lesson, or why it cannot be read.
type Found = Result<Rc<Lesson>, Text>;

thread_local! {
    static SHELF: RefCell<BTreeMap<String, Found>> = const { RefCell::new(BTreeMap::new()) };
    /// Lessons in other languages than their own: the code of the language, and the name.
    static SAID: RefCell<BTreeMap<(&'static str, String), Rc<Lesson>>> = const { RefCell::new(BTreeMap::new()) };
}

/// Whether it is known what a lesson is.
pub(super) fn is_there(id: &str) -> bool {
    SHELF.with_borrow(|shelf| shelf.contains_key(id))
}

/// A lesson that has come, in the language of the page as far as that has come too.
pub(super) fn lesson(id: &str) -> Found {
    let said = SAID.with_borrow(|said| said.get(&(language::present().code, id.to_string())).cloned());
    said.map_or_else(|| written(id), Ok)
}

/// A lesson as it was first written.
fn written(id: &str) -> Found {
    SHELF.with_borrow(|shelf| shelf.get(id).cloned()).unwrap_or_else(|| Err(Missing::Unreachable.sentence()))
}

/// Whether it is known what a lesson says in the language of the page.
pub(super) fn is_said(id: &str) -> bool {
    let code = language::present().code;
    let is_written = written(id).map_or(true, |lesson| lesson.language == code);
    is_written || SAID.with_borrow(|said| said.contains_key(&(code, id.to_string())))
}

/// Gets a lesson in the language of the page. What does not come stays as it was written.
pub(super) async fn translate(id: &str) {
    if is_said(id) {
        return;
    }
    let code = language::present().code;
    let catalogue = language::translation(FOLDER, id).await;
    if let Ok(written) = written(id) {
        let mut lesson = Lesson::clone(&written);
        lesson.translate(code, &catalogue);
        SAID.with_borrow_mut(|said| said.insert((code, id.to_string()), Rc::new(lesson)));
    }
}

/// Gets a lesson.
///
/// # Errors
///
/// Says why it did not come.
pub(super) async fn load(id: &str) -> Result<(), Missing> {
    if is_there(id) {
        translate(id).await;
        return Ok(());
    }
    let index = fetch("index").await?;
    let mut listings = index.lines().filter_map(Listing::read);
    let found = match listings.find(|listing| listing.id == id) {
        Some(listing) => read(&listing.id, &fetch(id).await?),
        None => Err(t!("there is no lesson {lesson}", lesson = excerpt(id, QUOTED))),
    };
    keep(id, found);
    translate(id).await;
    Ok(())
}

/// Takes in all lessons of a file, and returns the name of the first one.
///
/// # Errors
///
/// What is wrong with it first, with line and column.
pub(super) fn take(text: &str) -> Result<String, Text> {
    let lessons = read_lessons(text).map_err(|mistakes| match mistakes.first() {
        Some(mistake) => Text::verbatim(mistake.to_string()),
        None => t!("it is damaged"),
    })?;
    let first = lessons.first().map(|lesson| lesson.id.clone()).ok_or_else(|| t!("it is damaged"))?;
    for lesson in lessons {
        keep(&lesson.id.clone(), Ok(Rc::new(lesson)));
    }
    Ok(first)
}

/// Reads a lesson in a text.
pub fn read(id: &str, text: &str) -> Found {
    let lessons = read_lessons(text).map_err(|mistakes| match mistakes.first() {
        Some(mistake) => Text::verbatim(mistake.to_string()),
        None => t!("it is damaged"),
    })?;
    let lesson = lessons.into_iter().find(|lesson| lesson.id == id);
    lesson.map(Rc::new).ok_or_else(|| t!("it is damaged"))
}

/// Puts a lesson there.
pub fn keep(id: &str, found: Found) {
    SHELF.with_borrow_mut(|shelf| shelf.insert(id.to_string(), found));
    // What was said of another text by this name.
    SAID.with_borrow_mut(|said| said.retain(|(_, other), _| other != id));
}

async fn fetch(name: &str) -> Result<String, Missing> {
    match language::file(&format!("{FOLDER}/{name}.txt")).await {
        Ok(text) if !text.is_empty() => Ok(text),
        _ => Err(Missing::why().await),
    }
}
