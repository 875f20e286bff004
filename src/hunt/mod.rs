//! Hunts in the browser: a panel to ask for one, what somebody wants to be shown, and the searches, which go on in a worker.

pub mod panel;
mod search;
pub mod show;

use serde::{Deserialize, Serialize};
use sim::hunt::{Hazard, Progress};
use sim::{Scenario, Settings};

/// How many moments a search of all runs may remember: some hundred megabytes at four kilobytes each.
const MOST_MOMENTS: usize = 60_000;

/// How many runs a search at random tries.
const MOST_RUNS: u64 = 1_000_000;

/// What the page asks of the worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quarry {
    /// The name of the lab.
    pub lab: String,
    pub settings: Settings,
    /// The name of the check to break or to see.
    pub check: String,
    pub hazards: Vec<Hazard>,
    /// How many events of faults a run at random has.
    pub fault_events: u64,
    pub way: Way,
}

/// How to search.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Way {
    /// Random walks, those of few events first.
    Random,
    /// All runs of up to so many events.
    All { events: u32 },
}

/// What the worker says to the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Report {
    /// It goes on.
    Progress(Progress),
    /// It has found something, and makes it shorter.
    Found(Scenario),
    /// The shortest that it could make of it.
    Shortened(Scenario),
    /// No run of up to so many events breaks the check, or shows what is to be seen. For longer ones there was no memory where `is_full`.
    Nothing { events: u32, is_full: bool },
    /// Nothing was found in all these random runs.
    RanOut,
}
