//! Logical clocks: Lamport's, which are numbers, and vectors. Two labs with one protocol.
//!
//! Follows L. Lamport, "Time, Clocks, and the Ordering of Events in a Distributed System", 1978 (here "Lamport 1978"),
//! F. Mattern, "Virtual Time and Global States of Distributed Systems", 1989, and C. Fidge, "Timestamps in
//! Message-Passing Systems That Preserve the Partial Ordering", 1988.

mod history;
mod lamport;
mod measures;
mod monitor;
mod operations;
mod process;
mod rules;
mod scenarios;
mod settings;
mod stamp;
mod vector;
mod view;

#[cfg(test)]
mod tests;

use std::fmt::Debug;
use std::marker::PhantomData;

use sim::{About, Experiments, Presets, System};

pub use history::{History, Known, Name, New};
pub use lamport::Lamport;
pub use monitor::{LamportMonitor, VectorMonitor};
pub use process::{Event, Message, Operation, Process, Timer, What};
pub use settings::{Config, Rules};
pub use stamp::{Counts, Kind, MOST_NODES, Stamp};
pub use vector::Vector;

pub(crate) type Effects<'a> = sim::Effects<'a, Process>;

/// The lab of one kind of logical clocks. Both labs have the same nodes, settings and operations.
#[derive(Clone, Copy, Debug)]
pub struct Clocks<K>(PhantomData<K>);

/// The lab of Lamport clocks: one number a node.
pub type LamportClocks = Clocks<Lamport>;

/// The lab of vector clocks: one number a node for every node.
pub type VectorClocks = Clocks<Vector>;

/// The kind of clocks that a lab is about.
pub trait Timekeeping: Debug + 'static {
    const KIND: Kind;

    /// The name card of its lab.
    fn about() -> About;
}

impl<K: Timekeeping> System for Clocks<K> {
    type Protocol = Process;

    fn about() -> About {
        K::about()
    }
}

impl<K: Timekeeping> Experiments for Clocks<K> {}

impl<K: Timekeeping> Presets for Clocks<K> {}
