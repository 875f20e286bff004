//! The texts of lessons, once they have come: a list of all, and each when it is opened.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use lessons::{Lesson, Listing};
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
    let said = language::writing::<Lesson>(&format!("{FOLDER}/{code}/{id}.txt")).await;
    if let Ok(written) = written(id) {
        // What somebody has brought under the name of another text has no translation.
        let said = said.filter(|said| said.digest == written.digest);
        let said = said.map_or(written, Rc::new);
        SAID.with_borrow_mut(|all| all.insert((code, id.to_string()), said));
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
    let found = match fetch(id).await? {
        Some(lesson) => Ok(Rc::new(lesson)),
        None => Err(t!("there is no lesson {lesson}", lesson = excerpt(id, QUOTED))),
    };
    keep(id, found);
    translate(id).await;
    Ok(())
}

/// Puts a lesson there.
pub fn keep(id: &str, found: Found) {
    SHELF.with_borrow_mut(|shelf| shelf.insert(id.to_string(), found));
    // What was said of another text by this name.
    SAID.with_borrow_mut(|said| said.retain(|(_, other), _| other != id));
}

/// A lesson of the site; none where it has none of that name.
///
/// # Errors
///
/// Says why it did not come.
pub async fn fetch(id: &str) -> Result<Option<Lesson>, Missing> {
    let index = language::file(&format!("{FOLDER}/index.txt")).await.unwrap_or_default();
    if index.is_empty() {
        return Err(Missing::why().await);
    }
    if !index.lines().filter_map(Listing::read).any(|listing| listing.id == id) {
        return Ok(None);
    }
    match language::writing(&format!("{FOLDER}/{id}.txt")).await {
        Some(lesson) => Ok(Some(lesson)),
        None => Err(Missing::why().await),
    }
}
