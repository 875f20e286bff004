//! The stock of the shop: it gives away what it is asked for, and can refuse whoever comes with an old token (Kleppmann 2016, "Making
//! the lock safe with fencing").

use std::collections::VecDeque;

use parts::shop::OrderId;
use serde::Serialize;
use sim::{Map, NodeId, t};

use super::message::Message;
use super::{Disk, Effects, Timer, name, token_text};

/// How many writes it remembers for the screen.
const WRITES: usize = 6;

/// What the stock keeps on disk.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Shelf {
    /// How many pieces have come. They are numbered, and sold in that order.
    pub delivered: u64,
    /// How many of them have an owner: the first ones.
    pub sold: u64,
    /// The highest token that it has seen.
    pub seen: Option<u64>,
    /// The last writes, refused ones among them, the oldest first.
    pub writes: VecDeque<Write>,
    /// How many writes there were, and how many were refused.
    pub taken: u64,
    pub refused: u64,
    /// The last write of each customer, which is taken once.
    pub(super) last: Map<NodeId, u64>,
}

/// A write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Write {
    pub attempt: OrderId,
    pub token: Option<u64>,
    pub piece: u64,
    pub is_refused: bool,
    /// Whether the piece had an owner already.
    pub is_second: bool,
}

impl Shelf {
    /// How many pieces have no owner.
    pub fn left(&self) -> u64 {
        self.delivered.saturating_sub(self.sold)
    }
}

/// The stock.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Stock {
    life: u64,
    pub shelf: Shelf,
    /// How many reads and writes with a token it has accepted, and the last one's token.
    pub accepted: u64,
    pub token: Option<u64>,
}

impl Stock {
    pub(super) fn boot(disk: &Disk, effects: &mut Effects<'_>) -> Stock {
        let stock = Stock { life: disk.life + 1, shelf: disk.stock.clone(), accepted: 0, token: None };
        if stock.shelf.left() == 0 {
            stock.wait_for_delivery(effects);
        }
        stock.keep(effects);
        stock
    }

    fn keep(&self, effects: &mut Effects<'_>) {
        effects.persist(Disk { life: self.life, stock: self.shelf.clone(), ..Disk::default() });
    }

    fn wait_for_delivery(&self, effects: &mut Effects<'_>) {
        let after_us = effects.config().restock_us;
        if after_us > 0 {
            effects.set_timer(Timer::Restock, after_us);
        }
    }

    pub(super) fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        match message {
            Message::Read { attempt, token } => self.on_read(from, attempt, token, effects),
            Message::Write { attempt, token, piece } => self.on_write(from, attempt, token, piece, effects),
            _ => {}
        }
    }

    /// Whether a token is older than one that it has seen.
    fn is_old(&self, token: Option<u64>) -> Option<u64> {
        let seen = self.shelf.seen?;
        token.filter(|token| *token < seen).map(|_| seen)
    }

    /// A token comes with something that is accepted.
    fn accept(&mut self, token: Option<u64>) {
        self.accepted += 1;
        self.token = token;
    }

    fn on_read(&mut self, from: NodeId, attempt: OrderId, token: Option<u64>, effects: &mut Effects<'_>) {
        let (me, rules) = (effects.me(), effects.config().rules);
        if rules.token_on_read
            && let Some(seen) = self.is_old(token)
        {
            effects.rule("token_on_read");
            if rules.fencing {
                effects.rule("fencing");
                effects.send(from, Message::Refused { attempt, seen });
                effects.note(|| {
                    t!(
                        "{node} refuses to let {attempt} read: it has seen {seen}",
                        node = me,
                        attempt = name(attempt),
                        seen = token_text(seen)
                    )
                });
                return;
            }
        }
        self.accept(token);
        if token.is_some() {
            effects.rule("token_on_read");
            if rules.token_on_read && token > self.shelf.seen {
                self.shelf.seen = token;
                self.keep(effects);
            }
        }
        let piece = (self.shelf.left() > 0).then_some(self.shelf.sold + 1);
        effects.send(from, Message::Left { attempt, piece });
        let left = self.shelf.left();
        effects.note(|| match (left, token) {
            (0, _) => t!("{node} tells {attempt} that it is sold out", node = me, attempt = name(attempt)),
            (_, Some(token)) if rules.token_on_read => t!(
                "{node} tells {attempt} what is left, {left}, and notes the token {token}",
                node = me,
                attempt = name(attempt),
                left = left,
                token = token_text(token)
            ),
            _ => t!("{node} tells {attempt} what is left: {left}", node = me, attempt = name(attempt), left = left),
        });
    }

    fn on_write(&mut self, from: NodeId, attempt: OrderId, token: Option<u64>, piece: u64, effects: &mut Effects<'_>) {
        let (me, rules) = (effects.me(), effects.config().rules);
        let last = self.shelf.last.get(&attempt.customer).copied().unwrap_or_default();
        if attempt.number <= last {
            if attempt.number == last {
                effects.send(from, Message::Written { attempt });
            }
            effects.routine("written before");
            effects.rule("once");
            effects.note(|| t!("{node} has had the write of {attempt} before", node = me, attempt = name(attempt)));
            return;
        }
        if let Some(token) = token {
            effects.rule("fencing");
            let old = self.is_old(Some(token));
            if let Some(seen) = old.filter(|_| rules.fencing) {
                self.shelf.refused += 1;
                self.remember(Write { attempt, token: Some(token), piece, is_refused: true, is_second: false });
                self.keep(effects);
                effects.send(from, Message::Refused { attempt, seen });
                effects.note(|| {
                    t!(
                        "{node} refuses the write of {attempt} with {token}: it has seen {seen}",
                        node = me,
                        attempt = name(attempt),
                        token = token_text(token),
                        seen = token_text(seen)
                    )
                });
                effects.note(|| t!("Somebody got the lock after {attempt}", attempt = name(attempt)));
                return;
            }
        }
        self.accept(token);
        if token > self.shelf.seen {
            self.shelf.seen = token;
        }
        let is_second = piece <= self.shelf.sold;
        self.shelf.sold = self.shelf.sold.max(piece);
        self.shelf.taken += 1;
        self.shelf.last.insert(attempt.customer, attempt.number);
        self.remember(Write { attempt, token, piece, is_refused: false, is_second });
        self.keep(effects);
        effects.send(from, Message::Written { attempt });
        let customer = attempt.customer;
        effects.note(|| match is_second {
            true => t!(
                "{node} writes that piece {piece} is {customer}’s, and it was somebody else’s already",
                node = me,
                piece = piece,
                customer = customer
            ),
            false => {
                t!("{node} writes that piece {piece} is {customer}’s", node = me, piece = piece, customer = customer)
            }
        });
        if is_second && token.is_none() {
            effects.note(|| t!("The write came without a token, so {node} cannot tell that it is old", node = me));
        }
        if self.shelf.left() == 0 && !is_second {
            self.wait_for_delivery(effects);
        }
    }

    fn remember(&mut self, write: Write) {
        if self.shelf.writes.len() == WRITES {
            self.shelf.writes.pop_front();
        }
        self.shelf.writes.push_back(write);
    }

    /// One more piece comes.
    pub(super) fn restock(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        self.shelf.delivered += 1;
        self.keep(effects);
        let piece = self.shelf.delivered;
        effects.note(|| t!("Piece {piece} comes to {node}", piece = piece, node = me));
    }
}
