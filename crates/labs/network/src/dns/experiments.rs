//! What caches and forgers do, beside formulas.

use sim::Experiments;

use super::Dns;

impl Experiments for Dns {}
