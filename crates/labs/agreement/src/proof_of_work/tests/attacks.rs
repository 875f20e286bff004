//! A thief and a selfish miner (Nakamoto 2008, section 11; Eyal and Sirer 2014, section 3.2).

use parts::values::{number, word};
use sim::{Director, NodeId};

use super::super::ProofOfWork;
use super::{peer, run};

const M1: NodeId = NodeId(0);
const M2: NodeId = NodeId(1);
const A: NodeId = NodeId(5);
const W2: NodeId = NodeId(7);

fn attacked(kind: &str, confirmations: i64) -> Director<ProofOfWork> {
    let changes = [
        ("attacker", word(kind)),
        ("attacker_share", number(40)),
        ("interval_ms", number(3_600_000)),
        ("confirmations", number(confirmations)),
    ];
    run(&changes, 1)
}

fn mine(director: &mut Director<ProofOfWork>, node: NodeId) {
    director.operate(node, "mine", &[]);
    director.run_for_us(3_000_000);
}

fn hidden(director: &Director<ProofOfWork>) -> usize {
    peer(director, A).attack.as_ref().unwrap().hidden.len()
}

/// Section 11: the thief pays, mines in secret, and sends its branch when the goods are handed over and the branch is longer.
#[test]
fn a_thief_pays_and_takes_the_coin_back() {
    let mut director = attacked("double-spend", 2);
    mine(&mut director, A);
    assert_eq!(hidden(&director), 1);
    mine(&mut director, M1);
    mine(&mut director, M1);
    let paid = peer(&director, W2).disk.delivered[0];
    assert!(peer(&director, W2).tip.has(&paid));
    mine(&mut director, A);
    assert_eq!(hidden(&director), 2, "both branches are equally long");
    mine(&mut director, A);
    assert_eq!(hidden(&director), 0);
    director.run_for_us(10_000_000);
    assert_eq!((peer(&director, W2).tip.height, peer(&director, W2).undone), (3, 2));
    assert!(!peer(&director, W2).tip.has(&paid) && peer(&director, W2).tip.spender(paid.coin).is_some());
    assert_eq!(peer(&director, A).attack.as_ref().map(|attack| (attack.won, attack.ended)), Some((1, 1)));
}

#[test]
fn a_thief_gives_up_when_it_is_far_behind() {
    let mut director = attacked("double-spend", 2);
    mine(&mut director, A);
    (0..7).for_each(|_| mine(&mut director, M1));
    assert_eq!((hidden(&director), peer(&director, A).tip.height), (0, 7));
    assert_eq!(peer(&director, A).attack.as_ref().map(|attack| (attack.won, attack.ended)), Some((0, 1)));
}

/// Algorithm 1: at a lead of 1 a race, which the pool wins if it finds the next block.
#[test]
fn at_a_lead_of_one_there_is_a_race() {
    let mut director = attacked("selfish", 3);
    mine(&mut director, A);
    mine(&mut director, M1);
    assert_eq!(hidden(&director), 0);
    assert!(peer(&director, A).attack.as_ref().unwrap().is_race);
    // With γ = 0 nobody helps it.
    assert_ne!(peer(&director, A).tip.id, peer(&director, M2).tip.id);
    mine(&mut director, A);
    assert_eq!((hidden(&director), peer(&director, M1).tip.miner, peer(&director, M1).tip.height), (0, A, 2));
}

/// Algorithm 1: at a lead of 2 everything is sent, and the others lose their block.
#[test]
fn at_a_lead_of_two_everything_is_sent() {
    let mut director = attacked("selfish", 3);
    mine(&mut director, A);
    mine(&mut director, A);
    mine(&mut director, M1);
    assert_eq!((hidden(&director), peer(&director, M1).tip.miner, peer(&director, M1).undone), (0, A, 1));
}

/// Algorithm 1: at a longer lead one block is sent for each of the others.
#[test]
fn at_a_longer_lead_one_block_is_sent() {
    let mut director = attacked("selfish", 3);
    (0..4).for_each(|_| mine(&mut director, A));
    mine(&mut director, M1);
    assert_eq!(hidden(&director), 3);
    mine(&mut director, M1);
    assert_eq!(hidden(&director), 2);
    mine(&mut director, M1);
    assert_eq!((hidden(&director), peer(&director, M1).tip.height, peer(&director, M1).undone), (0, 4, 3));
}

/// Section 4.1: γ is the share of the others that mine on the pool's branch in a race.
#[test]
fn gamma_decides_who_helps() {
    for (gamma, helps) in [(0, false), (100, true)] {
        let mut director =
            run(&[("attacker", word("selfish")), ("interval_ms", number(3_600_000)), ("gamma", number(gamma))], 1);
        mine(&mut director, A);
        mine(&mut director, M1);
        let others = [1, 2, 3, 4].map(|node| peer(&director, NodeId(node)).tip.miner == A);
        assert_eq!(others, [helps; 4]);
    }
}
