//! Which nodes have a lane: all, or of many those that matter.

use std::rc::Rc;

use sim::NodeId;
use sim::frame::{Frame, Status, Tone};
use sim::order::sort_by_key;

use super::chronicle::Chronicle;
use super::field;
use super::stretch::Stretch;

/// The nodes that have a lane, in their order.
#[derive(Clone, Debug, PartialEq)]
pub struct Rows {
    nodes: Rc<[NodeId]>,
    /// How many nodes have none.
    others: usize,
}

impl Rows {
    /// All of so many nodes.
    pub fn all(count: usize) -> Rows {
        Rows { nodes: (0..count).map(NodeId::at).collect(), others: 0 }
    }

    /// The nodes whose lanes have room in this height. Where that is not for all, it is for those that are chosen; then those
    /// that the caption names, that are not up or not as usual; then those that do something in the stretch, the nearest to
    /// the moment first.
    pub fn fitting(
        height: f64,
        frame: &Frame,
        chronicle: &Chronicle,
        stretch: Stretch,
        chosen: impl Iterator<Item = NodeId>,
    ) -> Rows {
        let count = frame.nodes.len();
        if count <= field::most_lanes(height) {
            return Rows::all(count);
        }
        let most = field::most_named_lanes(height);
        let mut nodes: Vec<NodeId> = Vec::new();
        let mut add = |node: NodeId| {
            if nodes.len() < most && node.index() < count && !nodes.contains(&node) {
                nodes.push(node);
            }
        };
        chosen.chain(frame.caption.node).for_each(&mut add);
        let is_unusual = |node: &&sim::frame::Node| node.status != Status::Up || node.tone != Tone::Plain;
        frame.nodes.iter().filter(is_unusual).for_each(|node| add(node.id));
        let known = chronicle.events_around(stretch.start_us, stretch.end_us());
        let mut events: Vec<_> = known.filter(|event| stretch.shows(event.at_us)).collect();
        sort_by_key(&mut events, |event| event.at_us.abs_diff(frame.at_us).into());
        for event in events {
            event.node.into_iter().chain(event.received.iter().map(|message| message.from)).for_each(&mut add);
        }
        frame.nodes.iter().for_each(|node| add(node.id));
        nodes.sort_unstable();
        Rows { others: count - nodes.len(), nodes: nodes.into() }
    }

    pub fn nodes(&self) -> &[NodeId] {
        &self.nodes
    }

    /// How many nodes have no lane.
    pub fn others(&self) -> usize {
        self.others
    }

    pub fn has(&self, node: NodeId) -> bool {
        self.nodes.binary_search(&node).is_ok()
    }

    /// The place of a node's lane; of one that has none, that of the next.
    pub fn place(&self, node: NodeId) -> usize {
        self.nodes.binary_search(&node).unwrap_or_else(|next| next.min(self.nodes.len().saturating_sub(1)))
    }
}
