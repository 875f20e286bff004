//! Blocks, work, and how nodes follow them (Nakamoto 2008, sections 4 and 5).

use parts::values::{number, word};
use sim::{Input, NodeId, Value};

use super::super::block::{Block, Draft, REWARD, ancestor, chain, fork, median_us, stands_on};
use super::super::difficulty::{DRAW_BITS, luck_us, mean_us, next_work};
use super::super::{Config, Link, Payment, Powers, Retarget, graph, power, settings};
use super::{block, line, peer, run};
use crate::proof_of_work::Attacker;

const M1: NodeId = NodeId(0);
const M4: NodeId = NodeId(3);
const M5: NodeId = NodeId(4);
const W1: NodeId = NodeId(6);
const W2: NodeId = NodeId(7);

fn config(changes: &[(&'static str, Value)]) -> Config {
    run(changes, 1).world().config().clone()
}

/// Section 3: each block names the one before it, so that it fixes all of them.
#[test]
fn a_digest_fixes_the_whole_chain() {
    let (one, other) = (line(3), block(&line(2), 29_000_000, Vec::new()));
    assert_eq!(one.id, line(3).id);
    assert_ne!(one.id, other.id);
    assert_ne!(block(&one, 40_000_000, Vec::new()).id, block(&other, 40_000_000, Vec::new()).id);
    assert_eq!((fork(&one, &other).height, stands_on(&one, &line(1)), stands_on(&one, &other)), (2, true, false));
    assert_eq!(ancestor(&one, 1).map(|block| block.id), Some(line(1).id));
}

/// A chain of a hundred thousand blocks is dropped without as many calls within calls.
#[test]
fn a_long_chain_can_be_dropped() {
    let tip = line(100_000);
    assert_eq!(chain(&tip).count(), 100_001);
    drop(tip);
}

/// A coin is spent in a chain, and not in another one.
#[test]
fn a_chain_knows_which_coins_it_has_spent() {
    let (base, pay) = (line(2), |number| Payment::new(W1, W2, 4, number));
    let (one, other) = (block(&base, 30_000_000, vec![pay(0)]), block(&base, 31_000_000, vec![pay(1)]));
    assert!(one.has(&pay(0)) && !one.has(&pay(1)) && other.has(&pay(1)) && base.spender(4).is_none());
    assert_eq!(block(&one, 40_000_000, Vec::new()).spender(4), Some(pay(0).id));
}

/// Bitcoin: a block has to be later than the median of the eleven before it.
#[test]
fn the_median_is_of_the_last_eleven() {
    assert_eq!(median_us(&line(20)), 150_000_000);
    assert_eq!(median_us(&Block::genesis()), 0);
}

/// A chain in which each block of the window took so long.
fn window(config: &Config, gap_us: i64) -> Link {
    (1..config.window as i64).fold(Block::genesis(), |tip, place| block(&tip, place * gap_us, Vec::new()))
}

/// Bitcoin, pow.cpp, CalculateNextWorkRequired: old work times expected over actual time, the actual one limited to a factor of four;
/// from the first to the last block of a window there is one interval less than expected.
#[test]
fn bitcoin_sets_the_work_after_each_window() {
    let config = config(&[("retarget", word("bitcoin")), ("window", number(20))]);
    let after = |gap_us: i64| next_work(&window(&config, gap_us), 0, &config);
    assert_eq!(after(10_000_000), 1_000_000 * 20 / 19);
    assert_eq!(after(20_000_000), 1_000_000 * 10 / 19);
    assert_eq!(after(1_000), 4_000_000);
    assert_eq!(after(1_000_000_000), 250_000);
    assert_eq!(next_work(&line(5), 0, &config), 1_000_000);
}

/// EIP-2: parent + parent / 2048 · max(1 - Δt / 10 s, -99).
#[test]
fn homestead_sets_the_work_with_each_block() {
    let config = config(&[("retarget", word("homestead"))]);
    assert_eq!(config.retarget, Retarget::Homestead);
    let parent = line(1);
    let after = |gap_s: i64| next_work(&parent, parent.time_us + gap_s * 1_000_000, &config) as i64 - 1_000_000;
    assert_eq!([0, 9, 10, 19, 20, 35, 5_000].map(after), [488, 488, 0, 0, -488, -976, -488 * 99]);
}

/// Who has a tenth of the power needs ten times as long; the times are exponential.
#[test]
fn luck_is_exponential() {
    assert_eq!(mean_us(1_000_000, 100_000, 600_000_000), 6_000_000_000);
    let middle = luck_us(10_000_000, 1 << (DRAW_BITS - 1));
    assert!(middle.abs_diff(6_931_472) < 10, "{middle}");
    assert!(luck_us(10_000_000, 0) > 300_000_000 && luck_us(10_000_000, (1 << DRAW_BITS) - 1) < 10);
}

#[test]
fn shares_of_the_power_come_to_all_of_it() {
    for powers in [Powers::Equal, Powers::OneThird, Powers::SixtyForty] {
        for attacker in [Attacker::None, Attacker::Selfish] {
            for miners in 3..40 {
                let shares = power::shares(miners, powers, attacker, 30);
                assert_eq!((shares.len(), shares.iter().sum::<u64>()), (usize::from(miners), 1_000_000));
            }
        }
    }
    assert_eq!(power::shares(6, Powers::SixtyForty, Attacker::None, 0)[..3].iter().sum::<u64>(), 600_000);
    assert_eq!(power::shares(6, Powers::Equal, Attacker::Selfish, 40)[5], 400_000);
}

/// Only drawn links are used, and everybody can be reached.
#[test]
fn the_graph_is_connected_and_has_few_links() {
    for miners in [3, 4, 6, 8, 17, settings::MOST_MINERS] {
        for number in 1..10 {
            let links = graph::links(miners, 3, number);
            let mut reached = vec![NodeId(0)];
            while let Some((a, b)) = links.iter().find(|(a, b)| reached.contains(a) != reached.contains(b)) {
                reached.push(if reached.contains(a) { *b } else { *a });
            }
            assert_eq!(reached.len(), usize::from(miners) + 2);
            let most = (0..miners)
                .map(NodeId)
                .map(|node| links.iter().filter(|(a, b)| node == *a || node == *b).count())
                .max();
            assert!(most <= Some(3 + 2), "{miners} {number}: {most:?}");
        }
    }
}

/// Section 5: nodes work on the first one they received, and switch when the other branch becomes longer.
#[test]
fn a_tie_is_broken_by_the_next_block() {
    let mut director = run(&[("interval_ms", number(3_600_000))], 1);
    director.operate(M1, "mine", &[]);
    director.operate(M4, "mine", &[]);
    director.run_for_us(2_000_000);
    let (one, other) = (peer(&director, M1).tip.id, peer(&director, M4).tip.id);
    assert_ne!(one, other);
    director.operate(M5, "mine", &[]);
    let side = peer(&director, M5).tip.parent_id();
    director.run_for_us(2_000_000);
    for node in (0..8).map(NodeId) {
        assert_eq!((peer(&director, node).tip.height, peer(&director, node).tip.parent_id()), (2, side), "{node:?}");
    }
    assert!([one, other].contains(&side));
}

/// Section 5: who misses a block asks for it when it receives the next one.
#[test]
fn what_was_missed_is_asked_for() {
    let mut director = run(&[("interval_ms", number(3_600_000))], 1);
    director.act(Input::Split(vec![vec![M5], (0..8).filter(|node| *node != 4).map(NodeId).collect()]));
    for _ in 0..5 {
        director.operate(M1, "mine", &[]);
        director.run_for_us(2_000_000);
    }
    director.act(Input::HealAll);
    director.run_for_us(5_000_000);
    assert_eq!(peer(&director, M5).tip.height, 0);
    director.operate(M1, "mine", &[]);
    director.run_for_us(20_000_000);
    assert_eq!(peer(&director, M5).tip.height, 6);
}

/// Section 5, step 5: a block that spends a coin twice is refused, and so is all that stands on it.
#[test]
fn a_block_that_spends_twice_is_refused() {
    let mut director = run(&[("interval_ms", number(3_600_000))], 1);
    director.act(Input::Set { name: "check_spends".to_string(), value: Value::Flag(false) });
    director.operate(W1, "pay-twice", &[]);
    director.run_for_us(3_000_000);
    director.operate(M1, "mine", &[]);
    let payments = peer(&director, M1).tip.payments.len();
    assert_eq!(payments, 2);
    director.act(Input::Set { name: "check_spends".to_string(), value: Value::Flag(true) });
    director.run_for_us(5_000_000);
    for node in (1..8).map(NodeId) {
        assert_eq!(peer(&director, node).tip.height, 0, "{node:?}");
    }
}

/// A reorganization gives payments back to the pool, and they are mined again.
#[test]
fn payments_of_lost_blocks_come_into_a_chain_again() {
    let mut director = run(&[("interval_ms", number(3_600_000))], 1);
    let all: Vec<NodeId> = (0..8).map(NodeId).collect();
    director.act(Input::Split(vec![vec![M1, W1], all.into_iter().filter(|node| ![M1, W1].contains(node)).collect()]));
    director.operate(W1, "pay", &[]);
    director.run_for_us(2_000_000);
    director.operate(M1, "mine", &[]);
    let payment = peer(&director, M1).tip.payments[0];
    for _ in 0..2 {
        director.operate(M4, "mine", &[]);
        director.run_for_us(2_000_000);
    }
    director.act(Input::HealAll);
    director.operate(M4, "mine", &[]);
    director.run_for_us(20_000_000);
    assert!(!peer(&director, M1).tip.has(&payment) && peer(&director, M1).undone == 1);
    director.operate(M5, "mine", &[]);
    director.run_for_us(5_000_000);
    assert!(peer(&director, M1).tip.has(&payment) && peer(&director, W2).tip.has(&payment));
}

/// A block that is too early, takes too much or has another work breaks what the monitor promises, whoever believes it.
#[test]
fn the_monitor_knows_a_wrong_block() {
    let config = config(&[]);
    let parent = line(3);
    let right =
        Draft { time_us: 40_000_000, work: parent.work, miner: M1, reward: REWARD, kb: 0, payments: Vec::new() };
    let wrong = [
        Draft { time_us: 10_000_000, ..right.clone() },
        Draft { reward: 2, ..right.clone() },
        Draft { work: 999_999, ..right.clone() },
    ];
    let is_right = |draft: Draft| super::super::monitor::is_right(&Block::on(&parent, draft), &parent, &config);
    assert!(is_right(right));
    assert!(wrong.into_iter().all(|draft| !is_right(draft)));
}
