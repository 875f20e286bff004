//! `netsplit moment`.

use std::process::ExitCode;

use labs::registry;
use sim::share::plain;
use sim::{Mark, SharedMoment, Text};

use crate::output::{remark, say};
use crate::read_text;

/// Says what is in a link or in a saved moment. The exit code is 2 if it replays differently here.
pub fn print(link_or_file: &str) -> Result<ExitCode, String> {
    let explain = |error: Text| error.to_string();
    // A link is no name of a file: behind its number stands a semicolon.
    let text = match SharedMoment::state_in(link_or_file) {
        Some(state) => state,
        None => read_text(link_or_file)?,
    };
    let moment = SharedMoment::read(&text).map_err(explain)?;
    let mut session = registry::open(&moment.scenario.lab).map_err(explain)?;
    let scenarios = session.scenarios();
    session.load(&moment.scenario).map_err(explain)?;
    let replayed = moment.compare(&mut *session);

    // What somebody else wrote must not steer a terminal.
    let written = |words: &str| plain(&words.replace('\n', " "), usize::MAX);
    say!("lab: {}", session.about().title);
    if let Some(origin) = &moment.origin {
        let card = scenarios.iter().find(|card| card.name == origin);
        let title = card.map_or_else(|| "not a scenario of this lab".to_string(), |card| card.title.to_string());
        say!("from: {title} ({})", written(origin));
    }
    for (name, words) in [("title", &moment.title), ("note", &moment.note)] {
        if !words.is_empty() {
            say!("{name}: {}", written(words));
        }
    }
    if let Some(branch) = &moment.branch {
        say!("branch: {}", written(branch));
    }
    let scenario = &moment.scenario;
    say!("event: {}, with {} inputs, seed {}", scenario.cursor, scenario.inputs.len(), scenario.seed);
    say!("{}", session.frame().caption.headline);
    for Mark { event, name, note } in &moment.bookmarks {
        say!("{}", written(&format!("bookmark: event {event} {name} {note}")));
    }
    match replayed {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(sentence) => {
            remark(&format!("netsplit: {sentence}"));
            Ok(ExitCode::from(2))
        }
    }
}
