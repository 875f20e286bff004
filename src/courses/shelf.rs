//! The courses in the language of the page, once they have come.

use std::cell::RefCell;
use std::rc::Rc;

use lessons::Prospectus;

use crate::language::{self, Language};
use crate::parts::Missing;

/// Where a site has the files: `courses/en.txt`.
pub const FOLDER: &str = "courses";

thread_local! {
    static SHELF: RefCell<Option<(&'static Language, Rc<Prospectus>)>> = const { RefCell::new(None) };
}

/// All courses in the language of the page.
pub fn prospectus() -> Option<Rc<Prospectus>> {
    SHELF.with_borrow(|shelf| {
        let (language, prospectus) = shelf.as_ref()?;
        (*language == language::present()).then(|| prospectus.clone())
    })
}

/// Puts them there, in the language of the page.
pub fn keep(prospectus: Prospectus) {
    SHELF.set(Some((language::present(), Rc::new(prospectus))));
}

/// Gets them. Another language may be chosen while they come.
///
/// # Errors
///
/// Says why they did not come.
pub(super) async fn load() -> Result<(), Missing> {
    while prospectus().is_none() {
        let language = language::present();
        let text = language::file(&format!("{FOLDER}/{}.txt", language.code)).await;
        match text.ok().and_then(|text| Prospectus::read(&text)) {
            Some(read) if language == language::present() => keep(read),
            Some(_) => {}
            None => return Err(Missing::why().await),
        }
    }
    Ok(())
}
