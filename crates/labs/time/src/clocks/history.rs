//! What the monitors keep: every event with the stamp that its node gave it, and its true causes. The causes are counted
//! here, from the order of events at each node and from which message came from where; the nodes' clocks have no part
//! in it.

use serde::Serialize;
use sim::{List, NodeId, Observation, Text, t};

use super::process::{Process, What};
use super::stamp::{Counts, Stamp};

/// All events of a run.
#[derive(Clone, Debug, Default, Serialize)]
pub struct History {
    lines: Vec<Line>,
}

/// The events of one node.
#[derive(Clone, Debug, Default, Serialize)]
struct Line {
    /// How many events the node itself counted when it was last looked at.
    seen: u64,
    /// How many events it had before it lost its disk, and with it count.
    before_loss: usize,
    events: List<Known>,
}

/// The event that has just happened.
#[derive(Clone, Copy, Debug)]
pub struct New {
    pub name: Name,
    pub known: Known,
    /// For a receipt: the event that sent the message.
    pub source: Option<Name>,
}

/// One event.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Known {
    /// The time that its node gave it.
    pub stamp: Stamp,
    /// How many events of each node happened before it, itself included.
    pub causes: Counts,
}

/// An event by its node and its place in that node's line, from 0 on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name {
    pub node: NodeId,
    pub place: usize,
}

impl Name {
    /// In sentences: `A3`.
    pub fn text(self) -> Text {
        t!("{node}{number}", node = self.node, number = self.place + 1)
    }
}

impl History {
    /// Looks at the node that acted. Returns its new event, if it had one.
    pub fn take(&mut self, seen: &Observation<'_, Process>) -> Option<New> {
        if self.lines.len() != seen.nodes.len() {
            self.lines = vec![Line::default(); seen.nodes.len()];
        }
        let node = seen.node?;
        let process = seen.nodes.state(node)?;
        let line = &mut self.lines[node.index()];
        if process.count < line.seen {
            line.before_loss = line.events.len();
            line.seen = 0;
        }
        let is_new = process.count > line.seen;
        line.seen = process.count;
        let event = process.events.last().filter(|_| is_new)?;
        let name = Name { node, place: line.events.len() };
        let mut causes = line.events.last().map_or(Counts::zero(seen.nodes.len()), |known| known.causes);
        let source = match event.what {
            What::Receive { from, event, .. } => {
                let place = self.lines[from.index()].before_loss + event.saturating_sub(1) as usize;
                Some(Name { node: from, place })
            }
            What::Local { .. } | What::Send { .. } => None,
        };
        if let Some(known) = source.and_then(|source| self.get(source)) {
            causes.learn(&known.causes);
        }
        causes.set(node, name.place as u32 + 1);
        let known = Known { stamp: event.stamp, causes };
        self.lines[node.index()].events.push(known);
        Some(New { name, known, source })
    }

    /// All nodes.
    pub fn nodes(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..self.lines.len()).map(NodeId::at)
    }

    /// How many events a node has had.
    pub fn length(&self, node: NodeId) -> usize {
        self.lines[node.index()].events.len()
    }

    /// An event by its name.
    pub fn get(&self, name: Name) -> Option<&Known> {
        self.lines[name.node.index()].events.get(name.place)
    }

    /// The events of a node, oldest first.
    pub fn line(&self, node: NodeId) -> impl Iterator<Item = (Name, &Known)> {
        let events = self.lines[node.index()].events.iter().enumerate();
        events.map(move |(place, known)| (Name { node, place }, known))
    }
}
