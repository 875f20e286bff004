//! DNS: who turns a name into an address, and why do some people still go to the old server?
//!
//! Follows P. Mockapetris, RFC 1034 and RFC 1035, 1987 (§4.3.2 the server, §5.3.3 the resolver); RFC 2181, section 5.4.1, on the ranking
//! of data; M. Andrews, RFC 2308, 1998, on negative caching; RFC 9520 on failures; D. Lawrence, W. Kumari and P. Sood, RFC 8767, 2020,
//! on serving stale data; A. Hubert and R. van Mook, RFC 5452, 2009, on forged answers; RFC 1982, 1996 and 5936 on serial numbers,
//! NOTIFY and transfers; and J. Jung, A. Berger and H. Balakrishnan, "Modeling TTL-based Internet caches", INFOCOM 2003.

mod authority;
mod cache;
mod client;
mod experiments;
mod forger;
mod measures;
mod message;
mod monitor;
mod name;
mod operations;
mod presets;
mod resolver;
mod rules;
mod scenarios;
mod settings;
mod view;
mod walk;
mod words;
mod zone;

#[cfg(test)]
mod tests;

use serde::Serialize;
use sim::frame::Layout;
use sim::{About, NodeId, Protocol, System, t};

pub use authority::{Authority, Change};
pub use cache::{Cache, Entry, Known, Rank};
pub use client::{Client, End, Ended, Open};
pub use forger::Forger;
pub use message::{Answer, Code, Message, Query, Reply};
pub use monitor::Monitor;
pub use name::{Address, Data, Host, Kind, Name, Question, Record, Role, Zone};
pub use resolver::{Handed, Resolver};
pub use settings::{AskFor, Config, Rules, StubCache};
pub use walk::{Asker, Goal, Outcome, Sent, Step, Walk};
pub use zone::Shop;

pub(crate) type Effects<'a> = sim::Effects<'a, DnsNode>;

/// The lab.
#[derive(Clone, Copy, Debug)]
pub struct Dns;

impl System for Dns {
    type Protocol = DnsNode;

    fn about() -> About {
        About {
            id: "dns",
            title: t!("DNS"),
            chapter: t!("Network"),
            summary: t!(
                "Who turns a name into an address, and why do some people still go to the old server hours after a change? Nothing is sent out: old answers run out, each cache by its own clock."
            ),
            layout: Layout::Columns,
            new_leader: None,
            pace_us: About::PACE_US,
        }
    }
}

/// A node of this lab.
#[derive(Clone, Debug, Serialize)]
pub enum DnsNode {
    Client(Client),
    Resolver(Box<Resolver>),
    Authority(Authority),
    Forger(Forger),
}

/// What nodes wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Timer {
    /// Of a client: the next question.
    Ask,
    /// Of a client: how long it waits for a resolver with this question.
    Stub(u64),
    /// Of a resolver: how long it waits for a server on this walk.
    Query(u64),
    /// Of a resolver: how long clients wait before they get an old answer.
    Stale(u64),
    /// Of a resolver: this answer runs out.
    Expire(Name),
    /// Of the primary: www moves.
    Change,
    /// Of the secondary: it asks for changes.
    Refresh,
    /// Of the forger: the next race.
    Lure,
}

/// What nodes can be told to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    Ask(Name),
    Change { change: Change, raises_serial: bool },
    Flood,
    Flush,
}

/// What is kept through a crash: how often somebody has started, and the zone of those who serve shop.com. No cache.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Disk {
    pub lives: u64,
    pub shop: Option<Shop>,
}

impl DnsNode {
    pub fn client(&self) -> Option<&Client> {
        match self {
            DnsNode::Client(client) => Some(client),
            _ => None,
        }
    }

    pub fn resolver(&self) -> Option<&Resolver> {
        match self {
            DnsNode::Resolver(resolver) => Some(resolver),
            _ => None,
        }
    }

    pub fn authority(&self) -> Option<&Authority> {
        match self {
            DnsNode::Authority(authority) => Some(authority),
            _ => None,
        }
    }
}

impl Protocol for DnsNode {
    type Config = Config;
    type Message = Message;
    type Timer = Timer;
    type Operation = Operation;
    type Disk = Disk;

    fn boot(disk: &Disk, effects: &mut Effects<'_>) -> DnsNode {
        let role = effects.config().role(effects.me());
        if role.is_client() {
            DnsNode::Client(Client::boot(role, effects))
        } else if role.is_resolver() {
            DnsNode::Resolver(Box::new(Resolver::boot(role, effects)))
        } else if role == Role::X {
            DnsNode::Forger(Forger::boot(effects))
        } else {
            DnsNode::Authority(Authority::boot(role, disk, effects))
        }
    }

    fn on_message(&mut self, _from: NodeId, message: Message, effects: &mut Effects<'_>) {
        match (self, message) {
            (DnsNode::Client(client), Message::Answer(answer)) => client.on_answer(&answer, effects),
            (DnsNode::Client(client), Message::Lure { name }) => client.ask(name, effects),
            (DnsNode::Resolver(resolver), message) => {
                resolver.handed.clear();
                match message {
                    Message::Query(query) => resolver.on_query(query, effects),
                    Message::Answer(answer) => resolver.on_answer(&answer, effects),
                    _ => {}
                }
            }
            (DnsNode::Authority(authority), message) => match message {
                Message::Query(query) => authority.on_query(query, effects),
                Message::Answer(answer) => {
                    authority.on_serial((answer.port, answer.id), &answer.reply.answer, effects);
                }
                Message::Notify { .. } => authority.check(true, effects),
                Message::TransferPlease { source } => authority.give(source, effects),
                Message::Transfer { zone, .. } => authority.take(zone, effects),
                Message::Lure { .. } => {}
            },
            (DnsNode::Forger(forger), Message::Query(query)) => forger.on_query(query, effects),
            _ => {}
        }
    }

    fn on_timer(&mut self, timer: Timer, effects: &mut Effects<'_>) {
        match (self, timer) {
            (DnsNode::Client(client), Timer::Ask) => client.on_turn(effects),
            (DnsNode::Client(client), Timer::Stub(number)) => client.on_timeout(number, effects),
            (DnsNode::Resolver(resolver), timer) => {
                resolver.handed.clear();
                match timer {
                    Timer::Query(number) => resolver.on_silence(number, effects),
                    Timer::Stale(number) => resolver.on_impatience(number, effects),
                    Timer::Expire(name) => resolver.on_expiry(name, effects),
                    _ => {}
                }
            }
            (DnsNode::Authority(authority), Timer::Change) => authority.on_turn(effects),
            (DnsNode::Authority(authority), Timer::Refresh) => authority.check(false, effects),
            (DnsNode::Forger(forger), Timer::Lure) => forger.race(effects),
            _ => {}
        }
    }

    fn on_operation(&mut self, operation: Operation, effects: &mut Effects<'_>) {
        match (self, operation) {
            (DnsNode::Client(client), Operation::Ask(name)) => client.ask(name, effects),
            (DnsNode::Resolver(resolver), Operation::Flush) => {
                resolver.handed.clear();
                resolver.flush(effects);
            }
            (DnsNode::Authority(authority), Operation::Change { change, raises_serial }) => {
                authority.change(change, raises_serial, effects);
            }
            (DnsNode::Authority(authority), Operation::Flood) => authority.flood(effects),
            _ => {}
        }
    }
}
