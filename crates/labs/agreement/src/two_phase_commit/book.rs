//! What the monitor remembers of orders and of locks.

use std::collections::VecDeque;

use parts::shop::{Good, OrderId};
use serde::Serialize;
use sim::NodeId;

/// How many orders are remembered, and how many locks of each service.
const ORDERS: usize = 16;
const LOCKS: usize = 10;

/// What is remembered.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Book {
    orders: VecDeque<Row>,
    /// By service, the oldest first.
    locks: Vec<VecDeque<Held>>,
}

/// An order, as far as it is known.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub order: OrderId,
    pub begun_us: u64,
    /// By service: whether it has voted yes, and said so.
    pub yes: Vec<bool>,
    /// By service: how it has ended the order.
    pub ends: Vec<Option<End>>,
    /// What the coordinator has decided.
    pub decision: Option<bool>,
    /// Whether all votes had come and were yes when it did.
    pub had_all: bool,
    /// Whether the customer was told that it is done.
    pub told: Option<bool>,
}

/// How a service has ended an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct End {
    pub commit: bool,
    pub by_hand: bool,
}

/// How long a service has held a lock.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Held {
    pub order: OrderId,
    pub good: Good,
    pub from_us: u64,
    /// Since when it has been in doubt.
    pub doubt_us: Option<u64>,
    pub to_us: Option<u64>,
}

impl Row {
    /// Two services that have ended it differently; those of which nobody has decided by hand, first.
    pub fn split(&self) -> Option<(usize, usize, bool)> {
        let of = |commit: bool| {
            let ends = self.ends.iter().enumerate();
            let mut those = ends.filter(move |(_, end)| end.is_some_and(|end| end.commit == commit));
            those.next().map(|(place, end)| (place, end.is_some_and(|end| end.by_hand)))
        };
        let (done, undone) = (of(true)?, of(false)?);
        Some((done.0, undone.0, done.1 || undone.1))
    }
}

impl Book {
    /// The orders, the oldest first.
    pub fn orders(&self) -> impl DoubleEndedIterator<Item = &Row> {
        self.orders.iter()
    }

    /// The locks of a service, the oldest first.
    pub fn locks(&self, place: usize) -> impl Iterator<Item = &Held> {
        self.locks.get(place).into_iter().flatten()
    }

    /// The row of an order; it is made where there is none.
    pub(super) fn row(&mut self, order: OrderId, services: usize, at_us: u64) -> &mut Row {
        let place = self.orders.iter().position(|row| row.order == order).unwrap_or_else(|| {
            if self.orders.len() == ORDERS {
                self.orders.pop_front();
            }
            self.orders.push_back(Row {
                order,
                begun_us: at_us,
                yes: vec![false; services],
                ends: vec![None; services],
                decision: None,
                had_all: false,
                told: None,
            });
            self.orders.len() - 1
        });
        &mut self.orders[place]
    }

    /// The rows that there are.
    pub(super) fn rows(&mut self) -> impl Iterator<Item = &mut Row> {
        self.orders.iter_mut()
    }

    /// Notes which orders hold locks at a service now, and which of them are in doubt.
    pub(super) fn note_locks(&mut self, place: usize, now: &[(OrderId, Good, bool)], at_us: u64) {
        if self.locks.len() <= place {
            self.locks.resize(place + 1, VecDeque::new());
        }
        let locks = &mut self.locks[place];
        for held in locks.iter_mut().filter(|held| held.to_us.is_none()) {
            match now.iter().find(|(order, ..)| *order == held.order) {
                None => held.to_us = Some(at_us),
                Some((.., true)) => held.doubt_us = held.doubt_us.or(Some(at_us)),
                Some((.., false)) => {}
            }
        }
        for (order, good, in_doubt) in now {
            if !locks.iter().any(|held| held.order == *order && held.to_us.is_none()) {
                let doubt_us = in_doubt.then_some(at_us);
                locks.push_back(Held { order: *order, good: *good, from_us: at_us, doubt_us, to_us: None });
            }
        }
        while locks.len() > LOCKS {
            locks.pop_front();
        }
    }
}

/// A service by its place.
pub fn service(place: usize) -> NodeId {
    NodeId::at(place + 1)
}
