//! The branches that are there at a moment: who believes which one.

use sim::order::{pair, sort_by_key};
use sim::{NodeId, WorldOf};

use super::ProofOfWork;
use super::block::{Link, stands_on};

/// How many colours branches have; those beyond share the last one.
const COLOURS: usize = 3;

/// The ends of the branches that nodes believe, attackers apart, the one with the most work first; of equals the older one.
pub(super) fn leaves(world: WorldOf<'_, ProofOfWork>) -> Vec<Link> {
    let config = world.config();
    let nodes = (0..config.miners + 2).map(NodeId).filter(|node| !config.is_attacker(*node));
    let mut leaves: Vec<Link> = Vec::new();
    for peer in nodes.filter_map(|node| world.nodes().state(node)) {
        if leaves.iter().any(|leaf| stands_on(leaf, &peer.tip)) {
            continue;
        }
        leaves.retain(|leaf| !stands_on(&peer.tip, leaf));
        leaves.push(peer.tip.clone());
    }
    sort_by_key(&mut leaves, |leaf| pair(leaf.time_us as u64, leaf.id));
    sort_by_key(&mut leaves, |leaf| u128::MAX - leaf.total);
    leaves
}

/// The colour of the first branch that this block is in, counted from 1.
pub(super) fn era(leaves: &[Link], block: &Link) -> Option<u64> {
    let place = leaves.iter().position(|leaf| stands_on(leaf, block))?;
    Some(place.min(COLOURS - 1) as u64 + 1)
}
