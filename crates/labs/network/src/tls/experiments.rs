//! What is measured.

use sim::Experiments;

use super::Tls;

impl Experiments for Tls {}
