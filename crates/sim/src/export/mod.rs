//! A run in formats that other programs read.

mod history;
pub mod json;
mod mermaid;
mod shiviz;

use crate::base::text::Text;
use crate::session::LabSession;
use crate::t;

/// How many events are written at most: the last ones before the moment.
pub const MOST_EVENTS: u64 = 100_000;

/// How many events a sequence diagram shows at most: Mermaid draws no more than 500 arrows.
pub const MOST_DRAWN: u64 = 300;

/// A format to write a run in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A sequence diagram of Mermaid.
    Mermaid,
    /// One JSON object an event, a line each.
    JsonLines,
    /// A log with vector clocks, as ShiViz reads it.
    ShiViz,
    /// The operations of clients, for `netsplit check-history`.
    History,
}

impl Format {
    /// All of them.
    pub const ALL: [Format; 4] = [Format::Mermaid, Format::JsonLines, Format::ShiViz, Format::History];

    /// What it is, in a menu.
    pub fn title(self) -> Text {
        match self {
            Format::Mermaid => t!("Sequence diagram (Mermaid)"),
            Format::JsonLines => t!("Events (JSON lines)"),
            Format::ShiViz => t!("Log with vector clocks (ShiViz)"),
            Format::History => t!("History of operations (JSON lines)"),
        }
    }

    /// How a file of it ends.
    pub fn extension(self) -> &'static str {
        match self {
            Format::Mermaid => "mmd",
            Format::JsonLines => "jsonl",
            Format::ShiViz => "log",
            Format::History => "history.jsonl",
        }
    }

    /// Writes the run of a session up to its moment.
    ///
    /// # Errors
    ///
    /// Says so where there is nothing of the kind.
    pub fn write(self, session: &mut dyn LabSession) -> Result<String, Text> {
        let event = session.scenario().cursor;
        let most = if self == Format::Mermaid { MOST_DRAWN } else { MOST_EVENTS };
        let first = event.saturating_sub(most) + 1;
        if self == Format::History {
            let Some((model, history)) = session.history() else {
                return Err(t!("no client of this lab records its operations"));
            };
            return Ok(history::write(&model, &history.up_to(event)));
        }
        let frame = session.frame();
        let labels: Vec<&str> = frame.nodes.iter().map(|node| node.label.as_str()).collect();
        let trace = session.trace(first, event);
        Ok(match self {
            Format::Mermaid => mermaid::write(&trace, &labels),
            Format::ShiViz => shiviz::write(&trace, &labels),
            _ => trace.iter().map(|event| json::line(event, &labels) + "\n").collect(),
        })
    }
}
