//! The lab of vector clocks: one number a node for every node.

use sim::frame::Layout;
use sim::{About, t};

use super::Timekeeping;
use super::stamp::Kind;

/// Clocks of one number a node for every node.
#[derive(Clone, Copy, Debug)]
pub struct Vector;

impl Timekeeping for Vector {
    const KIND: Kind = Kind::Vector;

    fn about() -> About {
        About {
            id: "vector-clocks",
            title: t!("Vector clocks"),
            chapter: t!("Time"),
            summary: t!(
                "Each node counts the events of all nodes that it has heard of. Two vectors tell which event could know of which, and which could not."
            ),
            layout: Layout::Ring,
            new_leader: None,
            pace_us: About::PACE_US,
        }
    }
}
