//! Measured beside published numbers.

use sim::Experiments;

use super::TrueTime;

impl Experiments for TrueTime {}
