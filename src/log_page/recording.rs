//! One execution of a log that can be opened, and how large it is.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sim::log::{Execution, LogSession, PassedOver};
use sim::{LabSession, Text, t};
use yew::prelude::*;

use crate::words::say;

/// One execution of a log; two count as equal only if they are the same.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Recording {
    execution: Arc<Execution>,
    /// Counting takes time where there are many events.
    counts: [u64; 5],
}

impl PartialEq for Recording {
    fn eq(&self, other: &Recording) -> bool {
        Arc::ptr_eq(&self.execution, &other.execution)
    }
}

impl Recording {
    /// Takes an execution and counts what is in it.
    pub fn new(execution: Execution) -> Recording {
        let counts = [
            execution.events().len() as u64,
            execution.hosts().len() as u64,
            execution.ordered_pairs(),
            execution.concurrent_pairs(),
            execution.edges().len() as u64,
        ];
        Recording { execution: Arc::new(execution), counts }
    }

    /// A session that shows it.
    pub fn open(&self) -> Box<dyn LabSession> {
        Box::new(LogSession::new(self.execution.clone()))
    }

    /// Its name; the log may give it none.
    pub fn name(&self) -> &str {
        self.execution.name()
    }

    /// The lines of the log that are in no event.
    pub fn passed_over(&self) -> PassedOver {
        self.execution.passed_over()
    }

    /// Says so where lines are in no event.
    pub fn draw_passed_over(&self) -> Html {
        let PassedOver { lines, first_line } = self.passed_over();
        let said = t!(
            "Lines that the parser expression passes over: {count}. The first is line {line}.",
            count = lines,
            line = first_line
        );
        html! { if lines > 0 { <p data-testid="log-passed-over">{ say(said) }</p> } }
    }

    /// How large it is, as a list of numbers.
    pub fn draw_counts(&self) -> Html {
        let names: [Text; 5] =
            [t!("events"), t!("hosts"), t!("ordered pairs"), t!("concurrent pairs"), t!("message edges")];
        let row = |(name, count): (Text, u64)| {
            html! { <div><dt>{ say(name) }</dt><dd class="mono">{ count }</dd></div> }
        };
        html! { <dl class="counts" data-testid="log-counts">{ for names.into_iter().zip(self.counts).map(row) }</dl> }
    }
}
