//! What the nodes send each other: the two RPCs of Figure 2 of the Raft paper, the one of Figure 13, and the requests of clients (section 8).

use std::rc::Rc;

use parts::store::{ClientId, Request};
use serde::Serialize;
use sim::NodeId;
use sim::history::Value;

use super::log::Entry;
use super::members::{Change, ChangeAnswer};
use super::snapshot::Snapshot;

/// A message. The receiver knows the sender, so a candidate's or a voter's id needs no field.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Message {
    /// A candidate asks for a vote (section 5.2).
    RequestVote {
        term: u64,
        last_log_index: u64,
        last_log_term: u64,
        /// Whether a leader hands over to it: then nobody waits for that leader (dissertation, section 3.10).
        #[serde(skip_serializing_if = "is_false")]
        transfer: bool,
    },
    /// The answer to `RequestVote`.
    Vote { term: u64, granted: bool },
    /// A leader sends entries of its log, or none as a heartbeat (section 5.3).
    AppendEntries {
        term: u64,
        /// So that followers can redirect clients.
        leader: NodeId,
        prev_log_index: u64,
        prev_log_term: u64,
        entries: Vec<Entry>,
        leader_commit: u64,
        /// Counts the leader's rounds of heartbeats; the answer carries it back, which confirms the leader (section 8).
        round: u64,
    },
    /// The answer to `AppendEntries`.
    Appended { term: u64, round: u64, answer: Appended },
    /// A client asks a server to carry out a command.
    Request(Rc<Request>),
    /// The command took place, with this result. It names the life of the client: a new life begins its serial numbers anew.
    Answer { client: ClientId, serial: u64, result: Value },
    /// Only the leader answers clients. This server knows it, or does not.
    Redirect { client: ClientId, serial: u64, leader: Option<NodeId> },
    /// A leader sends a part of its snapshot to a follower that needs entries which are gone (section 7, Figure 13).
    InstallSnapshot {
        term: u64,
        leader: NodeId,
        /// All of it: parts share it, and the receiver looks inside when it has them all.
        snapshot: Rc<Snapshot>,
        /// Which part this is, from 0 on.
        offset: u64,
        /// Whether it is the last one.
        done: bool,
        round: u64,
    },
    /// The answer to `InstallSnapshot`.
    Installed {
        term: u64,
        round: u64,
        /// The last entry in the snapshot.
        last_index: u64,
        /// Which part it answers.
        offset: u64,
        /// Which part comes next; none when there is no more to send.
        next: Option<u64>,
    },
    /// A server asks whether it would get a vote in this term, which has not begun (dissertation, section 9.6).
    RequestPreVote { term: u64, last_log_index: u64, last_log_term: u64 },
    /// The answer to `RequestPreVote`: with the term that was asked for, or with the voter's own if it refuses.
    PreVote { term: u64, granted: bool },
    /// A leader tells a server to stand for election at once (dissertation, section 3.10).
    TimeoutNow { term: u64 },
    /// An operator asks for other members (section 6).
    Change(Change),
    /// What became of it.
    Changed { change: Change, answer: ChangeAnswer },
}

fn is_false(flag: &bool) -> bool {
    !flag
}

/// What a follower made of entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Appended {
    /// Its log agrees with the leader's up to this index.
    Stored { match_index: u64 },
    /// It has no entry that matches the one before the entries that were sent (section 5.3), or the term is over.
    Refused {
        prev_log_index: u64,
        /// The first index at which the leader might try next (end of section 5.3).
        try_next: u64,
    },
}
