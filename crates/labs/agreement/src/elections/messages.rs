//! What nodes send each other.

use serde::Serialize;
use sim::NodeId;

use super::store::Write;

/// Which question it is: in which life of its sender, and which one of that life. Answers repeat it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Call {
    pub life: u64,
    pub number: u64,
}

/// What goes round the ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Token {
    /// The node whose number it carries.
    pub owner: NodeId,
    /// The election of the owner.
    pub call: Call,
    /// How far it has come.
    pub hops: u16,
    /// Whether it says who is elected; else it asks.
    pub is_elected: bool,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Message {
    /// Garcia-Molina: is a node with a higher number up?
    AreYouUp(Call),
    Up(Call),
    /// Stop your election, and follow nobody until I name a coordinator. The term is 0 without terms.
    Halt {
        call: Call,
        term: u64,
    },
    /// It has halted, in this life.
    Halted {
        call: Call,
        life: u64,
    },
    /// It has answered another one in this term, or knows a later one.
    Busy {
        call: Call,
        term: u64,
    },
    /// To a node that halted in this life: I am the coordinator.
    NewCoordinator {
        call: Call,
        life: u64,
    },
    Taken(Call),
    /// The task: go on.
    Ready(Call),
    Working(Call),
    /// Textbooks: I hold an election.
    Election(Call),
    Ok(Call),
    Coordinator(Call),
    /// The ring, to the next node; numbered for the receipt.
    Pass {
        hop: u64,
        token: Token,
    },
    Receipt(u64),
    /// A member to its coordinator.
    AreYouThere(Call),
    /// It is, and whether it coordinates.
    There {
        call: Call,
        leads: bool,
    },
    /// A coordinator to all others: do you work, under me?
    AreYouNormal(Call),
    Normal {
        call: Call,
        yes: bool,
        term: u64,
    },
    /// A coordinator to the disk.
    Write(Write),
    Written,
    /// The disk has seen a later term.
    Refused {
        term: u64,
    },
}
