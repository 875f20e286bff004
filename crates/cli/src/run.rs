//! `netsplit run`.

use std::io::Write;
use std::process::ExitCode;

use labs::registry;
use sim::LabSession;
use sim::frame::TraceEvent;

use crate::chosen_settings;

/// How many events are computed and printed at a time.
const BATCH: u64 = 1_000;

/// What to run.
#[derive(Debug)]
pub struct Request {
    pub lab: String,
    pub scenario: Option<String>,
    pub seed: Option<u64>,
    pub events: u64,
    pub preset: Option<String>,
    pub set: Vec<String>,
    pub json: bool,
}

/// Runs and prints the events.
pub fn print(request: &Request) -> Result<ExitCode, String> {
    let mut session = open(request)?;
    let first = session.scenario().cursor + 1;
    let last = first.saturating_add(request.events) - 1;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut next = first;
    while next <= last {
        let batch_end = last.min(next + BATCH - 1);
        let reached = session.seek(batch_end);
        let frame = session.frame();
        let labels: Vec<&str> = frame.nodes.iter().map(|node| node.label.as_str()).collect();
        for event in session.trace(next, reached) {
            let line = if request.json { sim::export::json::line(&event, &labels) } else { text_line(&event, &labels) };
            // A reader that has seen enough closes the pipe: that is no failure.
            if writeln!(out, "{line}").is_err() {
                return Ok(ExitCode::SUCCESS);
            }
        }
        if reached < batch_end {
            break;
        }
        next = batch_end + 1;
    }
    Ok(ExitCode::SUCCESS)
}

fn open(request: &Request) -> Result<Box<dyn LabSession>, String> {
    let explain = |error: sim::Text| error.to_string();
    let mut session = registry::open(&request.lab).map_err(explain)?;
    let lab = registry::lab(&request.lab).map_err(explain)?;
    let changes = chosen_settings(lab, request.preset.as_deref(), &request.set)?;
    match &request.scenario {
        None => session.restart(changes, request.seed.unwrap_or(1)).map_err(explain)?,
        Some(name) => {
            session.open(name).map_err(explain)?;
            if request.seed.is_some() || !changes.is_empty() {
                let mut scenario = session.scenario();
                scenario.seed = request.seed.unwrap_or(scenario.seed);
                for (name, value) in changes {
                    scenario.settings = scenario.settings.with(&name, value);
                }
                session.load(&scenario).map_err(explain)?;
            }
        }
    }
    Ok(session)
}

fn text_line(event: &TraceEvent, labels: &[&str]) -> String {
    let seconds = format!("{}.{:06}", event.at_us / 1_000_000, event.at_us % 1_000_000);
    let node = event.node.map_or("-", |node| labels[node.index()]);
    let detail = event.caption.detail.as_ref().map(|detail| format!(" {detail}")).unwrap_or_default();
    format!("{:>7} {seconds:>12} {node:<4} {}.{detail}", event.number, event.caption.headline)
}
