//! A service: it does a step or its compensation, once, and says so in the same write.

use parts::shop::{Desk, OrderId, Shelves, Wish};
use serde::Serialize;
use sim::{NodeId, t};

use super::act::Act;
use super::message::{Letter, Message, What, Why};
use super::outbox::Outbox;
use super::settings::{ORDER, Style};
use super::{Disk, Effects};

/// How many orders of each customer are remembered.
const MEMORY: usize = 8;

/// The state of a service.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Service {
    life: u64,
    pub desk: Desk,
    pub outbox: Outbox,
    pub books: Books,
    pub fails_next: bool,
    /// Letters that it had dealt with before.
    pub again: u64,
}

/// What a service has, and what it has done for which order.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Books {
    pub shelves: Shelves,
    /// What was put aside for orders, what has gone for good, and what has come, each in the unit of the shelf.
    pub held: i64,
    pub taken: i64,
    pub come: i64,
    pub entries: Vec<Entry>,
}

/// What a service has done for an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    pub order: OrderId,
    pub step: Option<bool>,
    pub why: Option<Why>,
    /// The compensation has come.
    pub undone: bool,
    /// The compensation has come before the step.
    pub early: bool,
    pub finished: bool,
    /// How often the step, the compensation and the last step took effect.
    pub times: [u8; 3],
}

impl Entry {
    /// Whether the order has something here.
    pub fn is_in_effect(&self) -> bool {
        self.times[0] > self.times[1]
    }
}

impl Books {
    pub fn entry(&self, order: OrderId) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.order == order)
    }

    /// Whether an order is so old that it is forgotten.
    fn is_forgotten(&self, order: OrderId) -> bool {
        let mut of = self.entries.iter().filter(|entry| entry.order.customer == order.customer);
        let count = of.clone().count();
        count >= MEMORY && of.all(|entry| entry.order.number > order.number)
    }

    fn place(&mut self, order: OrderId) -> usize {
        if let Some(place) = self.entries.iter().position(|entry| entry.order == order) {
            return place;
        }
        let of = |entry: &Entry| entry.order.customer == order.customer;
        if self.entries.iter().filter(|entry| of(entry)).count() >= MEMORY
            && let Some(oldest) = self.entries.iter().position(of)
        {
            self.entries.remove(oldest);
        }
        self.entries.push(Entry {
            order,
            step: None,
            why: None,
            undone: false,
            early: false,
            finished: false,
            times: [0; 3],
        });
        self.entries.len() - 1
    }
}

impl Service {
    pub(super) fn boot(desk: Desk, disk: Disk, effects: &mut Effects<'_>) -> Service {
        let outbox = disk.outbox.boot(effects);
        let me = effects.me();
        if disk.life > 1 {
            effects.note(|| t!("{node} starts, and sends again what is in its outbox", node = me));
        }
        Service { life: disk.life, desk, outbox, books: disk.books, fails_next: false, again: 0 }
    }

    pub(super) fn keep(&self, effects: &mut Effects<'_>) {
        let outbox = self.outbox.on_disk(effects.config().rules.outbox);
        effects.persist(Disk { life: self.life, outbox, books: self.books.clone(), ..Disk::default() });
    }

    pub(super) fn on_read(&self, from: NodeId, round: u64, effects: &mut Effects<'_>) {
        let me = effects.me();
        let orders = self.books.entries.iter().filter(|entry| entry.is_in_effect()).map(|entry| entry.order);
        effects.send(from, Message::State { round, orders: orders.collect() });
        effects.routine("read");
        effects.note(|| t!("{node} shows {viewer} what stands in its books now", node = me, viewer = from));
    }

    pub(super) fn supply(&mut self, wish: Wish, order: OrderId, effects: &mut Effects<'_>) {
        let (me, change) = (effects.me(), wish.change(self.desk, order.customer));
        self.books.shelves.make(change, order);
        self.books.come += change.by;
        self.keep(effects);
        effects.routine("supply");
        effects.note(|| t!("{node} gets {what}", node = me, what = change.text()));
    }

    pub(super) fn on_letter(&mut self, letter: Letter, effects: &mut Effects<'_>) {
        let (me, reverse) = (effects.me(), effects.config().rules.reverse_order);
        let act = match letter.what {
            What::Do(act) => act,
            What::Did { act, done } => act.next(done, reverse),
            What::Supply(wish) => return self.supply(wish, letter.order, effects),
            _ => return,
        };
        let order = letter.order;
        if self.books.is_forgotten(order) || act.node() != me {
            effects.routine("old");
            return effects
                .note(|| t!("{node} hears of {order}, which ended long ago", node = me, order = order.text()));
        }
        let place = self.books.place(order);
        let before = self.books.entries[place];
        let is_known = match act {
            Act::Authorize | Act::Reserve | Act::Book => before.step.is_some(),
            Act::Void | Act::GiveBack => before.undone,
            _ => before.finished,
        };
        if is_known {
            self.again += 1;
            effects.rule("inbox");
        }
        let inbox = effects.config().rules.inbox;
        let done = if is_known && inbox {
            effects.note(|| {
                t!("{node} has had this of {order} before, and answers as it did", node = me, order = order.text())
            });
            !matches!(act, Act::Authorize | Act::Reserve | Act::Book) || before.step == Some(true)
        } else {
            match act {
                Act::Authorize | Act::Reserve | Act::Book => self.step(place, effects),
                Act::Void | Act::GiveBack => self.undo(place, effects),
                _ => self.finish(place, effects),
            }
        };
        let why = letter.why.or(self.books.entries[place].why);
        self.say(order, act, done, why, effects);
        self.keep(effects);
    }

    /// Writes the answer, or the event, into the outbox.
    fn say(&mut self, order: OrderId, act: Act, done: bool, why: Option<Why>, effects: &mut Effects<'_>) {
        let (style, rules) = (effects.config().style, effects.config().rules);
        let next = act.next(done, rules.reverse_order);
        let to = if style == Style::Orchestration { ORDER } else { next.node() };
        let once = !rules.outbox || !rules.retry_compensation && style == Style::Choreography && next.is_compensation();
        self.outbox.put(to, Letter { order, what: What::Did { act, done }, why }, once, effects);
    }

    fn step(&mut self, place: usize, effects: &mut Effects<'_>) -> bool {
        let (me, rules) = (effects.me(), effects.config().rules);
        let entry = &mut self.books.entries[place];
        let order = entry.order;
        let change = Wish::Order { pieces: 1 }.change(self.desk, order.customer);
        if entry.undone {
            effects.rule("tombstone");
        }
        let why = if entry.undone && rules.tombstone {
            Some(Why::Undone(me))
        } else if std::mem::take(&mut self.fails_next) || effects.choose(100) < effects.config().fail_percent {
            Some(Why::Broken(me))
        } else if !self.books.shelves.has_enough(change) {
            Some(Why::TooLittle(me))
        } else {
            None
        };
        entry.step = Some(why.is_none());
        entry.why = why;
        if let Some(why) = why {
            effects.note(|| t!("{node} refuses {order}: {why}", node = me, order = order.text(), why = why.text()));
            return false;
        }
        entry.times[0] += 1;
        self.books.shelves.make(change, order);
        self.books.held -= change.by;
        effects.rule("step");
        effects
            .note(|| t!("{node} puts {what} aside for {order}", node = me, what = change.text(), order = order.text()));
        effects.note(|| t!("Everybody can see that from now on, and nobody waits for the others"));
        true
    }

    fn undo(&mut self, place: usize, effects: &mut Effects<'_>) -> bool {
        let me = effects.me();
        let entry = &mut self.books.entries[place];
        let order = entry.order;
        let change = Wish::Order { pieces: 1 }.change(self.desk, order.customer);
        entry.undone = true;
        if entry.step != Some(true) {
            entry.early |= entry.step.is_none();
            effects.rule("tombstone");
            effects
                .note(|| t!("{node} has nothing of {order} to undo, and notes that", node = me, order = order.text()));
            return true;
        }
        entry.times[1] += 1;
        self.books.shelves.make(parts::shop::Change { by: -change.by, ..change }, order);
        if entry.finished {
            self.books.taken += change.by;
        } else {
            self.books.held += change.by;
        }
        effects.rule("compensate");
        effects
            .note(|| t!("{node} puts back {what} of {order}", node = me, what = change.text(), order = order.text()));
        true
    }

    fn finish(&mut self, place: usize, effects: &mut Effects<'_>) -> bool {
        let me = effects.me();
        let entry = &mut self.books.entries[place];
        let order = entry.order;
        let change = Wish::Order { pieces: 1 }.change(self.desk, order.customer);
        entry.finished = true;
        entry.times[2] += 1;
        if !entry.is_in_effect() {
            entry.times[0] += 1;
            self.books.shelves.make(change, order);
            self.books.held -= change.by;
        }
        self.books.held += change.by;
        self.books.taken -= change.by;
        effects.rule("retriable");
        effects.note(|| {
            t!("{node} lets {what} go for {order}: for good", node = me, what = change.text(), order = order.text())
        });
        true
    }
}
