//! What a node can know: its causal past, and nothing else.
//!
//! The vector time of a node counts for every other node how many of its events it has heard of, directly or through
//! others (Mattern 1989, "Virtual Time and Global States of Distributed Systems"; Fidge 1988). The node cannot know more
//! of another one than how that was after the last of these events.

use std::rc::Rc;

use crate::base::id::NodeId;
use crate::base::text::Text;
use crate::frame::{Frame, Known, Node, Panel, Shape, Status, Tone};
use crate::kernel::nodes::Slot;
use crate::kernel::world::World;
use crate::run::timeline::Timeline;
use crate::show::present;
use crate::t;

/// What a node knows at the best at the moment at which a branch stands: the other nodes as they were after their last
/// event in its causal past; of the messages under way only its own; no cuts, groups and verdicts; no charts and spans, which go
/// on to the present of all nodes; no true time, and so of no clock how wrong it is. Even what a crash has made it forget counts
/// as known.
pub(crate) fn frame(timeline: &Timeline, world: &World, knower: NodeId) -> Frame {
    let mut seen = world.clone();
    seen.network.heal_all();
    let mut known = Vec::new();
    for node in world.nodes().ids() {
        let heard = world.nodes().vector(knower)[node.index()];
        known.push(if node == knower {
            Known::Now
        } else if heard == 0 {
            seen.nodes.slots[node.index()] =
                Rc::new(Slot { state: None, disk: world.lab.empty_disk(), ..silent(world, node) });
            Known::Nothing
        } else {
            let replay = timeline.replay_until(|world| world.nodes().vector(node)[node.index()] >= heard);
            let then = replay.world();
            seen.nodes.slots[node.index()] = Rc::new(silent(then, node));
            Known::AsOf { event: then.event(), at_us: then.now_us() }
        });
    }
    let mut frame = present::frame(&seen, Some(knower));
    for (node, known) in frame.nodes.iter_mut().zip(known) {
        match known {
            Known::Now => {}
            Known::AsOf { at_us, .. } => node.clock_us = seen.nodes.clock(node.id).shows(at_us),
            Known::Nothing => forget(node),
        }
        (node.clock_offset_us, node.clock_drift_ppm) = (0, 0);
        node.known = known;
    }
    frame.panels.retain(|panel| !matches!(panel, Panel::Chart(_) | Panel::Spans(_)));
    frame.messages.retain(|message| message.from == knower);
    frame.messages.iter_mut().for_each(|message| message.held = false);
    frame
}

/// A node without its timers, and without its lies: how long it still waits is its own affair, and so is what it hides.
fn silent(world: &World, node: NodeId) -> Slot {
    Slot { timers: Vec::new(), starts: None, lies: None, ..world.nodes.slot(node).clone() }
}

/// Leaves nothing of a node but its place.
pub(crate) fn forget(node: &mut Node) {
    let shape = if node.shape.is_small() { node.shape } else { Shape::Circle };
    *node = Node {
        shape,
        tone: Tone::Plain,
        status: Status::Up,
        role: t!("unknown"),
        badge: Text::new("?"),
        era: None,
        tag: None,
        fields: Vec::new(),
        cells: Vec::new(),
        gauge: None,
        queue: None,
        tally: None,
        clock_us: 0,
        clock_offset_us: 0,
        clock_drift_ppm: 0,
        lamport: 0,
        vector: vec![0; node.vector.len()],
        ..node.clone()
    };
}
