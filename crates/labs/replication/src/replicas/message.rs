//! What the nodes send each other.

use serde::Serialize;
use sim::history::Value;
use sim::{NodeId, Text, t};

use super::log::{Entry, Position, RequestId};
use super::servers::Servers;

/// A message. The receiver knows the sender.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Message {
    /// The primary sends a replica what comes after an entry of its log; nothing as a heartbeat.
    Append {
        epoch: u64,
        /// The entry before those that are sent.
        before: Position,
        entries: Vec<Entry>,
        /// Up to which entry the primary has acknowledged or may acknowledge.
        committed: u64,
    },
    /// A replica answers `Append`.
    Appended { epoch: u64, answer: Appended },
    /// The primary tells the observer that it lives, and which replicas are in sync.
    Report {
        epoch: u64,
        /// Counts the changes of `in_sync` within the epoch.
        version: u64,
        in_sync: Servers,
        /// When it was sent, on the primary's clock in microseconds.
        sent_at_us: i64,
    },
    /// The observer answers `Report`: it has the set of this version, and lets nobody else be primary for the length of a
    /// lease from `sent_at_us` on.
    Lease { epoch: u64, version: u64, sent_at_us: i64 },
    /// The observer opens an epoch, and asks a server how far its log goes.
    Survey { epoch: u64 },
    /// A server answers `Survey`: it takes nothing from earlier epochs any more.
    Standing { epoch: u64, last: Position },
    /// The observer makes the receiver primary.
    Promote { epoch: u64, in_sync: Servers },
    /// The sender has been told of a newer epoch.
    Fenced { epoch: u64 },
    /// A client wants something done.
    Request(Request),
    /// It is done.
    Answer(Answer),
    /// This server cannot do it; it knows who is primary, or does not.
    Redirect { request: RequestId, primary: Option<NodeId> },
}

/// What a replica made of entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Appended {
    /// Its log is that of the primary up to this index.
    Stored { index: u64 },
    /// It has no such entry before them: its log may agree with the primary's up to this index.
    Refused { index: u64 },
}

/// What a client wants done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Request {
    pub id: RequestId,
    pub command: Command,
    /// A read shall see at least what the client's session has written and seen (Terry et al. 1994).
    pub after: Position,
}

/// A command to the store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Command {
    Put { key: Value, value: Value },
    Get { key: Value },
}

impl Command {
    /// The key that it is about.
    pub fn key(&self) -> &Value {
        match self {
            Command::Put { key, .. } | Command::Get { key } => key,
        }
    }

    /// The command in a few characters.
    pub fn text(&self) -> Text {
        match self {
            Command::Put { key, value } => t!("{key}={value}", key = key.to_string(), value = value.to_string()),
            Command::Get { key } => t!("get {key}", key = key.to_string()),
        }
    }
}

/// The answer to a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    pub request: RequestId,
    /// What was read; nothing for a write.
    pub value: Value,
    /// The entry that wrote what was read, or that was written.
    pub version: Position,
    /// How far the server was in its log.
    pub applied: Position,
    /// The epoch that the server knew.
    pub epoch: u64,
    /// Whether it answered as the primary.
    pub by_primary: bool,
}
