//! The lab of Lamport clocks: one number a node.

use sim::frame::Layout;
use sim::{About, t};

use super::Timekeeping;
use super::stamp::Kind;

/// Clocks of one number a node.
#[derive(Clone, Copy, Debug)]
pub struct Lamport;

impl Timekeeping for Lamport {
    const KIND: Kind = Kind::Lamport;

    fn about() -> About {
        About {
            id: "lamport-clocks",
            title: t!("Lamport clocks"),
            chapter: t!("Time"),
            summary: t!(
                "Each node counts, and messages carry the count. All events get one order, though some of them have nothing to do with each other."
            ),
            layout: Layout::Ring,
            new_leader: None,
            pace_us: About::PACE_US,
        }
    }
}
