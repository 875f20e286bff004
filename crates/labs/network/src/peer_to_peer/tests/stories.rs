//! The scenarios come to what their sentences say.

use sim::{NodeId, World, WorldOf};

use super::super::bounds::Bounds;
use super::super::measures::{disk, finished_us, share_ppm};
use super::super::{Node, PeerToPeer, S};
use super::{LAB, p};

/// The world of a scenario, so many microseconds after its opening moment.
fn world(scenario: &str, after_us: u64) -> World {
    let mut world = LAB.prepare(scenario).unwrap().world;
    let end_us = world.now_us() + after_us;
    while world.next_at_us().is_some_and(|next_us| next_us <= end_us) && world.step() {}
    world
}

fn peers(of: WorldOf<'_, PeerToPeer>) -> Vec<NodeId> {
    of.config().wanting().collect()
}

fn mean_percent(world: &World) -> u64 {
    let of = world.of::<PeerToPeer>();
    let peers = peers(of);
    peers.iter().map(|node| share_ppm(of, *node)).sum::<u64>() / peers.len() as u64 / 10_000
}

/// When the last one has the file, in seconds.
fn last_s(world: &World) -> Option<u64> {
    let of = world.of::<PeerToPeer>();
    let times: Option<Vec<u64>> = peers(of).into_iter().map(|node| finished_us(of, node)).collect();
    times?.into_iter().max().map(|us| (us + 500_000) / 1_000_000)
}

#[test]
fn half_of_it_after_24_seconds_and_all_after_47() {
    let opening = world("overtaken", 0);
    assert!((48..=53).contains(&mean_percent(&opening)), "{}", mean_percent(&opening));
    let of = opening.of::<PeerToPeer>();
    let from_peers: u64 = peers(of).iter().map(|node| disk(of, *node).gave).sum();
    let share = 100 * from_peers / (from_peers + disk(of, S).gave);
    assert!((35..=45).contains(&share), "{share} % from each other");
    assert_eq!(last_s(&world("overtaken", 60_000_000)), Some(47));
    assert!((28..=32).contains(&mean_percent(&world("server-alone", 0))));
    assert_eq!(last_s(&world("server-alone", 60_000_000)), Some(79));
}

#[test]
fn fourteen_servers_are_half_way() {
    let opening = world("murder-2010", 0);
    assert!((50..=53).contains(&mean_percent(&opening)));
    let bounds = Bounds::of(opening.of::<PeerToPeer>().config());
    let last = last_s(&world("murder-2010", 20_000_000)).unwrap();
    println!("half-way at {}, all at {last} s, {bounds:?}", opening.now_us());
    assert!(bounds.client_server_us > 60_000_000 && last < 15);
}

#[test]
fn in_their_order_the_end_is_missing_and_the_rarest_first_it_is_not() {
    assert_eq!(last_s(&world("last-piece", 300_000_000)), None);
    let in_order = world("last-piece", 300_000_000);
    let of = in_order.of::<PeerToPeer>();
    assert!(peers(of).iter().all(|node| !disk(of, *node).have.has(11)));
    assert!(last_s(&world("rarest-first", 60_000_000)).is_some_and(|last| last < 30));
    let sent = |name: &str| disk(world(name, 0).of::<PeerToPeer>(), S).gave;
    assert_eq!(sent("last-piece"), sent("rarest-first"));
}

/// Cohen 2003, section 3.2; Locher et al. 2006: they get it, and later.
#[test]
fn those_who_give_nothing_come_last() {
    let end = world("free-riders", 60_000_000);
    let of = end.of::<PeerToPeer>();
    let at = |number: u16| finished_us(of, p(number)).unwrap();
    let (last_giver, first_rider) = ((1..=7).map(at).max().unwrap(), (8..=10).map(at).min().unwrap());
    assert!(last_giver < first_rider, "{last_giver} {first_rider}");
}

#[test]
fn rubbish_is_thrown_away_and_its_sender_banned() {
    let end = world("rubbish", 6_000_000);
    let of = end.of::<PeerToPeer>();
    let bans = |node: &NodeId| {
        let peer = of.nodes().state(*node).and_then(Node::peer);
        peer.and_then(|peer| peer.neighbours.get(&p(3))).is_some_and(|other| other.banned_until_us > 0)
    };
    assert!(peers(of).iter().any(bans));
    assert!(peers(of).iter().all(|node| disk(of, *node).spoilt.is_empty()));
}

#[test]
fn without_the_tracker_those_inside_go_on_and_a_newcomer_finds_nobody() {
    let opening = world("no-tracker", 0);
    let of = opening.of::<PeerToPeer>();
    let known = |number: u16| of.nodes().state(p(number)).and_then(Node::peer).unwrap().neighbours.iter().count();
    assert_eq!((known(1), known(5)), (4, 0));
    let end = world("no-tracker", 120_000_000);
    let of = end.of::<PeerToPeer>();
    assert!((1..=4).all(|number| finished_us(of, p(number)).is_some()));
    assert!(disk(of, p(5)).have.is_empty());
}
