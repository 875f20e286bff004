//! Later.

use sim::Experiments;

use super::Lock;

impl Experiments for Lock {}
