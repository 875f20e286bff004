//! Sagas: payment, inventory and shipping do an order one after the other, and undo it in the other direction.
//!
//! Follows H. Garcia-Molina and K. Salem, "Sagas", SIGMOD 1987, and C. Richardson, "Microservices Patterns", 2018, chapters 3 and 4.

mod act;
mod conductor;
mod customer;
mod experiments;
mod measures;
mod message;
mod monitor;
mod operations;
mod outbox;
mod panels;
mod presets;
mod rules;
mod scenarios;
mod service;
mod settings;
mod view;

#[cfg(test)]
mod tests;

use serde::Serialize;
use sim::frame::Layout;
use sim::{About, NodeId, Protocol, System, t};

pub use conductor::{Conductor, Orders};
pub use customer::{Customer, Viewer};
pub use message::Message;
pub use monitor::Monitor;
pub use outbox::Outbox;
pub use service::{Books, Service};
pub use settings::{Config, Rules};

use settings::{ORDER, Part};

pub(crate) type Effects<'a> = sim::Effects<'a, Node>;

/// The lab.
#[derive(Clone, Copy, Debug)]
pub struct Saga;

impl System for Saga {
    type Protocol = Node;

    fn about() -> About {
        About {
            id: "saga",
            title: t!("Saga"),
            chapter: t!("Agreement"),
            summary: t!(
                "Nobody holds a lock for the others: each step takes effect at once, and if one fails the others are undone by further steps."
            ),
            layout: Layout::Columns,
            new_leader: None,
            pace_us: About::PACE_US,
        }
    }
}

/// A node of this lab.
#[derive(Clone, Debug, Serialize)]
pub enum Node {
    Order(Box<Conductor>),
    Service(Box<Service>),
    Customer(Box<Customer>),
    Viewer(Box<Viewer>),
}

/// What a node keeps.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Disk {
    /// How often it has started.
    pub life: u64,
    pub outbox: Outbox,
    pub orders: Orders,
    pub books: Books,
    pub customer: customer::Memory,
}

/// What nodes wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Timer {
    /// Something in the outbox is due.
    Relay,
    /// Of Order: an answer is late.
    Retry(parts::shop::OrderId),
    /// Of a customer: the next thing to do; of the viewer: look again.
    Next,
}

/// What nodes can be told to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    Order,
    Cancel,
    FailNext,
    Restock,
    Look,
}

impl Protocol for Node {
    type Config = Config;
    type Message = Message;
    type Timer = Timer;
    type Operation = Operation;
    type Disk = Disk;

    fn boot(disk: &Disk, effects: &mut Effects<'_>) -> Node {
        let disk = Disk { life: disk.life + 1, ..disk.clone() };
        effects.persist(disk.clone());
        match settings::part(effects.me()) {
            Part::Order => Node::Order(Box::new(Conductor::boot(disk, effects))),
            Part::Service(desk) => Node::Service(Box::new(Service::boot(desk, disk, effects))),
            Part::Customer => Node::Customer(Box::new(Customer::boot(disk, effects))),
            Part::Viewer => Node::Viewer(Box::new(Viewer::boot(disk.life, effects))),
        }
    }

    fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        match (self, message) {
            (Node::Viewer(viewer), Message::State { round, orders }) => viewer.on_state(from, round, orders, effects),
            (Node::Service(service), Message::Read { round }) => service.on_read(from, round, effects),
            (node, Message::Letter { number, letter }) => {
                effects.send(from, Message::Ack { number });
                match node {
                    Node::Order(conductor) => conductor.on_letter(letter, effects),
                    Node::Service(service) => service.on_letter(letter, effects),
                    Node::Customer(customer) => customer.on_letter(letter, effects),
                    Node::Viewer(_) => {}
                }
            }
            (node, Message::Ack { number }) => {
                effects.routine("ack");
                let me = effects.me();
                effects.note(|| t!("{node} hears that its letter has been dealt with", node = me));
                match node {
                    Node::Order(conductor) => {
                        conductor.outbox.on_ack(number);
                        conductor.keep(effects);
                    }
                    Node::Service(service) => {
                        service.outbox.on_ack(number);
                        service.keep(effects);
                    }
                    Node::Customer(customer) => {
                        customer.outbox.on_ack(number);
                        customer.keep(effects);
                    }
                    Node::Viewer(_) => {}
                }
            }
            _ => {}
        }
    }

    fn on_timer(&mut self, timer: Timer, effects: &mut Effects<'_>) {
        if timer == Timer::Relay {
            let outbox = match self {
                Node::Order(conductor) => &mut conductor.outbox,
                Node::Service(service) => &mut service.outbox,
                Node::Customer(customer) => &mut customer.outbox,
                Node::Viewer(_) => return,
            };
            let (me, tries) = (effects.me(), outbox.relay(effects));
            effects.rule("outbox");
            effects.routine(if tries > 1 { "again" } else { "relay" });
            effects.note(|| match tries {
                0 => t!("Nothing in the outbox of {node} is due", node = me),
                1 => t!("The relay of {node} sends what is in its outbox", node = me),
                _ => t!("{node} has no acknowledgement, and sends a letter again", node = me),
            });
            match self {
                Node::Order(conductor) if tries > 0 => conductor.keep(effects),
                Node::Service(service) if tries > 0 => service.keep(effects),
                _ => {}
            }
            return;
        }
        match (self, timer) {
            (Node::Order(conductor), Timer::Retry(order)) => conductor.retry(order, effects),
            (Node::Customer(customer), Timer::Next) => customer.next(effects),
            (Node::Viewer(viewer), Timer::Next) => viewer.look(effects),
            _ => {}
        }
    }

    fn on_operation(&mut self, operation: Operation, effects: &mut Effects<'_>) {
        match (self, operation) {
            (Node::Customer(customer), Operation::Order) => customer.order(effects),
            (Node::Customer(customer), Operation::Cancel) => customer.cancel(effects),
            (Node::Service(service), Operation::FailNext) => {
                service.fails_next = true;
                let me = effects.me();
                effects.note(|| t!("{node} will refuse its next step", node = me));
            }
            (Node::Service(service), Operation::Restock) => {
                service.supply(
                    parts::shop::Wish::Restock,
                    parts::shop::OrderId { customer: ORDER, number: 0 },
                    effects,
                );
            }
            (Node::Viewer(viewer), Operation::Look) => viewer.look(effects),
            _ => {}
        }
    }
}
