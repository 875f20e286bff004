//! A client: one transaction at a time. It reads with locks and keeps its writes to itself until it commits, or it reads without
//! locks as of a moment (sections 4.2.1 and 4.2.2).

use std::collections::VecDeque;

use serde::Serialize;
use sim::history::{Access, Call, OperationId, Outcome, Value as Data};
use sim::{NodeId, Text, t};

use super::daemon::Daemon;
use super::kept::{Disk, Forgotten};
use super::transaction::{Age, Key, Request, Txn, Version};
use super::words::stamp;
use super::{Effects, Message, Timer};

/// How long it waits before it says again what was not answered.
const RETRY_US: u64 = 100_000;

/// A transaction that was aborted is tried again for so long.
const PATIENCE_US: u64 = 2_000_000;

/// How much a transfer moves.
const AMOUNT: i64 = 10;

/// The state of a client.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Client {
    pub daemon: Daemon,
    pub life: u64,
    /// The number of its last try.
    pub number: u64,
    /// How many transactions it has begun in this life.
    pub begun: u64,
    pub open: Option<Open>,
    /// Transactions for later.
    pub waiting: VecDeque<Wanted>,
    /// The last transaction that has ended, and how many there were in this life.
    pub last: Option<Ended>,
    pub ended: u64,
}

/// What a client is told to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Wanted {
    Write {
        key: Key,
        value: String,
    },
    /// Reads two keys, and writes both.
    Transfer {
        from: Key,
        to: Key,
    },
    /// Reads the newest value of a key, without locks.
    Latest {
        key: Key,
    },
    /// Reads all keys, without locks, as of a moment: now if none is said.
    Snapshot {
        at_us: Option<i64>,
    },
}

/// A transaction that is open.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Open {
    pub wanted: Wanted,
    pub txn: Txn,
    pub age: Age,
    /// When it was begun, by what the machine counts.
    since_us: u64,
    pub stage: Stage,
    /// In the history.
    operation: Option<u64>,
    /// What it has read with locks.
    results: Vec<Option<String>>,
}

/// How far it is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Stage {
    /// It reads with locks: what it has got, with the life of the leader.
    Reading { got: Vec<(Key, Option<String>, u64)> },
    /// It has asked to commit.
    Committing { requests: Vec<(Key, Request)> },
    /// It reads as of a moment: from whom, and what it has got.
    Looking { at_us: Option<i64>, servers: Vec<(Key, NodeId)>, got: Vec<Seen> },
    /// It would read as of now, and does not know the time.
    Timeless,
}

/// What was read without locks.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Seen {
    pub key: Key,
    pub at_us: i64,
    pub found: Result<Option<Version>, Forgotten>,
}

/// What is to be written.
struct Change {
    key: Key,
    /// What was read there with a lock, and the life of the leader.
    read: Option<(Option<String>, u64)>,
    value: String,
}

/// A transaction that has ended.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Ended {
    pub wanted: Wanted,
    /// Its timestamp; none if it was given up.
    pub stamp_us: Option<i64>,
    /// Whether it has written.
    pub has_written: bool,
    /// What it has seen without locks.
    pub seen: Vec<Seen>,
}

impl Wanted {
    /// What it is, in a few words.
    pub fn text(&self) -> Text {
        match self {
            Wanted::Write { key, value } => t!("write {key} = {value}", key = key.name(), value = value.clone()),
            Wanted::Transfer { from, to } => {
                t!("move {amount} from {from} to {to}", amount = AMOUNT, from = from.name(), to = to.name())
            }
            Wanted::Latest { key } => t!("read {key}", key = key.name()),
            Wanted::Snapshot { at_us: None } => t!("snapshot of now"),
            Wanted::Snapshot { at_us: Some(at_us) } => t!("snapshot of {at}", at = stamp(*at_us)),
        }
    }
}

/// A value as a number; what is none counts as 0.
fn amount(value: &Option<String>) -> i64 {
    value.as_ref().and_then(|value| value.parse().ok()).unwrap_or(0)
}

fn data(value: Option<&String>) -> Data {
    value.map_or(Data::Nil, |value| Data::text(value))
}

impl Client {
    pub(super) fn boot(disk: &Disk, effects: &mut Effects<'_>) -> Client {
        let kept = Disk { is_new: false, lives: disk.lives + 1, ..disk.clone() };
        let life = kept.lives;
        effects.persist(kept);
        let daemon = Daemon::boot(life, disk.is_new, effects);
        let (open, waiting, last) = (None, VecDeque::new(), None);
        let client = Client { daemon, life, number: 0, begun: 0, open, waiting, last, ended: 0 };
        client.wait_for_work(effects);
        client
    }

    fn wait_for_work(&self, effects: &mut Effects<'_>) {
        let workload_us = effects.config().workload_us;
        if workload_us > 0 {
            let after_us = workload_us / 2 + effects.choose(workload_us + 1);
            effects.set_timer(Timer::Workload, after_us);
        }
    }

    /// Somebody, or the workload, wants something of it.
    pub(super) fn wish(&mut self, wanted: Wanted, effects: &mut Effects<'_>) {
        let me = effects.me();
        if self.open.is_some() {
            effects.note(|| t!("{node} keeps for later: {what}", node = me, what = wanted.text()));
            self.waiting.push_back(wanted);
        } else {
            self.begin(wanted, effects);
        }
    }

    pub(super) fn on_timer(&mut self, timer: Timer, effects: &mut Effects<'_>) {
        let me = effects.me();
        match timer {
            Timer::Poll => self.daemon.poll(effects),
            Timer::Collect => {
                let is_new = self.daemon.collect(effects);
                self.on_time(is_new, effects);
            }
            Timer::Retry => self.say_again(effects),
            Timer::Workload => {
                self.wait_for_work(effects);
                if self.open.is_none() {
                    let wanted = self.choose(effects);
                    self.begin(wanted, effects);
                } else {
                    effects.routine("busy");
                    effects.note(|| t!("{node} still waits for an answer", node = me));
                }
            }
            _ => {}
        }
    }

    pub(super) fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        let me = effects.me();
        match message {
            Message::Tell { ask, told_us, error_us } => {
                let is_new = self.daemon.on_answer(from, ask, (told_us, error_us), effects);
                return self.on_time(is_new, effects);
            }
            Message::Value { txn, key, value, life } if self.is_open(txn) => {
                return self.on_value(from, key, value, life, effects);
            }
            Message::Gone { txn } if self.is_open(txn) => return self.on_gone(from, effects),
            Message::Done { txn, stamp_us } if self.is_open(txn) => return self.on_done(from, stamp_us, effects),
            Message::Seen { txn, key, at_us, found } if self.is_open(txn) => {
                return self.on_seen(from, Seen { key, at_us, found }, effects);
            }
            _ => {}
        }
        effects.routine("old answer");
        effects.note(|| t!("{node} has no use for this answer of {from} any more", node = me, from = from));
    }

    fn is_open(&self, txn: Txn) -> bool {
        self.open.as_ref().is_some_and(|open| open.txn == txn)
    }

    fn next_txn(&mut self, effects: &Effects<'_>) -> Txn {
        self.number += 1;
        Txn { client: effects.me(), life: self.life, number: self.number }
    }

    fn begin(&mut self, wanted: Wanted, effects: &mut Effects<'_>) {
        let me = effects.me();
        let (txn, since_us) = (self.next_txn(effects), effects.monotonic_now());
        let age = Age { start_us: effects.local_now(), client: me };
        self.begun += 1;
        effects.note(|| t!("{node} begins: {what}", node = me, what = wanted.text()));
        self.open =
            Some(Open { wanted, txn, age, since_us, stage: Stage::Timeless, operation: None, results: Vec::new() });
        self.start(effects);
    }

    /// Starts a try of the open transaction.
    fn start(&mut self, effects: &mut Effects<'_>) {
        let Some(open) = &self.open else { return };
        effects.set_timer(Timer::Retry, RETRY_US);
        match open.wanted.clone() {
            Wanted::Write { key, value } => self.commit(vec![Change { key, read: None, value }], effects),
            Wanted::Transfer { .. } => {
                self.set_stage(Stage::Reading { got: Vec::new() });
                self.say(effects);
            }
            Wanted::Latest { key } => {
                let call = Call::Txn(vec![Access::Read(Data::text(key.name()))]);
                let servers = vec![(key, effects.config().leader(key))];
                self.look(None, servers, Some(call), effects);
            }
            Wanted::Snapshot { at_us } => self.snapshot(at_us, effects),
        }
    }

    fn set_stage(&mut self, stage: Stage) {
        if let Some(open) = &mut self.open {
            open.stage = stage;
        }
    }

    /// Reads all keys as of a moment: now is the latest that it may be (section 4.2.2).
    fn snapshot(&mut self, at_us: Option<i64>, effects: &mut Effects<'_>) {
        let me = effects.me();
        let Some(now) = self.daemon.now(effects) else {
            effects.note(|| t!("{node} does not know the time, and waits for a time master", node = me));
            return;
        };
        let is_now = at_us.is_none_or(|at_us| at_us > now.latest_us);
        let at_us = at_us.unwrap_or(now.latest_us).min(now.latest_us);
        effects.rule("read_latest");
        let servers = Key::all().map(|key| (key, Client::server(key, !is_now, effects))).collect();
        let reads = Key::all().map(|key| Access::Read(Data::text(key.name()))).collect();
        let call = is_now.then_some(Call::Txn(reads));
        self.look(Some(at_us), servers, call, effects);
        if is_now {
            effects.because(&["commit_wait", "start_latest"], || {
                t!(
                    "It takes the end of TT.now(), {at}: what was told as committed has an earlier timestamp",
                    at = stamp(at_us)
                )
            });
        } else {
            effects.note(|| t!("Any replica can answer that, without a lock"));
        }
    }

    /// Who answers a read as of a moment: any replica that has enough of it; of the past rather one that is no leader.
    fn server(key: Key, is_past: bool, effects: &mut Effects<'_>) -> NodeId {
        let leader = effects.config().leader(key);
        let mut servers: Vec<NodeId> = effects.config().replicas(key).collect();
        if servers.is_empty() {
            return leader;
        }
        if !is_past {
            servers.push(leader);
        }
        servers[effects.choose(servers.len() as u64) as usize]
    }

    fn look(&mut self, at_us: Option<i64>, servers: Vec<(Key, NodeId)>, call: Option<Call>, effects: &mut Effects<'_>) {
        let operation = call.map(|call| effects.invoke(Data::Nil, call).0);
        if let Some(open) = &mut self.open {
            open.operation = operation;
            open.stage = Stage::Looking { at_us, servers, got: Vec::new() };
        }
        self.say(effects);
    }

    /// Sends what has not been answered.
    fn say(&self, effects: &mut Effects<'_>) {
        let Some(open) = &self.open else { return };
        let (txn, age) = (open.txn, open.age);
        match &open.stage {
            Stage::Reading { got } => {
                for key in open.wanted.locked() {
                    let leader = effects.config().leader(key);
                    let has = got.iter().any(|(other, ..)| *other == key);
                    effects.send(leader, if has { Message::Alive { txn } } else { Message::Read { txn, age } });
                }
            }
            Stage::Committing { requests } => {
                for (key, request) in requests {
                    let leader = effects.config().leader(*key);
                    effects.send(leader, Message::Commit(Box::new(request.clone())));
                }
            }
            Stage::Looking { at_us, servers, got } => {
                for (key, server) in servers {
                    if got.iter().all(|seen| seen.key != *key) {
                        effects.send(*server, Message::Look { txn, at_us: *at_us });
                    }
                }
            }
            Stage::Timeless => {}
        }
    }

    fn say_again(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        if self.open.is_none() {
            effects.routine("nothing open");
            effects.note(|| t!("{node} has nothing open", node = me));
            return;
        }
        effects.set_timer(Timer::Retry, RETRY_US);
        effects.routine("say again");
        effects.rule("alive");
        effects.note(|| t!("{node} has got no answer yet, and says again what it wants", node = me));
        effects.note(|| t!("Leaders keep locks only for those they hear of"));
        self.say(effects);
    }

    /// The node knows the time again, if there is anything new.
    fn on_time(&mut self, is_new: bool, effects: &mut Effects<'_>) {
        if !is_new {
            return;
        }
        if self.open.as_ref().is_some_and(|open| open.stage == Stage::Timeless) {
            self.start(effects);
        } else if !self.daemon.was_wrong {
            effects.routine("adopted");
        }
    }

    /// A read with a lock is answered.
    fn on_value(&mut self, from: NodeId, key: Key, value: Option<String>, life: u64, effects: &mut Effects<'_>) {
        let me = effects.me();
        let Some(open) = &mut self.open else { return };
        let wanted = open.wanted.clone();
        let Stage::Reading { got } = &mut open.stage else {
            effects.routine("old answer");
            effects.note(|| t!("{node} has had this answer of {from} before", node = me, from = from));
            return;
        };
        if got.iter().all(|(other, ..)| *other != key) {
            got.push((key, value.clone(), life));
        }
        let got = got.clone();
        effects.note(|| {
            let value = value.clone().map_or_else(|| t!("nothing"), Text::verbatim);
            t!("{node} has locked and read {key}: {value}", node = me, key = key.name(), value = value)
        });
        let of = |key: Key| got.iter().find(|(other, ..)| *other == key);
        if let Wanted::Transfer { from, to } = wanted
            && let (Some(one), Some(other)) = (of(from), of(to))
        {
            let moved = |read: &(Key, Option<String>, u64), by: i64| {
                let value = amount(&read.1).saturating_add(by).to_string();
                Change { key: read.0, read: Some((read.1.clone(), read.2)), value }
            };
            let writes = vec![moved(one, -AMOUNT), moved(other, AMOUNT)];
            self.commit(writes, effects);
        }
    }

    /// Sends everybody what is to be written; one of them coordinates.
    fn commit(&mut self, writes: Vec<Change>, effects: &mut Effects<'_>) {
        let me = effects.me();
        let place = if writes.len() > 1 { effects.choose(writes.len() as u64) as usize } else { 0 };
        let leaders: Vec<NodeId> = writes.iter().map(|change| effects.config().leader(change.key)).collect();
        let coordinator = leaders[place];
        let participants: Vec<NodeId> = leaders.into_iter().filter(|leader| *leader != coordinator).collect();
        let Some(open) = &mut self.open else { return };
        let name = |change: &Change| Data::text(change.key.name());
        let reads = writes.iter().filter(|change| change.read.is_some()).map(|change| Access::Read(name(change)));
        let changes = writes.iter().map(|change| Access::Write(name(change), Data::text(&change.value)));
        open.operation = Some(effects.invoke(Data::Nil, Call::Txn(reads.chain(changes).collect())).0);
        let request = |change: &Change| {
            let read_in = change.read.as_ref().map(|(_, life)| *life);
            let (txn, age, write) = (open.txn, open.age, Some(change.value.clone()));
            (change.key, Request { txn, age, coordinator, participants: participants.clone(), read_in, write })
        };
        let requests: Vec<(Key, Request)> = writes.iter().map(request).collect();
        let results = writes.iter().filter_map(|change| change.read.as_ref().map(|(value, _)| value.clone())).collect();
        open.results = results;
        let others = requests.len() > 1;
        open.stage = Stage::Committing { requests };
        effects.note(|| t!("{node} asks {coordinator} to commit", node = me, coordinator = coordinator));
        if others {
            effects.note(|| t!("{coordinator} coordinates; the others get their part too", coordinator = coordinator));
        }
        self.say(effects);
    }

    /// Its locks are gone: it begins again, as old as it was.
    fn on_gone(&mut self, from: NodeId, effects: &mut Effects<'_>) {
        let me = effects.me();
        let Some(open) = self.open.as_ref().filter(|open| matches!(open.stage, Stage::Reading { .. })) else {
            effects.routine("old answer");
            effects.note(|| t!("{node} leaves it to its coordinator", node = me));
            return;
        };
        effects.rule("wound_wait");
        effects.note(|| t!("{node} has lost its lock at {from}, and begins again", node = me, from = from));
        effects.note(|| t!("It stays as old as it was, so that it comes first in the end"));
        for key in open.wanted.locked() {
            let leader = effects.config().leader(key);
            effects.send(leader, Message::Release { txn: open.txn });
        }
        self.try_again(effects);
    }

    fn try_again(&mut self, effects: &mut Effects<'_>) {
        let (txn, now_us) = (self.next_txn(effects), effects.monotonic_now());
        let Some(open) = &mut self.open else { return };
        if now_us.saturating_sub(open.since_us) > PATIENCE_US {
            self.end(None, false, Vec::new(), effects);
            return;
        }
        (open.txn, open.operation) = (txn, None);
        self.start(effects);
    }

    /// The coordinator tells the outcome.
    fn on_done(&mut self, from: NodeId, stamp_us: Option<i64>, effects: &mut Effects<'_>) {
        let me = effects.me();
        let Some(Open { stage: Stage::Committing { requests }, results, operation, .. }) = &mut self.open else {
            if stamp_us.is_none() {
                // Refused before the client has asked to commit: one of its locks is gone.
                return self.on_gone(from, effects);
            }
            effects.routine("old answer");
            effects.note(|| t!("{node} has no use for this answer of {from} any more", node = me, from = from));
            return;
        };
        let results = results.iter().map(|value| data(value.as_ref()));
        let written = requests.iter().filter_map(|(_, request)| request.write.as_ref()).map(|value| Data::text(value));
        let outcome = match stamp_us {
            Some(_) => Outcome::Ok(Data::list(results.chain(written))),
            None => Outcome::Failed,
        };
        if let Some(operation) = operation.take() {
            effects.complete(OperationId(operation), outcome);
        }
        match stamp_us {
            Some(stamp_us) => {
                effects.note(|| t!("{node} learns that it is done, at {at}", node = me, at = stamp(stamp_us)));
                self.end(Some(stamp_us), true, Vec::new(), effects);
            }
            None => {
                effects.rule("wound_wait");
                effects.note(|| t!("{node} learns that its transaction is aborted, and begins again", node = me));
                self.try_again(effects);
            }
        }
    }

    /// A read without locks is answered.
    fn on_seen(&mut self, from: NodeId, seen: Seen, effects: &mut Effects<'_>) {
        let me = effects.me();
        let Some(open) = &mut self.open else { return };
        let Stage::Looking { servers, got, .. } = &mut open.stage else { return };
        let key = seen.key;
        if got.iter().any(|other| other.key == key) {
            effects.routine("old answer");
            effects.note(|| t!("{node} has had this answer of {from} before", node = me, from = from));
            return;
        }
        let (at_us, found) = (seen.at_us, seen.found.clone());
        got.push(seen);
        let is_whole = got.len() == servers.len();
        let mut got = got.clone();
        effects.note(|| {
            let value = match &found {
                Ok(Some(version)) => Text::verbatim(version.value.clone()),
                Ok(None) => t!("nothing"),
                Err(Forgotten) => t!("forgotten"),
            };
            t!("{node} sees {key} as of {at}: {value}", node = me, key = key.name(), at = stamp(at_us), value = value)
        });
        if !is_whole {
            return;
        }
        got.sort_unstable_by_key(|seen| seen.key);
        let value = |seen: &Seen| data(seen.found.as_ref().ok().and_then(Option::as_ref).map(|version| &version.value));
        let is_known = got.iter().all(|seen| seen.found.is_ok());
        if let Some(operation) = open.operation.take() {
            let outcome = if is_known { Outcome::Ok(Data::list(got.iter().map(value))) } else { Outcome::Failed };
            effects.complete(OperationId(operation), outcome);
        }
        self.end(is_known.then_some(at_us), false, got, effects);
    }

    fn end(&mut self, stamp_us: Option<i64>, has_written: bool, seen: Vec<Seen>, effects: &mut Effects<'_>) {
        let Some(open) = self.open.take() else { return };
        effects.cancel_timer(Timer::Retry);
        self.ended += 1;
        self.last = Some(Ended { wanted: open.wanted, stamp_us, has_written, seen });
        if let Some(next) = self.waiting.pop_front() {
            self.begin(next, effects);
        }
    }

    /// What a client does by itself: half of it writes one key, the rest moves something, or reads.
    fn choose(&self, effects: &mut Effects<'_>) -> Wanted {
        let keys = Key::all().count() as u64;
        let kind = effects.choose(20);
        let one = effects.choose(keys);
        let key = Key(one as u8);
        match kind {
            0..8 => Wanted::Write { key, value: self.fresh(effects) },
            8..14 => Wanted::Transfer { from: key, to: Key(((one + 1 + effects.choose(keys - 1)) % keys) as u8) },
            14..17 => Wanted::Latest { key },
            _ => Wanted::Snapshot { at_us: None },
        }
    }

    /// A value that nobody else writes.
    fn fresh(&self, effects: &Effects<'_>) -> String {
        let place = effects.config().clients().position(|client| client == effects.me()).unwrap_or(0) as u64;
        (100 * (self.number + 1) + 10 * (self.life % 10) + place).to_string()
    }
}

impl Wanted {
    /// What it reads with locks.
    fn locked(&self) -> Vec<Key> {
        match self {
            Wanted::Transfer { from, to } => vec![*from, *to],
            _ => Vec::new(),
        }
    }

    /// The keys that it is about.
    pub fn keys(&self) -> Vec<Key> {
        match self {
            Wanted::Write { key, .. } | Wanted::Latest { key } => vec![*key],
            Wanted::Transfer { from, to } => vec![*from, *to],
            Wanted::Snapshot { .. } => Key::all().collect(),
        }
    }

    /// Whether its moment is past: it says nothing of the newest values.
    pub fn is_past(&self) -> bool {
        matches!(self, Wanted::Snapshot { at_us: Some(_) })
    }
}
