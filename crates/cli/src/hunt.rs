//! `netsplit hunt`.

use std::io::IsTerminal;
use std::num::NonZero;
use std::ops::Range;
use std::process::ExitCode;

use labs::registry;
use serde_json::json;
use sim::hunt::{Breadth, Find, Hazard, Hunt, Progress, Searched};
use sim::{Scenario, Settings, Text};

use crate::output::{self, say};
use crate::search::search;
use crate::{chosen_settings, print_json};

/// What to look for.
#[derive(Debug)]
pub struct Request {
    pub lab: String,
    pub without: Option<String>,
    pub check: Option<String>,
    pub may: Option<Vec<String>>,
    pub events: Option<u64>,
    pub seeds: String,
    pub threads: Option<NonZero<usize>>,
    pub all: Option<u32>,
    pub moments: usize,
    pub preset: Option<String>,
    pub set: Vec<String>,
    pub json: bool,
}

/// Searches, shortens, prints.
pub fn hunt(request: &Request) -> Result<ExitCode, String> {
    let explain = |error: Text| error.to_string();
    let hunt = prepare(request)?;
    let shows_progress = std::io::stderr().is_terminal();
    let mut searched = Progress::default();
    let seeds = parse_seeds(&request.seeds)?;
    let watch = |progress: Progress| {
        searched = progress;
        if shows_progress && progress.runs.is_multiple_of(64) {
            show_progress(progress, request.all.is_some());
        }
    };
    let outcome = match request.all {
        Some(events) => search_all(&hunt, Breadth { events, moments: request.moments }, watch),
        None => search_seeds(&hunt, seeds, threads(request), watch),
    };
    if shows_progress {
        output::show_progress(format_args!("\r\x1b[K"));
    }
    let find = match outcome.map_err(explain)? {
        Searched::Found(find) => find,
        nothing => {
            print_nothing(request, searched, &nothing)?;
            return Ok(ExitCode::SUCCESS);
        }
    };
    if request.json {
        print_json(&found_json(&find))?;
    } else {
        print_find(&find, &request.lab)?;
        if request.without.is_some()
            && let Some(kept) = hunt.contrast(&find).map_err(explain)?.kept
        {
            say!("With all rules on, where the two runs part: {kept}");
        }
    }
    Ok(ExitCode::from(1))
}

/// All runs up to a length; a find is shortened.
fn search_all(hunt: &Hunt, limits: Breadth, mut watch: impl FnMut(Progress)) -> Result<Searched, Text> {
    let goes_on = |progress| {
        watch(progress);
        true
    };
    match hunt.search_all(limits, goes_on)? {
        Searched::Found(find) => Ok(Searched::Found(hunt.shorten(find)?)),
        nothing => Ok(nothing),
    }
}

/// Runs at random: for one check the short ones first, as on the page.
fn search_seeds(
    hunt: &Hunt,
    seeds: Range<u64>,
    threads: NonZero<usize>,
    mut watch: impl FnMut(Progress) + Send,
) -> Result<Searched, Text> {
    let mut before = Progress::default();
    let mut search_on = |hunt: &Hunt, seeds: Range<u64>| {
        let mut last = before;
        let find = search(hunt, seeds, threads, |progress| {
            last = before.and(progress);
            watch(last);
        })?;
        before = last;
        Ok(find)
    };
    let find = match hunt.check {
        Some(_) => hunt.shortest(seeds, search_on)?,
        None => search_on(hunt, seeds)?.map(|find| hunt.shorten(find)).transpose()?,
    };
    Ok(find.map_or(Searched::Stopped { events: 0 }, Searched::Found))
}

fn prepare(request: &Request) -> Result<Hunt, String> {
    let explain = |error: Text| error.to_string();
    let lab = registry::lab(&request.lab).map_err(explain)?;
    let changes = chosen_settings(lab, request.preset.as_deref(), &request.set)?;
    let settings = changes.into_iter().fold(Settings::default(), |all, (name, value)| all.with(&name, value));
    let mut hunt = Hunt::new(lab, settings);
    if let Some(check) = &request.check {
        hunt = hunt.for_check(check).map_err(explain)?;
    }
    if let Some(rule) = &request.without {
        hunt = hunt.without(rule).map_err(explain)?;
    }
    if let Some(names) = &request.may {
        let named = names.iter().map(|name| Hazard::named(name.trim()));
        hunt.hazards = named.collect::<Result<Vec<Hazard>, Text>>().map_err(explain)?;
    }
    hunt.fault_events = request.events.unwrap_or(hunt.fault_events);
    Ok(hunt)
}

fn threads(request: &Request) -> NonZero<usize> {
    let processors = || std::thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
    request.threads.unwrap_or_else(processors)
}

fn print_nothing(request: &Request, searched: Progress, outcome: &Searched) -> Result<(), String> {
    let Progress { runs, events, .. } = searched;
    match outcome {
        Searched::Nothing { events: longest } | Searched::Full { events: longest } => {
            let is_full = matches!(outcome, Searched::Full { .. });
            if request.json {
                return print_json(&json!({
                    "found": false, "longest": longest, "moments": runs, "events": events, "memory_full": is_full,
                }));
            }
            say!("No run of up to {longest} events breaks this ({runs} different moments, {events} events).");
            if is_full {
                say!("Longer runs take more memory than --moments {} allows.", request.moments);
            }
        }
        _ if request.json => print_json(&json!({"found": false, "runs": runs, "events": events}))?,
        _ => say!("Nothing found in {runs} runs with {events} events."),
    }
    Ok(())
}

fn found_json(find: &Find) -> serde_json::Value {
    json!({
        "found": true,
        "check": find.check,
        "sentence": find.sentence.to_string(),
        "inputs": find.scenario.inputs.len(),
        "events": find.scenario.cursor,
        "scenario": find.scenario,
    })
}

fn print_find(find: &Find, lab: &str) -> Result<(), String> {
    say!("{}: {}", find.check, find.sentence);
    let Scenario { seed, cursor, inputs, .. } = &find.scenario;
    say!("seed {seed}, {cursor} events, {} inputs:", inputs.len());
    let mut session = registry::open(lab).map_err(|error| error.to_string())?;
    session.load(&find.scenario).map_err(|error| error.to_string())?;
    for timed in &find.scenario.inputs {
        let number = timed.after_event + 1;
        for event in session.trace(number, number) {
            say!("  {number:>5}  {}", event.caption.headline);
        }
    }
    Ok(())
}

fn parse_seeds(typed: &str) -> Result<Range<u64>, String> {
    let wrong = || format!("--seeds takes a range such as 0..10000, not {typed}");
    let (start, end) = typed.split_once("..").ok_or_else(wrong)?;
    let (start, end) = (start.parse().map_err(|_| wrong())?, end.parse().map_err(|_| wrong())?);
    if start >= end {
        return Err(wrong());
    }
    Ok(start..end)
}

fn show_progress(progress: Progress, is_all: bool) {
    let Progress { runs, events, depth } = progress;
    if is_all {
        output::show_progress(format_args!("\rall runs of {depth} events seen; {runs} moments, {events} events"));
    } else {
        output::show_progress(format_args!(
            "\r{runs} runs, the longest with {depth} events of faults; {events} events"
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::parse_seeds;

    #[test]
    fn seeds_are_a_range() {
        assert_eq!(parse_seeds("3..9"), Ok(3..9));
        for wrong in ["9", "9..3", "a..b", "3..3", ""] {
            assert!(parse_seeds(wrong).is_err(), "{wrong}");
        }
    }
}
