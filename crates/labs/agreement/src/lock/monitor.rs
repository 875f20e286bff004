//! The checks: what is sold, which tokens are granted and taken, who frees whose lock, and who thinks to hold it.
//!
//! Once a disk is lost nothing is promised any more.

use parts::shop::OrderId;
use parts::values::word;
use serde::Serialize;
use sim::frame::Status;
use sim::history::Model;
use sim::{Check, CheckKind, Checks, NodeId, Observation, Verdicts, t};

use super::book::{Book, Kind, Written};
use super::settings::{Config, Scheme};
use super::stock::Stock;
use super::{Customer, Disk, Lock, Node, Step, name, token_text};

const NEVER_OVERSOLD: usize = 0;
const TOKENS_GROW: usize = 1;
const OWN_RELEASE: usize = 2;
const STALE_REFUSED: usize = 3;
const LOCK_FREED: usize = 4;
const TWO_HOLDERS: usize = 5;
const STALE_WRITE: usize = 6;
const SOLD_TWICE: usize = 7;
const EXPIRED_AT_WORK: usize = 8;
const SPLIT_MAJORITY: usize = 9;

impl Checks for Lock {
    type Monitor = Monitor;

    /// The checks, in the order of the numbers above.
    fn checks() -> Vec<Check> {
        let check = Check::new;
        let lease = || vec![("scheme", word("lease"))];
        vec![
            check(
                "never-oversold",
                t!("each piece has one owner"),
                CheckKind::Always,
                t!("The stock never takes a write that sells a piece which is sold already. Only locks with tokens can promise that."),
            )
            .promised_under(lease()),
            check(
                "tokens-grow",
                t!("tokens grow"),
                CheckKind::Always,
                t!("Each time the lock is given to somebody, its token is higher than all before."),
            )
            .promised_under(lease()),
            check(
                "own-release",
                t!("nobody frees the lock of another one"),
                CheckKind::Always,
                t!("A release frees the lock only if it comes from whoever holds it, as far as the lock service knows."),
            ),
            check(
                "stale-refused",
                t!("old tokens are refused"),
                CheckKind::Always,
                t!("The stock never takes a read or a write with a lower token than one that it was shown before."),
            )
            .promised_under(lease())
            .kept_by("fencing"),
            check(
                "lock-freed",
                t!("nobody waits for ever"),
                CheckKind::Eventually,
                t!("Once the faults are over, a lock whose holder is gone is free after a while, and whoever waits gets it."),
            )
            .promised_under(lease()),
            check(
                "two-holders",
                t!("two think they hold the lock"),
                CheckKind::Sometimes,
                t!("Two customers have been given the lock, and neither has released it or given up."),
            ),
            check(
                "stale-write",
                t!("a late write is refused"),
                CheckKind::Sometimes,
                t!("The stock refuses a write, since somebody with a higher token was there before."),
            ),
            check(
                "sold-twice",
                t!("a piece is sold twice"),
                CheckKind::Sometimes,
                t!("Two customers were told that the same piece is their own, whatever kind of lock there is."),
            ),
            check(
                "expired-at-work",
                t!("a lock is lost at work"),
                CheckKind::Sometimes,
                t!("The lock service takes the lock from a customer that still works with it."),
            ),
            check(
                "split-majority",
                t!("nobody has a majority"),
                CheckKind::Sometimes,
                t!("Each server of Redlock has given its key to somebody, and nobody has enough of them."),
            )
            .promised_under(vec![("scheme", word("redlock"))]),
        ]
    }

    /// Whether the lock was one: shown beside the stage, and promised by nobody.
    fn model() -> Option<Model> {
        Some(Model::Mutex { held: false })
    }
}

/// Watches a run.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Monitor {
    /// Whether a node has lost its disk: then nothing is promised any more.
    has_lost_disk: bool,
    known: Vec<Known>,
    /// The highest token that was granted, and the last grant.
    granted: Option<(OrderId, u64)>,
    highest: u64,
    /// The highest token that the stock was shown.
    shown: u64,
    /// How many pieces have an owner.
    sold: u64,
    /// How many were sold twice, and how many locks were lost at work.
    pub resold: u64,
    pub lost: u64,
    /// Who had the lock, as the lock service sees it.
    holder: Option<OrderId>,
    /// Since when the lock is held by somebody who is gone.
    gone_since_us: Option<u64>,
    pub book: Book,
}

/// What was last seen of a node.
#[derive(Clone, Copy, Debug, Default, Serialize)]
struct Known {
    life: u64,
    /// Of a node that keeps the lock: how many were freed.
    freed: u64,
    /// Of the stock: how many writes it has taken and refused, and how many reads and writes it has accepted.
    taken: u64,
    refused: u64,
    accepted: u64,
    /// Of a customer: since when it has waited for the lock.
    waits_since_us: Option<u64>,
}

impl sim::Monitor<Node> for Monitor {
    fn observe(&mut self, seen: &Observation<'_, Node>, verdicts: &mut Verdicts) {
        if self.known.is_empty() {
            self.known = vec![Known::default(); seen.nodes.len()];
        }
        if let Some(node) = seen.node {
            self.look_at(node, seen, verdicts);
        }
        self.look_at_holders(seen, verdicts);
        let is_freed = self.has_lost_disk || self.is_freed(seen);
        verdicts.reached(LOCK_FREED, is_freed);
    }
}

/// A customer that runs or stands still.
fn customer<'a>(seen: &Observation<'a, Node>, node: NodeId) -> Option<&'a Customer> {
    seen.nodes.state(node).and_then(Node::customer)
}

/// The owner of the key at a server, by the server's clock.
fn owner(seen: &Observation<'_, Node>, node: NodeId) -> Option<OrderId> {
    let now_us = seen.nodes.clock(node).shows(seen.at_us);
    seen.nodes.state(node).and_then(Node::key)?.owner(now_us, seen.config.rules.expiry)
}

impl Monitor {
    /// Who has the lock, as those see it who give it.
    pub fn holder(&self) -> Option<OrderId> {
        self.holder
    }

    fn look_at(&mut self, node: NodeId, seen: &Observation<'_, Node>, verdicts: &mut Verdicts) {
        let disk: &Disk = seen.nodes.disk(node);
        let known = &mut self.known[node.index()];
        self.has_lost_disk |= disk.life < known.life;
        if disk.life != known.life {
            // It has started anew, and counts anew what it does not keep on disk.
            (known.life, known.freed, known.accepted) = (disk.life, 0, 0);
        }
        match seen.nodes.state(node) {
            Some(Node::Lease(lease)) => {
                self.look_at_freed(node, lease.freed, verdicts);
                let grant = lease.sessions.holder.map(|holder| (holder.attempt, holder.token));
                self.look_at_grant(node, grant, verdicts);
            }
            Some(Node::Key(key)) => self.look_at_freed(node, key.freed, verdicts),
            Some(Node::Stock(stock)) => self.look_at_stock(node, stock, seen, verdicts),
            Some(Node::Customer(customer)) => {
                let waits = customer.is_waiting().then_some(seen.at_us);
                let since_us = &mut self.known[node.index()].waits_since_us;
                *since_us = waits.map(|now_us| since_us.unwrap_or(now_us));
            }
            None => self.known[node.index()].waits_since_us = None,
        }
    }

    fn look_at_freed(&mut self, node: NodeId, freed: Option<super::lease::Freed>, verdicts: &mut Verdicts) {
        let Some(freed) = freed.filter(|freed| freed.count > self.known[node.index()].freed) else { return };
        self.known[node.index()].freed = freed.count;
        if freed.by != freed.holder && !self.has_lost_disk {
            verdicts.broken(OWN_RELEASE, &[freed.by.customer, node], || {
                t!("{by} has freed the lock of {holder}", by = name(freed.by), holder = name(freed.holder))
            });
        }
    }

    fn look_at_grant(&mut self, node: NodeId, grant: Option<(OrderId, u64)>, verdicts: &mut Verdicts) {
        if grant == self.granted {
            return;
        }
        self.granted = grant;
        let Some((attempt, token)) = grant else { return };
        let highest = self.highest;
        self.highest = highest.max(token);
        if token <= highest && !self.has_lost_disk {
            verdicts.broken(TOKENS_GROW, &[node], || {
                t!(
                    "{attempt} gets the token {token}, and {highest} was granted before",
                    attempt = name(attempt),
                    token = token_text(token),
                    highest = token_text(highest)
                )
            });
        }
    }

    fn look_at_stock(&mut self, node: NodeId, stock: &Stock, seen: &Observation<'_, Node>, verdicts: &mut Verdicts) {
        let known = self.known[node.index()];
        let shelf = &stock.shelf;
        let write = shelf.writes.back().filter(|_| shelf.taken != known.taken || shelf.refused != known.refused);
        if let Some(write) = write {
            let (at_us, customer) = (seen.at_us, write.attempt.customer);
            self.book.note_write(Written { at_us, customer, is_refused: write.is_refused });
            let attempt = write.attempt;
            if write.is_refused {
                verdicts.seen(STALE_WRITE, &[node, customer], || {
                    t!("{stock} has refused the late write of {attempt}", stock = node, attempt = name(attempt))
                });
            } else if write.piece <= self.sold {
                self.resold += 1;
                let piece = write.piece;
                let sentence = || {
                    t!("Piece {piece} was sold, and {customer} has bought it too", piece = piece, customer = customer)
                };
                verdicts.seen(SOLD_TWICE, &[node, customer], sentence);
                if !self.has_lost_disk {
                    verdicts.broken(NEVER_OVERSOLD, &[node, customer], sentence);
                }
            }
            if !write.is_refused {
                self.sold = self.sold.max(write.piece);
            }
        }
        if stock.accepted != known.accepted
            && let Some(token) = stock.token
        {
            let shown = self.shown;
            self.shown = shown.max(token);
            if token < shown && !self.has_lost_disk {
                verdicts.broken(STALE_REFUSED, &[node], || {
                    t!(
                        "{stock} has taken the token {token} after {shown}",
                        stock = node,
                        token = token_text(token),
                        shown = token_text(shown)
                    )
                });
            }
        }
        let known = &mut self.known[node.index()];
        (known.taken, known.refused, known.accepted) = (shelf.taken, shelf.refused, stock.accepted);
    }

    /// Who has the lock, in the eyes of those who give it, and in its own.
    fn look_at_holders(&mut self, seen: &Observation<'_, Node>, verdicts: &mut Verdicts) {
        let before = self.holder;
        self.holder = self.given_to(seen, verdicts);
        let mut first = None;
        for node in seen.config.customers() {
            let state = customer(seen, node);
            let hold = state.and_then(|customer| customer.hold);
            let own = match state {
                Some(_) if hold.is_some() && seen.nodes.status(node) == Status::Paused => Some(Kind::Sleeps),
                Some(_) if hold.is_some() => Some(Kind::Holds),
                Some(customer) if customer.is_waiting() => Some(Kind::Asks),
                _ => None,
            };
            let is_holder = self.holder.is_some_and(|holder| holder.customer == node);
            self.book.note(node.index(), own, is_holder, seen.at_us);
            if hold.is_none() {
                continue;
            }
            if let Some(first) = first {
                verdicts.seen(TWO_HOLDERS, &[first, node], || {
                    t!("{first} and {second} both think that they hold the lock", first = first, second = node)
                });
            }
            first = Some(node);
            let attempt = state.map(|customer| customer.attempt(node));
            let is_lost = before == attempt && self.holder != attempt;
            if is_lost && state.is_some_and(|customer| customer.is_at_work() || customer.step == Step::Keeping) {
                self.lost += 1;
                verdicts.seen(EXPIRED_AT_WORK, &[node], || t!("{node} has lost the lock, and works on", node = node));
            }
        }
    }

    fn given_to(&self, seen: &Observation<'_, Node>, verdicts: &mut Verdicts) -> Option<OrderId> {
        let lock = seen.config.locks().next();
        match seen.config.scheme {
            Scheme::None => None,
            Scheme::Lease => {
                let lock = lock?;
                let state = seen.nodes.state(lock).and_then(Node::lease).map(|lease| &lease.sessions);
                state.unwrap_or(&seen.nodes.disk(lock).lease).holder.map(|holder| holder.attempt)
            }
            Scheme::Single => owner(seen, lock?),
            Scheme::Redlock => {
                let owners: Vec<Option<OrderId>> = seen.config.locks().map(|node| owner(seen, node)).collect();
                let has = |attempt: &OrderId| owners.iter().filter(|owner| **owner == Some(*attempt)).count();
                let winner = owners.iter().flatten().copied().find(|attempt| has(attempt) >= seen.config.majority());
                if winner.is_none() && owners.iter().all(Option::is_some) {
                    let nodes: Vec<NodeId> = seen.config.locks().collect();
                    verdicts.seen(SPLIT_MAJORITY, &nodes, || {
                        t!("All {count} servers are given away, and nobody has a majority", count = nodes.len())
                    });
                }
                winner
            }
        }
    }

    /// Whether nobody waits for too long, and no lock is held for too long by somebody who is gone.
    fn is_freed(&mut self, seen: &Observation<'_, Node>) -> bool {
        let bound_us = longest_us(seen.config);
        let is_long = |since_us: u64| seen.at_us.saturating_sub(since_us) > bound_us;
        let is_gone = |holder: OrderId| match customer(seen, holder.customer) {
            None => true,
            Some(customer) => customer.attempt(holder.customer) != holder || customer.step == Step::Idle,
        };
        let is_held_by_hand = seen
            .config
            .customers()
            .any(|node| customer(seen, node).is_some_and(|customer| customer.step == Step::Keeping));
        let gone = self.holder.filter(|holder| is_gone(*holder));
        self.gone_since_us = gone.map(|_| self.gone_since_us.unwrap_or(seen.at_us));
        let waits_long = seen.config.customers().any(|node| {
            let is_up = seen.nodes.status(node) == Status::Up;
            is_up && self.known[node.index()].waits_since_us.is_some_and(is_long)
        });
        !self.gone_since_us.is_some_and(is_long) && (!waits_long || is_held_by_hand)
    }
}

/// The longest that somebody may wait for the lock once the faults are over: ten times to live, and a delay for each customer.
fn longest_us(config: &Config) -> u64 {
    10 * config.ttl_us + u64::from(config.customers) * config.lock_delay_us
}
