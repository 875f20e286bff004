//! The checks: what holds of all chains, and what can only be likely.
//!
//! The monitor judges blocks by its own rules, whichever the nodes follow, and sees all of them. "Live" are nodes that run; the attacker
//! is left out where it is said.

use parts::values::{number, word};
use serde::Serialize;
use sim::frame::Status;
use sim::{Check, CheckKind, Checks, NodeId, Observation, Text, Verdicts, t};

use super::block::{Link, Payment, REWARD, above, chain, fork, median_us, stands_on};
use super::difficulty::next_work;
use super::{Attacker, Config, Peer, ProofOfWork};

const VALID_CHAIN: usize = 0;
const MOST_WORK: usize = 1;
const COINS_KEPT: usize = 2;
const COMMON_PREFIX: usize = 3;
const PAID: usize = 4;
const FORK: usize = 5;
const ORPHANED: usize = 6;
const REORGANIZED: usize = 7;
const DOUBLE_SPEND: usize = 8;
const SELFISH_GAINS: usize = 9;
const UNLUCKY: usize = 10;

/// In so many of their last blocks the chains of nodes may differ.
const MOST_APART: u64 = 4;
/// So many blocks after a payment was in somebody's chain it is in all of them.
const SETTLED: u64 = 20;
/// Payments so far below the top are looked at no more.
const FORGOTTEN: u64 = 80;
/// What counts as many blocks undone, and from which height the attacker's part is counted, over so many blocks.
const MANY: u64 = 2;
const ENOUGH: u64 = 20;
const MOST_COUNTED: usize = 200;
/// So many intervals without a block are bad luck.
const LONG: u64 = 6;

const MOST_JUDGED: usize = 400;
const MOST_TIPS: usize = 200;

impl Checks for ProofOfWork {
    type Monitor = Monitor;

    /// The checks, in the order of the numbers above.
    fn checks() -> Vec<Check> {
        let check = Check::new;
        let one_program = || vec![("old", number(0))];
        vec![
            check(
                "valid-chain",
                t!("each chain follows the rules"),
                CheckKind::Always,
                t!("In the chain of each node every block has the work, time and reward that the rules ask for, and no coin is spent twice."),
            ),
            check(
                "most-work",
                t!("each node believes the most work"),
                CheckKind::Always,
                t!("No node knows a valid block, with all its ancestors, that has more work than the one it believes. Attackers are left out."),
            ),
            check(
                "coins-kept",
                t!("no coin comes from nowhere"),
                CheckKind::Always,
                t!("A chain has as many coins more than at the start as its miners were given for its blocks."),
            )
            .kept_by("check_spends"),
            check(
                "common-prefix",
                t!("all agree but for the last four blocks"),
                CheckKind::Eventually,
                t!("The chains of all nodes that run differ in their last four blocks at the most. Attackers are left out."),
            )
            .promised_under(one_program()),
            check(
                "paid",
                t!("no payment is forgotten"),
                CheckKind::Eventually,
                t!("A payment that was in a chain is in every chain 20 blocks later, or one that contradicts it, if no disk was lost."),
            )
            .promised_under(one_program()),
            check(
                "fork",
                t!("two histories side by side"),
                CheckKind::Sometimes,
                t!("Two nodes believe different blocks, and neither of these stands on the other."),
            ),
            check(
                "orphaned",
                t!("a block is thrown away"),
                CheckKind::Sometimes,
                t!("A block that somebody believed is in nobody's chain any more: the work in it was for nothing."),
            ),
            check(
                "reorganized",
                t!("several blocks are undone at once"),
                CheckKind::Sometimes,
                t!("A node has changed to another chain and undone two blocks or more of its own chain."),
            ),
            check(
                "double-spend",
                t!("a payment is undone after delivery"),
                CheckKind::Sometimes,
                t!("W2 has handed goods over for a payment. Now the coin belongs to somebody else, and the payment is in nobody's chain."),
            ),
            check(
                "selfish-gains",
                t!("hiding blocks pays"),
                CheckKind::Sometimes,
                t!("After 20 blocks or more the attacker has a larger share of the chain than of the hash power."),
            )
            .promised_under(vec![("attacker", word("selfish")), ("pay_ms", number(0))]),
            check(
                "unlucky",
                t!("no block for six intervals"),
                CheckKind::Sometimes,
                t!("Nobody has found a block for six times as long as it takes on average."),
            ),
        ]
    }
}

/// Watches a run.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Monitor {
    /// Blocks that were found right: digest, and how many coins there are with it.
    judged: Vec<(u64, u64)>,
    /// The tip of each node that runs, and how many blocks it had taken.
    tips: Vec<Option<Link>>,
    taken: Vec<u64>,
    /// Tips that somebody has believed, and may still lose.
    open: Vec<Link>,
    /// Payments that have been in a chain, with the height of their block.
    payments: Vec<(Payment, u64)>,
    found_us: u64,
    /// Which nodes have had more than the first block, and whether one has lost that.
    had_blocks: Vec<bool>,
    is_disk_lost: bool,
    delivered: usize,
}

impl sim::Monitor<Peer> for Monitor {
    fn observe(&mut self, seen: &Observation<'_, Peer>, verdicts: &mut Verdicts) {
        let count = seen.nodes.len();
        self.tips.resize(count, None);
        self.taken.resize(count, 0);
        self.had_blocks.resize(count, false);
        let mut has_changed = false;
        if let Some(node) = seen.node {
            has_changed = self.look_at(node, seen, verdicts);
        }
        if has_changed {
            self.look_at_all(seen, verdicts);
        }
        let silent_us = seen.at_us - self.found_us;
        if silent_us >= LONG * seen.config.interval_us {
            verdicts.seen(UNLUCKY, &[], || {
                t!("Nobody has found a block for {count} intervals", count = silent_us / seen.config.interval_us)
            });
        }
    }
}

impl Monitor {
    /// Looks at the node that has acted. Returns whether its tip is another one, or it has begun or stopped to run.
    fn look_at(&mut self, node: NodeId, seen: &Observation<'_, Peer>, verdicts: &mut Verdicts) -> bool {
        let place = node.index();
        let peer = seen.nodes.state(node).filter(|_| seen.nodes.status(node) == Status::Up);
        let before = std::mem::replace(&mut self.tips[place], peer.map(|peer| peer.tip.clone()));
        let blocks = seen.nodes.disk(node).blocks.len();
        self.is_disk_lost |= self.had_blocks[place] && blocks <= 1;
        self.had_blocks[place] |= blocks > 1;
        let Some(peer) = peer else { return before.is_some() };
        let is_new = std::mem::replace(&mut self.taken[place], peer.taken) != peer.taken;
        let last = peer.disk.blocks.last();
        if is_new && last.is_some_and(|block| block.miner == node && block.parent.is_some()) {
            self.found_us = seen.at_us;
        }
        if is_new && !seen.config.is_attacker(node) {
            let best = peer.disk.blocks.iter().find(|block| block.total > peer.tip.total);
            if let Some(best) = best {
                verdicts.broken(MOST_WORK, &[node], || {
                    t!("{node} knows block {best}, and believes one with less work", node = node, best = best.name())
                });
            }
        }
        let delivered = peer.disk.delivered.len();
        let has_delivered =
            node == seen.config.shop() && std::mem::replace(&mut self.delivered, delivered) != delivered;
        if before.as_ref().is_some_and(|before| before.id == peer.tip.id) {
            return has_delivered;
        }
        self.judge(node, &peer.tip, seen.config, verdicts);
        if !seen.config.is_attacker(node) {
            self.remember(node, before.as_ref(), &peer.tip, verdicts);
        }
        true
    }

    /// Judges the blocks of a chain that are new to the monitor, the oldest first.
    fn judge(&mut self, node: NodeId, tip: &Link, config: &Config, verdicts: &mut Verdicts) {
        let coins_of =
            |judged: &[(u64, u64)], id| judged.iter().rev().find(|(known, _)| *known == id).map(|(_, coins)| *coins);
        let new: Vec<&Link> = chain(tip)
            .take_while(|block| block.parent.is_some() && coins_of(&self.judged, block.id).is_none())
            .collect();
        for block in new.into_iter().rev() {
            let Some(parent) = &block.parent else { continue };
            let before = coins_of(&self.judged, parent.id).unwrap_or(parent.height * REWARD);
            let (wrong, twice) = judge(block, parent, config);
            let coins = before + block.reward + twice;
            if let Some(wrong) = wrong {
                verdicts.broken(VALID_CHAIN, &[node], || {
                    t!("{node} believes block {name}: {wrong}", node = node, name = block.name(), wrong = wrong)
                });
            }
            if coins != block.height * REWARD {
                verdicts.broken(COINS_KEPT, &[node], || {
                    t!(
                        "In the chain of {node} there are {count} new coins at height {height}",
                        node = node,
                        count = coins,
                        height = block.height
                    )
                });
            }
            if self.judged.len() >= MOST_JUDGED {
                self.judged.remove(0);
            }
            self.judged.push((block.id, coins));
        }
    }

    /// Remembers what a node has come to believe, and says so where it has undone many blocks.
    fn remember(&mut self, node: NodeId, before: Option<&Link>, tip: &Link, verdicts: &mut Verdicts) {
        let base = before.map(|before| fork(before, tip).clone());
        if let (Some(before), Some(base)) = (before, &base) {
            let undone = before.height - base.height;
            if undone >= MANY {
                verdicts.seen(REORGANIZED, &[node], || {
                    t!("{node} has undone {count} blocks at once", node = node, count = undone)
                });
            }
        }
        let new = match &base {
            Some(base) => above(tip, base),
            None => chain(tip).take(SETTLED as usize).collect(),
        };
        for block in new {
            for payment in &block.payments {
                if self.payments.iter().all(|(known, _)| known.id != payment.id) {
                    self.payments.push((*payment, block.height));
                }
            }
        }
        if self.open.iter().all(|open| open.id != tip.id) {
            if self.open.len() >= MOST_TIPS {
                self.open.remove(0);
            }
            self.open.push(tip.clone());
        }
    }

    /// Looks at the chains of all.
    fn look_at_all(&mut self, seen: &Observation<'_, Peer>, verdicts: &mut Verdicts) {
        let is_meant = |node: &NodeId| !seen.config.is_attacker(*node);
        let live: Vec<(NodeId, Link)> = seen
            .nodes
            .ids()
            .filter(is_meant)
            .filter_map(|node| Some((node, self.tips[node.index()].clone()?)))
            .collect();
        let Some((_, first)) = live.first() else {
            verdicts.reached(COMMON_PREFIX, true);
            verdicts.reached(PAID, true);
            return;
        };
        let best = live
            .iter()
            .fold((live[0].0, first), |best, (node, tip)| if tip.total > best.1.total { (*node, tip) } else { best });
        let common = live.iter().fold(first, |common, (_, tip)| fork(common, tip)).clone();
        let apart = best.1.height.max(live.iter().map(|(_, tip)| tip.height).max().unwrap_or(0)) - common.height;
        verdicts.reached(COMMON_PREFIX, apart <= MOST_APART);
        if let Some((other, tip)) = live.iter().find(|(_, tip)| !stands_on(best.1, tip)) {
            verdicts.seen(FORK, &[best.0, *other], || {
                t!(
                    "{node} believes block {one}, and {other} believes block {two}",
                    node = best.0,
                    one = best.1.name(),
                    other = *other,
                    two = tip.name()
                )
            });
        }
        self.open.retain(|tip| {
            let is_lost = tip.height <= common.height && !stands_on(&common, tip);
            if is_lost {
                verdicts.seen(ORPHANED, &[tip.miner], || t!("Block {name} is thrown away by all", name = tip.name()));
            }
            !is_lost && tip.height + SETTLED > common.height
        });
        let top = best.1.height;
        let is_settled = |payment: &Payment| live.iter().all(|(_, tip)| tip.spender(payment.coin).is_some());
        self.payments.retain(|(payment, height)| height + FORGOTTEN > top || !is_settled(payment));
        let mut old = self.payments.iter().filter(|(_, height)| height + SETTLED <= top);
        verdicts.reached(PAID, self.is_disk_lost || old.all(|(payment, _)| is_settled(payment)));
        self.look_for_theft(&live, seen, verdicts);
        if seen.config.attacker == Attacker::Selfish && top >= ENOUGH {
            self.look_for_gains(best.1, seen.config, verdicts);
        }
    }

    /// Whether the shop has handed something over for a payment that nobody has any more.
    fn look_for_theft(&self, live: &[(NodeId, Link)], seen: &Observation<'_, Peer>, verdicts: &mut Verdicts) {
        let shop = seen.config.shop();
        let Some(peer) = seen.nodes.state(shop) else { return };
        let is_gone = |payment: &&Payment| {
            let mut spent = live.iter().map(|(_, tip)| tip.spender(payment.coin));
            let is_had = live.iter().any(|(_, tip)| tip.has(payment));
            !is_had && spent.any(|spender| spender.is_some())
        };
        if let Some(payment) = peer.disk.delivered.iter().rev().take(20).find(is_gone) {
            verdicts.seen(DOUBLE_SPEND, &[shop, payment.from], || {
                t!(
                    "{shop} has handed goods over to {payer}, and the payment is in no chain",
                    shop = shop,
                    payer = payment.from
                )
            });
        }
    }

    fn look_for_gains(&self, best: &Link, config: &Config, verdicts: &mut Verdicts) {
        let Some(node) = config.attacker_node() else { return };
        let counted = (best.height as usize).min(MOST_COUNTED) as u64;
        let own = chain(best).take(counted as usize).filter(|block| block.miner == node).count() as u64;
        if own * 1_000_000 > config.share_ppm(node) * counted {
            verdicts.seen(SELFISH_GAINS, &[node], || {
                t!(
                    "{node} has {own} of the last {counted} blocks, which is more than its share of the power",
                    node = node,
                    own = own,
                    counted = counted
                )
            });
        }
    }
}

/// What is wrong with a block, by the monitor's own rules, and how many coins it spends that are spent.
fn judge(block: &Link, parent: &Link, config: &Config) -> (Option<Text>, u64) {
    let is_spent =
        |payment: &Payment| chain(parent).any(|older| older.payments.iter().any(|other| other.coin == payment.coin));
    let twice = block.payments.iter().enumerate().filter(|(place, payment)| {
        block.payments[..*place].iter().any(|other| other.coin == payment.coin) || is_spent(payment)
    });
    let twice = twice.count() as u64;
    let wrong = if block.work != next_work(parent, block.time_us, config) {
        Some(t!("there is another work in it than the rule asks for"))
    } else if block.time_us <= median_us(parent) {
        Some(t!("it is too early"))
    } else if block.reward != REWARD {
        Some(t!("its miner gives itself too much"))
    } else if twice > 0 {
        Some(t!("a coin is spent twice"))
    } else {
        None
    };
    (wrong, twice)
}

/// Whether a block is right by the monitor's own rules.
#[cfg(test)]
pub(super) fn is_right(block: &Link, parent: &Link, config: &Config) -> bool {
    judge(block, parent, config).0.is_none()
}
