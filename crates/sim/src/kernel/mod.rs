//! One moment of a run and how it changes: nodes, network, queue, effects, faults, and what the world has to know of a system.

pub mod effects;
pub mod erased;
pub(crate) mod faults;
pub mod hazard;
pub mod input;
pub mod lie;
pub mod network;
pub mod nodes;
pub mod probe;
pub mod queue;
pub mod record;
pub mod system;
pub mod world;
