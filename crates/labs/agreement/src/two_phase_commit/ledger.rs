//! What the log of a service comes to: the shelves, the orders that it has promised to do, and the last outcomes.

use std::collections::VecDeque;

use parts::shop::{Change, OrderId, Shelves};
use serde::Serialize;
use sim::{Map, NodeId};

use super::journal::{Age, Record, What};

/// How many outcomes are remembered of each customer, for others that ask.
const MEMORY: usize = 4;

/// The state of a service, as its log makes it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Ledger {
    pub shelves: Shelves,
    pub prepared: Vec<Prepared>,
    ended: Map<NodeId, VecDeque<Ended>>,
}

/// An order that a service has promised to do, with what is needed to do it and to take it back.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Prepared {
    pub order: OrderId,
    pub age: Age,
    pub change: Change,
    /// Who had changed the same before.
    pub before: Option<OrderId>,
    /// Who else has a part that changes something.
    pub others: Vec<NodeId>,
}

/// How an order ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Ended {
    pub number: u64,
    pub commit: bool,
    /// Whether a person has decided that.
    pub by_hand: bool,
}

impl Ledger {
    pub fn new(shelves: Shelves) -> Ledger {
        Ledger { shelves, ..Ledger::default() }
    }

    /// Goes on by a record.
    pub fn take(&mut self, record: &Record) {
        let order = record.order;
        match &record.what {
            What::Prepared { age, change, others } => {
                let before = self.shelves.make(*change, order);
                self.prepared.push(Prepared { order, age: *age, change: *change, before, others: others.clone() });
            }
            What::Commit { by_hand, .. } => {
                self.prepared.retain(|prepared| prepared.order != order);
                self.end(order, true, *by_hand);
            }
            What::Abort { by_hand, .. } => {
                if let Some(place) = self.prepared.iter().position(|prepared| prepared.order == order) {
                    let prepared = self.prepared.remove(place);
                    self.shelves.take_back(prepared.change, order, prepared.before);
                }
                self.end(order, false, *by_hand);
            }
            What::Collecting { .. } | What::End => {}
        }
    }

    fn end(&mut self, order: OrderId, commit: bool, by_hand: bool) {
        let ended = self.ended.get_or_insert_with(order.customer, VecDeque::new);
        ended.push_back(Ended { number: order.number, commit, by_hand });
        if ended.len() > MEMORY {
            ended.pop_front();
        }
    }

    /// How an order ended, if it has and that is remembered.
    pub fn outcome(&self, order: OrderId) -> Option<Ended> {
        self.ended.get(&order.customer)?.iter().rfind(|ended| ended.number == order.number).copied()
    }

    /// Whether an order is so old that nothing is remembered of it.
    pub fn is_forgotten(&self, order: OrderId) -> bool {
        let ended = self.ended.get(&order.customer);
        ended.is_some_and(|ended| ended.len() == MEMORY && ended.iter().all(|ended| ended.number > order.number))
    }

    /// The last outcomes.
    pub fn outcomes(&self) -> impl Iterator<Item = (OrderId, Ended)> {
        let of = |(customer, ended): (&NodeId, &VecDeque<Ended>)| {
            let customer = *customer;
            ended.iter().map(move |ended| (OrderId { customer, number: ended.number }, *ended)).collect::<Vec<_>>()
        };
        self.ended.iter().flat_map(of)
    }
}
