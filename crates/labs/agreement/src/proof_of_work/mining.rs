//! Finding blocks: what a miner writes into one, and how long it looks (Nakamoto 2008, section 4).
//!
//! A miner has no memory: what it has tried in vain brings it no nearer. So the time to the next block is drawn anew whenever its tip
//! changes, and what stands in the block is decided when it is found.

use sim::t;

use super::block::{Block, Draft, Link, Payment, REWARD, median_us};
use super::difficulty::{DRAW_BITS, luck_us, mean_us, next_work};
use super::{Attacker, Effects, Peer, Timer};

impl Peer {
    /// Begins to look for a block on top of its tip.
    pub(super) fn dig(&mut self, effects: &mut Effects<'_>) {
        let (me, config) = (effects.me(), effects.config());
        if !config.is_miner(me) {
            return;
        }
        if self.disk.is_idle {
            effects.cancel_timer(Timer::Find);
            return;
        }
        let time_us = self.next_time_us(effects);
        let mean_us = mean_us(next_work(&self.tip, time_us, config), config.share_ppm(me), config.interval_us);
        let after_us = luck_us(mean_us, effects.choose(1 << DRAW_BITS));
        effects.set_timer(Timer::Find, after_us);
    }

    /// The time that its next block would have.
    fn next_time_us(&self, effects: &Effects<'_>) -> i64 {
        effects.local_now().max(median_us(&self.tip) + 1)
    }

    /// The payments that go into its next block: those of its pool that its chain does not contradict.
    fn chosen(&self, checks: bool) -> Vec<Payment> {
        let mut chosen: Vec<Payment> = Vec::new();
        for waiting in &self.pool {
            let payment = waiting.payment;
            let is_spent = self.tip.spender(payment.coin).is_some();
            let is_twice = chosen.iter().any(|other| other.coin == payment.coin);
            if !(checks && (is_spent || is_twice)) {
                chosen.push(payment);
            }
        }
        chosen
    }

    /// It has found a number that makes its block right.
    pub(super) fn find(&mut self, effects: &mut Effects<'_>) {
        let (me, config) = (effects.me(), effects.config());
        let (checks, attacker) = (config.rules.check_spends, config.is_attacker(me).then_some(config.attacker));
        if !config.is_miner(me) || self.disk.is_idle {
            effects.note(|| t!("{node} does not mine", node = me));
            return;
        }
        let time_us = self.next_time_us(effects);
        let kb = if self.disk.is_old { config.block_kb.min(config.old_limit_kb) } else { config.block_kb };
        let work = next_work(&self.tip, time_us, config);
        let mut payments = self.chosen(checks);
        if attacker == Some(Attacker::DoubleSpend)
            && let Some(back) = self.coin_back(effects)
        {
            payments.retain(|payment| payment.coin != back.coin);
            payments.push(back);
        }
        let draft = Draft { time_us, work, miner: me, reward: REWARD, kb, payments };
        let block = Block::on(&self.tip, draft);
        effects.rule("work");
        if attacker.is_some() {
            self.find_as_attacker(block, effects);
            return;
        }
        let (height, count) = (block.height, block.payments.len());
        effects.note(|| t!("{node} finds block {height}, and sends it to its peers", node = me, height = height));
        let is_odd = !checks && has_twice(&block);
        if is_odd {
            effects.rule("check_spends");
        }
        let parent = self.tip.name();
        effects.note(|| match (is_odd, count) {
            (true, _) => t!("It spends a coin a second time, and nobody minds."),
            (false, 0) => t!("It stands on block {parent}, and has no payments.", parent = parent),
            (false, 1) => t!("It stands on block {parent}, and has one payment.", parent = parent),
            (false, _) => t!("It stands on block {parent}, and has {count} payments.", parent = parent, count = count),
        });
        self.keep(&block);
        self.send_block(&block, None, effects);
        self.switch(&block, effects);
    }
}

/// Whether a block spends a coin twice, or one that its chain has spent.
pub(super) fn has_twice(block: &Link) -> bool {
    let before = |coin: u32| block.parent.as_ref().and_then(|parent| parent.spender(coin)).is_some();
    let mut payments = block.payments.iter().enumerate();
    payments.any(|(place, payment)| {
        before(payment.coin) || block.payments[..place].iter().any(|other| other.coin == payment.coin)
    })
}
