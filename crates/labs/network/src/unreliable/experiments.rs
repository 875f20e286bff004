//! What is measured beside published numbers.

use sim::Experiments;
use sim::experiment::Experiment;

use super::UnreliableNetwork;

impl Experiments for UnreliableNetwork {
    fn experiments() -> Vec<Experiment> {
        Vec::new()
    }
}
