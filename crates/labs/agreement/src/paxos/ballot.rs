//! Ballots, promises and votes: what each form of Paxos is made of.

use serde::Serialize;
use sim::{NodeId, Text, t};

/// A ballot: a round, and whose it is. So no two proposers have one in common, and of each two one is higher (Paxos Made Simple,
/// section 2.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Ballot {
    pub round: u64,
    /// The number of the proposer, counted from 1; 0 where ballots are bare rounds.
    pub proposer: u16,
}

impl Ballot {
    /// The ballot of a proposer in a round; where ballots are no proposer's own, the bare round.
    pub fn new(round: u64, proposer: NodeId, is_own: bool) -> Ballot {
        Ballot { round, proposer: if is_own { proposer.0 + 1 } else { 0 } }
    }

    /// Whose it is, where it says so.
    pub fn owner(self) -> Option<NodeId> {
        self.proposer.checked_sub(1).map(NodeId)
    }

    /// `3.2`: round 3 of proposer 2.
    pub fn text(self) -> Text {
        match self.proposer {
            0 => t!("{round}", round = self.round),
            proposer => t!("{round}.{proposer}", round = self.round, proposer = proposer),
        }
    }
}

/// A value that was accepted, or is to be, and in which ballot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Vote<V> {
    pub ballot: Ballot,
    pub value: V,
}

/// The highest ballot that an acceptor has promised: it will take nothing below it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Promised(pub Option<Ballot>);

impl Promised {
    /// What is higher than this ballot and promised.
    pub fn above(self, ballot: Ballot) -> Option<Ballot> {
        self.0.filter(|promised| *promised > ballot)
    }

    /// Promises a ballot, unless a higher one is promised. Returns the lower one that this overtakes.
    pub fn promise(&mut self, ballot: Ballot) -> Option<Ballot> {
        if self.above(ballot).is_some() {
            return None;
        }
        self.0.replace(ballot).filter(|before| *before < ballot)
    }
}
