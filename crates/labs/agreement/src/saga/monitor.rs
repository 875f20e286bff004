//! The checks: the guarantee of sagas (Garcia-Molina and Salem 1987), and what is seen meanwhile.
//!
//! Once a disk is lost nothing is promised any more.

use parts::shop::{Good, OrderId};
use serde::Serialize;
use sim::{Check, CheckKind, Checks, NodeId, Observation, Value, Verdicts, t};

use super::conductor::Stage;
use super::message::Fate;
use super::service::Entry;
use super::settings::{A, B, ORDER, PAY, SERVICES, SHIP, STOCK, V};
use super::{Node, Saga};

const IN_ORDER: usize = 0;
const ONCE: usize = 1;
const STOCK_EXACT: usize = 2;
const MONEY_EXACT: usize = 3;
const NO_WAY_BACK: usize = 4;
const CANCELLED_STAYS: usize = 5;
const ALL_ENDED: usize = 6;
const COMPENSATED: usize = 7;
const DIRTY_READ: usize = 8;
const HALF_DONE_SEEN: usize = 9;
const OVERTAKEN: usize = 10;
const TWICE_DELIVERED: usize = 11;

/// How many orders of each customer are remembered: fewer than services remember.
const ORDERS: usize = 6;

impl Checks for Saga {
    type Monitor = Monitor;

    /// The checks, in the order of the numbers above.
    fn checks() -> Vec<Check> {
        use CheckKind::{Always, Eventually, Sometimes};
        let check = Check::new;
        vec![
            check(
                "in-order",
                t!("the last step is undone first"),
                Always,
                t!("The money is freed only when no piece is put aside for the order any more."),
            ),
            check(
                "once",
                t!("nothing takes effect twice"),
                Always,
                t!("No step of an order, and no compensation, takes effect twice."),
            ),
            check(
                "stock-exact",
                t!("the pieces add up"),
                Always,
                t!("Pieces on the shelf, put aside and handed over are as many as the shop has got."),
            )
            .kept_by("inbox"),
            check(
                "money-exact",
                t!("the money adds up"),
                Always,
                t!("Money on accounts, held and taken is as much as customers have paid in."),
            )
            .kept_by("inbox"),
            check(
                "no-way-back",
                t!("no way back after the pivot"),
                Always,
                t!("Once a place is booked nothing is undone, and before that nothing is taken or handed over."),
            ),
            check(
                "cancelled-stays",
                t!("what is cancelled stays so"),
                Always,
                t!(
                    "An order of which the customer heard that it is cancelled is never confirmed, paid or handed over."
                ),
            ),
            check(
                "all-ended",
                t!("each order comes to an end"),
                Eventually,
                t!("Once the faults are over, each order is done whole, or nothing is left of it."),
            )
            .promised_under(vec![("undo_repeats", Value::Integer(0))]),
            check(
                "compensated",
                t!("a step is undone"),
                Sometimes,
                t!("A step that took effect is undone by its compensation."),
            ),
            check(
                "dirty-read",
                t!("somebody saw what was undone later"),
                Sometimes,
                t!("V has seen a step of an order that was undone afterwards."),
            ),
            check(
                "half-done-seen",
                t!("somebody saw half an order"),
                Sometimes,
                t!("V has seen the money of an order held, and no piece put aside for it."),
            ),
            check(
                "overtaken",
                t!("a compensation comes before its step"),
                Sometimes,
                t!("A service is told to undo a step that it has not heard of."),
            ),
            check(
                "twice-delivered",
                t!("the same letter comes twice"),
                Sometimes,
                t!("A service gets a letter that it has dealt with already."),
            ),
        ]
    }
}

/// Watches a run.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Monitor {
    has_lost_disk: bool,
    lives: Vec<u64>,
    rows: Vec<Known>,
    /// Of so many orders that are remembered no more, something was left.
    left_over: u64,
}

/// What is known of an order.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Known {
    pub order: OrderId,
    pub begun_us: u64,
    /// V has seen it at Pay, or at Stock.
    pub seen_us: [Option<u64>; 2],
    /// Its customer heard that it is cancelled.
    pub is_cancelled: bool,
    /// When it ended at Order.
    pub ended_us: Option<u64>,
    /// For how long each service had something of it.
    pub kept: [Option<Kept>; 3],
}

/// For how long a service had something of an order that could be undone.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Kept {
    pub from_us: u64,
    /// When it went for good, or was undone.
    pub gone_us: Option<u64>,
    pub is_undone: bool,
}

impl Known {
    fn new(order: OrderId, begun_us: u64) -> Known {
        Known { order, begun_us, seen_us: [None; 2], is_cancelled: false, ended_us: None, kept: [None; 3] }
    }

    /// Notes when what a node has of it came and went.
    fn note(&mut self, node: NodeId, seen: &Observation<'_, Node>) {
        let disk = seen.nodes.disk(node);
        if node == ORDER && disk.orders.row(self.order).is_some_and(|row| !row.is_open()) {
            self.ended_us.get_or_insert(seen.at_us);
        }
        let (Some(place), Some(entry)) =
            (SERVICES.iter().position(|service| *service == node), disk.books.entry(self.order))
        else {
            return;
        };
        let kept = &mut self.kept[place];
        if entry.is_in_effect() && kept.is_none_or(|kept| kept.is_undone) {
            *kept = Some(Kept { from_us: seen.at_us, gone_us: None, is_undone: false });
        }
        if let Some(kept) = kept
            && (entry.finished || !entry.is_in_effect())
        {
            kept.gone_us.get_or_insert(seen.at_us);
            kept.is_undone |= !entry.is_in_effect();
        }
    }
}

impl Monitor {
    /// The orders, the oldest first.
    pub fn rows(&self) -> &[Known] {
        &self.rows
    }
}

impl sim::Monitor<Node> for Monitor {
    fn observe(&mut self, seen: &Observation<'_, Node>, verdicts: &mut Verdicts) {
        if self.lives.is_empty() {
            self.lives = vec![0; seen.nodes.len()];
        }
        if let Some(node) = seen.node {
            let life = seen.nodes.disk(node).life;
            self.has_lost_disk |= life < self.lives[node.index()];
            self.lives[node.index()] = life;
            self.note(node, seen);
            self.rows.iter_mut().for_each(|row| row.note(node, seen));
            if SERVICES.contains(&node) {
                self.judge_service(node, seen, verdicts);
            }
            if node == V {
                self.judge_viewer(seen, verdicts);
            }
        }
        for place in 0..self.rows.len() {
            self.judge(self.rows[place], seen, verdicts);
        }
        verdicts.reached(ALL_ENDED, self.has_lost_disk || self.is_all_ended(seen));
    }
}

fn entry<'a>(seen: &'a Observation<'_, Node>, node: NodeId, order: OrderId) -> Option<&'a Entry> {
    seen.nodes.disk(node).books.entry(order)
}

impl Monitor {
    fn note(&mut self, node: NodeId, seen: &Observation<'_, Node>) {
        if node != A && node != B {
            return;
        }
        let memory = &seen.nodes.disk(node).customer;
        let order = OrderId { customer: node, number: memory.number };
        if memory.number > 0 && !self.rows.iter().any(|row| row.order == order) {
            let of = |row: &Known| row.order.customer == node;
            if self.rows.iter().filter(|row| of(row)).count() == ORDERS
                && let Some(oldest) = self.rows.iter().position(of)
            {
                let row = self.rows.remove(oldest);
                self.left_over += u64::from(!is_ended(row, seen));
            }
            self.rows.push(Known::new(order, seen.at_us));
        }
        if let Some((order, Fate::Cancelled, _)) = memory.told
            && let Some(row) = self.rows.iter_mut().find(|row| row.order == order)
        {
            row.is_cancelled = true;
        }
    }

    fn judge_service(&self, node: NodeId, seen: &Observation<'_, Node>, verdicts: &mut Verdicts) {
        let books = &seen.nodes.disk(node).books;
        if let Some(Node::Service(service)) = seen.nodes.state(node)
            && service.again > 0
        {
            verdicts.seen(TWICE_DELIVERED, &[node], || t!("{node} has got a letter twice", node = node));
        }
        let goods = books.shelves.iter();
        let (sum, is_negative) = goods.fold((0, books.held < 0 || books.taken < 0), |(sum, negative), (_, shelf)| {
            (sum + shelf.amount, negative || shelf.amount < 0)
        });
        let start = match books.shelves.iter().next() {
            Some((Good::Account(_), _)) => 2 * parts::shop::BALANCE,
            Some((Good::Pieces, _)) => seen.config.pieces,
            _ => parts::shop::PLACES,
        };
        let check = if node == PAY { MONEY_EXACT } else { STOCK_EXACT };
        if !self.has_lost_disk && (is_negative || sum + books.held + books.taken != start + books.come) {
            verdicts.broken(check, &[node], || t!("The books of {node} do not add up", node = node));
        }
    }

    fn judge_viewer(&mut self, seen: &Observation<'_, Node>, verdicts: &mut Verdicts) {
        let Some(Node::Viewer(viewer)) = seen.nodes.state(V) else { return };
        for row in &mut self.rows {
            for (place, orders) in viewer.seen.iter().enumerate() {
                if orders.as_ref().is_some_and(|orders| orders.contains(&row.order)) {
                    row.seen_us[place].get_or_insert(seen.at_us);
                }
            }
            if let [Some(pay), Some(stock)] = &viewer.seen
                && pay.contains(&row.order)
                && !stock.contains(&row.order)
            {
                let order = row.order;
                verdicts.seen(HALF_DONE_SEEN, &[V, PAY, STOCK], || {
                    t!("{node} sees the money of {order} held, and no piece put aside", node = V, order = order.text())
                });
            }
        }
    }

    fn judge(&self, row: Known, seen: &Observation<'_, Node>, verdicts: &mut Verdicts) {
        let order = row.order;
        let of = |node| entry(seen, node, order).copied();
        let entries = [of(PAY), of(STOCK), of(SHIP)];
        let stage = seen.nodes.disk(ORDER).orders.row(order);
        for (place, entry) in entries.iter().enumerate() {
            let (node, Some(entry)) = (SERVICES[place], entry) else { continue };
            if entry.times[1] > 0 {
                verdicts.seen(COMPENSATED, &[node], || {
                    t!("{node} has undone its step of {order}", node = node, order = order.text())
                });
                if row.seen_us.get(place).is_some_and(Option::is_some) {
                    verdicts.seen(DIRTY_READ, &[V, node], || {
                        t!(
                            "{viewer} saw {order} at {node}, and it was undone since",
                            viewer = V,
                            order = order.text(),
                            node = node
                        )
                    });
                }
            }
            if entry.early {
                verdicts.seen(OVERTAKEN, &[node], || {
                    t!("{node} was told to undo {order} before it was told to do it", node = node, order = order.text())
                });
            }
        }
        if self.has_lost_disk {
            return;
        }
        for (place, entry) in entries.iter().enumerate() {
            if entry.is_some_and(|entry| entry.times.iter().any(|times| *times > 1)) {
                let node = SERVICES[place];
                verdicts.broken(ONCE, &[node], || {
                    t!("{node} has done the same twice for {order}", node = node, order = order.text())
                });
            }
        }
        let is = |place: usize, of: fn(&Entry) -> bool| entries[place].as_ref().is_some_and(of);
        if is(0, |entry| entry.times[1] > 0) && is(1, Entry::is_in_effect) {
            verdicts.broken(IN_ORDER, &[PAY, STOCK], || {
                t!(
                    "The money of {order} is free, and {node} still keeps a piece for it",
                    order = order.text(),
                    node = STOCK
                )
            });
        }
        for place in [0, 1] {
            let node = SERVICES[place];
            if is(2, Entry::is_in_effect) && is(place, |entry| entry.times[1] > 0) {
                verdicts.broken(NO_WAY_BACK, &[node, SHIP], || {
                    t!(
                        "{node} has undone its step of {order}, and the place is booked",
                        node = node,
                        order = order.text()
                    )
                });
            }
            if is(place, |entry| entry.finished) {
                if !is(2, Entry::is_in_effect) {
                    verdicts.broken(NO_WAY_BACK, &[node, SHIP], || {
                        t!("{node} has let go for {order}, and no place is booked", node = node, order = order.text())
                    });
                }
                if row.is_cancelled {
                    verdicts.broken(CANCELLED_STAYS, &[node, order.customer], || {
                        t!("{order} is cancelled, and {node} has let go for it", node = node, order = order.text())
                    });
                }
            }
        }
        if row.is_cancelled && stage.is_some_and(|stage| stage.stage == Stage::Confirmed) {
            verdicts.broken(CANCELLED_STAYS, &[ORDER, order.customer], || {
                t!("{order} was cancelled, and is confirmed", order = order.text())
            });
        }
    }

    /// Whether each order that is not young is done whole, or nothing of it.
    fn is_all_ended(&self, seen: &Observation<'_, Node>) -> bool {
        let longest_us = 2 * seen.config.retry_most_us + 1_000_000;
        let mut old = self.rows.iter().filter(|row| seen.at_us.saturating_sub(row.begun_us) > longest_us);
        self.left_over == 0 && old.all(|row| is_ended(*row, seen))
    }
}

/// Whether an order is done whole, or nothing of it.
fn is_ended(row: Known, seen: &Observation<'_, Node>) -> bool {
    let Some(stage) = seen.nodes.disk(ORDER).orders.row(row.order) else {
        // It is forgotten, or has never come.
        let memory = &seen.nodes.disk(row.order.customer).customer;
        return memory.number != row.order.number;
    };
    let of = |node: NodeId| entry(seen, node, row.order);
    match stage.stage {
        Stage::Confirmed => {
            let is_finished = |node: &NodeId| of(*node).is_some_and(|entry| entry.finished && entry.is_in_effect());
            [PAY, STOCK].iter().all(is_finished) && of(SHIP).is_some_and(Entry::is_in_effect)
        }
        Stage::Rejected => SERVICES.iter().all(|node| !of(*node).is_some_and(Entry::is_in_effect)),
        Stage::Begun(_) | Stage::Stuck(_) | Stage::Lost => false,
    }
}
