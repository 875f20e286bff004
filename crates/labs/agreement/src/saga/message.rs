//! What nodes send each other.

use parts::shop::{OrderId, Wish};
use serde::Serialize;
use sim::{NodeId, Text, t};

use super::act::Act;

/// A message.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Message {
    /// A letter from an outbox.
    Letter { number: u64, letter: Letter },
    /// It has been dealt with, and need not be sent again.
    Ack { number: u64 },
    /// The viewer looks.
    Read { round: u64 },
    /// The orders that have something here.
    State { round: u64, orders: Vec<OrderId> },
}

/// What is written into an outbox.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Letter {
    pub order: OrderId,
    pub what: What,
    /// Why the order will not be done, where that is known.
    pub why: Option<Why>,
}

/// What a letter is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum What {
    Place,
    Cancel,
    /// A command.
    Do(Act),
    /// The answer to one, or an event.
    Did {
        act: Act,
        done: bool,
    },
    Told(Fate),
    Supply(Wish),
}

/// How an order ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Fate {
    Confirmed,
    Rejected,
    Cancelled,
}

/// Why an order is not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Why {
    TooLittle(NodeId),
    Broken(NodeId),
    Undone(NodeId),
    Crash(NodeId),
    Silent(NodeId),
    Wish,
}

impl Why {
    pub fn text(self) -> Text {
        match self {
            Why::TooLittle(node) => t!("{node} has too little", node = node),
            Why::Broken(node) => t!("{node} cannot do it", node = node),
            Why::Undone(node) => t!("{node} has been told before to undo it", node = node),
            Why::Silent(node) => t!("{node} does not answer", node = node),
            Why::Crash(node) => t!("{node} crashed in the middle", node = node),
            Why::Wish => t!("the customer has cancelled it"),
        }
    }
}
