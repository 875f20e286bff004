//! A customer, who has one order at a time, and the viewer, who looks at the books of services.

use parts::shop::{OrderId, Wish};
use serde::Serialize;
use sim::{NodeId, t};

use super::message::{Fate, Letter, Message, What, Why};
use super::outbox::Outbox;
use super::settings::{ORDER, PAY, SHIP, STOCK};
use super::{Disk, Effects, Timer};

/// The state of a customer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Customer {
    life: u64,
    pub outbox: Outbox,
    pub memory: Memory,
}

/// What a customer keeps.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Memory {
    pub number: u64,
    pub is_open: bool,
    pub has_cancelled: bool,
    /// What it was told last.
    pub told: Option<(OrderId, Fate, Option<Why>)>,
}

impl Customer {
    pub(super) fn boot(disk: Disk, effects: &mut Effects<'_>) -> Customer {
        let outbox = disk.outbox.boot(effects);
        wait(effects.config().workload_us, effects);
        Customer { life: disk.life, outbox, memory: disk.customer }
    }

    pub(super) fn keep(&self, effects: &mut Effects<'_>) {
        let outbox = self.outbox.on_disk(true);
        effects.persist(Disk { life: self.life, outbox, customer: self.memory.clone(), ..Disk::default() });
    }

    fn put(&mut self, to: NodeId, what: What, effects: &mut Effects<'_>) {
        let order = OrderId { customer: effects.me(), number: self.memory.number };
        self.outbox.put(to, Letter { order, what, why: None }, false, effects);
    }

    /// Something to do by itself.
    pub(super) fn next(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        wait(effects.config().workload_us, effects);
        if self.memory.is_open {
            if effects.choose(100) < effects.config().cancel_percent {
                return self.cancel(effects);
            }
            effects.routine("waits");
            return effects.note(|| t!("{node} still waits to hear of its order", node = me));
        }
        let missing = match self.memory.told {
            Some((.., Some(Why::TooLittle(node)))) => Some(node),
            _ => None,
        };
        self.order(effects);
        match missing {
            Some(PAY) => self.put(PAY, What::Supply(Wish::PayIn), effects),
            Some(STOCK) => self.put(STOCK, What::Supply(Wish::Restock), effects),
            Some(SHIP) => self.put(SHIP, What::Supply(Wish::Restock), effects),
            _ => return,
        }
        self.keep(effects);
    }

    pub(super) fn order(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        if self.memory.is_open {
            return effects.note(|| t!("{node} has an order under way", node = me));
        }
        self.memory.number += 1;
        (self.memory.is_open, self.memory.has_cancelled) = (true, false);
        self.put(ORDER, What::Place, effects);
        self.keep(effects);
        let order = OrderId { customer: me, number: self.memory.number };
        effects.note(|| t!("{node} orders a piece: {order}", node = me, order = order.text()));
    }

    pub(super) fn cancel(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        if !self.memory.is_open || self.memory.has_cancelled {
            effects.routine("nothing to cancel");
            return effects.note(|| t!("{node} has nothing to cancel", node = me));
        }
        self.memory.has_cancelled = true;
        self.put(ORDER, What::Cancel, effects);
        self.keep(effects);
        effects.note(|| t!("{node} wants to cancel its order", node = me));
    }

    pub(super) fn on_letter(&mut self, letter: Letter, effects: &mut Effects<'_>) {
        let (me, order) = (effects.me(), letter.order);
        let What::Told(fate) = letter.what else { return };
        if !self.memory.is_open || order.number != self.memory.number {
            effects.routine("told again");
            return effects.note(|| t!("{node} has heard of {order} before", node = me, order = order.text()));
        }
        self.memory.is_open = false;
        self.memory.told = Some((order, fate, letter.why));
        self.keep(effects);
        effects.note(|| match fate {
            Fate::Confirmed => t!("{node} hears that {order} is confirmed", node = me, order = order.text()),
            Fate::Rejected => t!("{node} hears that {order} is rejected", node = me, order = order.text()),
            Fate::Cancelled => t!("{node} hears that {order} is cancelled", node = me, order = order.text()),
        });
    }
}

/// The state of the viewer.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Viewer {
    pub life: u64,
    pub round: u64,
    /// What it has seen at Pay and at Stock in the last round.
    pub seen: [Option<Vec<OrderId>>; 2],
}

impl Viewer {
    pub(super) fn boot(life: u64, effects: &mut Effects<'_>) -> Viewer {
        wait(effects.config().workload_us, effects);
        Viewer { life, ..Viewer::default() }
    }

    pub(super) fn look(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        wait(effects.config().workload_us, effects);
        self.round += 1;
        self.seen = [None, None];
        [PAY, STOCK].into_iter().for_each(|node| effects.send(node, Message::Read { round: self.round }));
        effects.routine("look");
        effects.note(|| t!("{node} looks at the books of {pay} and {stock}", node = me, pay = PAY, stock = STOCK));
    }

    pub(super) fn on_state(&mut self, from: NodeId, round: u64, orders: Vec<OrderId>, effects: &mut Effects<'_>) {
        let me = effects.me();
        if round == self.round {
            self.seen[from.index() - 1] = Some(orders);
        }
        effects.routine("state");
        effects.note(|| t!("{node} sees what stands in the books of {other} now", node = me, other = from));
    }
}

fn wait(workload_us: u64, effects: &mut Effects<'_>) {
    if workload_us > 0 {
        let after_us = workload_us / 2 + effects.choose(workload_us + 1);
        effects.set_timer(Timer::Next, after_us);
    }
}
