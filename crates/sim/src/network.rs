//! Directed links between nodes: whether they are up, how long they take and what they do to messages.

use std::sync::Arc;

use crate::delay::Delay;
use crate::id::{MessageId, NodeId};
use crate::input::Trouble;
use crate::map::Map;
use crate::order::sort_by_key;
use crate::rng::Rng;

/// One direction of a link.
#[derive(Clone, Debug)]
pub struct Link {
    pub up: bool,
    pub delay: Delay,
    /// Whether the delay was set for this link alone.
    pub delay_is_own: bool,
    /// In parts per million of messages.
    pub loss_ppm: u32,
    pub duplication_ppm: u32,
    pub reordering_ppm: u32,
    pub corruption_ppm: u32,
    /// How many messages were sent down it, copies included.
    sent: u32,
    /// When the latest message sent in order arrives: the next one does not overtake it.
    last_arrival_us: u64,
    rng: Rng,
}

/// What becomes of a message that is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Passage {
    /// It arrives, and perhaps a copy of it too.
    Arrives { at_us: u64, corrupted: bool, copy_at_us: Option<u64> },
    /// It is lost, because the link is cut or by chance.
    Lost(Loss),
}

/// Why a message is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// The link is cut.
    Cut,
    /// By chance.
    Chance,
    /// A person dropped it.
    Dropped,
    /// It arrived damaged, and the receiver noticed.
    Corrupted,
    /// Nobody was there to receive it.
    NodeDown,
}

/// All links of a world. A link comes to be when it is first used or changed.
#[derive(Clone, Debug)]
pub struct Network {
    seed: u64,
    pristine: Link,
    rows: Vec<Arc<Map<NodeId, Link>>>,
}

impl Network {
    pub(crate) fn new(seed: u64, node_count: usize, delay: Delay, troubles_ppm: [u32; 4]) -> Network {
        let [loss_ppm, duplication_ppm, reordering_ppm, corruption_ppm] = troubles_ppm;
        let pristine = Link {
            up: true,
            delay,
            delay_is_own: false,
            loss_ppm,
            duplication_ppm,
            reordering_ppm,
            corruption_ppm,
            sent: 0,
            last_arrival_us: 0,
            rng: Rng::stream(seed, 0),
        };
        Network { seed, pristine, rows: vec![Arc::default(); node_count] }
    }

    /// One direction of a link.
    pub fn link(&self, from: NodeId, to: NodeId) -> &Link {
        self.rows[from.index()].get(&to).unwrap_or(&self.pristine)
    }

    /// Whether messages pass in this direction.
    pub fn is_up(&self, from: NodeId, to: NodeId) -> bool {
        self.link(from, to).up
    }

    /// Whether all links pass messages.
    pub fn is_whole(&self) -> bool {
        self.rows.iter().all(|row| row.values().all(|link| link.up))
    }

    /// The directions that are cut.
    pub(crate) fn cuts(&self) -> impl Iterator<Item = (NodeId, NodeId)> {
        self.links().filter(|(.., link)| !link.up).map(ends)
    }

    /// The directions that damage more or fewer messages than the lab's links do.
    pub(crate) fn damaging(&self) -> impl Iterator<Item = (NodeId, NodeId)> {
        self.links().filter(|(.., link)| link.corruption_ppm != self.pristine.corruption_ppm).map(ends)
    }

    /// How many messages of a million the lab's links damage.
    pub(crate) fn corruption_ppm(&self) -> u32 {
        self.pristine.corruption_ppm
    }

    /// The links that there are so far.
    fn links(&self) -> impl Iterator<Item = (NodeId, NodeId, &Link)> {
        let rows = self.rows.iter().enumerate();
        rows.flat_map(|(from, row)| row.iter().map(move |(to, link)| (NodeId::at(from), *to, link)))
    }

    /// The nodes of this list in groups that can still talk, directly or through each other, both ways.
    pub fn components(&self, nodes: &[NodeId]) -> Vec<Vec<NodeId>> {
        let mut left: Vec<NodeId> = nodes.to_vec();
        let mut components = Vec::new();
        while !left.is_empty() {
            let mut component = vec![left.remove(0)];
            let mut looked_at = 0;
            while let Some(&node) = component.get(looked_at) {
                looked_at += 1;
                left.retain(|&other| {
                    let together = self.is_up(node, other) && self.is_up(other, node);
                    if together {
                        component.push(other);
                    }
                    !together
                });
            }
            sort_by_key(&mut component, |node| u128::from(node.0));
            components.push(component);
        }
        components
    }

    pub(crate) fn link_mut(&mut self, from: NodeId, to: NodeId) -> &mut Link {
        let (seed, pristine) = (self.seed, &self.pristine);
        Arc::make_mut(&mut self.rows[from.index()]).get_or_insert_with(to, || {
            let stream = 1 << 32 | u64::from(from.0) << 16 | u64::from(to.0);
            Link { rng: Rng::stream(seed, stream), ..pristine.clone() }
        })
    }

    pub(crate) fn set_up(&mut self, from: NodeId, to: NodeId, up: bool) {
        if self.is_up(from, to) != up {
            self.link_mut(from, to).up = up;
        }
    }

    pub(crate) fn set_trouble(&mut self, from: NodeId, to: NodeId, trouble: Trouble, ppm: u32) {
        let link = self.link_mut(from, to);
        *match trouble {
            Trouble::Loss => &mut link.loss_ppm,
            Trouble::Duplication => &mut link.duplication_ppm,
            Trouble::Reordering => &mut link.reordering_ppm,
            Trouble::Corruption => &mut link.corruption_ppm,
        } = ppm;
    }

    /// The defaults of all links that were not changed on their own, after a setting changed.
    pub(crate) fn set_defaults(&mut self, delay: Delay, troubles_ppm: [u32; 4]) {
        let old = self.pristine.clone();
        let [loss_ppm, duplication_ppm, reordering_ppm, corruption_ppm] = troubles_ppm;
        let renewed = |link: &mut Link| {
            if !link.delay_is_own {
                link.delay = delay;
            }
            for (value, before, now) in [
                (&mut link.loss_ppm, old.loss_ppm, loss_ppm),
                (&mut link.duplication_ppm, old.duplication_ppm, duplication_ppm),
                (&mut link.reordering_ppm, old.reordering_ppm, reordering_ppm),
                (&mut link.corruption_ppm, old.corruption_ppm, corruption_ppm),
            ] {
                if *value == before {
                    *value = now;
                }
            }
        };
        self.rows.iter_mut().for_each(|row| Arc::make_mut(row).values_mut().for_each(renewed));
        renewed(&mut self.pristine);
    }

    pub(crate) fn heal_all(&mut self) {
        for row in &mut self.rows {
            if row.values().any(|link| !link.up) {
                Arc::make_mut(row).values_mut().for_each(|link| link.up = true);
            }
        }
    }

    /// Sends a message down a link at a moment. Returns its name and what becomes of it.
    pub(crate) fn pass(&mut self, from: NodeId, to: NodeId, now_us: u64) -> (MessageId, Passage) {
        let link = self.link_mut(from, to);
        (link.next_message(from, to), link.pass(now_us))
    }

    /// The name of the next message on a link.
    pub(crate) fn next_message(&mut self, from: NodeId, to: NodeId) -> MessageId {
        self.link_mut(from, to).next_message(from, to)
    }

    /// The random numbers of a link, for what happens to a message on it.
    pub(crate) fn rng(&mut self, from: NodeId, to: NodeId) -> &mut Rng {
        &mut self.link_mut(from, to).rng
    }
}

fn ends((from, to, _): (NodeId, NodeId, &Link)) -> (NodeId, NodeId) {
    (from, to)
}

impl Link {
    fn next_message(&mut self, from: NodeId, to: NodeId) -> MessageId {
        self.sent += 1;
        MessageId { from, to, number: self.sent }
    }

    fn pass(&mut self, now_us: u64) -> Passage {
        if !self.up {
            return Passage::Lost(Loss::Cut);
        }
        if self.rng.happens(self.loss_ppm) {
            return Passage::Lost(Loss::Chance);
        }
        let at_us = self.arrival(now_us);
        let corrupted = self.rng.happens(self.corruption_ppm);
        let copy_at_us = self.rng.happens(self.duplication_ppm).then(|| self.arrival(now_us));
        Passage::Arrives { at_us, corrupted, copy_at_us }
    }

    fn arrival(&mut self, now_us: u64) -> u64 {
        let at_us = now_us.saturating_add(self.delay.draw(&mut self.rng));
        if self.rng.happens(self.reordering_ppm) {
            return at_us;
        }
        self.last_arrival_us = self.last_arrival_us.max(at_us);
        self.last_arrival_us
    }
}
