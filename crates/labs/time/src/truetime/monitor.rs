//! The checks: the order of timestamps, what snapshots owe to each other, and whether intervals are honest.
//!
//! The monitor knows the true time, and what clients were told when. Of clocks that somebody sets by hand nothing is promised, nor of
//! anything once a disk is lost.

use std::collections::VecDeque;

use serde::Serialize;
use sim::clock::Clock;
use sim::history::Model;
use sim::history::model::Initial;
use sim::{Check, CheckKind, Checks, Judge, NodeId, Observation, Verdicts, t};

use super::client::{Client, Ended, Seen, Wanted};
use super::daemon::Daemon;
use super::leader::Leader;
use super::settings::{GROUPS, MASTERS};
use super::transaction::Key;
use super::words::stamp;
use super::{Node, TrueTime};

const EXTERNAL: usize = 0;
// The place of the check that looks at the history is 1.
const SNAPSHOT_FIXED: usize = 2;
const HONEST: usize = 3;
const SETTLED: usize = 4;
const WAITED: usize = 5;
const LIED: usize = 6;

/// A transaction that is open for longer than this is open for too long, once the faults are over.
const LONGEST_US: u64 = 5_000_000;

/// How much longer than a promise takes a replica may lack a commit.
const LATEST_US: u64 = 1_000_000;

/// How many commits and reads of a key are remembered.
const MEMORY: usize = 64;

/// How many transactions are kept to be shown.
const ROWS: usize = 8;

impl Checks for TrueTime {
    type Monitor = Monitor;

    /// The checks, in the order of the numbers above.
    fn checks() -> Vec<Check> {
        let check = Check::new;
        vec![
            check(
                "external-consistency",
                t!("timestamps have the order of real time"),
                CheckKind::Always,
                t!(
                    "What begins after a client was told of a commit has a later timestamp than that, as long as nobody sets a clock by hand."
                ),
            ),
            Check {
                judge: Judge::Linearizability(Model::MultiRegister(Initial::default())),
                ..check(
                    "linearizable",
                    t!("it is as if there were one copy"),
                    CheckKind::Always,
                    t!(
                        "All transactions could have been carried out one after the other, each between its beginning and its answer."
                    ),
                )
            },
            check(
                "snapshot-fixed",
                t!("what was at a moment stays so"),
                CheckKind::Always,
                t!(
                    "Once somebody was told what a key was at a moment, no other commit up to that moment comes to light."
                ),
            ),
            check(
                "interval-honest",
                t!("the true time is in each interval"),
                CheckKind::Always,
                t!(
                    "Whenever something is decided by TT.now(), true time is in it, unless somebody has set a clock by hand."
                ),
            ),
            check(
                "settled",
                t!("everything comes to an end"),
                CheckKind::Eventually,
                t!(
                    "Once the faults are over, no transaction is open for more than 5 s, and replicas have all old commits."
                ),
            ),
            check(
                "waited",
                t!("a commit waits for its time"),
                CheckKind::Sometimes,
                t!("All of a commit is logged, and its coordinator still waits until the timestamp has passed."),
            ),
            check(
                "lied",
                t!("an interval misses the true time"),
                CheckKind::Sometimes,
                t!("A node decides by an interval that true time is not in, whatever the reason."),
            ),
        ]
    }
}

/// Watches a run.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Monitor {
    /// Whether a node has lost its disk: then nothing is promised any more.
    has_lost_disk: bool,
    known: Vec<Known>,
    /// The latest timestamp that a client was told of, of all keys and of each one.
    told: Option<Told>,
    told_of: [Option<Told>; GROUPS as usize],
    keys: [Memory; GROUPS as usize],
    /// The last transactions that clients were told of, the oldest first.
    rows: VecDeque<Row>,
    commits: u64,
}

/// What was last seen of a node.
#[derive(Clone, Debug, Default, Serialize)]
struct Known {
    lives: u64,
    uses: u64,
    waits: u64,
    count: u64,
    ended: u64,
    begun: u64,
    open: Option<Begun>,
}

/// A transaction that is open, and what was told when it was begun.
#[derive(Clone, Debug, Serialize)]
struct Begun {
    at_us: u64,
    told: Option<Told>,
    told_of: [Option<Told>; GROUPS as usize],
}

/// A commit that a client was told of.
#[derive(Clone, Copy, Debug, Serialize)]
struct Told {
    client: NodeId,
    stamp_us: i64,
    at_us: u64,
}

/// What is remembered of a key.
#[derive(Clone, Debug, Default, Serialize)]
struct Memory {
    /// The timestamps of its commits, with their numbers and when they were applied.
    commits: VecDeque<(i64, u64, u64)>,
    /// Moments that were read, and the timestamps of what was found.
    reads: VecDeque<(i64, i64)>,
}

/// A transaction that a client was told of.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub client: NodeId,
    pub wanted: Wanted,
    pub begun_us: u64,
    pub told_us: u64,
    pub stamp_us: i64,
}

impl sim::Monitor<Node> for Monitor {
    fn observe(&mut self, seen: &Observation<'_, Node>, verdicts: &mut Verdicts) {
        if self.known.is_empty() {
            self.known = vec![Known::default(); seen.nodes.len()];
        }
        if let Some(node) = seen.node {
            self.look_at(node, seen, verdicts);
        }
        verdicts.reached(SETTLED, self.has_lost_disk || self.is_settled(seen));
    }
}

impl Monitor {
    /// The last transactions that clients were told of, the oldest first.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter()
    }

    /// How many commits clients were told of.
    pub fn commits(&self) -> u64 {
        self.commits
    }

    fn look_at(&mut self, node: NodeId, seen: &Observation<'_, Node>, verdicts: &mut Verdicts) {
        let lives = seen.nodes.disk(node).lives;
        let known = &mut self.known[node.index()];
        self.has_lost_disk |= lives < known.lives;
        if lives != known.lives {
            let count = known.count;
            *known = Known { lives, count, ..Known::default() };
        }
        let Some(state) = seen.nodes.state(node) else {
            self.known[node.index()].open = None;
            return;
        };
        if self.has_lost_disk {
            return;
        }
        if let Some(daemon) = state.daemon() {
            self.judge_interval(node, daemon, seen, verdicts);
        }
        match state {
            Node::Leader(leader) => self.look_at_leader(node, leader, seen, verdicts),
            Node::Client(client) => self.look_at_client(node, client, seen, verdicts),
            Node::Master(_) | Node::Replica(_) => {}
        }
    }

    fn judge_interval(&mut self, node: NodeId, daemon: &Daemon, seen: &Observation<'_, Node>, verdicts: &mut Verdicts) {
        let known = &mut self.known[node.index()];
        let Some(used) = daemon.used.filter(|_| daemon.uses > known.uses) else { return };
        known.uses = daemon.uses;
        let at_us = seen.at_us as i64;
        if used.has(at_us) {
            return;
        }
        let sentence = || {
            t!(
                "{node} takes it to be between {earliest} and {latest}, and it is {now}",
                node = node,
                earliest = stamp(used.earliest_us),
                latest = stamp(used.latest_us),
                now = stamp(at_us)
            )
        };
        verdicts.seen(LIED, &[node], sentence);
        let is_untouched = |node: NodeId| *seen.nodes.clock(node) == Clock::TRUE;
        if is_untouched(node) && (0..MASTERS).all(|master| is_untouched(NodeId(master))) {
            verdicts.broken(HONEST, &[node], sentence);
        }
    }

    fn look_at_leader(&mut self, node: NodeId, leader: &Leader, seen: &Observation<'_, Node>, verdicts: &mut Verdicts) {
        let known = &mut self.known[node.index()];
        if leader.waits > known.waits {
            verdicts.seen(WAITED, &[node], || {
                t!("All was logged, and {node} waited until its timestamp had passed", node = node)
            });
        }
        known.waits = leader.waits;
        let before = known.count;
        known.count = leader.kept.count;
        let memory = &mut self.keys[usize::from(leader.key.0)];
        for version in leader.kept.versions.iter().filter(|version| version.number > before) {
            let stamp_us = version.stamp_us;
            memory.commits.push_back((stamp_us, version.number, seen.at_us));
            if memory.commits.len() > MEMORY {
                memory.commits.pop_front();
            }
            let contradicts = |read: &&(i64, i64)| read.1 < stamp_us && stamp_us <= read.0;
            if let Some((at_us, _)) = memory.reads.iter().find(contradicts) {
                fixed_no_more(node, leader.key, *at_us, stamp_us, verdicts);
            }
        }
    }

    fn look_at_client(&mut self, node: NodeId, client: &Client, seen: &Observation<'_, Node>, verdicts: &mut Verdicts) {
        let (told, told_of) = (self.told, self.told_of);
        let known = &mut self.known[node.index()];
        let has_ended = client.ended > known.ended;
        let has_begun = client.begun > known.begun;
        (known.ended, known.begun) = (client.ended, client.begun);
        let begun = if has_ended { known.open.take() } else { None };
        if let (Some(begun), Some(ended)) = (begun, client.last.as_ref().filter(|_| has_ended)) {
            self.judge_end(node, &begun, ended, seen, verdicts);
        }
        if has_begun {
            let (told, told_of) = if has_ended { (self.told, self.told_of) } else { (told, told_of) };
            self.known[node.index()].open = Some(Begun { at_us: seen.at_us, told, told_of });
        }
    }

    /// A client was told that a transaction has ended.
    fn judge_end(
        &mut self,
        client: NodeId,
        begun: &Begun,
        ended: &Ended,
        seen: &Observation<'_, Node>,
        verdicts: &mut Verdicts,
    ) {
        let Some(stamp_us) = ended.stamp_us else { return };
        for read in &ended.seen {
            self.judge_read(client, read, verdicts);
        }
        if ended.wanted.is_past() {
            self.keep_row(client, begun, ended, stamp_us, seen.at_us);
            return;
        }
        let keys = ended.wanted.keys();
        let before = match ended.wanted {
            Wanted::Latest { key } => begun.told_of[usize::from(key.0)],
            _ => begun.told,
        };
        let is_early = |told: &Told| told.stamp_us > stamp_us || (ended.has_written && told.stamp_us == stamp_us);
        if let Some(told) = before.filter(is_early) {
            verdicts.broken(EXTERNAL, &[told.client, client], || {
                t!(
                    "{first} was told of a commit at {earlier} before {second} began; that one has the timestamp {later}",
                    first = told.client,
                    earlier = stamp(told.stamp_us),
                    second = client,
                    later = stamp(stamp_us)
                )
            });
        }
        if ended.has_written {
            self.commits += 1;
            let told = Told { client, stamp_us, at_us: seen.at_us };
            let later = |known: &mut Option<Told>| {
                if known.is_none_or(|known| known.stamp_us < stamp_us) {
                    *known = Some(told);
                }
            };
            later(&mut self.told);
            for key in keys {
                later(&mut self.told_of[usize::from(key.0)]);
            }
        }
        self.keep_row(client, begun, ended, stamp_us, seen.at_us);
    }

    fn keep_row(&mut self, client: NodeId, begun: &Begun, ended: &Ended, stamp_us: i64, told_us: u64) {
        let (wanted, begun_us) = (ended.wanted.clone(), begun.at_us);
        self.rows.push_back(Row { client, wanted, begun_us, told_us, stamp_us });
        if self.rows.len() > ROWS {
            self.rows.pop_front();
        }
    }

    fn judge_read(&mut self, client: NodeId, read: &Seen, verdicts: &mut Verdicts) {
        let Ok(found) = &read.found else { return };
        let found_us = found.as_ref().map_or(i64::MIN, |version| version.stamp_us);
        let memory = &mut self.keys[usize::from(read.key.0)];
        let is_missed = |commit: &&(i64, u64, u64)| found_us < commit.0 && commit.0 <= read.at_us;
        if let Some((stamp_us, ..)) = memory.commits.iter().find(is_missed) {
            fixed_no_more(client, read.key, read.at_us, *stamp_us, verdicts);
        }
        memory.reads.push_back((read.at_us, found_us));
        if memory.reads.len() > MEMORY {
            memory.reads.pop_front();
        }
    }

    fn is_settled(&self, seen: &Observation<'_, Node>) -> bool {
        let is_old = |begun: &Begun| seen.at_us.saturating_sub(begun.at_us) > LONGEST_US;
        if self.known.iter().any(|known| known.open.as_ref().is_some_and(is_old)) {
            return false;
        }
        let bound_us = seen.config.safe_us + LATEST_US;
        Key::all().all(|key| {
            let is_old = |(_, _, at_us): &&(i64, u64, u64)| seen.at_us.saturating_sub(*at_us) > bound_us;
            let commits = &self.keys[usize::from(key.0)].commits;
            let Some((_, number, _)) = commits.iter().rfind(is_old) else { return true };
            seen.config.replicas(key).all(|replica| seen.nodes.disk(replica).count >= *number)
        })
    }
}

fn fixed_no_more(node: NodeId, key: Key, at_us: i64, stamp_us: i64, verdicts: &mut Verdicts) {
    verdicts.broken(SNAPSHOT_FIXED, &[node], || {
        t!(
            "Somebody was told what {key} was at {at}, without the commit of {stamp}",
            key = key.name(),
            at = stamp(at_us),
            stamp = stamp(stamp_us)
        )
    });
}
