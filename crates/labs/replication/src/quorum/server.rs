//! A server: it keeps objects and hints, and coordinates what clients ask for. There are no others: all are equal.

use std::rc::Rc;

use parts::latency::{Latencies, Latency};
use serde::Serialize;
use sim::rng::Rng;
use sim::{Map, NodeId, t};

use super::coordination::Coordination;
use super::message::Message;
use super::version::{Conflicts, Key, Siblings, merge};
use super::{Disk, Effects, Timer};

/// A server. What stands in `store` is on its disk as well.
#[derive(Clone, Debug, Serialize)]
pub struct Server {
    pub store: Rc<Store>,
    /// What it coordinates now.
    pub requests: Map<u64, Coordination>,
    pub(super) next_request: u64,
    pub suspects: Suspects,
    /// Whom it compares Merkle trees with next.
    pub(super) next_peer: u16,
    /// Whether the timer for hints is set.
    pub(super) tries_hints: bool,
    /// Messages that it is not done with yet.
    pub(super) late: Map<u64, (NodeId, Message)>,
    next_late: u64,
}

/// What a server keeps.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Store {
    /// The objects that it is a replica of.
    pub objects: Map<Key, Siblings>,
    /// Writes for servers that did not answer, by server and key.
    pub hints: Map<(NodeId, Key), Siblings>,
    /// How many versions of each key it has made.
    pub counts: Map<Key, u64>,
}

impl Store {
    /// The versions of an object.
    pub fn versions(&self, key: &Key) -> Siblings {
        self.objects.get(key).cloned().unwrap_or_default()
    }

    /// The versions of an object, with those that are kept for other servers.
    pub fn versions_with_hints(&self, key: &Key, conflicts: Conflicts) -> Siblings {
        let mut versions = self.versions(key);
        for ((_, hinted), kept) in self.hints.iter() {
            if hinted == key {
                merge(&mut versions, kept, conflicts);
            }
        }
        versions
    }

    /// How many writes it keeps for others.
    pub fn hint_count(&self) -> usize {
        self.hints.values().map(Vec::len).sum()
    }
}

/// Nodes that did not answer, each until a moment of the own clock (section 4.8.3: a purely local notion of failure).
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Suspects(Map<NodeId, i64>);

/// How long a node that did not answer is left out, in microseconds.
const SUSPECTED_US: i64 = 1_000_000;

impl Suspects {
    /// This node did not answer.
    pub fn add(&mut self, node: NodeId, now_us: i64) {
        self.0.insert(node, now_us + SUSPECTED_US);
    }

    /// This node has been heard.
    pub fn clear(&mut self, node: NodeId) {
        self.0.remove(&node);
    }

    /// Whether a node is left out now.
    pub fn contains(&self, node: NodeId, now_us: i64) -> bool {
        self.0.get(&node).is_some_and(|until_us| now_us < *until_us)
    }

    /// The nodes that are left out now.
    pub fn at(&self, now_us: i64) -> impl Iterator<Item = NodeId> {
        self.0.iter().filter(move |(_, until_us)| now_us < **until_us).map(|(node, _)| *node)
    }
}

impl Server {
    /// Starts a server from its disk.
    pub(super) fn boot(disk: &Disk, effects: &mut Effects<'_>) -> Server {
        let mut server = Server {
            store: disk.store.clone(),
            requests: Map::default(),
            // So that no answer to a request of an earlier life is taken for one of this life.
            next_request: effects.choose(1 << 48),
            suspects: Suspects::default(),
            next_peer: effects.me().0,
            tries_hints: false,
            late: Map::default(),
            next_late: 0,
        };
        server.try_hints_later(effects);
        let first_us = effects.choose(effects.config().anti_entropy_us);
        server.compare_later(first_us, effects);
        server
    }

    pub(super) fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        self.suspects.clear(from);
        match message {
            Message::Request { serial, key, command } => self.coordinate(from, serial, key, command, effects),
            Message::Store { request, key, versions, stands_for } => {
                self.on_store(from, request, key, &versions, stands_for, effects);
            }
            Message::Stored { request } => self.on_stored(from, request, effects),
            Message::Read { request, key } => self.on_read(from, request, &key, effects),
            Message::Versions { request, versions } => self.on_versions(from, request, versions, effects),
            Message::Handoff { entries } => self.on_handoff(from, entries, effects),
            Message::TakenOver { entries } => self.on_taken_over(from, entries, effects),
            Message::Digests { nodes } => self.on_digests(from, &nodes, effects),
            Message::Keys { leaves, digests } => self.on_keys(from, &leaves, &digests, effects),
            Message::Differing { entries } => self.on_differing(from, entries, effects),
            Message::Answer { .. } => {}
        }
    }

    pub(super) fn on_timer(&mut self, timer: Timer, effects: &mut Effects<'_>) {
        match timer {
            Timer::Patience(request) => self.lose_patience(request, effects),
            Timer::Late(number) => {
                if let Some((to, message)) = self.late.remove(&number) {
                    if to != effects.me() {
                        let me = effects.me();
                        effects.note(|| t!("{node} is done, and sends its message to {to}", node = me, to = to));
                        effects.routine("late");
                    }
                    self.pass(to, message, effects);
                }
            }
            Timer::Handoff => self.try_hints(effects),
            Timer::AntiEntropy => self.compare_trees(effects),
            Timer::Workload | Timer::GiveUp => {}
        }
    }

    /// Writes the disk.
    pub(super) fn keep(&self, effects: &mut Effects<'_>) {
        if effects.config().rules.write_first {
            effects.persist(Disk { store: self.store.clone(), operations: 0 });
        } else {
            effects.rule("write_first");
        }
    }

    /// Sends a message, after the time that it takes by the WARS model. What it tells itself needs no link.
    pub(super) fn post(&mut self, to: NodeId, message: Message, effects: &mut Effects<'_>) {
        let Latencies { write, acknowledge, read, answer, away_us } = effects.config().latencies;
        let latency = match message {
            Message::Store { .. } => write,
            Message::Stored { .. } => acknowledge,
            Message::Read { .. } => read,
            Message::Versions { .. } => answer,
            _ => Latency::exponential(0),
        };
        if latency.is_none() {
            self.pass(to, message, effects);
            return;
        }
        let away_us = if to == effects.me() { 0 } else { away_us };
        let takes_us = latency.draw_us(&mut Rng::stream(effects.choose(u64::MAX), 0)) + away_us;
        self.late.insert(self.next_late, (to, message));
        effects.set_timer(Timer::Late(self.next_late), takes_us);
        self.next_late += 1;
    }

    fn pass(&mut self, to: NodeId, message: Message, effects: &mut Effects<'_>) {
        if to == effects.me() {
            self.on_message(to, message, effects);
        } else {
            effects.send(to, message);
        }
    }

    /// Takes versions of an object in. True if that changed anything.
    pub(super) fn take(&mut self, key: &Key, versions: &Siblings, effects: &Effects<'_>) -> bool {
        if versions.is_empty() {
            return false;
        }
        let store = Rc::make_mut(&mut self.store);
        merge(store.objects.get_or_insert_with(key.clone(), Vec::new), versions, effects.config().conflicts)
    }
}
