//! Paxos: one value is chosen, and stays chosen, whoever proposes and whatever is lost.
//!
//! Follows L. Lamport, "Paxos Made Simple", 2001, and "The Part-Time Parliament", ACM Transactions on Computer Systems 16(2), 1998; for
//! lost disks T. Chandra, R. Griesemer and J. Redstone, "Paxos Made Live", 2007.

mod acceptor;
mod ballot;
mod colour;
mod experiments;
mod learner;
mod ledger;
mod measures;
mod monitor;
mod operations;
mod presets;
mod proposer;
mod quorum;
mod rules;
mod scenarios;
mod settings;
mod view;

#[cfg(test)]
mod tests;

use serde::Serialize;
use sim::frame::Layout;
use sim::{About, NodeId, Protocol, System, t};

pub use acceptor::Acceptor;
pub use ballot::{Ballot, Promised, Vote};
pub use colour::Colour;
pub use learner::{Heard, Learner};
pub use ledger::{Ledger, Row};
pub use monitor::Monitor;
pub use proposer::{Phase, Promise, Proposer, Sent};
pub use quorum::{Members, majority};
pub use settings::{Config, Part, Rules};

pub(crate) type Effects<'a> = sim::Effects<'a, PaxosNode>;

/// The lab.
#[derive(Clone, Copy, Debug)]
pub struct Paxos;

impl System for Paxos {
    type Protocol = PaxosNode;

    fn about() -> About {
        About {
            id: "paxos",
            title: t!("Paxos"),
            chapter: t!("Agreement"),
            summary: t!(
                "Several propose, each something else, and one value is chosen. Who comes later has to ask first, and may have to give up its own."
            ),
            layout: Layout::Columns,
            new_leader: None,
            pace_us: About::PACE_US,
        }
    }
}

/// A node of this lab.
#[derive(Clone, Debug, Serialize)]
pub enum PaxosNode {
    Proposer(Proposer),
    Acceptor(Acceptor),
    Learner(Learner),
}

/// What a node keeps through a crash. Learners keep nothing: they ask again.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Disk {
    /// There from the beginning: who starts without it knows that its disk was lost (Paxos Made Live, section 5.1).
    pub mark: bool,
    /// Of a proposer: the highest round that it has used.
    pub round: u64,
    /// Of an acceptor: the highest ballot that it has promised.
    pub promised: Promised,
    /// Of an acceptor: what it has accepted last.
    pub accepted: Option<Vote<Colour>>,
}

/// What nodes send each other.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Message {
    /// Phase 1: a proposer asks for promises.
    Prepare(Ballot),
    /// An acceptor will take nothing below this ballot; and what it has accepted last.
    Promise { ballot: Ballot, accepted: Option<Vote<Colour>> },
    /// This ballot is no good any more: a higher one is promised.
    Nack { ballot: Ballot, promised: Ballot },
    /// Phase 2: a proposer asks for acceptance.
    Accept(Vote<Colour>),
    /// An acceptor has accepted this.
    Accepted(Vote<Colour>),
    /// A learner asks what was accepted.
    Ask,
    /// A proposer is there (where one of them leads).
    Alive,
    /// A proposer that leads knows what is chosen.
    Chosen(Colour),
}

/// What nodes wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Timer {
    /// Of a proposer: it begins by itself.
    Begin,
    /// Of a proposer or a learner: nobody has answered.
    Repeat,
    /// Of a proposer: what it is going to propose is written down.
    Write,
    /// Of a proposer that was overtaken: it tries again.
    Again,
    /// Of a proposer: the next sign of life.
    Beat,
}

/// What a proposer can be told to do: to propose this value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Propose(pub Colour);

impl PaxosNode {
    /// The proposer, if it is one.
    pub fn proposer(&self) -> Option<&Proposer> {
        if let PaxosNode::Proposer(proposer) = self { Some(proposer) } else { None }
    }

    /// The acceptor, if it is one.
    pub fn acceptor(&self) -> Option<&Acceptor> {
        if let PaxosNode::Acceptor(acceptor) = self { Some(acceptor) } else { None }
    }

    /// The learner, if it is one.
    pub fn learner(&self) -> Option<&Learner> {
        if let PaxosNode::Learner(learner) = self { Some(learner) } else { None }
    }
}

impl Protocol for PaxosNode {
    type Config = Config;
    type Message = Message;
    type Timer = Timer;
    type Operation = Propose;
    type Disk = Disk;

    fn boot(disk: &Disk, effects: &mut Effects<'_>) -> PaxosNode {
        match effects.config().part(effects.me()) {
            Part::Proposer => PaxosNode::Proposer(Proposer::boot(disk, effects)),
            Part::Acceptor => PaxosNode::Acceptor(Acceptor::boot(disk, effects)),
            Part::Learner => PaxosNode::Learner(Learner::boot(effects)),
        }
    }

    fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        match self {
            PaxosNode::Proposer(proposer) => proposer.on_message(from, message, effects),
            PaxosNode::Acceptor(acceptor) => acceptor.on_message(from, message, effects),
            PaxosNode::Learner(learner) => learner.on_message(from, message, effects),
        }
    }

    fn on_timer(&mut self, timer: Timer, effects: &mut Effects<'_>) {
        match self {
            PaxosNode::Proposer(proposer) => proposer.on_timer(timer, effects),
            PaxosNode::Learner(learner) => learner.ask(effects),
            PaxosNode::Acceptor(_) => {}
        }
    }

    fn on_operation(&mut self, Propose(value): Propose, effects: &mut Effects<'_>) {
        match self {
            PaxosNode::Proposer(proposer) => proposer.propose(value, effects),
            PaxosNode::Acceptor(_) | PaxosNode::Learner(_) => {
                let me = effects.me();
                effects.note(|| t!("{node} proposes nothing: only proposers do", node = me));
            }
        }
    }
}
