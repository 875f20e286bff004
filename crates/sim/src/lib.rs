//! A deterministic simulator of distributed systems: nodes with clocks and disks, links that delay, lose, double and
//! reorder, and people who cut, crash and step back. It knows no lab and no browser.
//!
//! Begin with [`Protocol`] (what a node does), [`Lab`] (all else that a lab brings), [`World`] (one moment of a run), [`Timeline`] (all moments of a branch)
//! and [`LabSession`] (what a screen holds).

#![deny(clippy::float_arithmetic)]

pub mod catalogue;
pub mod check;
pub mod clock;
pub mod delay;
pub mod digest;
pub mod director;
pub mod effects;
pub mod encoding;
pub mod experiment;
pub mod export;
mod faults;
pub mod frame;
mod hazard;
pub mod history;
pub mod hunt;
pub mod id;
pub mod input;
mod known;
pub mod lab;
pub mod list;
pub mod log;
pub mod map;
pub mod network;
pub mod nodes;
pub mod opaque;
pub mod order;
pub mod outline;
mod outside;
mod present;
pub mod probe;
pub mod queue;
pub mod record;
pub mod relation;
pub mod rng;
pub mod scenario;
pub mod session;
pub mod settings;
pub mod share;
mod silence;
pub mod text;
pub mod timeline;
pub mod translation;
pub mod why;
pub mod work;
pub mod world;

pub use catalogue::{AnyLab, Of, PreparedRun};
pub use check::{Check, CheckKind, Judge, Outcome, Verdict, Verdicts};
pub use delay::Delay;
pub use director::Director;
pub use effects::Effects;
pub use id::{MessageId, NodeId, TimerId};
pub use input::{Input, Timed, Trouble};
pub use lab::{
    About, Checks, Configuration, Experiments, Lab, Look, Measures, MessageLook, Monitor, NodeSetup, Observation,
    Operations, Prepared, Preset, Presets, Protocol, Rule, Rules, Scenarios, Setup, System, View,
};
pub use list::List;
pub use map::Map;
pub use network::{Line, Network, Troubles};
pub use nodes::{Nodes, NodesOf};
pub use relation::{Compared, Relation};
pub use scenario::Scenario;
pub use session::{BranchRow, LabSession, Place, ScenarioCard, Until};
pub use settings::{Setting, SettingKind, Settings, Value};
pub use share::{Mark, SharedMoment};
pub use text::{Argument, Text, decimal, time_us, unit_text};
pub use timeline::Timeline;
pub use translation::{Catalogue, Direction};
pub use why::{Cited, Step, Subject, Why};
pub use work::Work;
pub use world::{World, WorldOf};
