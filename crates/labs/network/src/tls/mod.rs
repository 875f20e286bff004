//! TLS 1.3: two strangers agree on a secret while somebody between them reads and changes everything. How do they know who they are?
//!
//! Follows E. Rescorla, RFC 8446, "The Transport Layer Security (TLS) Protocol Version 1.3", 2018; D. Cooper and others, RFC 5280, 2008, on
//! certificates; P. Saint-Andre and R. Salz, RFC 9525, 2023, on names; D. Dolev and A. Yao, "On the security of public key protocols", 1983;
//! G. Lowe, "A hierarchy of authentication specifications", 1997; C. Cremers and others, "A comprehensive symbolic analysis of TLS 1.3", 2017.

mod certificates;
mod client;
mod experiments;
mod game;
mod keys;
mod knowledge;
mod mallory;
mod measures;
mod monitor;
mod operations;
mod panels;
mod presets;
mod rules;
mod scenarios;
mod server;
mod settings;
mod term;
mod view;
mod wire;

#[cfg(test)]
mod tests;

use serde::Serialize;
use sim::frame::Layout;
use sim::{About, NodeId, Protocol, System, t};

pub use client::{Client, Ended, Open, Session, Step, Verdict};
pub use game::Game;
pub use knowledge::Knowledge;
pub use mallory::Mallory;
pub use monitor::Monitor;
pub use server::{Identity, Run, Server, Stage};
pub use settings::{Config, Rules, Strategy};
pub use term::{Kind, Tag, Term};
pub use wire::{Method, Packet, Record};

pub(crate) type Effects<'a> = sim::Effects<'a, TlsNode>;

/// The lab.
#[derive(Clone, Copy, Debug)]
pub struct Tls;

impl System for Tls {
    type Protocol = TlsNode;

    fn about() -> About {
        About {
            id: "tls",
            title: t!("TLS 1.3"),
            chapter: t!("Network"),
            summary: t!(
                "Mallory stands between you and the shop, and can read and change everything. Locks are perfect, and she can still be let in: see which look at a certificate keeps her out."
            ),
            layout: Layout::Columns,
            new_leader: None,
            pace_us: About::PACE_US,
        }
    }
}

/// A node: a client, Mallory between them, or a server.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum TlsNode {
    Client(Box<Client>),
    Mallory(Box<Mallory>),
    Server(Server),
}

/// What travels.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Message {
    Packet(Packet),
    /// Mallory breaks into a server.
    BreakIn,
    /// What she has taken there.
    Loot(Vec<Term>),
}

/// What nodes wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Timer {
    /// Of a client: its user wants something.
    Next,
    /// Of a client: it has waited long enough, and sends its last flight again.
    Again,
}

/// What nodes can be told to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// A client connects to this site and asks.
    Ask(Method, &'static str),
    /// The key of a server is stolen.
    Steal,
    /// A trusted authority signs a false certificate for Mallory.
    Issue,
    /// A server gets a new certificate.
    Renew,
}

/// What a node keeps through a crash.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Disk {
    pub client: client::Written,
    pub server: server::Written,
    pub mallory: mallory::Written,
}

impl TlsNode {
    /// The client, if it is one.
    pub fn client(&self) -> Option<&Client> {
        if let TlsNode::Client(client) = self { Some(client) } else { None }
    }

    /// Mallory, if it is she.
    pub fn mallory(&self) -> Option<&Mallory> {
        if let TlsNode::Mallory(mallory) = self { Some(mallory) } else { None }
    }

    /// The server, if it is one.
    pub fn server(&self) -> Option<&Server> {
        if let TlsNode::Server(server) = self { Some(server) } else { None }
    }
}

impl Protocol for TlsNode {
    type Config = Config;
    type Message = Message;
    type Timer = Timer;
    type Operation = Operation;
    type Disk = Disk;

    fn boot(disk: &Disk, effects: &mut Effects<'_>) -> TlsNode {
        let (me, disk) = (effects.me(), disk.clone());
        if me == Config::MALLORY {
            TlsNode::Mallory(Box::new(Mallory::boot(disk.mallory, effects)))
        } else if effects.config().is_client(me) {
            TlsNode::Client(Box::new(Client::boot(disk.client, effects)))
        } else {
            TlsNode::Server(Server::boot(disk.server, effects))
        }
    }

    fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        match (self, message) {
            (TlsNode::Client(client), Message::Packet(packet)) => client.on_packet(&packet, effects),
            (TlsNode::Mallory(mallory), Message::Packet(packet)) => mallory.on_packet(packet, effects),
            (TlsNode::Mallory(mallory), Message::Loot(terms)) => mallory.on_loot(from, terms, effects),
            (TlsNode::Server(server), Message::Packet(packet)) => server.on_packet(&packet, effects),
            (TlsNode::Server(server), Message::BreakIn) => server.on_break_in(effects),
            _ => {}
        }
    }

    fn on_timer(&mut self, timer: Timer, effects: &mut Effects<'_>) {
        if let TlsNode::Client(client) = self {
            match timer {
                Timer::Next => client.on_turn(effects),
                Timer::Again => client.on_silence(effects),
            }
        }
    }

    fn on_operation(&mut self, operation: Operation, effects: &mut Effects<'_>) {
        let me = effects.me();
        match (self, operation) {
            (TlsNode::Client(client), Operation::Ask(method, site)) => client.want(method, site, effects),
            (TlsNode::Mallory(mallory), Operation::Issue) => mallory.on_false_issue(effects),
            (TlsNode::Server(server), Operation::Steal) => server.on_break_in(effects),
            (TlsNode::Server(server), Operation::Renew) => server.renew(effects),
            _ => effects.note(|| t!("{node} cannot do that", node = me)),
        }
    }
}
