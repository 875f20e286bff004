//! The checks of Raft that snapshots could break, judged by Raft's own monitor, and what only snapshots bring.

use serde::Serialize;
use sim::{Check, CheckKind, Checks, NodeId, Observation, Verdicts, t};

use super::RaftLog;
use crate::raft::RaftNode;
use crate::raft::picked::Picked;

/// The checks of Raft that stand here too, in their order here. The others are about elections and single servers: no rule of
/// this lab keeps them.
const OF_RAFT: [&str; 5] = ["log-matching", "leader-completeness", "linearizable", "leader-followed", "all-committed"];

const INSTALLED: usize = OF_RAFT.len();

impl Checks for RaftLog {
    type Monitor = Monitor;

    fn checks() -> Vec<Check> {
        let mut checks = Picked::checks(&OF_RAFT);
        checks.push(Check::new(
            "installed",
            t!("a snapshot taken over"),
            CheckKind::Sometimes,
            t!("A follower that lacks entries which are gone begins anew with the snapshot of its leader."),
        ));
        debug_assert_eq!(checks[INSTALLED].name, "installed");
        checks
    }
}

/// Watches a run.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Monitor {
    raft: Picked,
    /// How often each server has begun with somebody else's snapshot.
    loads: Vec<u64>,
}

impl sim::Monitor<RaftNode> for Monitor {
    fn observe(&mut self, seen: &Observation<'_, RaftNode>, verdicts: &mut Verdicts) {
        self.raft.observe(&OF_RAFT, seen, verdicts);
        self.look_for_loads(seen, verdicts);
    }
}

impl Monitor {
    fn look_for_loads(&mut self, seen: &Observation<'_, RaftNode>, verdicts: &mut Verdicts) {
        self.loads.resize(usize::from(seen.config.servers), 0);
        for (place, before) in self.loads.iter_mut().enumerate() {
            let node = NodeId::at(place);
            let Some(server) = seen.nodes.state(node).and_then(RaftNode::server) else { continue };
            let loads = server.log.loads();
            if loads > *before {
                let index = server.log.base().index;
                verdicts.seen(INSTALLED, &[node], || {
                    t!("{node} begins anew with a snapshot up to entry {index}", node = node, index = index)
                });
            }
            *before = loads;
        }
    }
}
