//! A snapshot as a line through the lanes.

use serde::Serialize;
use sim::{NodeId, Text, t};

use super::application::Load;
use super::ledger::Ledger;
use super::numbers::Numbers;
use super::recording::SnapshotId;

/// A snapshot as a line through the lanes.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    pub id: SnapshotId,
    pub(super) points: Vec<Option<Point>>,
    /// A message that was received before the line and sent after it.
    pub backwards: Option<Backwards>,
}

/// Where a process recorded its state.
#[derive(Clone, Debug, Serialize)]
pub struct Point {
    pub event: u64,
    pub at_us: u64,
    pub(super) sent: Vec<u64>,
    pub(super) taken: Vec<Numbers>,
}

/// A message that was received before a line and sent after it.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Backwards {
    pub from: NodeId,
    pub to: NodeId,
    pub load: Load,
}

impl Line {
    /// Where processes have recorded, in the order of the lanes.
    pub fn points(&self) -> impl Iterator<Item = (NodeId, &Point)> {
        self.points.iter().enumerate().filter_map(|(place, point)| Some((NodeId::at(place), point.as_ref()?)))
    }

    /// A message from or to this process that goes backwards over the line.
    pub(super) fn backwards_at(&self, node: NodeId, ledgers: &[Vec<Ledger>]) -> Option<Backwards> {
        for (from, sender) in self.points() {
            for (to, receiver) in self.points().filter(|(to, _)| *to != from && (from == node || *to == node)) {
                let (sent, taken) = (sender.sent[to.index()], &receiver.taken[from.index()]);
                if let Some(load) = ledgers[from.index()][to.index()].backwards(sent, taken) {
                    return Some(Backwards { from, to, load });
                }
            }
        }
        None
    }
}

impl Backwards {
    pub fn text(self) -> Text {
        t!(
            "{to} has received {load} from {from}, which {from} had not sent yet",
            to = self.to,
            from = self.from,
            load = self.load.text()
        )
    }
}
