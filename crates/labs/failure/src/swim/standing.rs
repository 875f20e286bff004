//! What can be said of a member, and which of two statements holds.

use serde::Serialize;
use sim::NodeId;

/// What is known of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// The paper takes a process that comes back for a new member. Here it keeps its name, and counts its lives from 1;
    /// 0 means that nobody has heard of it.
    pub life: u32,
    /// Raised by the member itself, to refute a suspicion (section 4.2).
    pub incarnation: u32,
    pub state: State,
}

/// The states of section 4.2, and that of a member that has said good-bye (section 3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum State {
    Alive,
    Suspect,
    /// The paper's *Confirm*: declared faulty, for good.
    Faulty,
    Left,
}

/// A membership message: what somebody says of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Update {
    pub member: NodeId,
    pub standing: Standing,
}

impl Standing {
    /// Nobody has heard of it.
    pub const UNKNOWN: Standing = Standing { life: 0, incarnation: 0, state: State::Faulty };

    /// At the start of a life.
    pub fn born(life: u32) -> Standing {
        Standing { life, incarnation: 0, state: State::Alive }
    }

    /// The same member in another state.
    pub fn turned(self, state: State) -> Standing {
        Standing { state, ..self }
    }

    /// Whether it belongs to the group: alive or suspected. Suspected members are probed like others (section 4.2).
    pub fn is_present(&self) -> bool {
        self.life > 0 && matches!(self.state, State::Alive | State::Suspect)
    }

    /// Whether this is newer than what was known (section 4.2): within a life, *faulty* overrides everything; else the higher
    /// incarnation does, and with equal ones *suspect* overrides *alive*. A later life overrides all of an earlier one.
    pub fn overrides(&self, known: &Standing) -> bool {
        self.rank() > known.rank()
    }

    fn rank(&self) -> (u32, u8, u32, u8) {
        match self.state {
            State::Alive => (self.life, 0, self.incarnation, 0),
            State::Suspect => (self.life, 0, self.incarnation, 1),
            State::Faulty => (self.life, 1, 0, 0),
            State::Left => (self.life, 2, 0, 0),
        }
    }
}
