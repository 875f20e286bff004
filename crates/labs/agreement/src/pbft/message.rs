//! What nodes send each other. All of it is signed: who has made a statement can be shown to others (the paper, section 2).

use std::rc::Rc;

use parts::store::{ClientId, Request, Store};
use serde::Serialize;
use sim::NodeId;
use sim::history::Value;

use super::request::state_hash;
use super::{Certificate, Digest, Signers};

/// A message.
#[derive(Clone, Debug, Serialize)]
pub enum Message {
    /// A client wants this done. Replicas may pass it on (section 4.1).
    Request(Rc<Request>),
    /// A replica has done it, with this result (section 4.1).
    Reply { view: u64, client: ClientId, serial: u64, result: Value },
    /// The primary gives a request its number (section 4.2). The request itself goes along.
    PrePrepare(Vote, Rc<Request>),
    /// A backup has taken that pre-prepare (section 4.2).
    Prepare(Vote),
    /// A replica has prepared it (section 4.2).
    Commit(Vote),
    /// A replica's state after so many requests has this digest (section 4.3).
    Checkpoint { number: u64, hash: u64 },
    /// A replica has left its view (section 4.4).
    ViewChange(Rc<ViewChange>),
    /// The new primary begins its view (section 4.4).
    NewView(Rc<NewView>),
    /// A replica asks for what it lacks.
    Ask(Ask),
    /// The answer.
    Transfer(Rc<Transfer>),
}

/// A request has this number in this view: what pre-prepares, prepares and commits say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Vote {
    pub view: u64,
    pub number: u64,
    pub digest: Digest,
}

/// Why a replica wants a new view, and what it has prepared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ViewChange {
    pub from: NodeId,
    pub view: u64,
    /// Its last stable checkpoint, with who has signed that.
    pub stable: u64,
    pub stable_signers: Signers,
    /// P: for each number above the checkpoint what it has prepared last, with those who signed prepares.
    pub prepared: Vec<(u64, Certificate)>,
}

/// How a new view begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NewView {
    pub from: NodeId,
    pub view: u64,
    /// V: the view changes that it rests on.
    pub changes: Vec<Rc<ViewChange>>,
    /// O: the numbers that requests have in it from the start.
    pub order: Vec<(u64, Digest)>,
}

/// What a replica lacks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ask {
    /// It has carried out so many requests.
    pub executed: u64,
    /// The number of its last stable checkpoint.
    pub stable: u64,
    /// It would like to see how a view began, this one or a later one.
    pub view: u64,
    /// Requests of which it knows the digest only.
    pub hashes: Vec<u64>,
}

/// What somebody has who lacks less. Everything in it can be checked.
#[derive(Clone, Debug, Serialize)]
pub struct Transfer {
    pub stable: Option<Rc<Stable>>,
    /// For numbers after that: commits of so many that it is settled.
    pub committed: Vec<(u64, Certificate)>,
    pub requests: Vec<Rc<Request>>,
}

/// A stable checkpoint: a state and the signatures of enough replicas that have it too.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Stable {
    pub number: u64,
    pub hash: u64,
    pub signers: Signers,
    pub state: Rc<State>,
}

/// What replicas hold alike.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct State {
    pub store: Store,
    /// A digest of all requests so far in their order.
    pub chain: u64,
}

impl State {
    /// Its digest.
    pub fn hash(&self) -> u64 {
        state_hash(self.chain, self.store.values().map(|(key, value)| (key.clone(), value.clone())))
    }
}
