//! Tests of the lab, each with the place in the literature that it checks.

mod found;
mod measured;
mod parts;
mod stories;
mod swarm;

use ::parts::values::number;
use sim::{AnyLab, Director, NodeId, Of, Settings, Value};

use super::{Node, Peer, PeerToPeer, S};

const LAB: &dyn AnyLab = Of::<PeerToPeer>::LAB;

/// A peer, counted from 1.
const fn p(number: u16) -> NodeId {
    NodeId(S.0 + number)
}

/// A swarm in which no block is wrong and S stays, but for these changes.
fn swarm(changes: &[(&'static str, Value)]) -> Director<PeerToPeer> {
    let calm = Settings::default().with("bad_blocks", number(0)).with("seed_leaves", Value::Flag(false));
    let settings = changes.iter().fold(calm, |all, (name, value)| all.with(name, value.clone()));
    Director::new(settings, 1).unwrap()
}

fn peer(director: &Director<PeerToPeer>, node: NodeId) -> &Peer {
    director.world().nodes().state(node).and_then(Node::peer).unwrap()
}
