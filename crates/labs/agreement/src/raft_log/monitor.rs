//! The checks of Raft, which hold whether a log is whole or not, and what only snapshots bring.

use serde::Serialize;
use sim::{Check, CheckKind, Checks, NodeId, Observation, Verdicts, t};

use super::RaftLog;
use crate::raft::{self, Raft, RaftNode};

impl Checks for RaftLog {
    type Monitor = Monitor;

    /// Those of Raft, in their order, and one more.
    fn checks() -> Vec<Check> {
        // The rules that keep some of them are only cited here.
        let mut checks: Vec<Check> = Raft::checks().into_iter().map(|check| Check { kept_by: None, ..check }).collect();
        checks.push(Check::new(
            "installed",
            t!("a snapshot taken over"),
            CheckKind::Sometimes,
            t!("A follower that lacks entries which are gone begins anew with the snapshot of its leader."),
        ));
        checks
    }
}

/// Watches a run.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Monitor {
    raft: raft::Monitor,
    /// How often each server has begun with somebody else's snapshot.
    loads: Vec<u64>,
}

impl sim::Monitor<RaftNode> for Monitor {
    fn observe(&mut self, seen: &Observation<'_, RaftNode>, verdicts: &mut Verdicts) {
        self.raft.observe(seen, verdicts);
        self.loads.resize(usize::from(seen.config.servers), 0);
        for (place, before) in self.loads.iter_mut().enumerate() {
            let node = NodeId::at(place);
            let Some(server) = seen.nodes.state(node).and_then(RaftNode::server) else { continue };
            let loads = server.log.loads();
            if loads > *before {
                let index = server.log.base().index;
                verdicts.seen(raft::CHECKS, &[node], || {
                    t!("{node} begins anew with a snapshot up to entry {index}", node = node, index = index)
                });
            }
            *before = loads;
        }
    }
}
