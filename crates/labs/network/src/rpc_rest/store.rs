//! The store B: orders with versions, on disk.

use serde::Serialize;
use sim::{List, Map, NodeId, t};

use super::call::{Answer, Ask, Call, Deed, OrderId, Origin};
use super::desk::{Desk, From, Job};
use super::door::Door;
use super::view::name;
use super::{Disk, Effects, Message};

/// Numbers that clients choose begin here; those that the store gives do not come so far.
const CHOSEN_FROM: OrderId = 10_000;

/// How many orders a page shows.
pub(super) const PAGE: usize = 6;

/// The state of the store.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Store {
    disk: Disk,
    pub door: Door,
    pub desk: Desk,
}

/// What the store has on its disk.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Book {
    pub orders: Map<OrderId, Order>,
    /// The next number that it gives.
    next: OrderId,
    /// The last number that each client has chosen for an order that was made.
    chosen: Map<NodeId, OrderId>,
    /// All that has had effect, the oldest first.
    pub log: List<Effect>,
}

/// An order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Order {
    pub version: u32,
    /// Who has written it last; none for those that there are at first.
    pub by: Option<Origin>,
}

/// Something that had effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Effect {
    pub origin: Origin,
    pub order: OrderId,
    pub kind: EffectKind,
    /// Whether a GET has done it.
    pub is_get: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum EffectKind {
    Made,
    /// It wrote over the version `from`; its author had the version `base` in front of him.
    Changed {
        from: u32,
        base: u32,
    },
    Cancelled,
}

impl Book {
    /// A book with these orders and versions.
    pub fn with(orders: &[(OrderId, u32)]) -> Book {
        let next = orders.iter().map(|(order, _)| order + 1).max().unwrap_or(1);
        let orders = orders.iter().map(|(order, version)| (*order, Order { version: *version, by: None }));
        Book { orders: orders.collect(), next, ..Book::default() }
    }

    /// The number that a client chooses for its so-manieth order.
    pub fn chosen_by(client: NodeId, count: u32) -> OrderId {
        CHOSEN_FROM + 10 * count + OrderId::from(client.0) + 1
    }

    /// The newest orders.
    pub fn page(&self) -> Vec<OrderId> {
        let all: Vec<OrderId> = self.orders.iter().map(|(order, _)| *order).collect();
        all[all.len().saturating_sub(PAGE)..].to_vec()
    }

    /// Carries something out.
    pub fn carry_out(&mut self, ask: &Ask) -> Answer {
        let Ask { deed, origin, base, is_get, .. } = *ask;
        let (order, kind, answer) = match deed {
            Deed::Get { order } => {
                return match self.orders.get(&order) {
                    Some(Order { version, by }) => Answer::Order { order, version: *version, by: *by },
                    None => Answer::NoOrder { order },
                };
            }
            Deed::Line { order, line } => {
                let is_there = self.orders.get(&order).is_some();
                return if is_there { Answer::Line { order, line } } else { Answer::NoOrder { order } };
            }
            Deed::List => return Answer::Page(self.page()),
            Deed::Create { chosen: Some(order) } => {
                let is_past = self.chosen.get(&origin.client).is_some_and(|last| *last >= order);
                if is_past || self.orders.get(&order).is_some() {
                    return Answer::Exists { order };
                }
                self.chosen.insert(origin.client, order);
                self.orders.insert(order, Order { version: 1, by: Some(origin) });
                (order, EffectKind::Made, Answer::Made { order })
            }
            Deed::Create { chosen: None } => {
                let order = self.next.max(1);
                self.next = if order + 1 == CHOSEN_FROM { 1_000_000_000 } else { order + 1 };
                self.orders.insert(order, Order { version: 1, by: Some(origin) });
                (order, EffectKind::Made, Answer::Made { order })
            }
            Deed::Change { order, if_version } => {
                let Some(known) = self.orders.get_mut(&order) else { return Answer::NoOrder { order } };
                let from = known.version;
                if if_version.is_some_and(|version| version != from) {
                    return Answer::Conflict { order, version: from };
                }
                *known = Order { version: from + 1, by: Some(origin) };
                (order, EffectKind::Changed { from, base }, Answer::Changed { order, version: from + 1 })
            }
            Deed::Cancel { order } => {
                if self.orders.remove(&order).is_none() {
                    return Answer::NoOrder { order };
                }
                (order, EffectKind::Cancelled, Answer::Cancelled { order })
            }
        };
        self.log.push(Effect { origin, order, kind, is_get });
        answer
    }
}

impl Store {
    /// Starts the store from its disk.
    pub(super) fn boot(disk: Disk, effects: &Effects<'_>) -> Store {
        Store { disk, door: Door::default(), desk: Desk::new(effects.monotonic_now()) }
    }

    /// What stands on its disk.
    pub fn book(&self) -> &Book {
        &self.disk.book
    }

    pub(super) fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        match message {
            Message::Bind { life } => {
                self.hear(from, life, effects);
                super::front::say_life(from, life, self.disk.lives, effects);
            }
            Message::Call(call) => self.on_call(from, call, effects),
            _ => {}
        }
    }

    /// A caller in this life: work for earlier ones is over.
    fn hear(&mut self, from: NodeId, life: u64, effects: &mut Effects<'_>) {
        if self.door.hear(from, life) {
            effects.rule("reincarnation");
            if effects.config().rules.reincarnation {
                let (ended, _) = self.desk.end_orphans(from, life, effects);
                super::front::say_orphans(from, ended, effects);
                self.go_on(effects);
            }
        }
    }

    fn on_call(&mut self, from: NodeId, call: Call, effects: &mut Effects<'_>) {
        self.hear(from, call.life, effects);
        let is_known = self.door.knows(from, &call);
        let admission = self.door.admit(from, &call, self.disk.lives, effects.config());
        super::front::name_what_is_missing(&call, &admission, is_known, self.disk.lives, effects);
        if super::front::is_to_be_done(from, &call, admission, self.disk.lives, effects) {
            let from = From::Call { caller: from, life: call.life, number: call.number };
            let job = Job { from, ask: call.ask, left_us: call.left_us, arrived_us: effects.monotonic_now() };
            let begun = self.desk.take(job, effects);
            super::front::say_taken(&call.ask, begun.is_some(), effects);
            self.start(begun, effects);
        }
    }

    /// The worker begins with this, or with the next one that somebody still waits for.
    fn start(&mut self, first: Option<u64>, effects: &mut Effects<'_>) {
        let store_us = effects.config().store_us;
        let mut next = first;
        while let Some(number) = next {
            if self.desk.begin(number, store_us, effects) {
                return;
            }
            if let Some(job) = self.desk.finish(effects) {
                Desk::say_late(&job, effects);
                self.answer(&job, Answer::Expired, effects);
            }
            next = self.desk.next(effects);
        }
    }

    fn go_on(&mut self, effects: &mut Effects<'_>) {
        let next = self.desk.next(effects);
        self.start(next, effects);
    }

    /// The work is done, or its time is over.
    pub(super) fn on_work(&mut self, number: u64, effects: &mut Effects<'_>) {
        let (me, now_us) = (effects.me(), effects.monotonic_now());
        if self.desk.at_work().is_none_or(|(at_work, _)| at_work != number) {
            return;
        }
        let Some(job) = self.desk.finish(effects) else { return };
        if job.is_late(now_us) && effects.config().rules.time_left {
            effects.rule("time_left");
            super::front::say_over(&job, effects);
            self.answer(&job, Answer::Expired, effects);
            return self.go_on(effects);
        }
        let made = self.made_by(job.ask.origin);
        let answer = self.disk.book.carry_out(&job.ask);
        if job.ask.deed.is_unsafe() {
            effects.persist(self.disk.clone());
        }
        let (origin, word) = (job.ask.origin, answer.word());
        let is_again = made > 0 && matches!(answer, Answer::Made { .. });
        let is_refusal = matches!(answer, Answer::Conflict { .. } | Answer::Exists { .. } | Answer::NoOrder { .. });
        let is_wrong = job.ask.is_get && job.ask.deed.is_unsafe();
        let is_changed = matches!(answer, Answer::Changed { .. });
        let unseen = self.disk.book.log.last().and_then(|effect| match effect.kind {
            EffectKind::Changed { from, base } if is_changed && from != base => Some(from),
            _ => None,
        });
        if !is_again && !is_refusal && !is_wrong && unseen.is_none() {
            effects.routine("carried out");
        }
        effects.note(|| t!("{node} carries out {call}: {answer}", node = me, call = name(origin), answer = word));
        if is_again {
            effects.note(|| t!("The same wish of one user has made an order before: this is the second one."));
        } else if is_wrong {
            effects.rule("safe_get");
            effects.note(|| t!("A GET has changed something."));
        } else if let Some(version) = unseen {
            effects.rule("if_match");
            effects
                .note(|| t!("Version {version} is written over, and its author has not seen that.", version = version));
        } else if let Answer::Conflict { .. } = answer {
            effects.rule("if_match");
            effects.note(|| t!("Its author had another version in front of him, so nothing is written over."));
        }
        self.answer(&job, answer, effects);
        self.go_on(effects);
    }

    /// How many orders a wish has made, among the newest effects.
    fn made_by(&self, origin: Origin) -> usize {
        let log = &self.disk.book.log;
        let newest = (log.len().saturating_sub(100)..log.len()).filter_map(|place| log.get(place));
        newest.filter(|effect| effect.origin == origin && effect.kind == EffectKind::Made).count()
    }

    fn answer(&mut self, job: &Job, answer: Answer, effects: &mut Effects<'_>) {
        let From::Call { caller, life, number } = job.from else { return };
        self.door.keep(caller, life, number, &answer);
        effects.send(caller, Message::Reply { life, number, answer });
    }
}
