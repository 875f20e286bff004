//! The checks: what acknowledgements and sessions promise, who may be primary, and what else a run can show.
//!
//! The monitor looks at what clients were told. An answer names the entry of the log that it comes from, so that older and
//! newer can be told apart without looking at values.

use serde::Serialize;
use sim::check::Judge;
use sim::frame::Status;
use sim::history::{Model, Value};
use sim::{Check, CheckKind, Checks, Map, NodeId, Observation, Verdicts, t};

use super::client::{Answered, Client};
use super::log::Position;
use super::message::Command;
use super::server::Server;
use super::{Replica, Replicas};

const ACKNOWLEDGED_KEPT: usize = 0;
const READ_YOUR_WRITES: usize = 1;
const MONOTONIC_READS: usize = 2;
const CURRENT_READS: usize = 3;
const ONE_PRIMARY: usize = 4;
const LINEARIZABLE: usize = 5;
const CONVERGED: usize = 6;
const SPLIT_BRAIN: usize = 7;
const STALE_READ: usize = 8;
const FAILOVER: usize = 9;

/// A replica has converged if it lacks nothing that is older than this, in microseconds of the primary's clock.
const SETTLED_US: i64 = 250_000;

impl Checks for Replicas {
    type Monitor = Monitor;

    /// The checks, in the order of the numbers above.
    fn checks() -> Vec<Check> {
        let check = Check::new;
        let checks = vec![
            check(
                "acknowledged-kept",
                t!("no acknowledged write is lost"),
                CheckKind::Always,
                t!("What a client was told is written is in the log of every later primary."),
            ),
            check(
                "read-your-writes",
                t!("sessions read their own writes"),
                CheckKind::Always,
                t!("A client that has written something never reads anything older than that."),
            ),
            check(
                "monotonic-reads",
                t!("no session reads backwards"),
                CheckKind::Always,
                t!("A client that has read something never reads anything older after it."),
            ),
            check(
                "current-reads",
                t!("reads from the primary are current"),
                CheckKind::Always,
                t!("Whoever reads from the primary sees everything that was acknowledged before it asked."),
            ),
            check(
                "one-primary",
                t!("one primary per epoch"),
                CheckKind::Always,
                t!("In each epoch at most one node is primary: two would write two different logs."),
            ),
            // Shown for every run and promised for none: sessions that read from replicas do without it.
            Check {
                judge: Judge::Linearizability(Model::KeyValue(Default::default())),
                ..check(
                    "linearizable",
                    t!("linearizable"),
                    CheckKind::Sometimes,
                    t!(
                        "To clients it looks as if there were one server only. Reads from replicas give that up: they may be old."
                    ),
                )
            },
            check(
                "converged",
                t!("all follow one primary, with the same log"),
                CheckKind::Eventually,
                t!("Once the faults are over, all nodes follow the same primary and have its log."),
            ),
            check(
                "split-brain",
                t!("two nodes take writes"),
                CheckKind::Sometimes,
                t!("An old primary does not know yet that there is a new one, and both take writes."),
            ),
            check(
                "stale-read",
                t!("a read that misses an acknowledged write"),
                CheckKind::Sometimes,
                t!(
                    "A client reads from a replica that lags behind, and does not see a write that was acknowledged already."
                ),
            ),
            check(
                "failover",
                t!("another primary"),
                CheckKind::Sometimes,
                t!("Another node has become primary, in a new epoch."),
            ),
        ];
        debug_assert_eq!(checks[LINEARIZABLE].name, "linearizable");
        checks
    }
}

/// Watches a run.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Monitor {
    /// The newest write that was acknowledged in each epoch.
    acknowledged: Map<u64, Acknowledged>,
    /// For each key the newest version that was acknowledged, or read from the primary.
    newest: Map<Value, Position>,
    /// Who was primary in each epoch.
    primaries: Map<u64, NodeId>,
    /// For each server that is primary, the epoch and the length of its log.
    reigns: Map<NodeId, (u64, u64)>,
    sessions: Map<NodeId, Session>,
}

/// A write that was acknowledged.
#[derive(Clone, Debug, Serialize)]
struct Acknowledged {
    position: Position,
    key: Value,
    value: Value,
}

/// What the monitor knows of the session of a client.
#[derive(Clone, Debug, Default, Serialize)]
struct Session {
    life: u64,
    /// The last operation that was opened, and the last that was answered.
    opened: u64,
    answered: u64,
    /// What the newest version of the key was when the open operation began.
    newest: Position,
    /// For each key the last write, and the newest version that was read.
    written: Map<Value, Position>,
    read: Map<Value, Position>,
}

impl sim::Monitor<Replica> for Monitor {
    fn observe(&mut self, seen: &Observation<'_, Replica>, verdicts: &mut Verdicts) {
        match seen.node.and_then(|node| Some((node, seen.nodes.state(node)?))) {
            Some((node, Replica::Client(client))) => self.look_at_client(node, client, seen, verdicts),
            Some((node, Replica::Server(server))) => self.look_at_server(node, server, seen, verdicts),
            _ => {}
        }
        self.judge_the_end(seen, verdicts);
    }
}

/// The servers that are up.
fn servers<'a>(seen: &Observation<'a, Replica>) -> impl Iterator<Item = (NodeId, &'a Server)> {
    let nodes = seen.nodes;
    (0..seen.config.servers).map(NodeId).filter_map(move |id| Some((id, nodes.state(id)?.server()?)))
}

impl Monitor {
    fn look_at_client(
        &mut self,
        node: NodeId,
        client: &Client,
        seen: &Observation<'_, Replica>,
        verdicts: &mut Verdicts,
    ) {
        let session = self.sessions.get_or_insert_with(node, Session::default);
        if session.life != client.life {
            *session = Session { life: client.life, ..Session::default() };
        }
        if let Some(last) = client.last.as_ref().filter(|last| last.answer.request.serial > session.answered) {
            session.answered = last.answer.request.serial;
            match &last.command {
                Command::Put { value, .. } => self.acknowledge(node, last, value, seen, verdicts),
                Command::Get { .. } => self.judge_read(node, last, verdicts),
            }
        }
        let session = self.sessions.get_or_insert_with(node, Session::default);
        if let Some(open) = client.open.as_ref().filter(|_| client.serial > session.opened) {
            session.opened = client.serial;
            session.newest = self.newest.get(open.command.key()).copied().unwrap_or_default();
        }
    }

    /// A client has been told that its write is done.
    fn acknowledge(
        &mut self,
        node: NodeId,
        last: &Answered,
        value: &Value,
        seen: &Observation<'_, Replica>,
        verdicts: &mut Verdicts,
    ) {
        let (key, position, epoch) = (last.command.key(), last.answer.version, last.answer.epoch);
        let session = self.sessions.get_or_insert_with(node, Session::default);
        session.written.insert(key.clone(), position);
        raise(&mut self.newest, key, position);
        let write = Acknowledged { position, key: key.clone(), value: value.clone() };
        let newer = servers(seen).filter(|(_, server)| server.is_primary() && server.epoch > epoch);
        newer.for_each(|(primary, server)| judge_kept(primary, server, &write, verdicts));
        let known = self.acknowledged.get_or_insert_with(epoch, || write.clone());
        if known.position < position {
            *known = write;
        }
    }

    /// A client has been told what a key is.
    fn judge_read(&mut self, node: NodeId, last: &Answered, verdicts: &mut Verdicts) {
        let (key, version, server) = (last.command.key(), last.answer.version, last.server);
        let session = self.sessions.get_or_insert_with(node, Session::default);
        if let Some(written) = session.written.get(key).filter(|written| **written > version) {
            verdicts.broken(READ_YOUR_WRITES, &[node, server], || {
                t!(
                    "{client} has written {key} in {written}, and {server} answers with {version}",
                    client = node,
                    key = key.to_string(),
                    written = *written,
                    server = server,
                    version = version
                )
            });
        }
        if let Some(read) = session.read.get(key).filter(|read| **read > version) {
            verdicts.broken(MONOTONIC_READS, &[node, server], || {
                t!(
                    "{client} has read {key} of {read} before, and {server} answers with {version}",
                    client = node,
                    key = key.to_string(),
                    read = *read,
                    server = server,
                    version = version
                )
            });
        }
        raise(&mut session.read, key, version);
        if session.newest > version {
            let newest = session.newest;
            let sentence = || {
                t!(
                    "{server} answers {client} with {key} of {version}; when {client} asked, {newest} had been acknowledged",
                    server = server,
                    client = node,
                    key = key.to_string(),
                    version = version,
                    newest = newest
                )
            };
            verdicts.seen(STALE_READ, &[node, server], sentence);
            if last.answer.by_primary {
                verdicts.broken(CURRENT_READS, &[node, server], sentence);
            }
        }
        if last.answer.by_primary {
            raise(&mut self.newest, key, version);
        }
    }

    fn look_at_server(
        &mut self,
        node: NodeId,
        server: &Server,
        seen: &Observation<'_, Replica>,
        verdicts: &mut Verdicts,
    ) {
        if !server.is_primary() {
            self.reigns.remove(&node);
            return;
        }
        let (epoch, length) = (server.epoch, server.log.last_index());
        let (known_epoch, known_length) = *self.reigns.get_or_insert_with(node, || (0, 0));
        self.reigns.insert(node, (epoch, length));
        if known_epoch != epoch {
            self.begin_reign(node, server, verdicts);
        }
        let is_write = length > known_length && server.log.entry(length).is_some_and(|entry| entry.write.is_some());
        let other = servers(seen).find(|(_, other)| other.is_primary() && other.epoch > epoch);
        if let Some((other, newer)) = other.filter(|_| is_write && known_epoch == epoch) {
            verdicts.seen(SPLIT_BRAIN, &[node, other], || {
                t!(
                    "{node} takes a write in epoch {epoch}, and {other} is primary in epoch {newer}",
                    node = node,
                    epoch = epoch,
                    other = other,
                    newer = newer.epoch
                )
            });
        }
    }

    /// Somebody has become primary.
    fn begin_reign(&mut self, node: NodeId, server: &Server, verdicts: &mut Verdicts) {
        let epoch = server.epoch;
        let first = *self.primaries.get_or_insert_with(epoch, || node);
        if first != node {
            verdicts.broken(ONE_PRIMARY, &[first, node], || {
                t!("{first} and {node} are both primary in epoch {epoch}", first = first, node = node, epoch = epoch)
            });
        }
        if epoch > 1 {
            verdicts.seen(FAILOVER, &[node], || t!("{node} is primary in epoch {epoch}", node = node, epoch = epoch));
        }
        let earlier = self.acknowledged.iter().filter(|(acknowledged, _)| **acknowledged < epoch);
        earlier.for_each(|(_, write)| judge_kept(node, server, write, verdicts));
    }

    /// All have come to the same.
    fn judge_the_end(&self, seen: &Observation<'_, Replica>, verdicts: &mut Verdicts) {
        let newest = servers(seen).filter(|(_, server)| server.is_primary()).max_by_key(|(_, server)| server.epoch);
        let is_so = newest.is_some_and(|(primary, leading)| {
            let now_us = seen.nodes.clock(primary).shows(seen.at_us);
            let follows = |server: &Server| {
                let last = server.log.last_index();
                let lacks = leading.log.entry(last + 1);
                server.epoch == leading.epoch
                    && !server.is_primary()
                    && server.log.digest(last) == leading.log.digest(last)
                    && lacks.is_none_or(|entry| now_us - entry.written_at_us < SETTLED_US)
            };
            (0..seen.config.servers).map(NodeId).filter(|server| *server != primary).all(|id| {
                seen.nodes.status(id) == Status::Up
                    && seen.nodes.state(id).and_then(Replica::server).is_some_and(follows)
            })
        });
        verdicts.reached(CONVERGED, is_so);
    }
}

/// Whether a primary has a write that was acknowledged in an earlier epoch.
fn judge_kept(primary: NodeId, server: &Server, write: &Acknowledged, verdicts: &mut Verdicts) {
    if server.log.contains(write.position) {
        return;
    }
    let epoch = server.epoch;
    verdicts.broken(ACKNOWLEDGED_KEPT, &[primary], || {
        t!(
            "“{key}={value}” was acknowledged as {position}, and {primary}, primary in epoch {epoch}, does not have it",
            key = write.key.to_string(),
            value = write.value.to_string(),
            position = write.position,
            primary = primary,
            epoch = epoch
        )
    });
}

fn raise(positions: &mut Map<Value, Position>, key: &Value, to: Position) {
    let position = positions.get_or_insert_with(key.clone(), Position::default);
    *position = (*position).max(to);
}
