//! The moments that an article speaks of.

use sim::{SharedMoment, Text};

/// A moment of a lab, by its statements, with what it is called where it stands.
///
/// # Errors
///
/// Says what cannot be done in this lab.
pub fn moment(lab: &str, said: &str, title: &str) -> Result<SharedMoment, Text> {
    let mut session = labs::registry::open(lab)?;
    let name = said.strip_prefix("scenario ").unwrap_or_default().split(';').next().unwrap_or_default().trim();
    session.open(name)?;
    let origin = Some(name.to_string());
    // “See it” is no title.
    let is_title = title.split_whitespace().count() > 2;
    let title = if is_title { sim::share::plain(title, sim::share::MOST_TITLE) } else { String::new() };
    Ok(SharedMoment { origin, title, ..SharedMoment::now(&mut *session, None, Vec::new()) })
}
