//! TrueTime and commit wait: a clock that answers with an interval, and transactions that wait until their timestamp has certainly
//! passed.
//!
//! Follows J. Corbett and others, "Spanner: Google's Globally-Distributed Database", OSDI 2012: section 3 (TrueTime), 4.1
//! (timestamps), 4.2 (transactions).

mod client;
mod daemon;
mod experiments;
mod interval;
mod kept;
mod leader;
mod locks;
mod master;
mod measures;
mod monitor;
mod operations;
mod presets;
mod reads;
mod replica;
mod rules;
mod scenarios;
mod settings;
mod transaction;
mod view;
mod words;

#[cfg(test)]
mod tests;

use serde::Serialize;
use sim::frame::Layout;
use sim::{About, NodeId, Protocol, System, t};

pub use client::{Client, Wanted};
pub use daemon::{Ask, Daemon};
pub use interval::{Interval, Sample};
pub use kept::{Disk, Forgotten};
pub use leader::Leader;
pub use master::Master;
pub use monitor::Monitor;
pub use replica::{Entries, Replica};
pub use settings::{Config, Part, Rules};
pub use transaction::{Age, Key, Request, Txn, Version};

pub(crate) type Effects<'a> = sim::Effects<'a, Node>;

/// The lab.
#[derive(Clone, Copy, Debug)]
pub struct TrueTime;

impl System for TrueTime {
    type Protocol = Node;

    fn about() -> About {
        About {
            id: "truetime",
            title: t!("TrueTime and commit wait"),
            chapter: t!("Time"),
            summary: t!(
                "No two clocks agree, and still each transaction gets the time as its stamp, in the right order: the clock says how wrong it may be, and a writer waits that long."
            ),
            layout: Layout::Columns,
            new_leader: None,
            pace_us: 5_000,
        }
    }
}

/// A node of this lab.
#[derive(Clone, Debug, Serialize)]
pub enum Node {
    Master(Master),
    Leader(Box<Leader>),
    Replica(Replica),
    Client(Box<Client>),
}

/// What nodes send each other.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Message {
    /// What time is it?
    Ask(Ask),
    /// It is so late, give or take. What was asked comes back.
    Tell { ask: Ask, told_us: i64, error_us: u64 },
    /// A client wants to read with a lock.
    Read { txn: Txn, age: Age },
    /// It has the lock, and this is the newest value. `life` is the leader's.
    Value { txn: Txn, key: Key, value: Option<String>, life: u64 },
    /// The transaction goes on, its locks are still needed.
    Alive { txn: Txn },
    /// The transaction has ended without a commit.
    Release { txn: Txn },
    /// Its locks are gone.
    Gone { txn: Txn },
    /// Commit.
    Commit(Box<Request>),
    /// A participant has prepared, with this timestamp. It asks for the outcome too, once it has waited; then it says whether somebody older waits for its locks.
    Prepared { txn: Txn, at_us: i64, asks: bool, is_in_the_way: bool },
    /// A participant cannot.
    Refused { txn: Txn },
    /// The coordinator tells a participant the timestamp, or none: aborted.
    Outcome { txn: Txn, stamp_us: Option<i64> },
    /// The participant knows, and needs not be told again.
    Known { txn: Txn },
    /// The coordinator tells the client.
    Done { txn: Txn, stamp_us: Option<i64> },
    /// Read without locks, as of this moment; where none is said, the leader chooses one.
    Look { txn: Txn, at_us: Option<i64> },
    /// The answer, as of this moment.
    Seen { txn: Txn, key: Key, at_us: i64, found: Result<Option<Version>, Forgotten> },
    /// Versions and promises for a replica.
    Entries(Entries),
    /// How many versions a replica has.
    Have { count: u64 },
    /// A replica needs a promise up to this moment.
    NeedSafe { at_us: i64 },
}

/// What nodes wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Timer {
    /// Ask the masters again.
    Poll,
    /// Enough answers of masters.
    Collect,
    /// Of a leader: something of this transaction is logged.
    Logged(Txn),
    /// Of a coordinator: the timestamp of this transaction may have passed.
    Wait(Txn),
    /// Of a leader: say again what may not have come, and drop what nobody needs.
    Tend,
    /// Of a leader: a promise for its replicas.
    Promise,
    /// Of a client: say again what was not answered.
    Retry,
    /// Of a client: the next transaction.
    Workload,
}

/// What nodes can be told to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Of a client.
    Do(Wanted),
    /// Ask the masters for the time now.
    Poll,
}

impl Node {
    pub fn leader(&self) -> Option<&Leader> {
        match self {
            Node::Leader(leader) => Some(leader),
            _ => None,
        }
    }

    pub fn client(&self) -> Option<&Client> {
        match self {
            Node::Client(client) => Some(client),
            _ => None,
        }
    }

    pub fn replica(&self) -> Option<&Replica> {
        match self {
            Node::Replica(replica) => Some(replica),
            _ => None,
        }
    }

    /// What it knows of the time, if it asks for it.
    pub fn daemon(&self) -> Option<&Daemon> {
        match self {
            Node::Leader(leader) => Some(&leader.daemon),
            Node::Client(client) => Some(&client.daemon),
            _ => None,
        }
    }
}

impl Protocol for Node {
    type Config = Config;
    type Message = Message;
    type Timer = Timer;
    type Operation = Operation;
    type Disk = Disk;

    fn boot(disk: &Disk, effects: &mut Effects<'_>) -> Node {
        match effects.config().part(effects.me()) {
            Part::Master(_) => Node::Master(Master::default()),
            Part::Leader(key) => Node::Leader(Box::new(Leader::boot(key, disk, effects))),
            Part::Replica(key) => Node::Replica(Replica::boot(key, disk, effects)),
            Part::Client(_) => Node::Client(Box::new(Client::boot(disk, effects))),
        }
    }

    fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        match (self, message) {
            (Node::Master(master), Message::Ask(ask)) => master.on_ask(from, ask, effects),
            (Node::Replica(replica), Message::Entries(entries)) => replica.on_entries(from, entries, effects),
            (Node::Replica(replica), Message::Look { txn, at_us: Some(at_us) }) => {
                replica.look(from, txn, at_us, effects)
            }
            (Node::Leader(leader), message) => leader.on_message(from, message, effects),
            (Node::Client(client), message) => client.on_message(from, message, effects),
            _ => {}
        }
    }

    fn on_timer(&mut self, timer: Timer, effects: &mut Effects<'_>) {
        match self {
            Node::Leader(leader) => leader.on_timer(timer, effects),
            Node::Client(client) => client.on_timer(timer, effects),
            Node::Master(_) | Node::Replica(_) => {}
        }
    }

    fn on_operation(&mut self, operation: Operation, effects: &mut Effects<'_>) {
        match (self, operation) {
            (Node::Leader(leader), Operation::Poll) => leader.daemon.poll(effects),
            (Node::Client(client), Operation::Poll) => client.daemon.poll(effects),
            (Node::Client(client), Operation::Do(wanted)) => client.wish(wanted, effects),
            _ => {}
        }
    }
}
