//! What the log of the coordinator comes to: decisions that somebody still has to hear of, and a receipt for each customer.

use parts::shop::OrderId;
use serde::Serialize;
use sim::{Map, NodeId};

use super::journal::{Record, What};

/// The decisions of a coordinator, as its log makes them.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Decisions {
    /// Those that have not ended.
    pub open: Vec<Decision>,
    /// Orders for which votes were asked, and that were not decided.
    pub asked: Vec<Asked>,
    /// The last order of each customer that was committed. It stands apart from the log, and answers customers only: services go by
    /// the log.
    receipts: Map<NodeId, Receipt>,
}

/// A decision that somebody still has to hear of.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Decision {
    pub order: OrderId,
    pub commit: bool,
    pub tell: Vec<NodeId>,
}

/// An order for which votes were asked.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Asked {
    pub order: OrderId,
    pub tell: Vec<NodeId>,
    pub seen: Vec<Option<OrderId>>,
}

/// What a customer has got.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct Receipt {
    number: u64,
    seen: Vec<Option<OrderId>>,
}

impl Decisions {
    /// Goes on by a record.
    pub fn take(&mut self, record: &Record) {
        let order = record.order;
        if record.what.outcome().is_some() {
            self.asked.retain(|asked| asked.order != order);
        }
        match &record.what {
            What::Collecting { tell, seen } => {
                self.asked.push(Asked { order, tell: tell.clone(), seen: seen.clone() });
            }
            What::Commit { tell, seen, .. } => {
                if !tell.is_empty() {
                    self.open.push(Decision { order, commit: true, tell: tell.clone() });
                }
                self.receipts.insert(order.customer, Receipt { number: order.number, seen: seen.clone() });
            }
            What::Abort { tell, .. } if !tell.is_empty() => {
                self.open.push(Decision { order, commit: false, tell: tell.clone() });
            }
            What::End => self.open.retain(|decision| decision.order != order),
            What::Abort { .. } | What::Prepared { .. } => {}
        }
    }

    /// What was read by an order that was committed, as long as its customer has not placed another one.
    pub fn receipt(&self, order: OrderId) -> Option<&[Option<OrderId>]> {
        let receipt = self.receipts.get(&order.customer)?;
        (receipt.number == order.number).then_some(&receipt.seen)
    }
}
