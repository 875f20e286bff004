//! The one boundary between labs and everything that shows them: inside it all is generic, outside it nothing knows a
//! protocol's types.

pub mod tree;
pub mod work;

use std::any::Any;
use std::fmt::{self, Debug};

use serde::{Deserialize, Serialize};

use crate::base::id::NodeId;
use crate::base::settings::{Setting, Settings, Value};
use crate::base::text::Text;
use crate::frame::{Frame, TraceEvent};
use crate::judge::check::Check;
use crate::judge::history::{History, Model};
use crate::kernel::input::{Input, Timed};
use crate::kernel::system::{About, Rule};
use crate::run::catalogue::ScenarioCard;
use crate::run::lab::Preset;
use crate::run::scenario::Scenario;
use crate::run::timeline::Ahead;
use crate::run::weights::Weights;
use crate::show::outline::Outline;

/// One visitor's work with one lab: a tree of branches and a place in it.
pub trait LabSession {
    /// The name card of the lab.
    fn about(&self) -> &About;
    /// The settings of the lab with a switch for each rule, and their values now.
    fn settings(&self) -> (&[Setting], &Settings);
    /// The named sets of settings.
    fn presets(&self) -> &[Preset];
    /// The rules of the protocol.
    fn rules(&self) -> &[Rule];
    /// The prepared scenarios.
    fn scenarios(&self) -> Vec<ScenarioCard>;

    /// Throws the branches away and opens a prepared scenario at its prepared moment.
    fn open(&mut self, scenario: &str) -> Result<(), Text>;
    /// Throws the branches away and starts an empty run with other settings or another seed.
    fn restart(&mut self, changes: Vec<(String, Value)>, seed: u64) -> Result<(), Text>;
    /// Throws the branches away and replays a scenario to its cursor.
    fn load(&mut self, scenario: &Scenario) -> Result<(), Text>;

    /// Everything to show for this moment.
    fn frame(&mut self) -> Frame;
    /// What happened from event number `first` to `last`, both included, as far as the branch has been computed.
    fn trace(&mut self, first: u64, last: u64) -> Vec<TraceEvent>;
    /// What clients asked and were told in this branch, and what it is judged by; none for a lab whose clients record none.
    fn history(&self) -> Option<(Model, History)>;
    /// A stretch of the run in few numbers, for a view from afar; none where there are no events.
    fn outline(&mut self, first: u64, last: u64) -> Option<Outline>;
    /// The numbers of two computed events that have a stretch of virtual time between them (see
    /// [`Timeline::enclosing`](crate::Timeline::enclosing)).
    fn enclosing(&self, from_us: u64, to_us: u64) -> (u64, u64);
    /// Which events of the branch are telling, as far as it has been computed.
    fn weights(&self) -> &Weights;
    /// Where the story goes on: the next telling event among `most`, or else where to look up in between (see
    /// [`Timeline::ahead`](crate::Timeline::ahead)).
    fn ahead(&self, most: u64, idle_us: u64) -> Option<Ahead>;
    /// What was done to this branch, as far as it has been computed.
    fn inputs(&self) -> Vec<Timed>;

    /// Acts now, at a moment between the last event and the next one; the moment of the last event if none is given.
    /// Before the end of a branch this starts a new branch beside it. The error says why it is not possible.
    fn act(&mut self, input: Input, at_us: Option<u64>) -> Result<(), Text>;
    /// Goes to the moment after this many events, computing those that have not been. Returns where it got to: less
    /// when nothing more is due.
    fn seek(&mut self, event: u64) -> u64;
    /// Lets everything happen that is due up to a moment of virtual time. Stops after `most` events.
    fn advance(&mut self, to_us: u64, most: u64) -> u64;
    /// Runs on until something happens, at most `most` events. Returns whether it did.
    fn run_until(&mut self, until: Until, most: u64) -> bool;

    /// The branches, oldest first.
    fn branches(&self) -> Vec<BranchRow>;
    /// Goes to a branch, to the moment it was left at.
    fn select_branch(&mut self, branch: usize) -> Result<(), Text>;
    /// What a branch shows at another moment; the place where it was left stays. Computes events that have not been.
    fn frame_of(&mut self, branch: usize, place: Place) -> Option<Frame>;
    /// Gives a branch a name of the person's own.
    fn rename_branch(&mut self, branch: usize, name: String) -> Result<(), Text>;
    /// Opens a scenario of this lab as a branch beside the others, and goes to it.
    fn open_branch(&mut self, scenario: &Scenario, title: Text) -> Result<(), Text>;
    /// The checks of the lab.
    fn checks(&self) -> &[Check];
    /// Removes a branch; the last one stays. The one that was removed last can be put back.
    fn remove_branch(&mut self, branch: usize) -> Result<(), Text>;

    /// The scenario of this branch and moment: all that is needed to come back to it.
    fn scenario(&self) -> Scenario;
    /// A number that two equal moments share and two different ones (all but certainly) do not.
    fn digest(&mut self) -> u64;

    /// The session itself, for what not everybody asks of one (`questions.rs`).
    fn as_any(&mut self) -> &mut (dyn Any + 'static);
}

/// A moment of a branch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// After this many events.
    Event(u64),
    /// After the last event up to this moment of virtual time, in microseconds.
    Moment(u64),
}

/// Only its kind: what it holds would fill pages, and make every program that can print it carry the code for that.
impl Debug for dyn LabSession {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("LabSession")
    }
}

/// What to run on to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// A verdict changes.
    Check,
    /// The check of this name, which has to hold in the end, holds.
    Holds(&'static str),
    /// A node takes the lead (see `About::new_leader`).
    Leader,
    /// Something happens that is telling (see [`Weight`](crate::frame::Weight)).
    Telling,
    /// This node acts.
    Node(NodeId),
    /// A number that the lab counts is another one, of this node or, where it is none, of the whole system.
    Measure { name: &'static str, node: Option<NodeId> },
    /// Virtual time comes to this moment, in microseconds; where it is past already, back to it.
    Moment(u64),
}

/// Where a branch left another one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fork {
    /// The letter of the other one.
    pub letter: String,
    /// The last event that both have.
    pub event: u64,
}

/// A branch in the strip.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BranchRow {
    /// "A", "B" and so on, in the order of making; stays when others are removed.
    pub letter: String,
    /// What differs from where it came from, "A@37 + crash S1", or the name that a person gave it.
    pub title: Text,
    /// The branches that it came from, the nearest first. One of them may have been removed.
    pub past: Vec<Fork>,
    /// Whether a person gave it its title.
    pub is_named: bool,
    /// How many events have been computed.
    pub length: u64,
    pub selected: bool,
}

impl BranchRow {
    /// Whether an event of the branch with this letter is one of this branch too.
    pub fn has(&self, letter: &str, event: u64) -> bool {
        self.letter == letter || self.past.iter().any(|fork| fork.letter == letter && event <= fork.event)
    }
}
