//! Miners that do not send what they find: a thief who pays and takes the coin back, and selfish mining.

use serde::Serialize;
use sim::t;

use super::block::{Link, Payment, chain};
use super::settings::Attacker;
use super::{Effects, Peer, Timer};

/// So long a thief waits before it strikes, so that the last confirmation has come to the shop, in microseconds.
const HANDOVER_US: u64 = 2_000_000;

/// What an attacker knows besides what all nodes know.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Attack {
    /// Blocks that it has found and not sent, the oldest first.
    pub hidden: Vec<Link>,
    /// The best block that others know, as far as it has heard.
    pub public: Link,
    /// Whether its own block is out, as high as another one.
    pub is_race: bool,
    /// The payment to the shop, and the one that takes its coin back.
    pub paid: Option<(Payment, Payment)>,
    /// How many attacks have come to an end, and how many of these well for it.
    pub ended: u32,
    pub won: u32,
}

impl Attack {
    /// Nothing is hidden yet.
    pub fn new(public: &Link) -> Attack {
        Attack { hidden: Vec::new(), public: public.clone(), is_race: false, paid: None, ended: 0, won: 0 }
    }

    /// Whether nobody else can know this block.
    pub fn hides(&self, id: u64) -> bool {
        self.hidden.iter().any(|block| block.id == id)
    }

    /// How many blocks the payment to the shop has, with its own one, where all can see it.
    pub fn confirmations(&self) -> u64 {
        let Some((paid, _)) = &self.paid else { return 0 };
        if !self.public.has(paid) {
            return 0;
        }
        let depth = chain(&self.public).position(|block| block.payments.iter().any(|other| other.id == paid.id));
        depth.map_or(0, |depth| depth as u64 + 1)
    }
}

impl Peer {
    /// The payment that takes a coin back: it stands in the first hidden block, and the coin goes to the shop when there is that.
    pub(super) fn coin_back(&self, effects: &Effects<'_>) -> Option<Payment> {
        let attack = self.attack.as_ref()?;
        let me = effects.me();
        // After a lost disk it does not know which coins it has spent; its chain does.
        let coin = (self.disk.coins..).map(|count| 2 * count + 1).find(|coin| self.tip.spender(*coin).is_none())?;
        attack.paid.is_none().then(|| Payment::new(me, me, coin, 1))
    }

    /// It has found a block. That stays here, unless it wins a race.
    pub(super) fn find_as_attacker(&mut self, block: Link, effects: &mut Effects<'_>) {
        let (me, shop, kind) = (effects.me(), effects.config().shop(), effects.config().attacker);
        let height = block.height;
        self.keep(&block);
        let Some(attack) = &mut self.attack else { return };
        attack.hidden.push(block.clone());
        let (hidden, is_race) = (attack.hidden.len(), std::mem::take(&mut attack.is_race));
        if is_race {
            effects.note(|| {
                t!("{node} finds block {height} first, and sends it: it wins the race", node = me, height = height)
            });
            self.publish(hidden, effects);
            self.switch(&block, effects);
            return;
        }
        effects.note(|| match hidden {
            1 => t!("{node} finds block {height}, and keeps it to itself", node = me, height = height),
            _ => t!(
                "{node} finds block {height}: it hides {count} blocks now",
                node = me,
                height = height,
                count = hidden
            ),
        });
        let back = block.payments.iter().find(|payment| payment.from == me && payment.to == me).copied();
        if let Some(back) = back.filter(|_| kind == Attacker::DoubleSpend && hidden == 1) {
            let paid = Payment::new(me, shop, back.coin, 0);
            self.disk.coins = back.coin / 2 + 1;
            if let Some(attack) = &mut self.attack {
                attack.paid = Some((paid, back));
            }
            self.send_payment(paid, None, effects);
            effects.note(|| {
                t!("There the coin is its own. To all others it says that it pays {shop} with it.", shop = shop)
            });
        }
        self.switch(&block, effects);
        self.press_on(effects);
    }

    /// New blocks of others have come, and were passed on.
    pub(super) fn on_public(&mut self, new: &[Link], effects: &mut Effects<'_>) {
        let (me, kind) = (effects.me(), effects.config().attacker);
        let Some(attack) = &mut self.attack else { return };
        let before = attack.public.clone();
        for block in new {
            if block.total > attack.public.total {
                attack.public = block.clone();
            }
        }
        let (public, hidden) = (attack.public.clone(), attack.hidden.len());
        let (height, miner) = (public.height, public.miner);
        if public.id == before.id {
            effects.note(|| t!("{node} hears of a block that has no more work than what it knows", node = me));
            self.write(effects);
            return;
        }
        if hidden == 0 {
            attack.is_race = false;
            if public.parent_id() == self.tip.id {
                effects.routine("block");
            }
            effects.note(|| {
                t!(
                    "{node} takes block {height} of {miner}, and has nothing to hide",
                    node = me,
                    height = height,
                    miner = miner
                )
            });
            self.switch(&public, effects);
            return;
        }
        if kind == Attacker::DoubleSpend {
            if self.press_on(effects) {
                return;
            }
            let lead = self.tip.height as i64 - height as i64;
            effects.note(|| {
                t!(
                    "{node} hears of block {height} of {miner}, and goes on in secret",
                    node = me,
                    height = height,
                    miner = miner
                )
            });
            effects.note(|| match lead {
                0 => t!("Its chain is as long as the one that all others know."),
                1.. => t!("Its chain is ahead by blocks: {count}.", count = lead),
                _ => t!("Its chain is behind by blocks: {count}.", count = -lead),
            });
            self.write(effects);
            return;
        }
        self.answer(effects);
    }

    /// Selfish mining: what is sent when others have found a block (Eyal and Sirer 2014, section 3.2, algorithm 1).
    fn answer(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        let Some(attack) = &mut self.attack else { return };
        let (public, hidden) = (attack.public.clone(), attack.hidden.len());
        if self.tip.total < public.total {
            attack.hidden.clear();
            effects.note(|| t!("{node} is outrun: its hidden blocks are worth nothing", node = me));
            self.switch(&public, effects);
        } else if self.tip.total == public.total {
            attack.is_race = true;
            effects.note(|| t!("{node} sends what it has hidden: now there are two blocks of one height", node = me));
            effects.note(|| t!("It is a race. Whoever finds the next block decides which of the two stays."));
            self.publish(hidden, effects);
            self.write(effects);
        } else if self.tip.height == public.height + 1 {
            effects.note(|| t!("{node} sends all that it has hidden, and is one block ahead", node = me));
            effects.note(|| t!("All others throw away what they have found meanwhile."));
            self.publish(hidden, effects);
            self.write(effects);
        } else {
            let low = attack.hidden.iter().filter(|block| block.height <= public.height).count();
            effects.note(|| t!("{node} sends one hidden block, and keeps the others", node = me));
            self.publish(low, effects);
            self.write(effects);
        }
    }

    /// The thief looks whether it is time: the goods are handed over, and its branch has more work. Or gives up. Returns whether it did
    /// that.
    fn press_on(&mut self, effects: &mut Effects<'_>) -> bool {
        let (me, depth, give_up) = (effects.me(), effects.config().confirmations, effects.config().give_up);
        let Some(attack) = &mut self.attack else { return false };
        if effects.config().attacker != Attacker::DoubleSpend || attack.hidden.is_empty() {
            return false;
        }
        if self.tip.total > attack.public.total && attack.confirmations() >= depth {
            effects.set_timer(Timer::Strike, HANDOVER_US);
        } else if self.tip.height + give_up <= attack.public.height {
            attack.paid = None;
            attack.ended += 1;
            attack.hidden.clear();
            let public = attack.public.clone();
            effects.note(|| t!("{node} gives up: it is too far behind", node = me));
            self.switch(&public, effects);
            return true;
        }
        false
    }

    /// The shop has had time to hand the goods over.
    pub(super) fn strike(&mut self, effects: &mut Effects<'_>) {
        let (me, depth) = (effects.me(), effects.config().confirmations);
        let Some(attack) = &mut self.attack else { return };
        let hidden = attack.hidden.len();
        if hidden == 0 || self.tip.total <= attack.public.total || attack.confirmations() < depth {
            effects.note(|| t!("{node} is not ahead any more, and goes on in secret", node = me));
            return;
        }
        attack.paid = None;
        (attack.ended, attack.won) = (attack.ended + 1, attack.won + 1);
        effects.note(|| match hidden {
            1 => t!("{node} sends the block that it has hidden", node = me),
            _ => t!("{node} sends all {count} blocks that it has hidden", node = me, count = hidden),
        });
        effects
            .note(|| t!("Its chain has more work than the one that has the payment, and the goods are handed over."));
        self.publish(hidden, effects);
        self.write(effects);
    }

    /// Sends the oldest hidden blocks.
    fn publish(&mut self, count: usize, effects: &mut Effects<'_>) {
        let Some(attack) = &mut self.attack else { return };
        let sent: Vec<Link> = attack.hidden.drain(..count).collect();
        if let Some(last) = sent.last()
            && last.total > attack.public.total
        {
            attack.public = last.clone();
        }
        sent.iter().for_each(|block| self.send_block(block, None, effects));
    }

    /// Somebody tells it to send what it has hidden.
    pub(super) fn publish_by_hand(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        let hidden = self.attack.as_ref().map_or(0, |attack| attack.hidden.len());
        if hidden == 0 {
            effects.note(|| t!("{node} hides nothing", node = me));
            return;
        }
        if let Some(attack) = &mut self.attack {
            attack.paid = None;
            attack.is_race = self.tip.total == attack.public.total;
        }
        effects.note(|| match hidden {
            1 => t!("{node} sends the block that it has hidden", node = me),
            _ => t!("{node} sends all {count} blocks that it has hidden", node = me, count = hidden),
        });
        self.publish(hidden, effects);
        let best = self.attack.as_ref().map(|attack| attack.public.clone());
        if let Some(best) = best.filter(|best| best.total > self.tip.total) {
            self.switch(&best, effects);
        } else {
            self.write(effects);
        }
    }
}
