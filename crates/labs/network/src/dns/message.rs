//! What goes over the wire. A message says itself where it comes from, and nobody looks at more than that.

use serde::Serialize;
use sim::NodeId;

use super::Effects;
use super::name::{Address, Name, Question, Record};
use super::zone::Shop;

/// A message.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Message {
    Query(Query),
    Answer(Answer),
    /// A primary tells a secondary that its zone has changed (RFC 1996).
    Notify {
        source: Address,
    },
    /// A secondary asks for the whole zone (RFC 5936).
    TransferPlease {
        source: Address,
    },
    /// The whole zone.
    Transfer {
        source: Address,
        zone: Shop,
    },
    /// A page that makes a browser ask for this name.
    Lure {
        name: Name,
    },
}

/// A question on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Query {
    /// Where it claims to come from.
    pub source: Address,
    pub port: u32,
    pub id: u32,
    pub question: Question,
    /// Whether the one who is asked shall go and find out.
    pub recursion: bool,
}

/// An answer on its way.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answer {
    /// Where it claims to come from.
    pub source: Address,
    /// The port that it goes to.
    pub port: u32,
    pub id: u32,
    pub question: Question,
    pub reply: Reply,
}

/// What an answer says.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reply {
    pub code: Code,
    /// Whether whoever answers is an authority for the name.
    pub authoritative: bool,
    pub answer: Vec<Record>,
    pub authority: Vec<Record>,
    pub additional: Vec<Record>,
}

/// How it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Code {
    NoError,
    /// There is no such name.
    NxDomain,
    /// The one who was asked could not find out.
    ServFail,
    /// The one who was asked does not answer for this zone.
    Refused,
}

impl Code {
    /// As it is written.
    pub fn text(self) -> &'static str {
        match self {
            Code::NoError => "NOERROR",
            Code::NxDomain => "NXDOMAIN",
            Code::ServFail => "SERVFAIL",
            Code::Refused => "REFUSED",
        }
    }
}

impl Reply {
    /// With nothing in it.
    pub fn empty(code: Code) -> Reply {
        Reply { code, authoritative: false, answer: Vec::new(), authority: Vec::new(), additional: Vec::new() }
    }
}

impl Query {
    /// The answer to it from there.
    pub fn answered(&self, source: Address, reply: Reply) -> Message {
        let Query { port, id, question, .. } = *self;
        Message::Answer(Answer { source, port, id, question, reply })
    }
}

/// Sends to an address, if anybody is there.
pub(super) fn send(to: Address, message: Message, effects: &mut Effects<'_>) {
    if let Some(node) = node(to, effects) {
        effects.send(node, message);
    }
}

/// Who can be reached at an address.
pub(super) fn node(address: Address, effects: &Effects<'_>) -> Option<NodeId> {
    address.role().and_then(|role| effects.config().node(role))
}

/// An id and a port for a new question, drawn.
pub(super) fn draw(effects: &mut Effects<'_>) -> (u32, u32) {
    let (id_bits, port_bits) = (effects.config().id_bits, effects.config().port_bits);
    let id = effects.choose(1 << id_bits) as u32;
    // Without any bits the port is the well-known one, as it was before 2008.
    let port = if port_bits == 0 { 53 } else { effects.choose(1 << port_bits) as u32 };
    (id, port)
}
