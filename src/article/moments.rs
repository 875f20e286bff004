//! The moments that an article speaks of.

use lessons::{Mistake, Runner, Script};
use sim::share::plain;
use sim::{LabSession, SharedMoment, Text};

use crate::words::say;

/// A title has more words than “See it”, and stands in one line above the stage.
const FEW_WORDS: usize = 2;
const MOST_LETTERS: usize = 60;

/// A moment of a lab, by its statements, with what it is called where it stands.
///
/// # Errors
///
/// Says what cannot be done in this lab.
pub fn moment(lab: &str, said: &str, title: &str) -> Result<SharedMoment, Text> {
    let explain = |mistake: Mistake| Text::verbatim(mistake.sentence);
    let script = Script::read(said, 1, 1).map_err(explain)?;
    let mut runner = Runner::new(labs::registry::lab(lab)?)?;
    runner.run(&script).map_err(explain)?;
    let mut session = labs::registry::open(lab)?;
    let scenario = runner.moment().scenario;
    session.load(&scenario)?;
    session.seek(scenario.cursor);
    let origin = origin(&*session, said);
    let is_title = title.split_whitespace().count() > FEW_WORDS && title.chars().count() <= MOST_LETTERS;
    let card = session.scenarios().into_iter().find(|card| Some(card.name) == origin.as_deref());
    let title = match card {
        Some(card) if !is_title => say(card.title).to_string(),
        _ => plain(title, MOST_LETTERS),
    };
    Ok(SharedMoment { origin, title, ..SharedMoment::now(&mut *session, None, Vec::new()) })
}

/// The scenario that a moment comes from: the one that is named, or the first.
fn origin(session: &dyn LabSession, said: &str) -> Option<String> {
    let cards = session.scenarios();
    let named = said.split(';').filter_map(|statement| statement.trim().strip_prefix("scenario ")).next_back();
    let name = match named {
        Some(name) => Some(name.trim()),
        None if said.trim_start().starts_with("start") => None,
        None => cards.first().map(|card| card.name),
    };
    name.map(str::to_string)
}
