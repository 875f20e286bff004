//! A node: the blocks it knows, the chain it believes, and the payments that wait (Nakamoto 2008, section 5).

use serde::Serialize;
use sim::{NodeId, t};

use super::block::{Block, Link, Payment, REWARD, above, ancestor, chain, fork, median_us};
use super::difficulty::next_work;
use super::mining::has_twice;
use super::{Attack, Attacker, Effects, Message};

/// Blocks so far below the tip are kept only where they are ancestors of it.
const KEPT: u64 = 200;

/// How many blocks more are known before those are thrown away.
const SLACK: usize = 60;

/// How many blocks without a parent are kept, and how many that were refused are remembered.
const MOST_ORPHANS: usize = 1_000;
const MOST_REFUSED: usize = 200;

/// After so many intervals in the pool a payment is sent again.
const AGAIN_INTERVALS: u64 = 6;

/// What a node keeps through a crash.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Disk {
    /// The blocks it knows with all their ancestors, in the order in which they came.
    pub blocks: Vec<Link>,
    /// Whether it has stopped to mine.
    pub is_idle: bool,
    /// Whether its program refuses large blocks.
    pub is_old: bool,
    /// How many coins it has spent.
    pub coins: u32,
    /// Of the shop: the payments that it has handed something over for, the last ones.
    pub delivered: Vec<Payment>,
}

impl Default for Disk {
    fn default() -> Disk {
        Disk { blocks: vec![Block::genesis()], is_idle: false, is_old: false, coins: 0, delivered: Vec::new() }
    }
}

/// A node.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Peer {
    pub disk: Disk,
    /// The end of the chain that it believes.
    pub tip: Link,
    /// Blocks whose parent it does not know.
    pub orphans: Vec<Link>,
    /// Digests of blocks that are not valid for it.
    pub refused: Vec<u64>,
    pub pool: Vec<Waiting>,
    /// How many blocks it has taken in this life, and how many of them it has undone at once at the most.
    pub taken: u64,
    pub undone: u64,
    pub attack: Option<Box<Attack>>,
    /// Of the shop: the last block whose payments it has looked at.
    pub looked_at: u64,
}

/// A payment that waits for a block.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Waiting {
    pub payment: Payment,
    /// When it came or was last sent, on the clock that nobody sets.
    pub since_us: u64,
}

/// What is wrong with a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    Work,
    Time,
    Reward,
    Spent,
    Large,
}

impl Peer {
    /// Starts with what is on its disk.
    pub(super) fn start(disk: &Disk, effects: &mut Effects<'_>) -> Peer {
        let me = effects.me();
        let first = disk.blocks.first().cloned().unwrap_or_else(Block::genesis);
        let best =
            disk.blocks.iter().fold(first, |best, block| if block.total > best.total { block.clone() } else { best });
        let attack = effects.config().is_attacker(me).then(|| Box::new(Attack::new(&best)));
        let mut peer = Peer {
            disk: disk.clone(),
            tip: best,
            orphans: Vec::new(),
            refused: Vec::new(),
            pool: Vec::new(),
            taken: 0,
            undone: 0,
            attack,
            looked_at: 0,
        };
        peer.refill(effects);
        let height = peer.tip.height;
        let is_miner = effects.config().is_miner(me);
        effects.note(|| match (is_miner, height) {
            (true, 0) => t!("{node} starts, and looks for a block", node = me),
            (false, 0) => t!("{node} starts", node = me),
            _ => t!("{node} starts again with what is on its disk, up to block {height}", node = me, height = height),
        });
        peer.dig(effects);
        peer.wait_to_pay(effects);
        peer
    }

    /// The payments of blocks that are known and not in the chain are its pool.
    fn refill(&mut self, effects: &mut Effects<'_>) {
        if !effects.config().rules.return_payments || !effects.config().is_miner(effects.me()) {
            return;
        }
        let now_us = effects.monotonic_now();
        let off: Vec<Payment> = self.disk.blocks.iter().flat_map(|block| block.payments.iter().copied()).collect();
        off.into_iter().for_each(|payment| {
            self.add(payment, now_us);
        });
    }

    /// Takes a payment into the pool, unless the chain or the pool contradicts it, or has it.
    fn add(&mut self, payment: Payment, now_us: u64) -> bool {
        let is_new = self.tip.spender(payment.coin).is_none()
            && self.pool.iter().all(|waiting| waiting.payment.coin != payment.coin);
        if is_new {
            self.pool.push(Waiting { payment, since_us: now_us });
        }
        is_new
    }

    // ---- What is known.

    /// A block that it knows with all its ancestors.
    pub fn known(&self, id: u64, height: u64) -> Option<&Link> {
        let recent = self.disk.blocks.iter().rev().find(|block| block.id == id);
        recent.or_else(|| {
            let is_deep = height + KEPT < self.tip.height;
            if is_deep { ancestor(&self.tip, height).filter(|block| block.id == id) } else { None }
        })
    }

    /// Writes a block down.
    pub(super) fn keep(&mut self, block: &Link) {
        self.disk.blocks.push(block.clone());
        self.taken += 1;
        if self.disk.blocks.len() > KEPT as usize + SLACK {
            let top = self.tip.height;
            self.disk.blocks.retain(|block| block.height + KEPT >= top);
        }
    }

    /// What is wrong with a block whose ancestors are right.
    fn fault(&self, block: &Link, effects: &Effects<'_>) -> Option<Fault> {
        let config = effects.config();
        let parent = block.parent.as_ref()?;
        if block.work != next_work(parent, block.time_us, config) {
            Some(Fault::Work)
        } else if block.time_us <= median_us(parent) {
            Some(Fault::Time)
        } else if block.reward != REWARD {
            Some(Fault::Reward)
        } else if config.rules.check_spends && has_twice(block) {
            Some(Fault::Spent)
        } else if self.disk.is_old && block.kb > config.old_limit_kb {
            Some(Fault::Large)
        } else {
            None
        }
    }

    fn refuse(&mut self, id: u64) {
        if self.refused.len() >= MOST_REFUSED {
            self.refused.remove(0);
        }
        self.refused.push(id);
    }

    // ---- Blocks.

    /// Somebody sends a block.
    pub(super) fn on_block(&mut self, from: NodeId, block: Link, effects: &mut Effects<'_>) {
        let (me, asks) = (effects.me(), effects.config().rules.ask_parent);
        let (height, miner, parent) = (block.height, block.miner, block.parent_id());
        if self.known(block.id, height).is_some() || self.refused.contains(&block.id) {
            effects.routine("again");
            effects
                .note(|| t!("{node} has block {height} of {miner} already", node = me, height = height, miner = miner));
            return;
        }
        if self.refused.contains(&parent) {
            self.refuse(block.id);
            effects.note(|| t!("{node} refuses block {height} of {miner}", node = me, height = height, miner = miner));
            effects.note(|| t!("It stands on a block that this node has refused."));
            return;
        }
        if self.known(parent, height.saturating_sub(1)).is_none() {
            effects.rule("ask_parent");
            if !asks {
                effects.note(|| {
                    t!(
                        "{node} drops block {height} of {miner}: it does not know its parent",
                        node = me,
                        height = height,
                        miner = miner
                    )
                });
                return;
            }
            let is_kept = self.orphans.iter().any(|orphan| orphan.id == block.id);
            if !is_kept {
                if self.orphans.len() >= MOST_ORPHANS {
                    self.orphans.remove(0);
                }
                self.orphans.push(block);
            }
            self.ask(from, effects);
            effects.note(|| {
                t!(
                    "{node} gets block {height} of {miner}, and does not know its parent",
                    node = me,
                    height = height,
                    miner = miner
                )
            });
            effects.note(|| t!("It keeps the block, and asks {other} for the one before it.", other = from));
            return;
        }
        self.take(from, block, effects);
    }

    /// Asks for the oldest block that is missing under those without a parent.
    fn ask(&self, from: NodeId, effects: &mut Effects<'_>) {
        let Some(mut lowest) = self.orphans.last() else { return };
        while let Some(below) = self.orphans.iter().find(|orphan| orphan.id == lowest.parent_id()) {
            lowest = below;
        }
        effects.send(from, Message::Ask { id: lowest.parent_id(), height: lowest.height.saturating_sub(1) });
    }

    /// Somebody lacks a block.
    pub(super) fn on_ask(&mut self, from: NodeId, id: u64, height: u64, effects: &mut Effects<'_>) {
        let me = effects.me();
        let is_hidden = self.attack.as_ref().is_some_and(|attack| attack.hides(id));
        let found = self.known(id, height).filter(|_| !is_hidden).cloned();
        effects.rule("ask_parent");
        effects.note(|| match found.is_some() {
            true => t!("{node} sends {other} block {height}, which it lacks", node = me, other = from, height = height),
            false => t!("{node} does not know the block that {other} lacks", node = me, other = from),
        });
        if let Some(block) = found {
            effects.send(from, Message::Block(block));
        }
    }

    /// Takes a block whose parent it knows, and those that have waited for it.
    fn take(&mut self, from: NodeId, block: Link, effects: &mut Effects<'_>) {
        let me = effects.me();
        let (height, miner) = (block.height, block.miner);
        let (mut new, mut line) = (Vec::new(), vec![block]);
        let mut fault = None;
        while let Some(block) = line.pop() {
            if let Some(wrong) = self.fault(&block, effects) {
                fault = Some(wrong);
                self.refuse(block.id);
                continue;
            }
            let id = block.id;
            self.keep(&block);
            self.send_block(&block, Some(from), effects);
            new.push(block);
            while let Some(place) = self.orphans.iter().position(|orphan| orphan.parent_id() == id) {
                line.push(self.orphans.remove(place));
            }
        }
        effects.rule("relay");
        if !self.orphans.is_empty() {
            self.ask(from, effects);
        }
        if let (Some(fault), true) = (fault, new.is_empty()) {
            self.say_refused(height, miner, fault, effects);
            return;
        }
        if self.attack.is_some() {
            self.on_public(&new, effects);
            return;
        }
        let before = self.tip.clone();
        let best = self.best_of(&new, effects);
        if best.id == before.id {
            let is_equal = new.iter().any(|block| block.total == before.total);
            effects.rule("heaviest");
            effects.note(|| {
                t!(
                    "{node} hears of block {height} of {miner}, and stays where it is",
                    node = me,
                    height = height,
                    miner = miner
                )
            });
            let own = before.name();
            effects.because(&["heaviest"], || match is_equal {
                true => t!("It has as much work as block {own}, which came first here.", own = own),
                false => t!("There is less work in it than in block {own}.", own = own),
            });
            self.write(effects);
            return;
        }
        let undone = before.height - fork(&before, &best).height;
        if undone > 0 {
            effects.rule("heaviest");
        }
        if !self.switch(&best, effects) {
            self.say_taken(&before, undone, new.len(), effects);
        }
    }

    /// Says which block it believes now.
    fn say_taken(&self, before: &Link, undone: u64, new: usize, effects: &mut Effects<'_>) {
        let (me, is_miner) = (effects.me(), effects.config().is_miner(effects.me()));
        let best = self.tip.clone();
        let (height, miner) = (best.height, best.miner);
        if undone == 0 {
            if new == 1 {
                effects.routine("block");
            }
            effects.note(|| match (new, is_miner) {
                (1, true) => t!(
                    "{node} takes block {height} of {miner}, and passes it on",
                    node = me,
                    height = height,
                    miner = miner
                ),
                (1, false) => t!("{node} takes block {height} of {miner}", node = me, height = height, miner = miner),
                _ => t!("{node} has what it lacked: it is at block {height} now", node = me, height = height),
            });
            return;
        }
        let (name, last) = (best.name(), before.name());
        effects.note(|| match undone {
            1 => t!("{node} throws block {last} away and takes {name}", node = me, last = last, name = name),
            _ => {
                t!("{node} undoes {count} blocks and takes the chain of {name}", node = me, count = undone, name = name)
            }
        });
        effects.because(&["heaviest"], || t!("There is more work in that chain, and that is all that counts."));
    }

    /// The block that it believes after these, which are new.
    fn best_of(&self, new: &[Link], effects: &mut Effects<'_>) -> Link {
        let config = effects.config();
        let (heaviest, gamma) = (config.rules.heaviest, config.gamma_percent);
        let attacker = config.attacker_node().filter(|_| config.attacker == Attacker::Selfish);
        let mut best = self.tip.clone();
        for block in new {
            let is_race = attacker.is_some_and(|node| (block.miner == node) != (best.miner == node));
            let is_better = if !heaviest {
                block.parent_id() == best.id
            } else if block.total == best.total && is_race {
                // The share γ of the others mines on the attacker's side (Eyal and Sirer 2014, section 4.1).
                (effects.choose(100) < gamma) == (Some(block.miner) == attacker)
            } else {
                block.total > best.total
            };
            if is_better {
                best = block.clone();
            }
        }
        best
    }

    fn say_refused(&self, height: u64, miner: NodeId, fault: Fault, effects: &mut Effects<'_>) {
        let me = effects.me();
        if fault == Fault::Spent {
            effects.rule("check_spends");
        }
        effects.note(|| t!("{node} refuses block {height} of {miner}", node = me, height = height, miner = miner));
        effects.note(|| match fault {
            Fault::Work => t!("There is not the work in it that the rule asks for."),
            Fault::Time => t!("It is not later than the median of the blocks before it."),
            Fault::Reward => t!("Its miner gives itself too much."),
            Fault::Spent => t!("It spends a coin that is spent already."),
            Fault::Large => t!("It is too large for the old program."),
        });
    }

    /// Sends a block to all peers but one.
    pub(super) fn send_block(&self, block: &Link, but: Option<NodeId>, effects: &mut Effects<'_>) {
        let me = effects.me();
        // A wallet listens, and passes nothing on.
        if effects.config().is_miner(me) {
            for peer in effects.config().peers[me.index()].clone() {
                if Some(peer) != but {
                    effects.send(peer, Message::Block(block.clone()));
                }
            }
        }
    }

    /// Goes over to another tip: undoes blocks down to the fork, and applies the others. Returns whether the shop hands something over.
    pub(super) fn switch(&mut self, tip: &Link, effects: &mut Effects<'_>) -> bool {
        let before = std::mem::replace(&mut self.tip, tip.clone());
        let base = fork(&before, tip).clone();
        let undone = above(&before, &base);
        self.undone = self.undone.max(undone.len() as u64);
        let (me, now_us) = (effects.me(), effects.monotonic_now());
        let config = effects.config();
        let (rules, is_miner) = (config.rules, config.is_miner(me));
        let again_us = config.interval_us * AGAIN_INTERVALS;
        let applied = above(tip, &base);
        let is_done = |payment: &Payment| match rules.check_spends {
            true => tip.spender(payment.coin).is_some(),
            false => applied.iter().any(|block| block.payments.iter().any(|other| other.id == payment.id)),
        };
        self.pool.retain(|waiting| !is_done(&waiting.payment));
        if is_miner {
            let fallen: Vec<Payment> = undone.iter().rev().flat_map(|block| block.payments.iter().copied()).collect();
            let fallen: Vec<Payment> =
                fallen.into_iter().filter(|payment| tip.spender(payment.coin).is_none()).collect();
            if !fallen.is_empty() {
                effects.rule("return_payments");
            }
            if rules.return_payments {
                for payment in fallen {
                    if self.add(payment, now_us) {
                        self.send_payment(payment, None, effects);
                    }
                }
            }
            let mut late = Vec::new();
            for waiting in &mut self.pool {
                if waiting.since_us + again_us <= now_us {
                    waiting.since_us = now_us;
                    late.push(waiting.payment);
                }
            }
            late.into_iter().for_each(|payment| self.send_payment(payment, None, effects));
        }
        let has_delivered = self.hand_over(effects);
        self.dig(effects);
        self.write(effects);
        has_delivered
    }

    pub(super) fn write(&self, effects: &mut Effects<'_>) {
        effects.persist(self.disk.clone());
    }

    // ---- Payments.

    /// Sends a payment to all peers but one.
    pub(super) fn send_payment(&self, payment: Payment, but: Option<NodeId>, effects: &mut Effects<'_>) {
        let me = effects.me();
        for peer in effects.config().peers[me.index()].clone() {
            if Some(peer) != but {
                effects.send(peer, Message::Payment(payment));
            }
        }
    }

    /// Somebody sends a payment.
    pub(super) fn on_payment(&mut self, from: NodeId, payment: Payment, effects: &mut Effects<'_>) {
        let (me, now_us) = (effects.me(), effects.monotonic_now());
        let config = effects.config();
        let (checks, is_miner) = (config.rules.check_spends, config.is_miner(me));
        let (payer, payee) = (payment.from, payment.to);
        if !is_miner {
            self.hear_payment(payment, effects);
            return;
        }
        let is_there = self.pool.iter().any(|waiting| waiting.payment.id == payment.id) || self.tip.has(&payment);
        let is_spent = self.tip.spender(payment.coin).is_some()
            || self.pool.iter().any(|waiting| waiting.payment.coin == payment.coin);
        effects.routine("payment");
        if is_there {
            effects.note(|| t!("{node} knows this payment of {payer} already", node = me, payer = payer));
            return;
        }
        if is_spent {
            effects.rule("check_spends");
        }
        if is_spent && checks {
            effects.note(|| t!("{node} refuses a payment of {payer}: the coin is spent", node = me, payer = payer));
            return;
        }
        self.pool.push(Waiting { payment, since_us: now_us });
        self.send_payment(payment, Some(from), effects);
        effects.note(|| {
            t!("{node} hears that {payer} pays {payee}, and passes it on", node = me, payer = payer, payee = payee)
        });
        if !is_spent {
            effects.note(|| t!("It waits here for a block."));
        }
    }

    // ---- What somebody tells it.

    /// Stops to mine, or begins again.
    pub(super) fn set_idle(&mut self, is_idle: bool, effects: &mut Effects<'_>) {
        let me = effects.me();
        self.disk.is_idle = is_idle;
        effects.note(|| match is_idle {
            true => t!("{node} stops mining: its hash power is gone", node = me),
            false => t!("{node} mines", node = me),
        });
        self.dig(effects);
        self.write(effects);
    }

    /// Goes back to the program that refuses large blocks. What waits for a block is lost with the newer one (BIP 50).
    pub(super) fn go_back(&mut self, effects: &mut Effects<'_>) {
        let (me, limit) = (effects.me(), effects.config().old_limit_kb);
        self.disk.is_old = true;
        let before = self.tip.clone();
        let fits = |block: &Link| chain(block).all(|block| block.kb <= limit);
        let (kept, large): (Vec<Link>, Vec<Link>) = std::mem::take(&mut self.disk.blocks).into_iter().partition(fits);
        large.iter().for_each(|block| self.refuse(block.id));
        self.disk.blocks = kept;
        let first = self.disk.blocks.first().cloned().unwrap_or_else(Block::genesis);
        let best = self
            .disk
            .blocks
            .iter()
            .fold(first, |best, block| if block.total > best.total { block.clone() } else { best });
        self.tip = best;
        self.pool.clear();
        let undone = before.height - fork(&before, &self.tip).height;
        effects.note(|| {
            t!("{node} goes back to the old program, and gives up blocks: {count}", node = me, count = undone)
        });
        effects.note(|| t!("The old program refuses large blocks, and all that stands on them."));
        self.dig(effects);
        self.write(effects);
    }
}
