//! What the lab counts.

use sim::frame::{Measure, Unit};
use sim::{Measures, NodeId, WorldOf, t};

use super::block::{Link, chain};
use super::branches::{era, leaves};
use super::{Peer, ProofOfWork};

/// Of so many blocks shares are counted.
const COUNTED: usize = 200;

/// The nodes that run and follow the protocol.
fn honest(world: WorldOf<'_, ProofOfWork>) -> impl Iterator<Item = (NodeId, &Peer)> {
    let config = world.config();
    let nodes = (0..config.miners + 2).map(NodeId).filter(|node| !config.is_attacker(*node));
    nodes.filter_map(move |node| Some((node, world.nodes().state(node)?)))
}

/// The tip with the most work that a node believes, attackers apart.
pub(super) fn best(world: WorldOf<'_, ProofOfWork>) -> Option<&Link> {
    let mut best: Option<&Link> = None;
    for (_, peer) in honest(world) {
        if best.is_none_or(|best| peer.tip.total > best.total) {
            best = Some(&peer.tip);
        }
    }
    best
}

/// The blocks that the node knows which knows most of them.
pub(super) fn known(world: WorldOf<'_, ProofOfWork>) -> &[Link] {
    let blocks = honest(world).map(|(_, peer)| peer.disk.blocks.as_slice());
    blocks.max_by_key(|blocks| blocks.len()).unwrap_or_default()
}

/// Of the blocks of each miner, how many are in the best chain, and how many are lost; of the last ones.
pub(super) fn tallies(world: WorldOf<'_, ProofOfWork>) -> Vec<(usize, usize)> {
    let mut tallies = vec![(0, 0); usize::from(world.config().miners)];
    let Some(best) = best(world) else { return tallies };
    let last: Vec<&Link> = chain(best).take(COUNTED).filter(|block| block.parent.is_some()).collect();
    for block in &last {
        if let Some((kept, _)) = tallies.get_mut(block.miner.index()) {
            *kept += 1;
        }
    }
    let lowest = last.last().map_or(0, |block| block.height);
    let is_in = |block: &&Link| {
        let depth = best.height.checked_sub(block.height);
        depth.and_then(|depth| last.get(depth as usize)).is_some_and(|there| there.id == block.id)
    };
    let off: Vec<&Link> = known(world).iter().filter(|block| block.height >= lowest.max(1)).collect();
    let off: Vec<&Link> = off.into_iter().filter(|block| !is_in(block)).collect();
    if off.is_empty() {
        return tallies;
    }
    // What somebody believes is not lost yet.
    let leaves = leaves(world);
    for block in off.into_iter().filter(|block| era(&leaves, block).is_none()) {
        if let Some((_, lost)) = tallies.get_mut(block.miner.index()) {
            *lost += 1;
        }
    }
    tallies
}

/// How many payments the shop has handed something over for that are not in its chain.
pub(super) fn robbed(world: WorldOf<'_, ProofOfWork>) -> usize {
    let shop = world.nodes().state(world.config().shop());
    shop.map_or(0, |shop| shop.disk.delivered.iter().filter(|payment| !shop.tip.has(payment)).count())
}

/// The attacker's hidden blocks.
pub(super) fn hidden(world: WorldOf<'_, ProofOfWork>) -> &[Link] {
    let attacker = world.config().attacker_node().and_then(|node| world.nodes().state(node));
    attacker.and_then(|peer| peer.attack.as_ref()).map_or(&[], |attack| &attack.hidden)
}

/// A share in millionths.
fn share(part: usize, all: usize) -> i64 {
    (part as u64 * 1_000_000 / (all as u64).max(1)) as i64
}

impl Measures for ProofOfWork {
    fn measures(world: WorldOf<'_, ProofOfWork>) -> Vec<Measure> {
        let tallies = tallies(world);
        let kept: usize = tallies.iter().map(|(kept, _)| kept).sum();
        let lost: usize = tallies.iter().map(|(_, lost)| lost).sum();
        let undone = honest(world).map(|(_, peer)| peer.undone).max().unwrap_or(0);
        let mut measures = vec![
            Measure::count(
                "height",
                t!("blocks in the best chain"),
                best(world).map_or(0, |best| best.height as usize),
            ),
            Measure::count("lost", t!("blocks thrown away"), lost),
            Measure::new("lost-share", t!("share of blocks thrown away"), Unit::Share, share(lost, kept + lost)),
            Measure::count("undone", t!("blocks undone at once, at the most"), undone as usize),
            Measure::count("hidden", t!("blocks hidden"), hidden(world).len()),
            Measure::count("robbed", t!("deliveries whose payment is not in the chain"), robbed(world)),
        ];
        let miners = (0..world.config().miners).map(NodeId).zip(&tallies);
        measures.extend(miners.map(|(node, (own, _))| {
            Measure::new("chain-share", t!("share of the chain"), Unit::Share, share(*own, kept)).of(node)
        }));
        measures
    }
}
