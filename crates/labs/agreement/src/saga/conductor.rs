//! Order: it keeps the orders, and in an orchestration it says what comes next and writes that to its log (Garcia-Molina and
//! Salem 1987, backward and forward recovery).

use parts::shop::OrderId;
use serde::Serialize;
use sim::{Map, t};

use super::act::Act;
use super::message::{Fate, Letter, What, Why};
use super::outbox::{Outbox, back_off};
use super::settings::{PAY, STOCK, Style};
use super::{Disk, Effects, Timer};

/// How many orders of each customer are remembered.
const MEMORY: usize = 8;

/// The state of Order.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Conductor {
    life: u64,
    pub outbox: Outbox,
    pub orders: Orders,
    /// How often a command was repeated.
    tries: Map<OrderId, u32>,
}

/// The orders, the oldest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Orders(pub Vec<Row>);

/// An order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    pub order: OrderId,
    pub stage: Stage,
    pub why: Option<Why>,
    /// The customer wants it cancelled.
    pub wish: bool,
    /// The customer was told that it is cancelled.
    pub cancelled: bool,
}

/// How far an order is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Stage {
    /// This has begun.
    Begun(Act),
    /// This compensation was asked for often enough, and nobody said that it is done.
    Stuck(Act),
    /// Nobody knows.
    Lost,
    Confirmed,
    Rejected,
}

impl Row {
    pub fn is_open(&self) -> bool {
        !matches!(self.stage, Stage::Confirmed | Stage::Rejected)
    }
}

impl Orders {
    pub fn row(&self, order: OrderId) -> Option<&Row> {
        self.0.iter().find(|row| row.order == order)
    }
}

impl Conductor {
    pub(super) fn boot(disk: Disk, effects: &mut Effects<'_>) -> Conductor {
        let config = effects.config().clone();
        let outbox = disk.outbox.boot(effects);
        let mut conductor = Conductor { life: disk.life, outbox, orders: disk.orders, tries: Map::default() };
        if config.style == Style::Choreography || disk.life == 1 {
            return conductor;
        }
        let me = effects.me();
        for row in conductor.orders.0.clone() {
            if row.stage == Stage::Lost {
                effects.rule("saga_log");
                effects.note(|| {
                    t!("{node} finds {order} pending, and not how far it was", node = me, order = row.order.text())
                });
            }
            let (order, Stage::Begun(act)) = (row.order, row.stage) else { continue };
            let goes_back = !act.is_compensation()
                && (act.is_before_pivot() && !config.forward || !act.is_before_pivot() && !config.rules.pivot);
            effects.rule("saga_log");
            if goes_back {
                if !act.is_before_pivot() {
                    effects.rule("pivot");
                }
                effects.note(|| {
                    t!(
                        "{node} reads in its log that {order} was under way, and goes back",
                        node = me,
                        order = order.text()
                    )
                });
                let back = act.back(config.rules.reverse_order);
                conductor.begin(order, back, Some(Why::Crash(me)), effects);
            } else {
                effects.note(|| {
                    t!("{node} reads in its log how far {order} was, and goes on", node = me, order = order.text())
                });
                conductor.begin(order, act, None, effects);
            }
        }
        conductor.keep(effects);
        conductor
    }

    pub(super) fn keep(&self, effects: &mut Effects<'_>) {
        let rules = effects.config().rules;
        let is_logged = rules.saga_log || effects.config().style == Style::Choreography;
        let mut orders = self.orders.clone();
        if !is_logged {
            orders.0.iter_mut().filter(|row| row.is_open()).for_each(|row| row.stage = Stage::Lost);
        }
        let outbox = self.outbox.on_disk(rules.outbox);
        effects.persist(Disk { life: self.life, outbox, orders, ..Disk::default() });
    }

    fn put(&mut self, order: OrderId, act: Act, why: Option<Why>, effects: &mut Effects<'_>) {
        let rules = effects.config().rules;
        let once = !rules.outbox || act.is_compensation() && !rules.retry_compensation;
        self.outbox.put(act.node(), Letter { order, what: What::Do(act), why }, once, effects);
    }

    pub(super) fn on_letter(&mut self, letter: Letter, effects: &mut Effects<'_>) {
        let (order, style) = (letter.order, effects.config().style);
        match letter.what {
            What::Place => self.on_place(order, effects),
            What::Cancel => self.on_cancel(order, effects),
            What::Did { act, done } if style == Style::Choreography => {
                let next = act.next(done, effects.config().rules.reverse_order);
                self.end(order, next, letter.why, effects);
            }
            What::Did { act, done } => self.on_did(order, act, done, letter.why, effects),
            _ => {}
        }
        self.keep(effects);
    }

    fn on_place(&mut self, order: OrderId, effects: &mut Effects<'_>) {
        let me = effects.me();
        let newest =
            self.orders.0.iter().filter(|row| row.order.customer == order.customer).map(|row| row.order.number);
        if newest.max().is_some_and(|newest| newest >= order.number) {
            effects.routine("placed again");
            return effects.note(|| t!("{node} has {order} already", node = me, order = order.text()));
        }
        let of = |row: &Row| row.order.customer == order.customer;
        if self.orders.0.iter().filter(|row| of(row)).count() >= MEMORY
            && let Some(oldest) = self.orders.0.iter().position(of)
        {
            self.orders.0.remove(oldest);
        }
        let stage = Stage::Begun(Act::Authorize);
        self.orders.0.push(Row { order, stage, why: None, wish: false, cancelled: false });
        effects.rule("pending");
        effects.note(|| {
            t!("{node} writes {order} down as pending, and asks for the money", node = me, order = order.text())
        });
        self.begin(order, Act::Authorize, None, effects);
    }

    /// Writes that an act begins, and has it done.
    fn begin(&mut self, order: OrderId, act: Act, why: Option<Why>, effects: &mut Effects<'_>) {
        if matches!(act, Act::Confirm | Act::Reject) {
            return self.end(order, act, why, effects);
        }
        let Some(row) = self.orders.0.iter_mut().find(|row| row.order == order) else { return };
        row.stage = Stage::Begun(act);
        row.why = row.why.or(why);
        let why = row.why;
        self.put(order, act, why, effects);
        let config = effects.config();
        let is_repeated = config.rules.retry_compensation || !act.is_compensation();
        if config.style == Style::Choreography {
            return;
        }
        if is_repeated {
            self.tries.insert(order, 0);
            effects.set_timer(Timer::Retry(order), effects.config().retry_us);
        }
        effects.rule("saga_log");
    }

    /// An answer is late: the command is said again.
    pub(super) fn retry(&mut self, order: OrderId, effects: &mut Effects<'_>) {
        let me = effects.me();
        let Some(Stage::Begun(act)) = self.orders.row(order).map(|row| row.stage) else { return };
        let tries = self.tries.get(&order).copied().unwrap_or(0) + 1;
        self.tries.insert(order, tries);
        let config = effects.config();
        let most = match act {
            _ if act.is_compensation() => config.undo_repeats,
            _ if act.is_before_pivot() => config.step_repeats,
            _ => 0,
        };
        if most > 0 && u64::from(tries) > most {
            return self.give_up(order, act, effects);
        }
        let why = self.orders.row(order).and_then(|row| row.why);
        // What is still in the outbox is repeated by the relay.
        let waits =
            |waiting: &super::outbox::Waiting| waiting.letter.order == order && waiting.letter.what == What::Do(act);
        if !self.outbox.letters.iter().any(waits) {
            self.put(order, act, why, effects);
        }
        let after = back_off(effects.config().retry_us, effects.config().retry_most_us).bound_us(tries + 1);
        effects.set_timer(Timer::Retry(order), after.max(1_000));
        effects.routine("retry");
        effects.note(|| t!("{node} has no answer for {order}, and asks again", node = me, order = order.text()));
        self.keep(effects);
    }

    /// Nobody has answered, and it was asked often enough. A step that perhaps was done is undone; what cannot be undone stays half.
    fn give_up(&mut self, order: OrderId, act: Act, effects: &mut Effects<'_>) {
        let (me, node) = (effects.me(), act.node());
        self.tries.remove(&order);
        self.outbox.letters.retain(|waiting| waiting.letter.order != order || waiting.letter.what != What::Do(act));
        if act.is_compensation() {
            if let Some(row) = self.orders.0.iter_mut().find(|row| row.order == order) {
                row.stage = Stage::Stuck(act);
            }
            effects.note(|| {
                t!("{node} asks no more: {order} stays half, until a person mends it", node = me, order = order.text())
            });
        } else {
            effects.note(|| {
                t!(
                    "{node} has asked {other} often enough for {order}, and goes back",
                    node = me,
                    other = node,
                    order = order.text()
                )
            });
            self.begin(order, act.back(effects.config().rules.reverse_order), Some(Why::Silent(node)), effects);
        }
        self.keep(effects);
    }

    fn on_did(&mut self, order: OrderId, act: Act, done: bool, why: Option<Why>, effects: &mut Effects<'_>) {
        let (me, rules) = (effects.me(), effects.config().rules);
        let row = self.orders.row(order).copied();
        let Some(row) = row.filter(|row| [Stage::Begun(act), Stage::Stuck(act)].contains(&row.stage)) else {
            effects.routine("late");
            return effects
                .note(|| t!("{node} needs this answer for {order} no more", node = me, order = order.text()));
        };
        if row.wish && done && act.is_before_pivot() {
            effects.rule("respect_pending");
            effects.note(|| {
                t!("{node} looks at the wish of {customer}, and goes back", node = me, customer = order.customer)
            });
            return self.begin(order, act.back(rules.reverse_order), Some(Why::Wish), effects);
        }
        let next = act.next(done, rules.reverse_order);
        if next.is_compensation() {
            effects.rule("reverse_order");
            if !rules.retry_compensation {
                effects.rule("retry_compensation");
            }
        }
        effects.note(|| {
            t!(
                "{node} hears {what} of {order}; next: {next}",
                node = me,
                what = act.past(done),
                order = order.text(),
                next = next.text()
            )
        });
        self.begin(order, next, why.filter(|_| !done), effects);
    }

    /// T7 or C1.
    fn end(&mut self, order: OrderId, act: Act, why: Option<Why>, effects: &mut Effects<'_>) {
        let me = effects.me();
        effects.cancel_timer(Timer::Retry(order));
        self.tries.remove(&order);
        let Some(row) = self.orders.0.iter_mut().find(|row| row.order == order) else { return };
        let is_confirmed = act == Act::Confirm;
        if !row.is_open() {
            effects.routine("ended");
            return effects.note(|| t!("{order} has ended already", order = order.text()));
        }
        row.stage = if is_confirmed { Stage::Confirmed } else { Stage::Rejected };
        row.why = row.why.or(why);
        let (why, was_cancelled) = (row.why, row.cancelled);
        let fate = match (is_confirmed, why) {
            (true, _) => Fate::Confirmed,
            (false, Some(Why::Wish)) => Fate::Cancelled,
            (false, _) => Fate::Rejected,
        };
        effects.note(|| match is_confirmed {
            true => t!("{node} writes {order} down as confirmed", node = me, order = order.text()),
            false => t!("{node} writes {order} down as rejected", node = me, order = order.text()),
        });
        if was_cancelled {
            effects.rule("respect_pending");
        } else {
            self.tell(order, fate, why, effects);
        }
    }

    fn tell(&mut self, order: OrderId, fate: Fate, why: Option<Why>, effects: &mut Effects<'_>) {
        let once = !effects.config().rules.outbox;
        self.outbox.put(order.customer, Letter { order, what: What::Told(fate), why }, once, effects);
    }

    fn on_cancel(&mut self, order: OrderId, effects: &mut Effects<'_>) {
        let me = effects.me();
        let Some(row) = self.orders.0.iter_mut().find(|row| row.order == order && row.is_open()) else {
            effects.routine("too late");
            return effects.note(|| t!("It is too late to cancel {order}: it has ended", order = order.text()));
        };
        effects.rule("respect_pending");
        row.wish = true;
        if effects.config().rules.respect_pending {
            return effects.note(|| {
                t!(
                    "{order} is pending: {node} notes the wish, and looks at it before the next step",
                    node = me,
                    order = order.text()
                )
            });
        }
        row.cancelled = true;
        effects.note(|| {
            t!("{node} calls {order} cancelled at once, and undoes it beside the saga", node = me, order = order.text())
        });
        self.tell(order, Fate::Cancelled, Some(Why::Wish), effects);
        for (node, act) in [(STOCK, Act::GiveBack), (PAY, Act::Void)] {
            let once = !effects.config().rules.outbox;
            self.outbox.put(node, Letter { order, what: What::Do(act), why: Some(Why::Wish) }, once, effects);
        }
    }
}
