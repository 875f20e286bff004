//! Why something is as it is, what a node knows of it, and how events stand to each other: a part of its own.

use sim::frame::Frame;
use sim::{Compared, LabSession, NodeId, Subject, Why};

use crate::part;

/// What answers questions.
#[derive(Debug)]
pub struct Answers {
    pub known_by: fn(&mut dyn LabSession, NodeId) -> Frame,
    pub compare: fn(&mut dyn LabSession, u64, u64) -> Option<Compared>,
    pub why: fn(&mut dyn LabSession, &Subject) -> Why,
}

part!(
    why: Answers = Answers {
        known_by: |session, node| session.known_by(node),
        compare: |session, a, b| session.compare_events(a, b),
        why: |session, subject| session.why(subject),
    }
);
