//! What is measured beside published numbers.

use sim::Experiments;

use super::Tcp;

impl Experiments for Tcp {}
