//! Tests of the lab, each with the place in the literature that it checks.

mod attacks;
mod chains;
mod found;
mod measured;
mod stories;
mod theory;

use sim::{AnyLab, Director, NodeId, Of, Settings, Value};

use super::block::{Block, Draft, REWARD};
use super::{Link, Payment, Peer, ProofOfWork};
use ::parts::values::number;

const LAB: &dyn AnyLab = Of::<ProofOfWork>::LAB;

/// A run in which nobody pays by himself, but for these changes.
fn run(changes: &[(&'static str, Value)], seed: u64) -> Director<ProofOfWork> {
    let quiet = Settings::default().with("pay_ms", number(0));
    let settings = changes.iter().fold(quiet, |all, (name, value)| all.with(name, value.clone()));
    Director::new(settings, seed).unwrap()
}

fn peer(director: &Director<ProofOfWork>, node: NodeId) -> &Peer {
    director.world().nodes().state(node).unwrap()
}

/// A block on top of another one, as M1 writes it.
fn block(parent: &Link, time_us: i64, payments: Vec<Payment>) -> Link {
    let draft = Draft { time_us, work: parent.work, miner: NodeId(0), reward: REWARD, kb: 0, payments };
    Block::on(parent, draft)
}

/// A chain of so many blocks, one every ten seconds.
fn line(length: i64) -> Link {
    (1..=length).fold(Block::genesis(), |tip, place| block(&tip, place * 10_000_000, Vec::new()))
}
