//! Proof of work: how can strangers agree on one list of payments, when anybody may join, and nobody counts votes?
//!
//! Follows S. Nakamoto, "Bitcoin: a peer-to-peer electronic cash system", 2008: sections 4 (proof of work), 5 (the network's steps), 6
//! and 11 (the race); C. Decker and R. Wattenhofer, "Information propagation in the Bitcoin network", P2P 2013; I. Eyal and E. G. Sirer,
//! "Majority is not enough: Bitcoin mining is vulnerable", 2014: section 4; M. Rosenfeld, "Analysis of hashrate-based double spending",
//! 2014, and C. Grunspan and R. Pérez-Marco, "Double spend races", 2018, for the exact race; BIP 50, the post-mortem of March 2013;
//! EIP 2 for the difficulty of Homestead.

mod attacker;
mod block;
mod branches;
mod difficulty;
mod experiments;
mod graph;
mod measures;
mod mining;
mod monitor;
mod operations;
mod panels;
mod peer;
mod power;
mod presets;
mod rules;
mod scenarios;
mod settings;
mod theory;
mod view;
mod wallet;

#[cfg(test)]
mod tests;

use serde::Serialize;
use sim::frame::Layout;
use sim::{About, NodeId, Protocol, System, t};

pub use attacker::Attack;
pub use block::{Block, Link, Payment};
pub use monitor::Monitor;
pub use peer::{Disk, Peer};
pub use settings::{Attacker, Config, Powers, Retarget, Rules};

pub(crate) type Effects<'a> = sim::Effects<'a, Peer>;

/// The lab.
#[derive(Clone, Copy, Debug)]
pub struct ProofOfWork;

impl System for ProofOfWork {
    type Protocol = Peer;

    fn about() -> About {
        About {
            id: "proof-of-work",
            title: t!("Proof of work"),
            chapter: t!("Agreement"),
            summary: t!(
                "Strangers keep one list of payments without a vote: whoever finds a block extends it, and of two histories the one with more work stays."
            ),
            layout: Layout::Ring,
            new_leader: None,
            pace_us: 1_000_000,
        }
    }
}

/// What nodes send each other.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Message {
    /// A block.
    Block(Link),
    /// A payment that no block has yet.
    Payment(Payment),
    /// The sender lacks this block.
    Ask { id: u64, height: u64 },
}

/// What nodes wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Timer {
    /// Of a miner: a number is found that makes its block right.
    Find,
    /// Of W1: it is time to pay.
    Pay,
    /// Of a thief: it is time to send what is hidden.
    Strike,
}

/// What nodes can be told to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// W1 pays W2.
    Pay,
    /// W1 pays the same coin to W2 and to itself.
    PayTwice,
    /// A miner finds a block now.
    Mine,
    /// A miner stops, or goes on.
    Leave,
    Join,
    /// The attacker sends what it has hidden.
    Publish,
    /// A miner goes back to the program that refuses large blocks.
    GoBack,
}

impl Protocol for Peer {
    type Config = Config;
    type Message = Message;
    type Timer = Timer;
    type Operation = Operation;
    type Disk = Disk;

    fn boot(disk: &Disk, effects: &mut Effects<'_>) -> Peer {
        Peer::start(disk, effects)
    }

    fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        match message {
            Message::Block(block) => self.on_block(from, block, effects),
            Message::Payment(payment) => self.on_payment(from, payment, effects),
            Message::Ask { id, height } => self.on_ask(from, id, height, effects),
        }
    }

    fn on_timer(&mut self, timer: Timer, effects: &mut Effects<'_>) {
        match timer {
            Timer::Find => self.find(effects),
            Timer::Pay => self.on_pay_time(effects),
            Timer::Strike => self.strike(effects),
        }
    }

    fn on_operation(&mut self, operation: Operation, effects: &mut Effects<'_>) {
        match operation {
            Operation::Pay => self.pay(false, effects),
            Operation::PayTwice => self.pay(true, effects),
            Operation::Mine => self.find(effects),
            Operation::Leave => self.set_idle(true, effects),
            Operation::Join => self.set_idle(false, effects),
            Operation::Publish => self.publish_by_hand(effects),
            Operation::GoBack => self.go_back(effects),
        }
    }

    /// How much a block takes on a link; all else is small.
    fn size(message: &Message) -> u64 {
        match message {
            Message::Block(block) => block.kb * 1_000,
            _ => 0,
        }
    }
}
