//! Primary and replicas: one server writes a log, the others follow it, and something has to give when it fails.
//!
//! Follows M. Kleppmann, "Designing Data-Intensive Applications", 2017, chapter 5; the manuals of PostgreSQL (streaming
//! replication, `pg_rewind`) and MySQL 8 (semisynchronous replication); W. Lin et al., "PacificA: Replication in Log-Based
//! Distributed Storage Systems", Microsoft Research 2008, for the observer; and D. Terry et al., "Session Guarantees for
//! Weakly Consistent Replicated Data", PDIS 1994.

mod client;
mod experiments;
mod log;
mod measures;
mod message;
mod monitor;
mod observer;
mod operations;
mod presets;
mod primary;
mod reign;
mod replica;
mod rules;
mod scenarios;
mod server;
mod servers;
mod settings;
mod store;
mod view;

#[cfg(test)]
mod tests;

use serde::Serialize;
use sim::frame::Layout;
use sim::{About, NodeId, Protocol, System, t};

pub use client::{Answered, Client, Open, Wanted};
pub use log::{Entry, Log, Position, RequestId, Write};
pub use message::{Answer, Appended, Command, Message, Request};
pub use monitor::Monitor;
pub use observer::{Observer, Survey};
pub use reign::{Follower, Lag, Reign, Sample};
pub use server::{Role, Server};
pub use servers::Servers;
pub use settings::{Behind, Config, Mode, Reads, Rules};
pub use store::Store;

pub(crate) type Effects<'a> = sim::Effects<'a, Replica>;

/// The lab.
#[derive(Clone, Copy, Debug)]
pub struct Replicas;

impl System for Replicas {
    type Protocol = Replica;

    fn about() -> About {
        About {
            id: "primary-replicas",
            title: t!("Primary and replicas"),
            chapter: t!("Replication"),
            summary: t!(
                "One server takes the writes, the others follow. Acknowledge at once or wait for them; read where it is near or where it is current; and see what a failover loses."
            ),
            layout: Layout::Ring,
            new_leader: Some(t!("a replica becomes primary")),
            pace_us: About::PACE_US,
        }
    }
}

/// A node of this lab.
#[derive(Clone, Debug, Serialize)]
pub enum Replica {
    Server(Server),
    Observer(Observer),
    Client(Client),
}

/// What servers and the observer keep through a crash. Clients keep nothing.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Disk {
    pub epoch: u64,
    /// Whom the node takes for the primary.
    pub primary: Option<NodeId>,
    /// Of a server.
    pub log: Log,
    /// Of the observer and of a primary.
    pub in_sync: InSync,
}

/// The replicas that a primary waits for before it acknowledges a write.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct InSync {
    /// Counts the changes of `wanted` within an epoch.
    pub version: u64,
    /// Those that it waits for: never less than what the observer knows.
    pub agreed: Servers,
    /// Those that it wants to wait for.
    pub wanted: Servers,
}

/// What nodes wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Timer {
    /// Of a primary: the next heartbeat.
    Heartbeat,
    /// Of a semi-synchronous primary: it goes on alone.
    FallBack,
    /// Of the observer: the primary has been silent for too long.
    Failover,
    /// Of the observer: enough servers should have answered.
    Survey,
    /// Of a client: another server.
    Retry,
    /// Of a client: the next operation.
    Workload,
}

/// What nodes can be told to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// A client: this.
    Do(Wanted),
    /// A replica: become primary.
    Promote,
}

impl Config {
    /// The observer comes after the servers.
    pub fn observer(&self) -> NodeId {
        NodeId(self.servers)
    }
}

impl Replica {
    /// The server, if it is one.
    pub fn server(&self) -> Option<&Server> {
        match self {
            Replica::Server(server) => Some(server),
            _ => None,
        }
    }

    /// The client, if it is one.
    pub fn client(&self) -> Option<&Client> {
        match self {
            Replica::Client(client) => Some(client),
            _ => None,
        }
    }

    /// The observer, if it is that.
    pub fn observer(&self) -> Option<&Observer> {
        match self {
            Replica::Observer(observer) => Some(observer),
            _ => None,
        }
    }
}

impl Protocol for Replica {
    type Config = Config;
    type Message = Message;
    type Timer = Timer;
    type Operation = Operation;
    type Disk = Disk;

    fn boot(disk: &Disk, effects: &mut Effects<'_>) -> Replica {
        let observer = effects.config().observer();
        match effects.me() {
            me if me < observer => Replica::Server(Server::boot(disk, effects)),
            me if me == observer => Replica::Observer(Observer::boot(disk, effects)),
            _ => Replica::Client(Client::boot(effects)),
        }
    }

    fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        match self {
            Replica::Server(server) => server.on_message(from, message, effects),
            Replica::Observer(observer) => observer.on_message(from, message, effects),
            Replica::Client(client) => client.on_message(from, message, effects),
        }
    }

    fn on_timer(&mut self, timer: Timer, effects: &mut Effects<'_>) {
        match (self, timer) {
            (Replica::Server(server), Timer::Heartbeat) => server.beat(effects),
            (Replica::Server(server), _) => server.fall_back(effects),
            (Replica::Observer(observer), timer) => observer.on_timer(timer, effects),
            (Replica::Client(client), timer) => client.on_timer(timer, effects),
        }
    }

    fn on_operation(&mut self, operation: Operation, effects: &mut Effects<'_>) {
        match (self, operation) {
            (Replica::Client(client), Operation::Do(wanted)) => client.on_operation(wanted, effects),
            (Replica::Server(server), Operation::Promote) => server.promote_by_hand(effects),
            _ => {
                let me = effects.me();
                effects.note(|| t!("{node} cannot do that", node = me));
            }
        }
    }
}
