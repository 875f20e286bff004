//! A deterministic simulator of distributed systems: nodes with clocks and disks, links that delay, lose, double and
//! reorder, and people who cut, crash and step back. It knows no lab and no browser.
//!
//! Begin with [`Protocol`] (what a node does), [`Lab`] (all else that a lab brings), [`World`] (one moment of a run), [`Timeline`] (all moments of a branch)
//! and [`LabSession`] (what a screen holds).

#![deny(clippy::float_arithmetic)]

mod base;
mod explain;
pub mod export;
pub mod frame;
pub mod hunt;
mod judge;
mod kernel;
pub mod log;
mod questions;
mod run;
pub mod session;
pub mod share;
mod show;

pub use base::{clock, delay, digest, encoding, id, list, map, order, rng, settings, text, translation};
pub use explain::{relation, why};
pub use judge::{check, history};
pub use kernel::{effects, network, probe, world};
pub use run::{experiment, lab};
pub use show::outline;

pub use base::delay::Delay;
pub use base::id::{MessageId, NodeId, TimerId};
pub use base::list::List;
pub use base::map::Map;
pub use base::settings::{Setting, SettingKind, Settings, Value};
pub use base::text::{Argument, Text, decimal, time_us, unit_text};
pub use base::translation::{Catalogue, Direction, END_OF_ISOLATE, ISOLATE};
pub use explain::relation::{Compared, Relation};
pub use explain::why::{Cited, Step, Subject, Why};
pub use judge::check::{Check, CheckKind, Judge, Outcome, Verdict, Verdicts};
pub use judge::over_history::judge_history;
pub use kernel::effects::Effects;
pub use kernel::erased::{AnySystem, Of};
pub use kernel::input::{Input, Timed, Trouble};
pub use kernel::lie::{Lie, Manner};
pub use kernel::network::{Line, Network, Pipe, Troubles};
pub use kernel::nodes::{Nodes, NodesOf};
pub use kernel::system::{
    About, Checks, Configuration, Cover, Look, Machinery, Measures, MessageLook, Monitor, NodeSetup, Observation,
    Operations, Protocol, Rule, Rules, Setup, System, Timing, View, all_settings, no_operation,
};
pub use kernel::world::{World, WorldOf};
pub use run::catalogue::{AnyLab, PreparedRun, ScenarioCard};
pub use run::director::Director;
pub use run::lab::{Experiments, Lab, Prepared, Preset, Presets, Scenarios};
pub use run::scenario::Scenario;
pub use run::sight::{Below, Beside, Sight};
pub use run::timeline::{Ahead, Replay, Timeline};
pub use run::weights::Weights;
pub use session::tree::{Left, Limb, Tree};
pub use session::work::Work;
pub use session::{BranchRow, Fork, LabSession, Place, Until};
pub use share::{Mark, SharedMoment};
