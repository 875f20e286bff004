//! What the lab counts.

use sim::frame::{Measure, Unit};
use sim::{Measures, NodeId, WorldOf, t};

use super::file::{BLOCKS, Pieces};
use super::{Disk, Node, PeerToPeer, S};

/// The newest of what a node has written and what it knows.
pub(super) fn disk(world: WorldOf<'_, PeerToPeer>, node: NodeId) -> &Disk {
    let state = world.nodes().state(node).and_then(Node::peer);
    state.map_or_else(|| world.nodes().disk(node), |peer| &peer.disk)
}

/// When a peer had the whole file, since it was started first.
pub(super) fn finished_us(world: WorldOf<'_, PeerToPeer>, node: NodeId) -> Option<u64> {
    let (disk, pieces) = (disk(world, node), u32::from(world.config().pieces));
    let at_us = if disk.have.count() == pieces { disk.had_us.last() } else { None };
    Some(at_us? - disk.began_us?)
}

/// The share of the file that a peer has, blocks of pieces that are begun among them, in millionths.
pub(super) fn share_ppm(world: WorldOf<'_, PeerToPeer>, node: NodeId) -> u64 {
    let all = u64::from(world.config().pieces) * u64::from(BLOCKS);
    let pieces = u64::from(disk(world, node).have.count()) * u64::from(BLOCKS);
    let begun = world.nodes().state(node).and_then(Node::peer).map_or(0, |peer| {
        peer.begun.iter().map(|begun| u64::from(BLOCKS) - begun.missing().count() as u64).sum::<u64>()
    });
    (pieces + begun) * 1_000_000 / all.max(1)
}

impl Measures for PeerToPeer {
    fn measures(world: WorldOf<'_, PeerToPeer>) -> Vec<Measure> {
        let peers: Vec<NodeId> = world.config().wanting().collect();
        let finished: Vec<u64> = peers.iter().filter_map(|node| finished_us(world, *node)).collect();
        let from_peers: u64 = peers.iter().map(|node| disk(world, *node).gave).sum();
        let thrown: u32 = peers.iter().map(|node| disk(world, *node).thrown).sum();
        let there = peers.iter().filter(|node| world.nodes().state(**node).is_some());
        let out = there.fold(Pieces::default(), |all, node| all.and(disk(world, *node).have)).count();
        let last_us = finished.iter().copied().max().unwrap_or(0);
        let mut measures = vec![
            Measure::count("finished", t!("peers with the whole file"), finished.len()),
            Measure::new("last-finished", t!("the last of them had it after"), Unit::Time, last_us as i64),
            Measure::count("pieces-out", t!("pieces that are with peers"), out as usize),
            Measure::count("from-seed", t!("blocks that S has sent"), disk(world, S).gave as usize),
            Measure::count("from-peers", t!("blocks that peers have sent"), from_peers as usize),
            Measure::count("thrown", t!("pieces thrown away"), thrown as usize),
        ];
        measures.extend(peers.iter().map(|node| {
            Measure::new("share", t!("share of the file"), Unit::Share, share_ppm(world, *node) as i64).of(*node)
        }));
        measures
    }
}
