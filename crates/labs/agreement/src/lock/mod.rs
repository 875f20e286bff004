//! Distributed lock: who holds it, who thinks so, and what the thing behind the lock can do about it.
//!
//! Follows C. Gray and D. Cheriton, "Leases", SOSP 1989; M. Burrows, "The Chubby lock service", OSDI 2006; M. Kleppmann, "How to do
//! distributed locking", 2016; and the Redis documentation, "Distributed Locks with Redis".

mod book;
mod customer;
mod experiments;
mod key;
mod lease;
mod measures;
mod message;
mod monitor;
mod operations;
mod panels;
mod presets;
mod rules;
mod scenarios;
mod settings;
mod stock;
mod view;

#[cfg(test)]
mod tests;

use parts::shop::OrderId;
use serde::Serialize;
use sim::frame::Layout;
use sim::{About, NodeId, Protocol, System, Text, t};

pub use customer::{Customer, Step};
pub use key::Key;
pub use lease::Lease;
pub use message::Message;
pub use monitor::Monitor;
pub use settings::{Config, Rules, Scheme};
pub use stock::Stock;

use settings::Part;

pub(crate) type Effects<'a> = sim::Effects<'a, Node>;

/// The lab.
#[derive(Clone, Copy, Debug)]
pub struct Lock;

impl System for Lock {
    type Protocol = Node;

    fn about() -> About {
        About {
            id: "lock",
            title: t!("Distributed lock"),
            chapter: t!("Agreement"),
            summary: t!(
                "A lock service told you that you hold the lock. You may have been asleep since: may you now write?"
            ),
            layout: Layout::Columns,
            new_leader: Some(t!("somebody gets the lock")),
            pace_us: About::PACE_US,
        }
    }
}

/// A node of this lab.
#[derive(Clone, Debug, Serialize)]
pub enum Node {
    Customer(Box<Customer>),
    Lease(Box<Lease>),
    Key(Box<Key>),
    Stock(Box<Stock>),
}

/// What nodes keep through a crash.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Disk {
    /// How often the node has started; fewer than before where it has lost its disk.
    pub life: u64,
    /// Of a customer: the number of its last attempt.
    pub number: u64,
    pub lease: lease::Sessions,
    pub stock: stock::Shelf,
}

/// What nodes wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Timer {
    /// Of a customer: an answer should be there.
    Answer,
    /// Of a customer: try again to get the lock.
    Retry,
    /// Of a customer: say that it is alive.
    KeepAlive,
    /// Of a customer: its time is over, by its own clock.
    Over,
    /// Of a customer: it has thought.
    Work,
    /// Of a customer: it wants to buy.
    Workload,
    /// Of the lock service: the session of this attempt ends.
    Expiry(OrderId),
    /// Of the lock service: the lock that nobody released may be given away.
    Delay,
    /// Of the stock: a piece comes.
    Restock,
}

/// What nodes can be told to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Of a customer: get the lock, read, think, write, release.
    Buy,
    /// Of a customer: get the lock, and keep it.
    Acquire,
    /// Of a customer: give it back.
    Release,
    /// Of a customer: release a lock that is not its own.
    Steal,
    /// Of the stock: one more piece.
    Restock,
}

/// The name of an attempt to buy: "C1.2". A new one has a new number, which never comes back.
pub fn name(attempt: OrderId) -> Text {
    t!("{customer}.{number}", customer = attempt.customer, number = attempt.number)
}

/// A token, as it is written: "#34".
pub fn token_text(token: u64) -> Text {
    t!("#{token}", token = token)
}

impl Node {
    pub fn customer(&self) -> Option<&Customer> {
        match self {
            Node::Customer(customer) => Some(customer),
            _ => None,
        }
    }

    pub fn lease(&self) -> Option<&Lease> {
        match self {
            Node::Lease(lease) => Some(lease),
            _ => None,
        }
    }

    pub fn key(&self) -> Option<&Key> {
        match self {
            Node::Key(key) => Some(key),
            _ => None,
        }
    }

    pub fn stock(&self) -> Option<&Stock> {
        match self {
            Node::Stock(stock) => Some(stock),
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
        let config = effects.config();
        match (config.part(effects.me()), config.scheme) {
            (Part::Customer, _) => Node::Customer(Box::new(Customer::boot(disk, effects))),
            (Part::Lock, Scheme::Lease) => Node::Lease(Box::new(Lease::boot(disk, effects))),
            (Part::Lock, _) => Node::Key(Box::new(Key::boot(disk, effects))),
            (Part::Stock, _) => Node::Stock(Box::new(Stock::boot(disk, effects))),
        }
    }

    fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        match self {
            Node::Customer(customer) => customer.on_message(from, message, effects),
            Node::Lease(lease) => lease.on_message(from, message, effects),
            Node::Key(key) => key.on_message(from, message, effects),
            Node::Stock(stock) => stock.on_message(from, message, effects),
        }
    }

    fn on_timer(&mut self, timer: Timer, effects: &mut Effects<'_>) {
        match self {
            Node::Customer(customer) => customer.on_timer(timer, effects),
            Node::Lease(lease) => lease.on_timer(timer, effects),
            Node::Stock(stock) if timer == Timer::Restock => stock.restock(effects),
            Node::Key(_) | Node::Stock(_) => {}
        }
    }

    fn on_operation(&mut self, operation: Operation, effects: &mut Effects<'_>) {
        match (self, operation) {
            (Node::Customer(customer), operation) => customer.on_operation(operation, effects),
            (Node::Stock(stock), Operation::Restock) => stock.restock(effects),
            _ => {}
        }
    }
}
