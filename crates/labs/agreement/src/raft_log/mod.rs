//! Raft with a log that does not grow for ever: snapshots, and sending them to servers that are far behind.
//!
//! The protocol is [`crate::raft`]'s. Follows section 7 of D. Ongaro and J. Ousterhout, "In Search of an Understandable
//! Consensus Algorithm (Extended Version)", 2014 (here "the Raft paper"), with its Figures 12 and 13.

mod experiments;
mod monitor;
mod operations;
mod presets;
mod rules;
mod scenarios;
mod settings;
mod view;

#[cfg(test)]
mod tests;

use sim::frame::Layout;
use sim::{About, System, t};

use crate::raft::RaftNode;

/// The lab.
#[derive(Clone, Copy, Debug)]
pub struct RaftLog;

impl System for RaftLog {
    type Protocol = RaftNode;

    fn about() -> About {
        About {
            id: "raft-log",
            title: t!("Raft: snapshots"),
            chapter: t!("Agreement"),
            summary: t!(
                "A log cannot grow for ever. With log compaction, servers write down what it came to and drop it; whoever is too far behind is sent that instead."
            ),
            layout: Layout::Ring,
            new_leader: Some(t!("a leader is elected")),
            pace_us: About::PACE_US,
        }
    }
}
