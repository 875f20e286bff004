//! Directed links between nodes: whether they are up, how long they take and what they do to messages.

use std::collections::VecDeque;
use std::rc::Rc;

use crate::base::delay::Delay;
use crate::base::id::{MessageId, NodeId};
use crate::base::order::sort_by_key;
use crate::base::rng::Rng;
use crate::kernel::input::Trouble;

/// One direction of a link.
#[derive(Clone, Debug)]
pub struct Link {
    pub up: bool,
    pub delay: Delay,
    /// Whether a person has set the delay.
    pub delay_is_set: bool,
    pub troubles: Troubles,
    /// How many messages were sent down it, copies included.
    sent: u32,
    /// What goes down it at once, where that is limited.
    pub pipe: Option<Pipe>,
    /// How many messages found its queue full.
    pub dropped: u64,
    /// When each of those messages leaves the queue that had not left when the last one came: the first one is on its way down.
    leaving_us: VecDeque<u64>,
    /// When the latest message sent in order arrives: the next one does not overtake it.
    last_arrival_us: u64,
    /// Whether nothing has come through since a message was lost on it.
    is_silent: bool,
    rng: Rng,
}

/// What a link does to messages, each in parts per million of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Troubles {
    /// They get lost.
    pub loss_ppm: u32,
    /// They arrive twice.
    pub duplication_ppm: u32,
    /// Others may overtake them.
    pub reordering_ppm: u32,
    /// They arrive damaged.
    pub corruption_ppm: u32,
}

/// What a direction of a link is like where nobody has changed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    pub delay: Delay,
    pub troubles: Troubles,
    /// How much goes down it at once; none where that does not matter.
    pub pipe: Option<Pipe>,
}

impl Line {
    /// A line that takes whatever is sent, at once.
    pub fn new(delay: Delay, troubles: Troubles) -> Line {
        Line { delay, troubles, pipe: None }
    }

    /// The same line, down which only so much goes at once.
    pub fn with_pipe(self, pipe: Pipe) -> Line {
        Line { pipe: Some(pipe), ..self }
    }
}

/// How fast a direction of a link takes what is sent down it, and how many messages can wait for that.
///
/// A message takes its size ([`Protocol::size`](crate::Protocol::size)) by the rate to go down, and the delay of the link from then
/// on. Messages go down one after the other, in the order in which they were sent. One that finds all places taken is dropped. What is dropped,
/// held or delivered by somebody later keeps its place all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pipe {
    pub bytes_per_s: u64,
    /// How many messages can wait, besides the one that is going down.
    pub places: u32,
}

impl Pipe {
    /// How long a message of this size takes to go down, in microseconds.
    pub fn takes_us(self, bytes: u64) -> u64 {
        bytes.saturating_mul(1_000_000).div_ceil(self.bytes_per_s.max(1))
    }
}

/// The lines of a network: one for all directions of links, and those that are different.
#[derive(Clone, Debug)]
pub struct Lines {
    pub usual: Line,
    /// From, to, and what it is like there. The first one of a pair counts.
    pub own: Vec<(NodeId, NodeId, Line)>,
}

impl Lines {
    fn own(&self, from: NodeId, to: NodeId) -> Option<Line> {
        self.own.iter().find(|own| (own.0, own.1) == (from, to)).map(|own| own.2)
    }

    fn line(&self, from: NodeId, to: NodeId) -> Line {
        self.own(from, to).unwrap_or(self.usual)
    }
}

/// What becomes of a message that is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Passage {
    /// It arrives, and perhaps a copy of it too.
    Arrives { leaves_us: u64, at_us: u64, corrupted: bool, copy_at_us: Option<u64> },
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
    /// It found the queue of the link full.
    Full,
    /// It arrived damaged, and the receiver noticed.
    Corrupted,
    /// Nobody was there to receive it.
    NodeDown,
}

/// All links of a world. A link comes to be when it is first used or changed.
#[derive(Clone, Debug)]
pub struct Network {
    seed: u64,
    lines: Rc<Lines>,
    /// What stands for links that have not come to be.
    pristine: Link,
    rows: Vec<Rc<Row>>,
}

/// The links from one node, in the order in which they came to be.
#[derive(Clone, Debug, Default)]
struct Row {
    /// For each receiver, the place of its link.
    places: Vec<Option<u16>>,
    links: Vec<Link>,
}

impl Row {
    fn place(&self, to: NodeId) -> Option<usize> {
        self.places.get(to.index()).copied().flatten().map(usize::from)
    }

    fn get(&self, to: NodeId) -> Option<&Link> {
        self.place(to).map(|place| &self.links[place])
    }

    /// Adds a link where there is none, and returns its place.
    fn add(&mut self, to: NodeId, link: Link) -> usize {
        let place = self.links.len();
        if self.places.len() <= to.index() {
            self.places.resize(to.index() + 1, None);
        }
        self.places[to.index()] = Some(place as u16);
        self.links.push(link);
        place
    }
}

impl Network {
    pub(crate) fn new(seed: u64, node_count: usize, lines: Lines) -> Network {
        let Line { delay, troubles, pipe } = lines.usual;
        let pristine = Link {
            up: true,
            delay,
            delay_is_set: false,
            troubles,
            sent: 0,
            pipe,
            dropped: 0,
            leaving_us: VecDeque::new(),
            last_arrival_us: 0,
            is_silent: false,
            rng: Rng::stream(seed, 0),
        };
        let mut network = Network { seed, lines: Rc::new(lines), pristine, rows: vec![Rc::default(); node_count] };
        network.make_own_links();
        network
    }

    /// Those that differ from the others have to be there before they are used.
    fn make_own_links(&mut self) {
        let lines = self.lines.clone();
        for (from, to, _) in &lines.own {
            self.link_mut(*from, *to);
        }
    }

    /// One direction of a link.
    pub fn link(&self, from: NodeId, to: NodeId) -> &Link {
        self.rows[from.index()].get(to).unwrap_or(&self.pristine)
    }

    /// Whether messages pass in this direction.
    pub fn is_up(&self, from: NodeId, to: NodeId) -> bool {
        self.link(from, to).up
    }

    /// Whether all links pass messages.
    pub fn is_whole(&self) -> bool {
        self.rows.iter().all(|row| row.links.iter().all(|link| link.up))
    }

    /// The directions that are cut.
    pub(crate) fn cuts(&self) -> impl Iterator<Item = (NodeId, NodeId)> {
        self.links().filter(|(.., link)| !link.up).map(|(from, to, _)| (from, to))
    }

    /// The directions that damage more or fewer messages than they would by themselves, and how many of a million those would be.
    pub(crate) fn damaging(&self) -> impl Iterator<Item = (NodeId, NodeId, u32)> {
        let damages = |(from, to, link): (NodeId, NodeId, &Link)| {
            let usual_ppm = self.usual_corruption_ppm(from, to);
            (link.troubles.corruption_ppm != usual_ppm).then_some((from, to, usual_ppm))
        };
        self.links().filter_map(damages)
    }

    /// How many messages of a million a direction damages where nobody has changed it.
    pub(crate) fn usual_corruption_ppm(&self, from: NodeId, to: NodeId) -> u32 {
        self.lines.line(from, to).troubles.corruption_ppm
    }

    /// The links that there are so far.
    fn links(&self) -> impl Iterator<Item = (NodeId, NodeId, &Link)> {
        self.rows.iter().enumerate().flat_map(|(from, row)| {
            let link = move |to: NodeId| Some((NodeId::at(from), to, row.get(to)?));
            (0..row.places.len()).map(NodeId::at).filter_map(link)
        })
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
        let row = Rc::make_mut(&mut self.rows[from.index()]);
        let place = row.place(to).unwrap_or_else(|| {
            let stream = 1 << 32 | u64::from(from.0) << 16 | u64::from(to.0);
            let Line { delay, troubles, pipe } = self.lines.line(from, to);
            row.add(to, Link { delay, troubles, pipe, rng: Rng::stream(self.seed, stream), ..self.pristine.clone() })
        });
        &mut row.links[place]
    }

    pub(crate) fn set_up(&mut self, from: NodeId, to: NodeId, up: bool) {
        if self.is_up(from, to) != up {
            self.link_mut(from, to).up = up;
        }
    }

    pub(crate) fn set_trouble(&mut self, from: NodeId, to: NodeId, trouble: Trouble, ppm: u32) {
        let troubles = &mut self.link_mut(from, to).troubles;
        *match trouble {
            Trouble::Loss => &mut troubles.loss_ppm,
            Trouble::Duplication => &mut troubles.duplication_ppm,
            Trouble::Reordering => &mut troubles.reordering_ppm,
            Trouble::Corruption => &mut troubles.corruption_ppm,
        } = ppm;
    }

    /// What links are like from now on, after a setting changed; what a person has set for a link stays.
    pub(crate) fn set_lines(&mut self, lines: Lines) {
        let before = std::mem::replace(&mut self.lines, Rc::new(lines));
        let now = self.lines.clone();
        for (from, row) in self.rows.iter_mut().enumerate() {
            let Row { places, links } = Rc::make_mut(row);
            for (to, place) in places.iter().enumerate() {
                let (from, to) = (NodeId::at(from), NodeId::at(to));
                if let Some(place) = place {
                    links[usize::from(*place)].renew(before.line(from, to), now.line(from, to));
                }
            }
        }
        self.pristine.renew(before.usual, now.usual);
        self.make_own_links();
    }

    pub(crate) fn heal_all(&mut self) {
        for row in &mut self.rows {
            if row.links.iter().any(|link| !link.up) {
                Rc::make_mut(row).links.iter_mut().for_each(|link| link.up = true);
            }
        }
    }

    /// Sends a message of a size down a link at a moment. Returns its name and what becomes of it.
    pub(crate) fn pass(
        &mut self,
        from: NodeId,
        to: NodeId,
        now_us: u64,
        size: impl FnOnce() -> u64,
    ) -> (MessageId, Passage) {
        let link = self.link_mut(from, to);
        (link.next_message(from, to), link.pass(now_us, size))
    }

    /// The name of the next message on a link.
    pub(crate) fn next_message(&mut self, from: NodeId, to: NodeId) -> MessageId {
        self.link_mut(from, to).next_message(from, to)
    }

    /// A message has been lost. Returns whether that is news: something had come through since the loss before it.
    pub(crate) fn fall_silent(&mut self, from: NodeId, to: NodeId) -> bool {
        let is_news = !self.link(from, to).is_silent;
        if is_news {
            self.link_mut(from, to).is_silent = true;
        }
        is_news
    }

    /// A message has come through.
    pub(crate) fn hear(&mut self, from: NodeId, to: NodeId) {
        if self.link(from, to).is_silent {
            self.link_mut(from, to).is_silent = false;
        }
    }

    /// The random numbers of a link, for what happens to a message on it.
    pub(crate) fn rng(&mut self, from: NodeId, to: NodeId) -> &mut Rng {
        &mut self.link_mut(from, to).rng
    }
}
impl Link {
    /// Takes over what its line has become, where it was as its line before.
    fn renew(&mut self, before: Line, now: Line) {
        self.pipe = now.pipe;
        if !self.delay_is_set {
            self.delay = now.delay;
        }
        let (own, was, is) = (&mut self.troubles, before.troubles, now.troubles);
        for (value, before, now) in [
            (&mut own.loss_ppm, was.loss_ppm, is.loss_ppm),
            (&mut own.duplication_ppm, was.duplication_ppm, is.duplication_ppm),
            (&mut own.reordering_ppm, was.reordering_ppm, is.reordering_ppm),
            (&mut own.corruption_ppm, was.corruption_ppm, is.corruption_ppm),
        ] {
            if *value == before {
                *value = now;
            }
        }
    }

    fn next_message(&mut self, from: NodeId, to: NodeId) -> MessageId {
        self.sent += 1;
        MessageId { from, to, number: self.sent }
    }

    /// How many messages wait at a moment to go down, besides the one that is going.
    pub fn waiting(&self, now_us: u64) -> usize {
        self.leaving_us.iter().filter(|leaves_us| **leaves_us > now_us).count().saturating_sub(1)
    }

    /// Whether a message is going down at a moment.
    pub fn is_busy(&self, now_us: u64) -> bool {
        self.leaving_us.back().is_some_and(|leaves_us| *leaves_us > now_us)
    }

    fn pass(&mut self, now_us: u64, size: impl FnOnce() -> u64) -> Passage {
        if !self.up {
            return Passage::Lost(Loss::Cut);
        }
        let Some(leaves_us) = self.queue(now_us, size) else {
            self.dropped += 1;
            return Passage::Lost(Loss::Full);
        };
        if self.rng.happens(self.troubles.loss_ppm) {
            return Passage::Lost(Loss::Chance);
        }
        let at_us = self.arrival(leaves_us);
        let corrupted = self.rng.happens(self.troubles.corruption_ppm);
        let copy_at_us = self.rng.happens(self.troubles.duplication_ppm).then(|| self.arrival(leaves_us));
        Passage::Arrives { leaves_us, at_us, corrupted, copy_at_us }
    }

    /// Takes a message into the queue. Returns when it has gone down; none where it finds no place.
    fn queue(&mut self, now_us: u64, size: impl FnOnce() -> u64) -> Option<u64> {
        let Some(pipe) = self.pipe else { return Some(now_us) };
        while self.leaving_us.front().is_some_and(|leaves_us| *leaves_us <= now_us) {
            self.leaving_us.pop_front();
        }
        let free_us = self.leaving_us.back().copied().unwrap_or(now_us);
        if self.leaving_us.len() > pipe.places as usize {
            return None;
        }
        let leaves_us = free_us.saturating_add(pipe.takes_us(size()));
        self.leaving_us.push_back(leaves_us);
        Some(leaves_us)
    }

    fn arrival(&mut self, now_us: u64) -> u64 {
        let at_us = now_us.saturating_add(self.delay.draw(&mut self.rng));
        if self.rng.happens(self.troubles.reordering_ppm) {
            return at_us;
        }
        self.last_arrival_us = self.last_arrival_us.max(at_us);
        self.last_arrival_us
    }
}
