//! What members send each other.

use serde::Serialize;
use sim::NodeId;

use super::standing::{Standing, Update};

/// A message. All that is to be told travels on the messages that are sent anyway (section 4.1).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Message {
    pub kind: Kind,
    /// What the sender says of itself.
    pub sender: Standing,
    /// What it says of others.
    pub updates: Vec<Update>,
}

/// What a message is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Kind {
    /// Are you there? `origin` wants to know: the sender itself, or a member that asked it to ping.
    Ping { origin: NodeId, probe: u32 },
    /// Please ping this member for me (section 3.1).
    PingRequest { target: NodeId, probe: u32 },
    /// `target` is there. Whoever gets this passes it on to `origin`.
    Ack { target: NodeId, origin: NodeId, probe: u32 },
    /// A node that starts asks one that it knows for the list of members (section 3.2).
    Join,
    /// The list.
    Welcome,
}
