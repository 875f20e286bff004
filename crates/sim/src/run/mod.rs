//! Whole runs: scenarios, branches, prepared moments, and what a lab brings.

pub mod catalogue;
pub mod director;
pub mod experiment;
pub mod lab;
pub mod scenario;
pub mod sight;
pub mod timeline;
pub mod weights;
