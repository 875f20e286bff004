//! The checks. The monitor does not believe clocks and contexts, which a rule that is switched off would falsify: for each
//! put it knows which other puts its writer had seen, and judges by that.

use serde::Serialize;
use sim::history::Model;
use sim::{Check, CheckKind, Checks, Map, NodeId, Observation, Verdicts, t};

use super::client::{Client, Open};
use super::message::{Answer, Command};
use super::server::Store;
use super::version::{Dot, Key, Siblings, VectorClock};
use super::{Conflicts, LeaderlessQuorum, QuorumNode};

const READ_LATEST: usize = 0;
const NO_LOST_WRITE: usize = 1;
const MONOTONIC_READS: usize = 2;
const CONVERGED: usize = 3;
const HINTS_RETURNED: usize = 4;
const SIBLINGS: usize = 5;
const MERGED: usize = 6;
const STALE_READ: usize = 7;
const STOOD_IN: usize = 8;
const UNAVAILABLE: usize = 9;

impl Checks for LeaderlessQuorum {
    type Monitor = Monitor;

    /// The checks, in the order of the numbers above.
    fn checks() -> Vec<Check> {
        let check = Check::new;
        vec![
            check(
                "read-latest",
                t!("with r + w > n, a get sees every put acknowledged before"),
                CheckKind::Always,
                t!(
                    "Where those who are read from and those who were written to overlap, a get returns what was last acknowledged, or something newer."
                ),
            ),
            check(
                "no-lost-write",
                t!("no acknowledged put is lost"),
                CheckKind::Always,
                t!("What a client was told is written is still there, or something whose writer had seen it."),
            ),
            check(
                "monotonic-reads",
                t!("with 2r > n, a get sees what an earlier one saw"),
                CheckKind::Always,
                t!(
                    "Where any two gets ask a common server, a later get does not go back behind what an earlier one has returned."
                ),
            ),
            check(
                "converged",
                t!("all replicas of each key are equal"),
                CheckKind::Eventually,
                t!("Once the faults are over, all servers that hold a key have the same versions of it."),
            ),
            check(
                "hints-returned",
                t!("no server keeps what is another's"),
                CheckKind::Eventually,
                t!("Once the faults are over, each server has given back what it kept for others."),
            ),
            check(
                "siblings",
                t!("a get returns siblings"),
                CheckKind::Sometimes,
                t!("A get returns several versions, since their writers did not know of each other."),
            ),
            check(
                "merged",
                t!("a client merges siblings"),
                CheckKind::Sometimes,
                t!("A client makes one version of several, and writes that."),
            ),
            check(
                "stale-read",
                t!("a get misses a put acknowledged before"),
                CheckKind::Sometimes,
                t!("A get returns something old: it asked none of the servers that have the newest put."),
            ),
            check(
                "stood-in",
                t!("a server keeps a write for another"),
                CheckKind::Sometimes,
                t!("A server takes a write for another one that does not answer, and keeps a note whose it is."),
            ),
            check(
                "unavailable",
                t!("an operation fails for want of replicas"),
                CheckKind::Sometimes,
                t!("Too few servers answer, so that the client gets an error instead of an answer."),
            ),
        ]
    }

    /// A map, as seen by clients that know nothing of siblings.
    fn model() -> Option<Model> {
        Some(Model::KeyValue(Default::default()))
    }
}

/// Watches a run.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Monitor {
    clients: Map<NodeId, Seen>,
    /// For each put, the puts that its writer had seen, transitively. A set of puts is a vector clock over clients.
    seen_by: Map<Dot, VectorClock>,
    keys: Map<Key, KnownKey>,
    /// How many versions each server has made: none any more when it has lost its disk.
    made: Map<NodeId, u64>,
    /// A disk was lost, and with it all that was promised.
    has_lost_disk: bool,
}

/// What the monitor has seen of a client.
#[derive(Clone, Debug, Default, Serialize)]
struct Seen {
    begun: u64,
    ended: u64,
    /// For an open get: what it has to see.
    due: Vec<Witness>,
}

/// What is known of one key.
#[derive(Clone, Debug, Default, Serialize)]
struct KnownKey {
    /// What gets that begin now have to see: puts that nothing known replaces.
    witnesses: Vec<Witness>,
}

/// A put that was acknowledged, or that a get returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
struct Witness {
    put: Dot,
    /// Whether the put was acknowledged; else a get returned it.
    is_acknowledged: bool,
    /// How many replicas of the key have it for sure; 0 where nothing is promised.
    replicas: u16,
}

impl sim::Monitor<QuorumNode> for Monitor {
    fn observe(&mut self, seen: &Observation<'_, QuorumNode>, verdicts: &mut Verdicts) {
        let Some(node) = seen.node else { return };
        self.look_at_disk(node, seen);
        match seen.nodes.state(node) {
            Some(QuorumNode::Client(client)) => self.look_at_client(node, client, seen, verdicts),
            Some(QuorumNode::Server(server)) => {
                if server.store.hint_count() > 0 {
                    verdicts.seen(STOOD_IN, &[node], || t!("{node} keeps a write that is another's", node = node));
                }
            }
            // A crashed client forgets what it waited for.
            None => self.clients.remove(&node).map_or((), |_| ()),
        }
        self.look_for_lost_writes(node, seen, verdicts);
        self.judge_the_end(seen, verdicts);
    }
}

/// What a server has, or would have after a restart.
fn store<'a>(seen: &Observation<'a, QuorumNode>, node: NodeId) -> &'a Store {
    match seen.nodes.state(node).and_then(QuorumNode::server) {
        Some(server) => &server.store,
        None => &seen.nodes.disk(node).store,
    }
}

fn servers(seen: &Observation<'_, QuorumNode>) -> impl Iterator<Item = NodeId> + use<> {
    (0..seen.config.servers).map(NodeId)
}

impl Monitor {
    fn look_at_disk(&mut self, node: NodeId, seen: &Observation<'_, QuorumNode>) {
        let made = seen.nodes.disk(node).store.counts.values().sum();
        let before = self.made.get_or_insert_with(node, || 0);
        self.has_lost_disk |= made < *before;
        *before = made;
    }

    fn look_at_client(
        &mut self,
        node: NodeId,
        client: &Client,
        seen: &Observation<'_, QuorumNode>,
        verdicts: &mut Verdicts,
    ) {
        let mut known = self.clients.remove(&node).unwrap_or_default();
        if let Some((open, answer)) = client.last.as_ref().filter(|(open, _)| open.serial > known.ended) {
            known.ended = open.serial;
            match (&open.command, answer) {
                (Command::Get, Some(Answer::Found { versions, promise })) => {
                    let due = std::mem::take(&mut known.due);
                    let replicas = promise.replicas;
                    self.judge_get(open, versions, (replicas, promise.is_repaired), &due, seen, verdicts);
                }
                (Command::Put { .. }, Some(Answer::Written { promise, .. })) => {
                    let witness = Witness { put: open.put(), is_acknowledged: true, replicas: promise.replicas };
                    self.witness(&open.key, witness);
                }
                (_, Some(Answer::Refused { answered, needed })) => {
                    let (answered, needed) = (*answered, *needed);
                    verdicts.seen(UNAVAILABLE, &[node, open.server], || {
                        t!(
                            "an operation of {client} failed: {answered} of {needed} answered",
                            client = node,
                            answered = answered,
                            needed = needed
                        )
                    });
                }
                _ => {}
            }
        }
        if let Some(open) = client.open.as_ref().filter(|open| open.serial > known.begun) {
            known.begun = open.serial;
            match open.command {
                Command::Get => {
                    known.due = self.keys.get(&open.key).map(|key| key.witnesses.clone()).unwrap_or_default();
                }
                Command::Put { .. } => self.note_put(open, verdicts),
            }
        }
        self.clients.insert(node, known);
    }

    /// A put begins: its writer had seen what it is based on, and what those had seen.
    fn note_put(&mut self, open: &Open, verdicts: &mut Verdicts) {
        let mut seen = VectorClock::default();
        for put in &open.based_on {
            seen.insert(*put);
            if let Some(earlier) = self.seen_by.get(put) {
                seen.join(earlier);
            }
        }
        self.seen_by.insert(open.put(), seen);
        if open.based_on.len() > 1 {
            let (client, key) = (open.client, open.key.to_string());
            verdicts
                .seen(MERGED, &[client], || t!("{client} merges the siblings of {key}", client = client, key = key));
        }
    }

    /// Whether a put is another one, or was made by somebody who had seen that.
    fn replaces(&self, put: Dot, other: Dot) -> bool {
        put == other || self.seen_by.get(&put).is_some_and(|seen| seen.covers(other))
    }

    fn is_among(&self, put: Dot, versions: &Siblings) -> bool {
        versions.iter().any(|version| self.replaces(version.put, put))
    }

    /// Gets that begin from now on have to see this.
    fn witness(&mut self, key: &Key, witness: Witness) {
        let mut known = self.keys.remove(key).unwrap_or_default();
        // What is replaced by something at least as certain need not be asked for any more.
        known.witnesses.retain(|other| {
            !(self.replaces(witness.put, other.put)
                && witness.replicas >= other.replicas
                && witness.is_acknowledged >= other.is_acknowledged)
        });
        known.witnesses.push(witness);
        self.keys.insert(key.clone(), known);
    }

    fn judge_get(
        &mut self,
        open: &Open,
        versions: &Siblings,
        (replicas, is_repaired): (u16, bool),
        due: &[Witness],
        seen: &Observation<'_, QuorumNode>,
        verdicts: &mut Verdicts,
    ) {
        let (client, n) = (open.client, seen.config.n);
        let is_judged = seen.config.conflicts == Conflicts::Siblings && !self.has_lost_disk;
        for witness in due.iter().filter(|witness| !self.is_among(witness.put, versions)) {
            let (key, put) = (open.key.to_string(), witness.put);
            // Two sets of replicas share one if together they are more than all.
            let must_see = is_judged && replicas > 0 && witness.replicas > 0 && replicas + witness.replicas > n;
            if witness.is_acknowledged {
                let sentence = || {
                    t!(
                        "{client} read {key} without the put of {writer} that was acknowledged before",
                        client = client,
                        key = key.clone(),
                        writer = put.node
                    )
                };
                verdicts.seen(STALE_READ, &[client, put.node], sentence);
                if must_see {
                    verdicts.broken(READ_LATEST, &[client, put.node], sentence);
                }
            } else if must_see {
                verdicts.broken(MONOTONIC_READS, &[client, put.node], || {
                    t!(
                        "{client} read {key} without the put of {writer} that an earlier get returned",
                        client = client,
                        key = key,
                        writer = put.node
                    )
                });
            }
        }
        if versions.len() > 1 {
            let (key, count) = (open.key.to_string(), versions.len());
            verdicts.seen(SIBLINGS, &[client], || {
                t!("{client} reads {count} siblings of {key}", client = client, count = count, key = key)
            });
        }
        for version in versions {
            let replicas = if is_repaired { replicas } else { 0 };
            self.witness(&open.key, Witness { put: version.put, is_acknowledged: false, replicas });
        }
    }

    /// Every acknowledged put has to be on some disk, or a version whose writer had seen it.
    fn look_for_lost_writes(&self, node: NodeId, seen: &Observation<'_, QuorumNode>, verdicts: &mut Verdicts) {
        if self.has_lost_disk || verdicts.get(NO_LOST_WRITE).event.is_some() {
            return;
        }
        for (key, known) in self.keys.iter() {
            for witness in known.witnesses.iter().filter(|witness| witness.is_acknowledged) {
                let holds = |server: NodeId| {
                    let store = store(seen, server);
                    let has = |versions: &Siblings| self.is_among(witness.put, versions);
                    store.objects.get(key).is_some_and(has)
                        || store.hints.iter().any(|((_, hinted), versions)| hinted == key && has(versions))
                };
                if !servers(seen).any(holds) {
                    let (key, writer) = (key.to_string(), witness.put.node);
                    verdicts.broken(NO_LOST_WRITE, &[node, writer], || {
                        t!(
                            "an acknowledged put of {key} by {writer} is gone: no server has it, nor a version made by somebody who saw it",
                            key = key,
                            writer = writer
                        )
                    });
                }
            }
        }
    }

    fn judge_the_end(&self, seen: &Observation<'_, QuorumNode>, verdicts: &mut Verdicts) {
        let keeps_hints = servers(seen).any(|server| store(seen, server).hint_count() > 0);
        verdicts.reached(HINTS_RETURNED, !keeps_hints);
        let keys = servers(seen).flat_map(|server| store(seen, server).objects.iter().map(|(key, _)| key));
        let is_equal = |key: &Key| {
            let mut copies = seen.config.replicas(key).into_iter().map(|server| store(seen, server).objects.get(key));
            let first = copies.next();
            copies.all(|copy| Some(copy) == first)
        };
        verdicts.reached(CONVERGED, keys.into_iter().all(is_equal));
    }
}
