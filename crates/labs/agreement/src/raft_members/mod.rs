//! Raft whose members change, and that keeps its leader.
//!
//! The protocol is [`crate::raft`]'s. Follows section 6 of D. Ongaro and J. Ousterhout, "In Search of an Understandable
//! Consensus Algorithm (Extended Version)", 2014 (here "the Raft paper"), chapters 3, 4, 6 and 9 of D. Ongaro, "Consensus:
//! Bridging Theory and Practice", 2014 (here "the dissertation"), and D. Ongaro, "bug in single-server membership changes",
//! raft-dev, July 2015.

mod experiments;
mod monitor;
mod operations;
mod panels;
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
pub struct RaftMembers;

impl System for RaftMembers {
    type Protocol = RaftNode;

    fn about() -> About {
        About {
            id: "raft-members",
            title: t!("Raft: members"),
            chapter: t!("Agreement"),
            summary: t!(
                "Servers come and go while the work goes on. Change the members too fast, and two leaders decide; let one bad link be, and no leader lasts."
            ),
            layout: Layout::Ring,
            new_leader: Some(t!("a leader is elected")),
            pace_us: About::PACE_US,
        }
    }
}
