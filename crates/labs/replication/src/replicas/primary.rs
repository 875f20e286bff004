//! What the primary does: writes the log, sends it to the replicas, and decides when a write is acknowledged.

use std::collections::VecDeque;
use std::rc::Rc;

use sim::history::Value;
use sim::order::sort_by_key;
use sim::{NodeId, t, time_us};

use super::log::{Entry, RequestId, Write};
use super::message::{Answer, Appended, Command, Message, Request};
use super::reign::{Follower, Lag, Reign, Sample};
use super::server::{Role, Server};
use super::settings::{Config, Mode};
use super::{Effects, InSync, Timer};

/// At most so many entries go into one message.
const ENTRIES_A_MESSAGE: u64 = 64;

/// So many samples of the replication lag are kept for the charts.
const SAMPLES: usize = 60;

impl Server {
    /// Begins an epoch as its primary. The opening entry stands at the position from which on logs differ.
    pub(super) fn open_epoch(&mut self, in_sync: InSync, effects: &mut Effects<'_>) {
        self.log.push(Entry { epoch: self.epoch, written_at_us: effects.local_now(), write: None });
        self.begin_reign(in_sync, effects);
    }

    /// Is primary from now on, with the log as it is.
    pub(super) fn begin_reign(&mut self, in_sync: InSync, effects: &mut Effects<'_>) {
        let follower = Follower { next: self.log.last_index().max(1), matched: 0, heard_at_us: effects.local_now() };
        self.primary = Some(effects.me());
        self.role = Role::Primary(Box::new(Reign {
            in_sync,
            opening: self.log.last_index(),
            lease_until_us: None,
            followers: vec![follower; usize::from(effects.config().servers)],
            unanswered: Vec::new(),
            is_alone: false,
            lag: VecDeque::new(),
        }));
        self.persist(effects);
        self.beat(effects);
        self.commit(effects);
    }

    /// A client writes.
    pub(super) fn on_put(&mut self, from: NodeId, request: Request, effects: &mut Effects<'_>) {
        let me = effects.me();
        let Command::Put { key, value } = request.command else { return };
        match self.log.last_write_of(request.id) {
            Some((_, write)) if write.request.serial > request.id.serial => {
                effects.note(|| t!("{node} ignores a request that {client} has given up", node = me, client = from));
                return;
            }
            Some((index, write)) if write.request.serial == request.id.serial => {
                effects.rule("once");
                effects.note(|| t!("{node} has this write of {client} already", node = me, client = from));
                self.acknowledge_later(from, request.id, index, effects);
                return;
            }
            _ => {}
        }
        let index = self.log.last_index() + 1;
        effects.rule("append");
        effects.note(|| {
            t!(
                "{node} writes “{key}={value}” as entry {index}",
                node = me,
                key = key.to_string(),
                value = value.to_string(),
                index = index
            )
        });
        let mode = effects.config().mode;
        effects.note(|| match mode {
            Mode::Sync => t!("It acknowledges that when all in-sync replicas have it."),
            Mode::Quorum => t!("It acknowledges that when a majority has it."),
            Mode::SemiSync => t!("It acknowledges that when one replica has it."),
            Mode::Async => t!("It acknowledges that at once; the replicas follow."),
        });
        let write = Some(Rc::new(Write { request: request.id, key, value }));
        self.log.push(Entry { epoch: self.epoch, written_at_us: effects.local_now(), write });
        self.persist(effects);
        self.send_to_all(effects);
        self.take_sample(effects);
        self.acknowledge_later(from, request.id, index, effects);
    }

    fn acknowledge_later(&mut self, client: NodeId, request: RequestId, index: u64, effects: &mut Effects<'_>) {
        let Role::Primary(reign) = &mut self.role else { return };
        reign.unanswered.push((client, request, index));
        let Config { mode, fall_back_us, .. } = *effects.config();
        let is_first = reign.unanswered.len() == 1;
        self.commit(effects);
        if mode == Mode::SemiSync && fall_back_us > 0 && is_first && self.committed < index {
            effects.set_timer(Timer::FallBack, fall_back_us);
        }
    }

    /// The time for a heartbeat: it goes to all replicas and to the observer.
    pub(super) fn beat(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        if !self.drop_silent(effects) {
            effects.routine("heartbeat");
        }
        effects.note(|| t!("{node} tells all that it is primary", node = me));
        self.send_to_all(effects);
        self.report(effects);
        self.take_sample(effects);
        let heartbeat_us = effects.config().heartbeat_us;
        effects.set_timer(Timer::Heartbeat, heartbeat_us);
    }

    /// No replica has answered in time: as MySQL's rpl_semi_sync_source_timeout, it goes on as if asynchronous.
    pub(super) fn fall_back(&mut self, effects: &mut Effects<'_>) {
        let Role::Primary(reign) = &mut self.role else { return };
        let me = effects.me();
        reign.is_alone = true;
        effects.rule("fall_back");
        effects.note(|| t!("{node} goes on alone: no replica has answered in time", node = me));
        effects.note(|| t!("From here on its writes are asynchronous, until a replica has caught up."));
        self.commit(effects);
    }

    /// A replica says what it made of entries.
    pub(super) fn on_appended(&mut self, from: NodeId, epoch: u64, answer: Appended, effects: &mut Effects<'_>) {
        let (me, last) = (effects.me(), self.log.last_index());
        let is_current = epoch == self.epoch;
        let Role::Primary(reign) = &mut self.role else { return };
        let Some(follower) = reign.followers.get_mut(from.index()).filter(|_| is_current) else {
            effects.note(|| t!("{node} has no use for an answer from epoch {epoch}", node = me, epoch = epoch));
            effects.routine("old answer");
            return;
        };
        follower.heard_at_us = effects.local_now();
        match answer {
            Appended::Stored { index } => {
                let is_new = index > follower.matched;
                follower.matched = follower.matched.max(index);
                follower.next = follower.next.max(index + 1);
                reign.is_alone &= follower.matched < last;
                let before = self.standing();
                self.take_back(from, effects);
                self.commit(effects);
                if (!is_new || index <= self.committed) && self.standing() == before {
                    effects.routine("answer");
                }
                effects.note(|| match is_new {
                    true => t!(
                        "{node} learns that {replica} has all up to entry {index}",
                        node = me,
                        replica = from,
                        index = index
                    ),
                    false => t!("{node} hears that {replica} has nothing new", node = me, replica = from),
                });
            }
            Appended::Refused { index } => {
                let had = follower.matched;
                follower.matched = follower.matched.min(index);
                follower.next = index + 1;
                effects.rule("gap");
                effects.note(|| {
                    t!(
                        "{node} sends {replica} what comes after entry {index}",
                        node = me,
                        replica = from,
                        index = index
                    )
                });
                if index < had {
                    effects.note(|| {
                        t!(
                            "{replica} had all up to entry {index}, and counted for it: if this is no old answer, its disk is lost, or another primary has made it go back. What was acknowledged may be lost.",
                            replica = from,
                            index = had
                        )
                    });
                }
                self.send_to(from, effects);
            }
        }
    }

    /// The observer has got a report.
    pub(super) fn on_lease(&mut self, epoch: u64, version: u64, sent_at_us: i64, effects: &mut Effects<'_>) {
        let (me, is_current) = (effects.me(), epoch == self.epoch);
        let (failover_us, has_leases) = (effects.config().failover_us, effects.config().rules.lease);
        let before = self.standing();
        let Role::Primary(reign) = &mut self.role else { return };
        if !is_current {
            effects.note(|| t!("{node} has no use for a lease of epoch {epoch}", node = me, epoch = epoch));
            return;
        }
        let until_us = sent_at_us.saturating_add_unsigned(failover_us);
        reign.lease_until_us = reign.lease_until_us.max(Some(until_us));
        effects.rule("lease");
        effects.note(|| match has_leases {
            true => t!("{node} may answer for {lease} from when it asked", node = me, lease = time_us(failover_us)),
            false => t!("{node} is told that its report has come", node = me),
        });
        if reign.in_sync.version == version && reign.in_sync.agreed != reign.in_sync.wanted {
            reign.in_sync.agreed = reign.in_sync.wanted;
            effects.rule("ask_before_drop");
            effects.note(|| t!("{node} no longer waits for replicas that the observer has struck off", node = me));
            self.persist(effects);
        }
        self.commit(effects);
        self.follow_log(effects);
        if self.standing() == before {
            effects.routine("lease");
        }
    }

    fn send_to_all(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        (0..effects.config().servers).map(NodeId).filter(|server| *server != me).for_each(|server| {
            self.send_to(server, effects);
        });
    }

    /// Sends a replica what it has not been sent, or a heartbeat.
    fn send_to(&mut self, to: NodeId, effects: &mut Effects<'_>) {
        let Role::Primary(reign) = &mut self.role else { return };
        let Some(follower) = reign.followers.get_mut(to.index()) else { return };
        let before = follower.next - 1;
        let entries = self.log.after(before, ENTRIES_A_MESSAGE);
        follower.next += entries.len() as u64;
        let before = self.log.position(before).unwrap_or_default();
        // An asynchronous primary commits what it writes, so that the entry itself can say so.
        let committed = if effects.config().mode == Mode::Async { self.log.last_index() } else { self.committed };
        effects.send(to, Message::Append { epoch: self.epoch, before, entries, committed });
    }

    /// Tells the observer that it lives, and which replicas are in sync.
    fn report(&mut self, effects: &mut Effects<'_>) {
        let Role::Primary(reign) = &self.role else { return };
        let InSync { version, wanted, .. } = reign.in_sync;
        let report = Message::Report { epoch: self.epoch, version, in_sync: wanted, sent_at_us: effects.local_now() };
        effects.send(effects.config().observer(), report);
    }

    /// Wants to go on without the replicas that have been silent for too long. It waits for them until the observer has
    /// agreed: else that might make one of them primary. True if there are any.
    fn drop_silent(&mut self, effects: &mut Effects<'_>) -> bool {
        let (me, now_us) = (effects.me(), effects.local_now());
        let Config { drop_us, rules, mode, .. } = *effects.config();
        let Role::Primary(reign) = &mut self.role else { return false };
        if drop_us == 0 || mode != Mode::Sync {
            return false;
        }
        let followers = &reign.followers;
        let is_silent =
            |server: &NodeId| *server != me && now_us - followers[server.index()].heard_at_us > drop_us as i64;
        let silent: Vec<NodeId> = reign.in_sync.wanted.iter().filter(is_silent).collect();
        for server in &silent {
            reign.in_sync.wanted = reign.in_sync.wanted.without(*server);
            effects.rule("drop_silent");
            effects
                .note(|| t!("{node} wants to go on without {replica}, which is silent", node = me, replica = *server));
        }
        if silent.is_empty() {
            return false;
        }
        reign.in_sync.version += 1;
        if !rules.ask_before_drop {
            effects.rule("ask_before_drop");
            reign.in_sync.agreed = reign.in_sync.wanted;
        }
        self.persist(effects);
        self.commit(effects);
        true
    }

    /// A replica that has caught up counts again: first for the primary, then for the observer.
    fn take_back(&mut self, server: NodeId, effects: &mut Effects<'_>) {
        let (me, last, mode) = (effects.me(), self.log.last_index(), effects.config().mode);
        let Role::Primary(reign) = &mut self.role else { return };
        let has_caught_up = reign.followers[server.index()].matched == last;
        if mode != Mode::Sync || !has_caught_up || reign.in_sync.wanted.contains(server) {
            return;
        }
        let InSync { version, agreed, wanted } = reign.in_sync;
        reign.in_sync = InSync { version: version + 1, agreed: agreed.with(server), wanted: wanted.with(server) };
        effects.rule("take_back");
        effects.note(|| t!("{node} waits for {replica} again: it has caught up", node = me, replica = server));
        self.persist(effects);
        self.report(effects);
    }

    /// Commits what enough servers have, and acknowledges it.
    fn commit(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        let Role::Primary(reign) = &mut self.role else { return };
        let reached = reign.reached(me, self.log.last_index(), effects.config());
        // Entries of earlier epochs are committed with the opening entry, not by counting their copies.
        if reached < reign.opening || reached < self.committed {
            return;
        }
        self.committed = reached;
        let (done, open) = reign.unanswered.drain(..).partition(|(_, _, index)| *index <= reached);
        reign.unanswered = open;
        if reign.unanswered.is_empty() {
            effects.cancel_timer(Timer::FallBack);
        }
        self.follow_log(effects);
        let done: Vec<(NodeId, RequestId, u64)> = done;
        for (client, request, index) in done {
            let version = self.log.position(index).unwrap_or_default();
            effects.rule("acknowledge");
            effects.note(|| {
                t!("{node} acknowledges entry {index} to {client}", node = me, index = index, client = client)
            });
            let answer =
                Answer { request, value: Value::Nil, version, applied: version, epoch: self.epoch, by_primary: true };
            effects.send(client, Message::Answer(answer));
        }
    }

    /// How far a replica is behind now, as far as it knows.
    pub(super) fn lag_of(&self, server: NodeId, local_now_us: i64) -> Lag {
        let Some(follower) = self.reign().and_then(|reign| reign.followers.get(server.index())) else {
            return Lag::default();
        };
        let since_us = self.log.entry(follower.matched + 1).map(|entry| entry.written_at_us);
        Lag {
            entries: self.log.last_index().saturating_sub(follower.matched),
            us: since_us.map_or(0, |since_us| u64::try_from(local_now_us - since_us).unwrap_or(0)),
        }
    }

    fn take_sample(&mut self, effects: &Effects<'_>) {
        let (me, at_us) = (effects.me(), effects.local_now());
        let lag_of = |server: NodeId| if server == me { Lag::default() } else { self.lag_of(server, at_us) };
        let servers = (0..effects.config().servers).map(NodeId).map(lag_of).collect();
        let Role::Primary(reign) = &mut self.role else { return };
        reign.lag.push_back(Sample { at_us, servers });
        while reign.lag.len() > SAMPLES {
            reign.lag.pop_front();
        }
    }
}

impl Reign {
    /// The last entry that enough servers have to acknowledge it.
    fn reached(&self, me: NodeId, last: u64, config: &Config) -> u64 {
        let others = || (0..config.servers).map(NodeId).filter(move |server| *server != me);
        let matched = |server: NodeId| self.followers[server.index()].matched;
        match config.mode {
            Mode::Async => last,
            Mode::SemiSync if self.is_alone => last,
            Mode::SemiSync => others().map(matched).max().unwrap_or(last),
            Mode::Quorum => {
                let mut all: Vec<u64> = others().map(matched).chain([last]).collect();
                sort_by_key(&mut all, |entry| u128::from(u64::MAX - entry));
                all[config.majority() - 1]
            }
            Mode::Sync => {
                others().filter(|server| self.in_sync.agreed.contains(*server)).map(matched).min().unwrap_or(last)
            }
        }
    }
}
