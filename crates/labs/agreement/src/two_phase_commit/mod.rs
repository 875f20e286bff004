//! Two-phase commit: payment, inventory and shipping do an order all together, or not at all.
//!
//! Follows P. Bernstein, V. Hadzilacos and N. Goodman, "Concurrency Control and Recovery in Database Systems", 1987, chapter 7, and
//! for what may be forgotten, C. Mohan, B. Lindsay and R. Obermarck, "Transaction Management in the R* Distributed Database
//! Management System", ACM TODS 11(4), 1986.

mod book;
mod coordinator;
mod customer;
mod decisions;
mod experiments;
mod journal;
mod ledger;
mod measures;
mod message;
mod monitor;
mod operations;
mod panels;
mod portion;
mod precommit;
mod presets;
mod rules;
mod scenarios;
mod service;
mod settings;
mod termination;
mod view;

#[cfg(test)]
mod tests;

use parts::shop::{OrderId, Wish};
use serde::Serialize;
use sim::frame::Layout;
use sim::{About, NodeId, Protocol, System, t};

pub use coordinator::Coordinator;
pub use customer::Customer;
pub use journal::Disk;
pub use message::{Message, Vote, Why};
pub use monitor::Monitor;
pub use service::Service;
pub use settings::{Config, Presumption, Rules};

use settings::Part;

pub(crate) type Effects<'a> = sim::Effects<'a, Node>;

/// The lab.
#[derive(Clone, Copy, Debug)]
pub struct TwoPhaseCommit;

impl System for TwoPhaseCommit {
    type Protocol = Node;

    fn about() -> About {
        About {
            id: "two-phase-commit",
            title: t!("Two-phase commit"),
            chapter: t!("Agreement"),
            summary: t!(
                "Payment, inventory and shipping do an order all together, or not at all. Who has said yes has to wait for one machine, with the locks held."
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
    Coordinator(Box<Coordinator>),
    Service(Box<Service>),
    Customer(Box<Customer>),
}

/// What nodes wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Timer {
    /// The disk has written.
    Disk,
    /// Of the coordinator: all answers of a phase should be there.
    Votes(OrderId),
    /// Of the coordinator: tell the outcome again.
    Again(OrderId),
    /// Of a service: give up what it has not promised.
    Patience(OrderId),
    /// Of a service: ask what the outcome was.
    Ask(OrderId),
    /// Of a service that leads in the place of the coordinator: all answers should be there.
    Lead(OrderId),
    /// Of a customer: say the order again.
    Repeat,
    /// Of a customer: the next order.
    Workload,
}

/// What nodes can be told to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Of a customer.
    Wish(Wish),
    /// Of a service: the next vote is no.
    RefuseNext,
    /// Of a service: end what is in doubt.
    Decide { commit: bool },
}

impl Node {
    pub fn coordinator(&self) -> Option<&Coordinator> {
        match self {
            Node::Coordinator(coordinator) => Some(coordinator),
            _ => None,
        }
    }

    pub fn service(&self) -> Option<&Service> {
        match self {
            Node::Service(service) => Some(service),
            _ => None,
        }
    }

    pub fn customer(&self) -> Option<&Customer> {
        match self {
            Node::Customer(customer) => Some(customer),
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
            Part::Coordinator => Node::Coordinator(Box::new(Coordinator::boot(disk, effects))),
            Part::Service(desk) => Node::Service(Box::new(Service::boot(desk, disk, effects))),
            Part::Customer => Node::Customer(Box::new(Customer::boot(disk, effects))),
        }
    }

    fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        match (self, message) {
            (Node::Coordinator(coordinator), message) => coordinator.on_message(from, message, effects),
            (Node::Service(service), message) => service.on_message(from, message, effects),
            (Node::Customer(customer), Message::Told { order, done, life }) => {
                customer.on_told(order, done, life, effects);
            }
            (Node::Customer(_), _) => {}
        }
    }

    fn on_timer(&mut self, timer: Timer, effects: &mut Effects<'_>) {
        match self {
            Node::Coordinator(coordinator) => coordinator.on_timer(timer, effects),
            Node::Service(service) => service.on_timer(timer, effects),
            Node::Customer(customer) => customer.on_timer(timer, effects),
        }
    }

    fn on_operation(&mut self, operation: Operation, effects: &mut Effects<'_>) {
        match (self, operation) {
            (Node::Customer(customer), Operation::Wish(wish)) => customer.wish(wish, effects),
            (Node::Service(service), Operation::RefuseNext) => {
                service.refuses_next = true;
                let me = effects.me();
                effects.note(|| t!("{node} will vote no the next time", node = me));
            }
            (Node::Service(service), Operation::Decide { commit }) => service.decide(commit, effects),
            _ => {}
        }
    }
}
