//! The vocabulary in the language of the page, once it has come.

use std::cell::RefCell;
use std::rc::Rc;

use lessons::{Vocabulary, Word};

use super::Found;
use crate::language::{self, Language};
use crate::parts::Missing;

/// Where a site has the files: `words/en.txt`.
const FOLDER: &str = "words";

thread_local! {
    static SHELF: RefCell<Option<(&'static Language, Rc<Vocabulary>)>> = const { RefCell::new(None) };
}

/// All words in the language of the page.
pub(super) fn vocabulary() -> Option<Rc<Vocabulary>> {
    SHELF.with_borrow(|shelf| {
        let (language, vocabulary) = shelf.as_ref()?;
        (*language == language::present()).then(|| vocabulary.clone())
    })
}

/// Puts it there.
pub(super) fn keep(language: &'static Language, vocabulary: Vocabulary) {
    SHELF.set(Some((language, Rc::new(vocabulary))));
}

/// Gets it. Another language may be chosen while it comes.
///
/// # Errors
///
/// Says why it did not come.
pub(super) async fn load() -> Result<(), Missing> {
    while vocabulary().is_none() {
        let language = language::present();
        let text = language::file(&format!("{FOLDER}/{}.txt", language.code)).await;
        let read = text.ok().and_then(|text| Vocabulary::read(&text).ok());
        match read {
            Some(vocabulary) => keep(language, vocabulary),
            None => return Err(Missing::why().await),
        }
    }
    Ok(())
}

/// The words that somebody looks for.
pub(super) fn find(wanted: &str) -> Vec<Found> {
    let found = |word: &Word| Found {
        slug: word.slug().into(),
        title: word.title.clone().into(),
        sentence: word.sentence.clone().into(),
        labs: word.labs.clone(),
    };
    vocabulary().map(|vocabulary| vocabulary.search(wanted).into_iter().map(found).collect()).unwrap_or_default()
}
