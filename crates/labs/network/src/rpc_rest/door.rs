//! The door of a server: what it knows of callers, and so of each call that comes.
//!
//! Birrell and Nelson 1984, section 3.2: a call table with the last call of each activity; what is below it is an old copy. Nelson
//! 1981, on orphans: a call of a later life of a machine ends the work of all earlier ones (reincarnation).

use serde::Serialize;
use sim::{Map, NodeId};

use super::Config;
use super::call::{Answer, Call};
use super::settings::Semantics;
use super::stub::names_lives;

/// What a server knows of callers. It is lost in a crash.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Door {
    /// The latest life of each caller that it has heard of.
    pub heard: Map<NodeId, u64>,
    /// The call table: the last call of each caller.
    pub table: Map<NodeId, Entry>,
}

/// The last call of a caller.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Entry {
    pub life: u64,
    pub number: u32,
    /// None as long as it is at work.
    pub answer: Option<Answer>,
}

/// What a call is to a server.
#[derive(Clone, Debug, PartialEq)]
pub enum Admission {
    /// It has not come before.
    New,
    /// An old copy, or of an earlier life of the caller.
    Old,
    /// It is at work already.
    AtWork,
    /// It was answered so.
    Answered(Answer),
    /// It is for an earlier life of this server.
    OtherLife,
}

impl Door {
    /// A caller is in this life. Returns whether that is a later one than was known.
    pub fn hear(&mut self, caller: NodeId, life: u64) -> bool {
        let known = self.heard.get(&caller).copied().unwrap_or(0);
        self.heard.insert(caller, known.max(life));
        known > 0 && life > known
    }

    /// Looks a call up, and writes it down if it is new.
    pub fn admit(&mut self, caller: NodeId, call: &Call, life: u64, config: &Config) -> Admission {
        let is_past = self.heard.get(&caller).is_some_and(|heard| call.life < *heard);
        if is_past && config.rules.reincarnation {
            return Admission::Old;
        }
        if names_lives(config) && call.server_life != life {
            return Admission::OtherLife;
        }
        if config.semantics != Semantics::AtMostOnce {
            return Admission::New;
        }
        let named = (call.life, call.number);
        if !config.rules.call_table && self.knows(caller, call) {
            return Admission::New;
        }
        match self.table.get(&caller) {
            Some(entry) if named < (entry.life, entry.number) => Admission::Old,
            Some(entry) if named == (entry.life, entry.number) => {
                entry.answer.clone().map_or(Admission::AtWork, Admission::Answered)
            }
            _ => {
                self.table.insert(caller, Entry { life: call.life, number: call.number, answer: None });
                Admission::New
            }
        }
    }

    /// Whether this call, or a later one of its caller, is in the table.
    pub fn knows(&self, caller: NodeId, call: &Call) -> bool {
        self.table.get(&caller).is_some_and(|entry| (call.life, call.number) <= (entry.life, entry.number))
    }

    /// Keeps the answer to a call, as long as it is the last one of its caller.
    pub fn keep(&mut self, caller: NodeId, life: u64, number: u32, answer: &Answer) {
        if let Some(entry) = self.table.get_mut(&caller).filter(|entry| (entry.life, entry.number) == (life, number)) {
            entry.answer = Some(answer.clone());
        }
    }
}
