//! The parts by themselves.

use ::parts::connection::Connection;
use sim::{Map, NodeId};

use super::super::bounds::Bounds;
use super::super::choker::{Plan, Wants, choose};
use super::super::file::{BlockId, Pieces, hash, promised};
use super::super::line::{Downlink, Received, Uplink, takes_us};
use super::super::neighbour::Neighbour;
use super::super::picker::{Pick, Picker};
use super::super::pieces::{Begun, Got};
use super::super::settings::Selection;
use super::p;

/// BEP 3, metainfo files: a hash for each piece. One block that is another one makes another hash.
#[test]
fn a_piece_with_one_wrong_block_does_not_fit() {
    let right = BlockId::of(7).map(BlockId::content);
    assert_eq!(hash(&right), promised(7));
    for block in 0..4 {
        let mut wrong = right;
        wrong[block] ^= 1;
        assert_ne!(hash(&wrong), promised(7));
    }
    assert_ne!(hash(&[right[1], right[0], right[2], right[3]]), promised(7), "in their order");
}

#[test]
fn sets_of_pieces() {
    let mut some = Pieces::first(3);
    some.add(63);
    assert_eq!((some.count(), some.iter().collect::<Vec<_>>()), (4, vec![0, 1, 2, 63]));
    assert_eq!(Pieces::first(64).without(some).count(), 60);
    assert!(some.has(63) && !some.has(3) && Pieces::default().is_empty());
}

/// Kurose and Ross, section 1.4: L / R; section 2.5 for what follows from it.
#[test]
fn a_block_leaves_when_the_one_before_it_has_left() {
    // 16 KiB over 256 kbit/s.
    assert_eq!(takes_us(16_384, 256), 512_000);
    let mut line = Uplink::default();
    let id = BlockId { piece: 0, block: 0 };
    line.begin(p(1), id, 512_000, 1_000);
    assert!(!line.is_free(512_999) && line.is_free(513_000));
    line.begin(p(2), id, 512_000, 513_000);
    assert_eq!((line.number, line.free_us, line.last.unwrap().was_free_us), (2, 1_025_000, 513_000));
}

#[test]
fn a_downlink_keeps_waiting_what_comes_faster_than_it_takes() {
    let mut line = Downlink::default();
    let block = |piece| Received { from: p(1), id: BlockId { piece, block: 0 }, content: 0 };
    assert_eq!(line.arrive(block(0), 50, 1_000), Some(block(0)), "its bits came one after the other");
    assert_eq!(line.arrive(block(1), 50, 1_010), None, "in the same 50 µs");
    assert_eq!((line.next_us(), line.take(1_049)), (Some(1_050), None));
    assert_eq!((line.take(1_050), line.waiting()), (Some(block(1)), 0));
}

/// Kurose and Ross, section 2.5, figure 2.23: F/u = 1 h, u_s = 10 u.
#[test]
fn the_two_formulas() {
    let hour_us = 3_600_000_000;
    for peers in 1..=35 {
        let bounds = Bounds::new(450_000_000, peers, 10_000, 1_000, 10_000);
        assert_eq!(bounds.client_server_us, (peers * hour_us / 10).max(hour_us / 10));
        assert_eq!(bounds.swarm_us, (peers * hour_us / (peers + 10)).max(hour_us / 10), "{peers}");
    }
    let slow_lines = Bounds::new(450_000_000, 5, 1_000_000, 1_000, 2_000);
    assert_eq!((slow_lines.client_server_us, slow_lines.swarm_us), (hour_us / 2, hour_us / 2), "the downlink decides");
}

const PLAN: Plan =
    Plan { places: 4, tit_for_tat: true, optimistic: true, is_seed: false, is_round: true, is_change: false };

fn wants(number: u16, score: u32) -> Wants {
    Wants { node: p(number), score, since_us: u64::from(number), has_place: false, is_new: false }
}

/// BEP 3, peer protocol: the best by what they have given, and one regardless of that.
#[test]
fn three_who_gave_most_and_one_more_are_served() {
    let all = [wants(1, 5), wants(2, 1), wants(3, 9), wants(4, 7), wants(5, 0), wants(6, 0)];
    let (chosen, lucky) = choose(&all, None, PLAN, &mut |bound| bound - 1);
    assert_eq!((chosen, lucky), (vec![p(3), p(4), p(1), p(6)], Some(p(6))));
    let (chosen, lucky) = choose(&all, Some(p(5)), PLAN, &mut |_| 0);
    assert_eq!((chosen.last(), lucky), (Some(&p(5)), Some(p(5))), "it stays until it is time for another one");
    let (_, lucky) = choose(&all, Some(p(5)), Plan { is_change: true, ..PLAN }, &mut |bound| bound - 1);
    assert_eq!(lucky, Some(p(6)));
}

/// The same: who has given nothing gets no other place, unless it is asked by one that has all (Legout et al. 2006, section 2.2.2).
#[test]
fn who_gave_nothing_has_the_free_place_only() {
    let all = [wants(1, 0), wants(2, 0), wants(3, 0), wants(4, 0), wants(5, 0)];
    assert_eq!(choose(&all, None, PLAN, &mut |_| 0).0.len(), 1);
    assert_eq!(choose(&all, None, Plan { optimistic: false, ..PLAN }, &mut |_| 0).0.len(), 0);
    assert_eq!(choose(&all, None, Plan { is_seed: true, ..PLAN }, &mut |_| 0).0.len(), 4);
}

/// BEP 3, peer protocol: new connections are three times as likely.
#[test]
fn who_is_new_is_three_times_as_likely() {
    let all = [wants(1, 0), Wants { is_new: true, ..wants(2, 0) }];
    let chosen = |lot: u64| choose(&all, None, PLAN, &mut |bound| if bound == 4 { lot } else { 0 }).1;
    assert_eq!([0, 1, 2, 3].map(chosen), [Some(p(1)), Some(p(2)), Some(p(2)), Some(p(2))]);
}

/// BEP 3: who is choked changes with rounds only; a free place is given at once.
#[test]
fn between_rounds_nobody_loses_a_place() {
    let all = [Wants { has_place: true, ..wants(1, 1) }, wants(2, 9), wants(3, 8), wants(4, 7)];
    let plan = Plan { optimistic: false, places: 2, is_round: false, ..PLAN };
    assert_eq!(choose(&all, None, plan, &mut |_| 0).0, [p(1), p(2)]);
    assert_eq!(choose(&all, None, Plan { is_round: true, ..plan }, &mut |_| 0).0, [p(2), p(3)]);
}

#[test]
fn in_turn_those_come_first_who_have_waited_longest() {
    let all = [wants(4, 0), wants(1, 9), wants(3, 9), wants(2, 9)];
    let plan = Plan { tit_for_tat: false, places: 2, ..PLAN };
    assert_eq!(choose(&all, None, plan, &mut |_| 0), (vec![p(1), p(2)], None));
}

fn neighbours(has: &[&[u8]]) -> Map<NodeId, Neighbour> {
    (1..)
        .zip(has)
        .map(|(number, pieces)| {
            let mut neighbour = Neighbour::new(Connection::awaiting(1, 0));
            pieces.iter().for_each(|piece| neighbour.has.add(*piece));
            (p(number), neighbour)
        })
        .collect()
}

fn next(picker: Picker<'_>, all: &Map<NodeId, Neighbour>, of: u16) -> Option<Pick> {
    picker.next(all.get(&p(of)).unwrap(), all, &mut |_| 0)
}

/// Cohen 2003, section 2.4.1: strict priority; 2.4.2: rarest first.
#[test]
fn a_piece_that_is_begun_comes_first_and_then_the_rarest() {
    let all = neighbours(&[&[4, 5, 6, 7], &[4, 5, 7], &[4, 5]]);
    let mut begun = Begun::new(5);
    begun.asked = [1, 1, 0, 0];
    let have = Pieces::first(4);
    let picker = Picker { all: Pieces::first(8), have, begun: &[begun], in_vain: &[], selection: Selection::Rarest };
    assert_eq!(next(picker, &all, 1), Some(Pick::Fresh(BlockId { piece: 5, block: 2 })));
    let picker = Picker { begun: &[], ..picker };
    assert_eq!(next(picker, &all, 1), Some(Pick::Fresh(BlockId { piece: 6, block: 0 })), "one copy");
    assert_eq!(next(picker, &all, 2), Some(Pick::Fresh(BlockId { piece: 7, block: 0 })), "two copies");
    let picker = Picker { selection: Selection::InOrder, ..picker };
    assert_eq!(next(picker, &all, 1), Some(Pick::Fresh(BlockId { piece: 4, block: 0 })));
}

/// Legout et al. 2006, section 2.2.1: the first four pieces at random.
#[test]
fn the_first_four_pieces_are_chosen_at_random() {
    let all = neighbours(&[&[0, 1, 2, 3, 4, 5], &[0, 1, 2, 3, 4]]);
    let picker = Picker {
        all: Pieces::first(8),
        have: Pieces::first(3),
        begun: &[],
        in_vain: &[],
        selection: Selection::Rarest,
    };
    assert_eq!(next(picker, &all, 1), Some(Pick::Fresh(BlockId { piece: 3, block: 0 })), "the lot says the first");
    let picker = Picker { have: Pieces::first(4), ..picker };
    assert_eq!(next(picker, &all, 1), Some(Pick::Fresh(BlockId { piece: 5, block: 0 })), "the rarest");
}

/// BEP 3, peer messages: once requests for all pieces are pending, it asks everybody.
#[test]
fn when_all_is_asked_for_everybody_is_asked() {
    let mut all = neighbours(&[&[0, 1], &[0, 1]]);
    let mut begun = Begun::new(1);
    begun.blocks = [Some(Got { content: 0, from: p(1) }), None, None, None];
    begun.asked = [0, 1, 1, 0];
    let asked = [1, 2].map(|block| BlockId { piece: 1, block });
    all.get_mut(&p(1)).unwrap().asked.extend(asked);
    let picked = |begun: &Begun, all: &Map<NodeId, Neighbour>, of: u16| {
        let begun = std::slice::from_ref(begun);
        let have = Pieces::one(0);
        next(Picker { all: Pieces::first(2), have, begun, in_vain: &[], selection: Selection::Rarest }, all, of)
    };
    assert_eq!(picked(&begun, &all, 2), Some(Pick::Fresh(BlockId { piece: 1, block: 3 })));
    begun.asked[3] = 1;
    all.get_mut(&p(1)).unwrap().asked.push(BlockId { piece: 1, block: 3 });
    assert_eq!(picked(&begun, &all, 2), Some(Pick::Endgame(asked[0])));
    assert_eq!(picked(&begun, &all, 1), None, "it is asked for all of them");
}
