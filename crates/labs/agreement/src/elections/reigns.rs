//! Who held whom for the coordinator, and when.

use std::collections::VecDeque;

use serde::Serialize;
use sim::NodeId;

/// So many stretches of each node are kept.
const KEPT: usize = 16;

/// A stretch in which a node had a coordinator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Reign {
    pub coordinator: NodeId,
    /// In microseconds of virtual time.
    pub from_us: u64,
    /// None as long as it goes on.
    pub to_us: Option<u64>,
}

/// The stretches of one node, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Reigns(VecDeque<Reign>);

impl Reigns {
    /// The coordinator that the node has now.
    pub fn now(&mut self, coordinator: Option<NodeId>, at_us: u64) {
        let last = self.0.back_mut().filter(|last| last.to_us.is_none());
        if last.as_ref().map(|last| last.coordinator) == coordinator {
            return;
        }
        if let Some(last) = last {
            last.to_us = Some(at_us);
        }
        if let Some(coordinator) = coordinator {
            self.0.push_back(Reign { coordinator, from_us: at_us, to_us: None });
        }
        if self.0.len() > KEPT {
            self.0.pop_front();
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = &Reign> {
        self.0.iter()
    }
}
