//! What the nodes send each other.

use std::rc::Rc;

use parts::store::{ClientId, Request};
use serde::Serialize;
use sim::NodeId;
use sim::history::Value;

use super::log::Decree;
use crate::paxos::{Ballot, Vote};

/// A message.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Message {
    /// Phase 1, once for all slots from this one on.
    Prepare { ballot: Ballot, first: u64 },
    /// Nothing of a lower ballot is accepted from now on, in any slot; and what was accepted from the first slot asked for on.
    Promise { ballot: Ballot, accepted: Vec<(u64, Vote<Decree>)> },
    /// This ballot is no good any more: a higher one is promised.
    Nack { ballot: Ballot, promised: Ballot },
    /// Phase 2 for one slot. With it goes up to where everything is chosen.
    Accept { ballot: Ballot, slot: u64, decree: Decree, chosen_to: u64 },
    /// Accepted, in this ballot.
    Accepted { ballot: Ballot, slot: u64 },
    /// The leader is there, and knows what is chosen up to here.
    Heartbeat { ballot: Ballot, beat: u64, chosen_to: u64 },
    /// The answer of an acceptor that has promised nothing higher.
    Heard { ballot: Ballot, beat: u64 },
    /// What is chosen from this slot on?
    Ask { first: u64 },
    /// What is chosen from this slot on, and up to where the sender knows it.
    Chosen { first: u64, decrees: Vec<Decree>, chosen_to: u64 },
    /// A client asks a server to carry out a command.
    Request(Rc<Request>),
    /// The command took place, with this result. It names the life of the client: a new life begins its serial numbers anew.
    Answer { client: ClientId, serial: u64, result: Value },
    /// Only the leader answers clients. This server knows it, or does not.
    Redirect { client: ClientId, serial: u64, leader: Option<NodeId> },
}
