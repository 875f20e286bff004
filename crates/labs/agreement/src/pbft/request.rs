//! Digests of requests: what votes name in place of the requests themselves (the paper, section 4.2).

use std::rc::Rc;

use parts::ring::{FNV_OFFSET, digest};
use parts::store::{Command, Request};
use serde::Serialize;
use sim::history::Value;
use sim::{Text, t};

/// What stands for a request. Only the hash counts; the command is there so that people can tell digests apart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Digest {
    pub hash: u64,
    command: Option<Rc<Command>>,
}

impl Digest {
    /// That of a request. None is 0, which is the digest of the null request.
    pub fn of(request: &Request) -> Digest {
        let start = hash(&[u64::from(request.client.node.0), request.client.life, request.serial]);
        let command = &request.command;
        let hash = match command {
            Command::Get { key } => value(hash(&[start, 1]), key),
            Command::Put { key, value: put } => value(value(hash(&[start, 2]), key), put),
            Command::CompareAndSet { key, from, to } => value(value(value(hash(&[start, 3]), key), from), to),
            Command::Delete { key } => value(hash(&[start, 4]), key),
        };
        Digest { hash: hash.max(1), command: Some(Rc::new(command.clone())) }
    }

    /// That of the null request, which does nothing (section 4.4).
    pub fn null() -> Digest {
        Digest::default()
    }

    /// Whether it is that of the null request.
    pub fn is_null(&self) -> bool {
        self.hash == 0
    }

    /// For people: the command.
    pub fn text(&self) -> Text {
        self.command.as_ref().map_or_else(|| t!("null"), |command| command.text())
    }
}

/// A digest of some numbers.
pub fn hash(numbers: &[u64]) -> u64 {
    numbers.iter().fold(FNV_OFFSET, |so_far, number| digest(so_far, &number.to_le_bytes()))
}

fn value(so_far: u64, value: &Value) -> u64 {
    value.to_string().bytes().fold(hash(&[so_far]), |all, byte| hash(&[all, u64::from(byte)]))
}

/// The digest of a state: all keys with their values, and the order of all requests so far.
pub fn state_hash(chain: u64, values: impl Iterator<Item = (Value, Value)>) -> u64 {
    values.fold(hash(&[chain]), |all, (key, of_key)| value(value(all, &key), &of_key))
}
