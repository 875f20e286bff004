//! RPC and REST: a remote call looks like a local one; what is different, and what do the methods of HTTP promise about it?
//!
//! Follows A. Birrell and B. Nelson, "Implementing remote procedure calls", ACM TOCS 2(1), 1984; B. Nelson, "Remote procedure call", 1981,
//! for orphans; J. Waldo et al., "A note on distributed computing", 1994; M. van Steen and A. Tanenbaum, "Distributed Systems", section
//! 8.3, for the printer; RFC 9110, "HTTP semantics", sections 9.2 and 13, and RFC 9111, "HTTP caching", section 4; R. Fielding,
//! "Architectural styles and the design of network-based software architectures", 2000, chapter 5; gRPC proposal A6, "Client retries".

mod call;
mod client;
mod connection;
mod desk;
mod door;
mod experiments;
mod front;
mod http;
mod line;
mod measures;
mod monitor;
mod operations;
mod panels;
mod presets;
mod printing;
mod proxy;
mod rules;
mod scenarios;
mod settings;
mod store;
mod stub;
mod view;
mod wish;

#[cfg(test)]
mod tests;

use connection::Segment;
use serde::Serialize;
use sim::frame::Layout;
use sim::{About, NodeId, Protocol, System, t};

pub use call::{Answer, Ask, Call, Deed, Origin};
pub use client::Client;
pub use front::Front;
pub use http::{Letter, Method, Path, Request, Response};
pub use monitor::{Column, Monitor, Tried};
pub use printing::{Job, Printer, Sheet};
pub use proxy::Proxy;
pub use settings::{Config, Rules, Semantics, Strategy, Style};
pub use store::{Book, Effect, Order, Store};
pub use wish::{Told, Verdict, Wish};

pub(crate) type Effects<'a> = sim::Effects<'a, RpcNode>;

/// The lab.
#[derive(Clone, Copy, Debug)]
pub struct RpcRest;

impl System for RpcRest {
    type Protocol = RpcNode;

    fn about() -> About {
        About {
            id: "rpc-rest",
            title: t!("RPC and REST"),
            chapter: t!("Network"),
            summary: t!(
                "Three calls have timed out. Look at the server: once nothing happened, once it did, and once it is happening now. See what calls and HTTP's methods promise."
            ),
            layout: Layout::Columns,
            new_leader: None,
            pace_us: About::PACE_US,
        }
    }
}

/// A node.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum RpcNode {
    Client(Client),
    Proxy(Proxy),
    Front(Front),
    Store(Store),
    Printer(Printer),
}

/// What travels.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Message {
    /// A caller in this life asks a server for its life.
    Bind {
        life: u64,
    },
    /// A server in the life `now` answers that, to a caller in this life.
    Bound {
        life: u64,
        now: u64,
    },
    Call(Call),
    /// The answer to a call of a caller in this life.
    Reply {
        life: u64,
        number: u32,
        answer: Answer,
    },
    /// A call names an earlier life of the server, which is in the life `now`.
    Refused {
        life: u64,
        number: u32,
        now: u64,
    },
    /// Something on a connection.
    Http(Segment<Letter>),
    /// A client asks for a text to be printed.
    Print(Job),
    /// The server says that it is printed, or will be: the completion message.
    Printed(Job),
    /// The server tells clients that it has crashed, and is back.
    Back {
        life: u64,
    },
    /// A text for the printer: the how-manieth of this life of the server.
    Paper {
        life: u64,
        serial: u32,
        job: Job,
    },
}

/// What nodes wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Timer {
    /// Of a client: its user wants something.
    Next,
    /// Of a caller: the call is repeated.
    Repeat,
    /// Of a caller: its deadline.
    GiveUp,
    /// Of whoever waits on a connection, for the exchange of this number.
    Patience(u64),
    /// Of a server: the work on the job of this number is done, or its time is over.
    Work(u64),
    /// Of the front end: the second step of printing.
    Step,
}

/// What nodes can be told to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// The user of a client wants this.
    Wish(Wish),
}

/// What a node keeps through a crash.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Disk {
    /// How many times it has started.
    pub lives: u64,
    /// Of a client.
    pub client: client::Written,
    /// Of the store.
    pub book: Book,
    /// Of the printer: what has come out of it.
    pub paper: sim::List<Sheet>,
}

impl RpcNode {
    /// The client, if it is one.
    pub fn client(&self) -> Option<&Client> {
        if let RpcNode::Client(client) = self { Some(client) } else { None }
    }

    /// The proxy, if it is the one.
    pub fn proxy(&self) -> Option<&Proxy> {
        if let RpcNode::Proxy(proxy) = self { Some(proxy) } else { None }
    }

    /// The front end, if it is one.
    pub fn front(&self) -> Option<&Front> {
        if let RpcNode::Front(front) = self { Some(front) } else { None }
    }

    /// The store, if it is the one.
    pub fn store(&self) -> Option<&Store> {
        if let RpcNode::Store(store) = self { Some(store) } else { None }
    }

    /// Where its work lies, if it is a server.
    pub fn desk(&self) -> Option<&desk::Desk> {
        match self {
            RpcNode::Front(front) => Some(&front.desk),
            RpcNode::Store(store) => Some(&store.desk),
            _ => None,
        }
    }

    /// Whom it has heard of, if it is a server.
    pub fn door(&self) -> Option<&door::Door> {
        match self {
            RpcNode::Front(front) => Some(&front.door),
            RpcNode::Store(store) => Some(&store.door),
            _ => None,
        }
    }
}

impl Protocol for RpcNode {
    type Config = Config;
    type Message = Message;
    type Timer = Timer;
    type Operation = Operation;
    type Disk = Disk;

    fn boot(disk: &Disk, effects: &mut Effects<'_>) -> RpcNode {
        let disk = Disk { lives: disk.lives + 1, ..disk.clone() };
        let (me, config) = (effects.me(), effects.config());
        if config.is_client(me) {
            return RpcNode::Client(Client::boot(disk, effects));
        }
        let life = disk.lives;
        let (is_proxy, is_store, is_printer) =
            (config.proxy() == Some(me), config.store() == me, config.printer() == Some(me));
        effects.persist(disk.clone());
        if is_proxy {
            RpcNode::Proxy(Proxy::boot(life))
        } else if is_store {
            RpcNode::Store(Store::boot(disk, effects))
        } else if is_printer {
            RpcNode::Printer(Printer::boot(disk))
        } else {
            RpcNode::Front(Front::boot(life, effects))
        }
    }

    fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        match self {
            RpcNode::Client(client) => client.on_message(from, message, effects),
            RpcNode::Proxy(proxy) => {
                if let Message::Http(segment) = message {
                    proxy.on_segment(from, segment, effects);
                }
            }
            RpcNode::Front(front) => front.on_message(from, message, effects),
            RpcNode::Store(store) => store.on_message(from, message, effects),
            RpcNode::Printer(printer) => {
                if let Message::Paper { life, serial, job } = message {
                    printer.on_paper(from, life, serial, job, effects);
                }
            }
        }
    }

    fn on_timer(&mut self, timer: Timer, effects: &mut Effects<'_>) {
        match (self, timer) {
            (RpcNode::Client(client), Timer::Next) => client.on_turn(effects),
            (RpcNode::Client(client), Timer::Repeat) => client.on_repeat(effects),
            (RpcNode::Client(client), Timer::GiveUp) => client.on_give_up(effects),
            (RpcNode::Client(client), Timer::Patience(number)) => client.on_patience(number, effects),
            (RpcNode::Proxy(proxy), Timer::Patience(number)) => proxy.on_patience(number, effects),
            (RpcNode::Front(front), Timer::Repeat) => front.on_repeat(effects),
            (RpcNode::Front(front), Timer::GiveUp) => front.on_give_up(effects),
            (RpcNode::Front(front), Timer::Work(job)) => front.on_work(job, effects),
            (RpcNode::Front(front), Timer::Step) => front.on_step(effects),
            (RpcNode::Store(store), Timer::Work(job)) => store.on_work(job, effects),
            _ => {}
        }
    }

    fn on_operation(&mut self, Operation::Wish(wish): Operation, effects: &mut Effects<'_>) {
        let me = effects.me();
        match self {
            RpcNode::Client(client) => client.want(wish, effects),
            _ => effects.note(|| t!("{node} cannot do that", node = me)),
        }
    }
}
