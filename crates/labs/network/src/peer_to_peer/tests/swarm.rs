//! What nodes do with each other.

use ::parts::connection::Wire;
use ::parts::values::{number, word};
use sim::{Input, MessageId, NodeId, Value};

use super::super::measures::{disk, finished_us};
use super::super::{Body, Message, Node, Pieces, S, T};
use super::{p, peer, swarm};

fn said(message: &Message) -> Option<Body> {
    if let Message::Wire(Wire::Said { body, .. }) = message { Some(*body) } else { None }
}

/// BEP 3, peer protocol: connections start out choked and not interested.
#[test]
fn a_connection_begins_choked_and_not_interested() {
    let mut run = swarm(&[]);
    while run
        .world()
        .nodes()
        .state(p(1))
        .and_then(Node::peer)
        .is_none_or(|peer| !peer.neighbours.get(&p(2)).is_some_and(|other| other.connection.is_open()))
    {
        run.step();
    }
    let other = peer(&run, p(1)).neighbours.get(&p(2)).unwrap();
    assert!(other.is_choked && other.chokes && !other.is_interested && !other.is_wanted);
}

/// BEP 3: no data is sent before unchoking; requests are queued up and thrown out when a choke happens.
#[test]
fn blocks_are_sent_to_those_only_who_have_a_place() {
    let mut run = swarm(&[("peers", number(8))]);
    for _ in 0..3_000 {
        run.step();
        for node in run.world().config().wanting().chain([S]) {
            let Some(peer) = run.world().nodes().state(node).and_then(Node::peer) else { continue };
            assert!(peer.neighbours.values().filter(|other| other.is_served()).count() <= 4);
            assert!(peer.neighbours.values().all(|other| !other.is_choked || other.wishes.is_empty()));
        }
    }
}

/// BEP 3: interest must be kept up to date at all times.
#[test]
fn interest_is_what_it_should_be_at_every_moment() {
    let mut run = swarm(&[("peers", number(6))]);
    for _ in 0..2_500 {
        run.step();
        for node in run.world().config().wanting() {
            let Some(peer) = run.world().nodes().state(node).and_then(Node::peer) else { continue };
            for other in peer.neighbours.values().filter(|other| other.connection.is_open()) {
                assert_eq!(other.is_wanted, !other.has.without(peer.disk.have).is_empty());
            }
        }
    }
}

/// The brief's trap: a Have goes to who lacks the piece, and to who gave it.
#[test]
fn a_have_goes_to_who_lacks_the_piece_and_to_who_gave_it() {
    let mut run = swarm(&[]);
    let mut told = 0;
    for _ in 0..1_500 {
        run.step();
        for id in run.messages(|_, _, message| matches!(said(message), Some(Body::Have(_)))) {
            let sent_at_us =
                run.world().messages().find(|envelope| envelope.id == id).map(|envelope| envelope.sent_at_us);
            if sent_at_us != Some(run.now_us()) {
                continue;
            }
            let Some(Body::Have(piece)) = said(&message(&run, id)) else { continue };
            let known = peer(&run, id.from).neighbours.get(&id.to).unwrap().has.has(piece);
            told += 1;
            assert!(!known || id.to == S || peer(&run, id.to).disk.gave > 0, "{id:?}");
        }
    }
    assert!(told > 50);
}

fn message(run: &sim::Director<super::PeerToPeer>, id: MessageId) -> Message {
    run.world().messages().find(|envelope| envelope.id == id).map(|envelope| envelope.payload.clone()).unwrap()
}

/// BEP 3, trackers: started, stopped, and forgotten after silence.
#[test]
fn the_tracker_lists_who_takes_part() {
    let mut run = swarm(&[("announce_s", number(10))]);
    run.run_until_us(5_000_000);
    let listed = |run: &sim::Director<super::PeerToPeer>| -> Vec<NodeId> {
        let tracker = run.world().nodes().state(T).and_then(Node::tracker).unwrap();
        tracker.known.iter().map(|(node, _)| *node).collect()
    };
    assert_eq!(listed(&run), [S, p(1), p(2), p(3), p(4), p(5)]);
    run.operate(p(1), "stop", &[]);
    run.operate(p(2), "plug", &[]);
    run.run_for_us(1_000_000);
    assert_eq!(listed(&run), [S, p(2), p(3), p(4), p(5)], "P1 has said that it leaves");
    run.run_for_us(22_000_000);
    assert_eq!(listed(&run), [S, p(3), p(4), p(5)], "P2 is silent");
}

/// S leaves, and says so, when each piece is with somebody who gives; and all have the file all the same.
#[test]
fn the_seed_leaves_when_each_piece_has_come_to_somebody_who_gives() {
    let mut run = swarm(&[("seed_leaves", Value::Flag(true)), ("free_riders", number(2))]);
    assert!(run.run_until(|world| world.nodes().state(S).is_none()));
    let world = run.world();
    let givers = [p(1), p(2), p(3)].map(|node| disk(world, node).have);
    assert_eq!(givers.into_iter().fold(Pieces::default(), Pieces::and), Pieces::first(12));
    assert!(disk(world, S).has_left && world.config().wanting().all(|node| finished_us(world, node).is_none()));
    assert!(run.run_until(|world| world.config().wanting().all(|node| finished_us(world, node).is_some())));
    assert_eq!([p(4), p(5)].map(|node| disk(run.world(), node).gave), [0, 0]);
}

/// A crash keeps the pieces and loses the blocks of those that were begun.
#[test]
fn pieces_stay_and_blocks_go_in_a_crash() {
    let mut run = swarm(&[]);
    run.run_until_us(4_000_000);
    let before = peer(&run, p(1)).disk.have;
    assert!(before.count() > 1);
    run.act(Input::Crash(p(1)));
    run.act(Input::Restart(p(1)));
    let again = peer(&run, p(1));
    assert_eq!((again.disk.have, again.counted, again.begun.len()), (before, 4 * before.count(), 0));
    assert!(run.run_until(|world| finished_us(world, p(1)).is_some()));
}

/// Who gave all blocks of three wrong pieces in a row is banned for a minute.
#[test]
fn who_sends_rubbish_is_banned() {
    let mut run = swarm(&[("peers", number(2)), ("up_kbps", number(2_560)), ("pieces", number(24))]);
    run.operate(p(1), "rubbish", &[]);
    assert!(run.run_until(|world| {
        let other = world.nodes().state(p(2)).and_then(Node::peer).and_then(|peer| peer.neighbours.get(&p(1)));
        other.is_some_and(|other| other.banned_until_us > 0)
    }));
    let known = peer(&run, p(2));
    assert!(known.disk.thrown >= 3 && known.disk.spoilt.is_empty());
    assert!(known.neighbours.get(&p(1)).unwrap().asked.is_empty());
    assert!(run.run_until(|world| finished_us(world, p(2)).is_some()), "S has all of it");
}

/// Whoever is told to give nothing gives nothing.
#[test]
fn a_free_rider_gives_nothing() {
    let mut run = swarm(&[]);
    run.run_until_us(3_000_000);
    run.operate(p(2), "ride", &[]);
    let gave = peer(&run, p(2)).disk.gave;
    run.run_until_us(20_000_000);
    assert!(peer(&run, p(2)).disk.gave <= gave + 1);
}

/// A lost message costs time and nothing else.
#[test]
fn losses_cost_time_only() {
    let last = |percent: i64| {
        let mut run = swarm(&[("loss_percent", number(percent)), ("pieces", number(24))]);
        assert!(run.run_until(|world| world.config().wanting().all(|node| finished_us(world, node).is_some())));
        run.now_us()
    };
    let (none, some) = (last(0), last(2));
    assert!(none < some && some < 20 * none, "{none} {some}");
}

/// From one server: all have it at the same time, and T and the other peers have nothing to do.
#[test]
fn one_server_gives_to_all_in_turn() {
    let mut run = swarm(&[("mode", word("client-server"))]);
    run.run_until_us(6_000_000);
    let shares: Vec<u32> = run.world().config().wanting().map(|node| peer(&run, node).counted).collect();
    let (least, most) = (shares.iter().min().unwrap(), shares.iter().max().unwrap());
    assert!(most - least <= 1, "{shares:?}");
    assert!(run.world().nodes().state(T).and_then(Node::tracker).unwrap().known.iter().next().is_none());
    assert!(run.world().config().wanting().all(|node| peer(&run, node).disk.gave == 0));
}
