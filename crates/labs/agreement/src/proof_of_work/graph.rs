//! Who is linked with whom: a ring of miners with chords at random, and wallets at two miners each.

use sim::NodeId;
use sim::rng::Rng;

/// The links, each once, the lower number first. No miner gets more than `peers` links to others, but for the two of the ring.
pub fn links(miners: u16, peers: u16, number: u64) -> Vec<(NodeId, NodeId)> {
    let mut links = Vec::new();
    let add = |a: u16, b: u16, links: &mut Vec<(NodeId, NodeId)>| {
        let link = (NodeId(a.min(b)), NodeId(a.max(b)));
        if a != b && !links.contains(&link) {
            links.push(link);
        }
    };
    (0..miners).for_each(|node| add(node, (node + 1) % miners, &mut links));
    let mut rng = Rng::stream(number, u64::from(miners) << 8 | u64::from(peers));
    let degree = |node: u16, links: &[(NodeId, NodeId)]| {
        links.iter().filter(|(a, b)| *a == NodeId(node) || *b == NodeId(node)).count()
    };
    // The two of a pair are drawn among those that have room: so many tries are enough for nearly all.
    for _ in 0..u32::from(miners) * u32::from(peers) * 4 {
        let free: Vec<u16> = (0..miners).filter(|node| degree(*node, &links) < usize::from(peers)).collect();
        if free.len() < 2 {
            break;
        }
        let mut draw = || free[rng.below(free.len() as u64) as usize];
        let (a, b) = (draw(), draw());
        add(a, b, &mut links);
    }
    for (place, wallet) in [miners, miners + 1].into_iter().enumerate() {
        let first = place as u16 * miners / 2;
        add(wallet, first % miners, &mut links);
        add(wallet, (first + miners / 3 + 1) % miners, &mut links);
    }
    links
}
