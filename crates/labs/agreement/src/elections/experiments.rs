//! What is measured beside published numbers.

use sim::Experiments;

use super::Elections;

impl Experiments for Elections {}
