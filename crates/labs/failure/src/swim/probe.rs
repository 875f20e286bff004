//! The probe of a period, and the order in which members are probed (section 4.3).

use serde::Serialize;
use sim::NodeId;

use super::Effects;

/// The probe of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Probe {
    pub target: NodeId,
    /// Counted from 1 at each start of the program.
    pub number: u32,
    pub stage: Stage,
}

/// How far a probe has got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Stage {
    /// The member waits for an ack.
    Direct,
    /// None has come in time. So many of the others were asked to ping.
    TimedOut { asked: u16, others: u16 },
    /// An ack has come.
    Answered,
}

/// The order in which members are probed: a shuffled list of all nodes, gone through again and again.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Round {
    order: Vec<NodeId>,
    next: usize,
}

impl Round {
    /// The next of the list that this is true of. After each pass the list is shuffled (section 4.3). A node that joins has a
    /// place in it already, which is as good as the random one that the paper gives it then.
    pub(super) fn next(
        &mut self,
        nodes: usize,
        is_meant: impl Fn(NodeId) -> bool,
        effects: &mut Effects<'_>,
    ) -> Option<NodeId> {
        for _ in 0..2 {
            while let Some(&node) = self.order.get(self.next) {
                self.next += 1;
                if is_meant(node) {
                    return Some(node);
                }
            }
            self.order = (0..nodes).map(NodeId::at).collect();
            for place in (1..nodes).rev() {
                self.order.swap(place, effects.choose(place as u64 + 1) as usize);
            }
            self.next = 0;
        }
        None
    }

    /// Those that are still to come in this pass.
    pub fn ahead(&self) -> &[NodeId] {
        &self.order[self.next.min(self.order.len())..]
    }
}
