//! Those who do not mine: W1 pays, and W2 hands goods over when a payment is deep enough in its chain.

use sim::t;

use super::block::{Payment, ancestor, chain};
use super::{Effects, Message, Peer, Timer};

/// How many payments the shop remembers, and how far below the tip it looks for new ones.
const MOST_DELIVERED: usize = 100;
const MOST_LOOKED: usize = 200;

/// Every so many payments spend their coin twice.
const EVERY: u32 = 4;

impl Peer {
    /// The buyer pays again after a while.
    pub(super) fn wait_to_pay(&self, effects: &mut Effects<'_>) {
        let pay_us = effects.config().pay_us;
        if effects.me() == effects.config().buyer() && pay_us > 0 {
            effects.set_timer(Timer::Pay, pay_us);
        }
    }

    /// It is time to pay.
    pub(super) fn on_pay_time(&mut self, effects: &mut Effects<'_>) {
        if effects.config().pay_us > 0 {
            let is_fourth = (self.disk.coins + 1).is_multiple_of(EVERY);
            self.pay(is_fourth, effects);
            self.wait_to_pay(effects);
        } else {
            effects.note(|| t!("Nobody pays any more"));
        }
    }

    /// The buyer pays the shop; or pays one coin twice, to the shop and to itself, each by another way.
    pub(super) fn pay(&mut self, is_twice: bool, effects: &mut Effects<'_>) {
        let me = effects.me();
        let shop = effects.config().shop();
        if me != effects.config().buyer() {
            effects.note(|| t!("{node} does not pay", node = me));
            return;
        }
        let coin = 2 * self.disk.coins;
        self.disk.coins += 1;
        self.write(effects);
        let peers = effects.config().peers[me.index()].clone();
        let first = Payment::new(me, shop, coin, 0);
        if !is_twice {
            effects.note(|| t!("{node} pays {shop}", node = me, shop = shop));
            effects.note(|| t!("It tells its peers once, and they tell theirs. The payment waits for a block."));
            peers.into_iter().for_each(|peer| effects.send(peer, Message::Payment(first)));
            return;
        }
        effects.note(|| t!("{node} pays one coin twice: to {shop}, and to itself", node = me, shop = shop));
        effects.note(|| t!("Each payment goes to another peer. Both are signed: only one can be in a chain."));
        let second = Payment::new(me, me, coin, 1);
        for (place, peer) in peers.into_iter().enumerate() {
            effects.send(peer, Message::Payment(if place == 0 { first } else { second }));
        }
    }

    /// A wallet hears of a payment that no block has yet.
    pub(super) fn hear_payment(&mut self, payment: Payment, effects: &mut Effects<'_>) {
        let (me, config) = (effects.me(), effects.config());
        let (shop, is_trusting) = (config.shop(), config.confirmations == 0);
        let (payer, payee) = (payment.from, payment.to);
        let is_known = self.disk.delivered.iter().any(|other| other.coin == payment.coin);
        if me == shop && payee == shop && is_trusting && !is_known && self.tip.spender(payment.coin).is_none() {
            self.deliver(payment);
            self.write(effects);
            effects.note(|| t!("{node} hands the goods over: it trusts a payment that no block has", node = me));
            return;
        }
        effects.routine("payment");
        effects.note(|| t!("{node} hears that {payer} pays {payee}", node = me, payer = payer, payee = payee));
        if me == shop && payee == shop {
            effects
                .note(|| t!("That is a promise. It waits until the payment is in a block, and others on top of it."));
        }
    }

    fn deliver(&mut self, payment: Payment) {
        if self.disk.delivered.len() >= MOST_DELIVERED {
            self.disk.delivered.remove(0);
        }
        self.disk.delivered.push(payment);
    }

    /// The shop hands over what is paid for deep enough in its chain. Returns whether it did.
    pub(super) fn hand_over(&mut self, effects: &mut Effects<'_>) -> bool {
        let (me, config) = (effects.me(), effects.config());
        let (shop, depth) = (config.shop(), config.confirmations);
        if me != shop || depth == 0 || self.tip.height + 1 < depth {
            return false;
        }
        let Some(deep) = ancestor(&self.tip, self.tip.height + 1 - depth) else { return false };
        let (top, looked_at) = (deep.id, self.looked_at);
        let new: Vec<Payment> = chain(deep)
            .take(MOST_LOOKED)
            .take_while(|block| block.id != looked_at)
            .flat_map(|block| block.payments.iter().copied())
            .filter(|payment| payment.to == shop)
            .filter(|payment| !self.disk.delivered.iter().any(|other| other.id == payment.id))
            .collect();
        self.looked_at = top;
        if new.is_empty() {
            return false;
        }
        let count = new.len();
        new.into_iter().for_each(|payment| self.deliver(payment));
        effects.note(|| match count {
            1 => t!("{node} hands the goods over", node = me),
            _ => t!("{node} hands goods over for {count} payments", node = me, count = count),
        });
        effects.note(|| match depth {
            1 => t!("The payment is in a block, and that is enough for this shop."),
            _ => t!(
                "There are {depth} blocks, with the one that has the payment, and that is enough for this shop.",
                depth = depth
            ),
        });
        true
    }
}
