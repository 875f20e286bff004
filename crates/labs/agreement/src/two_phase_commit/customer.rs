//! A customer: one order at a time, said again until it hears what became of it.

use std::collections::VecDeque;

use parts::shop::{OrderId, Wish};
use serde::Serialize;
use sim::history::{Access, Call, OperationId, Outcome, Value as Data};
use sim::{NodeId, t};

use super::journal::Disk;
use super::message::{Message, Why};
use super::settings::TM;
use super::{Effects, Timer};

/// Without these it may yet come out differently.
const PROMISE: [&str; 6] =
    ["force_prepared", "force_decision", "wait_in_doubt", "forget_after_acks", "all_votes", "spare_prepared"];

/// How many wishes wait at the most.
const MOST_WAITING: usize = 8;

/// The state of a customer. All of it is on disk.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Customer {
    /// The number of its last order.
    pub number: u64,
    /// The life of the coordinator that it knows of.
    life: u64,
    pub open: Option<Open>,
    pub waiting: VecDeque<Wish>,
    /// The last order that it was told of.
    pub last: Option<Told>,
}

/// An order that a customer waits for.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Open {
    pub order: OrderId,
    pub wish: Wish,
    operation: OperationId,
}

/// What a customer was told of an order.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Told {
    pub order: OrderId,
    pub wish: Wish,
    /// None if it was done.
    pub why: Option<Why>,
}

impl Customer {
    pub(super) fn boot(disk: &Disk, effects: &mut Effects<'_>) -> Customer {
        let customer = Customer { life: disk.customer.life.max(1), ..disk.customer.clone() };
        if customer.open.is_some() && effects.config().rules.ask {
            effects.set_timer(Timer::Repeat, effects.config().ask_us);
        }
        customer.wait_for_work(effects);
        customer
    }

    fn wait_for_work(&self, effects: &mut Effects<'_>) {
        let (workload_us, orders) = (effects.config().workload_us, effects.config().orders);
        if workload_us > 0 && (orders == 0 || self.number < orders) {
            let after_us = workload_us / 2 + effects.choose(workload_us + 1);
            effects.set_timer(Timer::Workload, after_us);
        }
    }

    fn keep(&self, effects: &mut Effects<'_>) {
        effects.persist(Disk { customer: self.clone(), ..Disk::default() });
    }

    /// Somebody wants it to order.
    pub(super) fn wish(&mut self, wish: Wish, effects: &mut Effects<'_>) {
        let me = effects.me();
        if self.open.is_none() {
            return self.begin(wish, effects);
        }
        effects.note(|| t!("{node} keeps for later: {what}", node = me, what = wish.text()));
        if self.waiting.len() < MOST_WAITING {
            self.waiting.push_back(wish);
        }
        self.keep(effects);
    }

    pub(super) fn on_timer(&mut self, timer: Timer, effects: &mut Effects<'_>) {
        let me = effects.me();
        match timer {
            Timer::Workload if self.open.is_some() => {
                self.wait_for_work(effects);
                effects.routine("waits");
                effects.note(|| t!("{node} still waits to hear of its order", node = me));
            }
            Timer::Workload => {
                let wish = self.choose(effects);
                self.begin(wish, effects);
                self.wait_for_work(effects);
            }
            Timer::Repeat => {
                let Some(open) = &self.open else { return };
                let (order, wish) = (open.order, open.wish);
                effects.send(TM, Message::Order { order, wish, life: self.life });
                effects.set_timer(Timer::Repeat, effects.config().ask_us);
                effects.rule("ask");
                effects.routine("repeat");
                effects.note(|| t!("{node} asks {tm} again for {order}", node = me, tm = TM, order = order.text()));
            }
            _ => {}
        }
    }

    /// What it wants by itself: to buy, or what was missing when it last did.
    fn choose(&self, effects: &mut Effects<'_>) -> Wish {
        let pieces = 1 + effects.choose(2) as u8;
        match self.last.as_ref().map(|told| (told.wish, told.why)) {
            Some((Wish::Order { .. }, Some(Why::TooLittle(service)))) if service.index() == 1 => Wish::PayIn,
            Some((Wish::Order { .. }, Some(Why::TooLittle(_)))) => Wish::Restock,
            _ => Wish::Order { pieces },
        }
    }

    fn begin(&mut self, wish: Wish, effects: &mut Effects<'_>) {
        self.number += 1;
        let me = effects.me();
        let order = OrderId { customer: me, number: self.number };
        let name = if me.0 == effects.config().services + 1 { "A" } else { "B" };
        let changes: Vec<_> = effects.config().desks().map(|desk| wish.change(desk, me)).collect();
        let key = |change: &parts::shop::Change| Data::text(&change.good.key(name));
        let reads = changes.iter().map(|change| Access::Read(key(change)));
        // What it writes is its own name: so each order sees which one was before it.
        let writes = changes.iter().filter(|change| change.writes());
        let writes = writes.map(|change| Access::Write(key(change), Data::text(&format!("{name}{}", order.number))));
        let call = Call::Txn(reads.chain(writes).collect());
        let operation = effects.invoke(Data::Nil, call);
        self.open = Some(Open { order, wish, operation });
        effects.send(TM, Message::Order { order, wish, life: self.life });
        if effects.config().rules.ask {
            effects.set_timer(Timer::Repeat, effects.config().ask_us);
        }
        self.keep(effects);
        effects.note(|| t!("{node} orders {what}: {order}", node = me, what = wish.text(), order = order.text()));
    }

    pub(super) fn on_told(
        &mut self,
        order: OrderId,
        done: Result<Vec<Option<OrderId>>, Why>,
        life: u64,
        effects: &mut Effects<'_>,
    ) {
        let me = effects.me();
        self.life = self.life.max(life);
        let Some(open) = self.open.take_if(|open| open.order == order) else {
            effects.routine("told again");
            effects.note(|| t!("{node} has heard of {order} before", node = me, order = order.text()));
            return self.keep(effects);
        };
        let first = effects.config().services + 1;
        let name = |order: &OrderId| {
            let label = if order.customer == NodeId(first) { "A" } else { "B" };
            Data::text(&format!("{label}{}", order.number))
        };
        let why = match &done {
            Ok(seen) => {
                let seen = seen.iter().map(|seen| seen.as_ref().map_or(Data::Nil, name));
                let writes = effects.config().desks().filter(|desk| open.wish.change(*desk, me).writes());
                let results = seen.chain(writes.map(|_| name(&order)));
                effects.complete(open.operation, Outcome::Ok(Data::list(results)));
                effects.note(|| t!("{node} hears that {order} is done", node = me, order = order.text()));
                effects.because(&PROMISE, || {
                    t!("Each service does its part, whatever fails from now on, unless a person decides otherwise")
                });
                None
            }
            Err(why) => {
                let why = *why;
                effects.complete(open.operation, Outcome::Failed);
                effects.note(|| {
                    t!(
                        "{node} hears that {order} is not done: {why}",
                        node = me,
                        order = order.text(),
                        why = why.text()
                    )
                });
                Some(why)
            }
        };
        self.last = Some(Told { order, wish: open.wish, why });
        effects.cancel_timer(Timer::Repeat);
        match self.waiting.pop_front() {
            Some(wish) => self.begin(wish, effects),
            None => self.keep(effects),
        }
    }
}
