//! The unreliable network: messages get lost, doubled, swapped and damaged; how can a payment happen exactly once?
//!
//! Follows J. Saltzer, D. Reed and D. Clark, "End-to-end arguments in system design", ACM TOCS 2(4), 1984; A. Birrell and B. Nelson,
//! "Implementing remote procedure calls", ACM TOCS 2(1), 1984; Stripe, "Idempotent requests", and
//! draft-ietf-httpapi-idempotency-key-header; R. Braden, D. Borman and C. Partridge, RFC 1071, "Computing the Internet checksum", 1988;
//! J. Stone and C. Partridge, "When the CRC and TCP checksum disagree", SIGCOMM 2000; J. Gray, "Notes on data base operating systems",
//! 1978, and N. Lynch, "Distributed Algorithms", 1996, chapter 5, for the two generals.

mod client;
mod experiments;
mod gateway;
mod general;
mod ledger;
mod measures;
mod monitor;
mod operations;
mod panels;
mod presets;
mod rules;
mod scenarios;
mod settings;
mod view;
mod wire;

#[cfg(test)]
mod tests;

use serde::Serialize;
use sim::frame::Layout;
use sim::rng::Rng;
use sim::{About, NodeId, Protocol, System, t};

pub use client::{Client, Open, Told, Verdict};
pub use gateway::Gateway;
pub use general::{Decision, General, Messenger};
pub use ledger::{Book, Entry, Ledger};
pub use monitor::Monitor;
pub use settings::{Config, Plan, Rules, Semantics, Story};
pub use wire::{Answer, Ask, Damage, Deed, HopCheck, Packet, Record, Request, Seen, Status};

pub(crate) type Effects<'a> = sim::Effects<'a, UnreliableNode>;

/// The lab.
#[derive(Clone, Copy, Debug)]
pub struct UnreliableNetwork;

impl System for UnreliableNetwork {
    type Protocol = UnreliableNode;

    fn about() -> About {
        About {
            id: "unreliable-network",
            title: t!("The unreliable network"),
            chapter: t!("Network"),
            summary: t!(
                "The answer to a payment is lost, the client tries again, and the card is charged twice. See what it takes until each payment happens exactly once."
            ),
            layout: Layout::Columns,
            new_leader: None,
            pace_us: About::PACE_US,
        }
    }
}

/// A node: one of those through which payments go, or a general.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum UnreliableNode {
    Client(Client),
    Gateway(Gateway),
    Ledger(Ledger),
    General(General),
}

/// What travels.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Message {
    /// A request or an answer, in bytes.
    Packet(Packet),
    /// What a general sends the other one.
    Messenger(Messenger),
}

/// What nodes wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Timer {
    /// Of a client: its user wants something.
    Next,
    /// Of a client: it has waited long enough, for an answer or before the next attempt.
    Attempt,
    /// Of the gateway: the message of this number can go on.
    Forward(u64),
    /// Of the ledger: the work of this number is done.
    Work(u64),
    /// Of the ledger: what was put off is written to disk.
    Write(u64),
    /// Of a general: the next battle.
    Battle,
    /// Of a general: its next messenger leaves.
    Round,
    /// Of a general: it has to decide.
    Dawn,
}

/// What nodes can be told to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// The user of a client wants this.
    Ask(Ask),
    /// The user of a client does not wait, and asks for the same once more.
    PressAgain,
    /// The first general begins a battle now.
    Battle,
}

/// What a node keeps through a crash.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Disk {
    /// How many times it has started.
    pub lives: u64,
    /// Of a client.
    pub client: client::Written,
    /// Of the ledger.
    pub book: Book,
}

impl UnreliableNode {
    /// The client, if it is one.
    pub fn client(&self) -> Option<&Client> {
        if let UnreliableNode::Client(client) = self { Some(client) } else { None }
    }

    /// The gateway, if it is the one.
    pub fn gateway(&self) -> Option<&Gateway> {
        if let UnreliableNode::Gateway(gateway) = self { Some(gateway) } else { None }
    }

    /// The ledger, if it is the one.
    pub fn ledger(&self) -> Option<&Ledger> {
        if let UnreliableNode::Ledger(ledger) = self { Some(ledger) } else { None }
    }

    /// The general, if it is one.
    pub fn general(&self) -> Option<&General> {
        if let UnreliableNode::General(general) = self { Some(general) } else { None }
    }

    /// What it has met of damage; a general looks at no bytes.
    pub fn seen(&self) -> Option<&Seen> {
        match self {
            UnreliableNode::Client(client) => Some(&client.seen),
            UnreliableNode::Gateway(gateway) => Some(&gateway.seen),
            UnreliableNode::Ledger(ledger) => Some(&ledger.seen),
            UnreliableNode::General(_) => None,
        }
    }
}

impl Protocol for UnreliableNode {
    type Config = Config;
    type Message = Message;
    type Timer = Timer;
    type Operation = Operation;
    type Disk = Disk;

    fn boot(disk: &Disk, effects: &mut Effects<'_>) -> UnreliableNode {
        let disk = Disk { lives: disk.lives + 1, ..disk.clone() };
        let (me, config) = (effects.me(), effects.config());
        if config.story == Story::Generals {
            effects.persist(disk);
            UnreliableNode::General(General::boot(effects))
        } else if config.is_client(me) {
            UnreliableNode::Client(Client::boot(disk, effects))
        } else if me == config.gateway() {
            effects.persist(disk);
            UnreliableNode::Gateway(Gateway::default())
        } else {
            effects.persist(disk.clone());
            UnreliableNode::Ledger(Ledger::boot(disk))
        }
    }

    fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        match (self, message) {
            (UnreliableNode::Client(client), Message::Packet(packet)) => client.on_answer(packet, effects),
            (UnreliableNode::Gateway(gateway), Message::Packet(packet)) => gateway.on_packet(from, packet, effects),
            (UnreliableNode::Ledger(ledger), Message::Packet(packet)) => ledger.on_request(packet, effects),
            (UnreliableNode::General(general), Message::Messenger(messenger)) => {
                general.on_messenger(messenger, effects);
            }
            _ => {}
        }
    }

    fn on_timer(&mut self, timer: Timer, effects: &mut Effects<'_>) {
        match (self, timer) {
            (UnreliableNode::Client(client), Timer::Next) => client.on_turn(effects),
            (UnreliableNode::Client(client), Timer::Attempt) => client.on_timeout(effects),
            (UnreliableNode::Gateway(gateway), Timer::Forward(number)) => gateway.forward(number, effects),
            (UnreliableNode::Ledger(ledger), Timer::Work(job)) => ledger.carry_out(job, effects),
            (UnreliableNode::Ledger(ledger), Timer::Write(job)) => ledger.write(job, effects),
            (UnreliableNode::General(general), Timer::Battle) => general.on_battle(effects),
            (UnreliableNode::General(general), Timer::Round) => general.on_round(effects),
            (UnreliableNode::General(general), Timer::Dawn) => general.on_dawn(effects),
            _ => {}
        }
    }

    fn on_operation(&mut self, operation: Operation, effects: &mut Effects<'_>) {
        let me = effects.me();
        match (self, operation) {
            (UnreliableNode::Client(client), Operation::Ask(ask)) => client.want(ask, effects),
            (UnreliableNode::Client(client), Operation::PressAgain) => client.press_again(effects),
            (UnreliableNode::General(general), Operation::Battle) => general.begin_now(effects),
            _ => effects.note(|| t!("{node} cannot do that", node = me)),
        }
    }

    /// A packet goes on with other bytes; a messenger whose letter cannot be read brings nothing.
    fn corrupt(message: &Message, rng: &mut Rng) -> Option<Message> {
        match message {
            Message::Packet(packet) => Some(Message::Packet(packet.damaged(rng))),
            Message::Messenger(_) => None,
        }
    }
}
