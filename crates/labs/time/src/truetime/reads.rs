//! Reads without locks at a leader, and what it promises its replicas (sections 4.1.3, 4.1.4, 4.2.2 and 4.2.4).

use serde::Serialize;
use sim::{NodeId, t};

use super::leader::Leader;
use super::replica::Entries;
use super::transaction::Txn;
use super::words::stamp;
use super::{Effects, Message};

/// A read as of a moment that waits, or a replica that needs a promise up to a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Look {
    pub from: NodeId,
    /// None for a replica.
    pub txn: Option<Txn>,
    pub at_us: i64,
}

impl Leader {
    /// The least timestamp at which something may come to be committed that is not there yet.
    pub fn pending_us(&self) -> Option<i64> {
        self.trans.iter().filter_map(super::locks::Trans::pending_us).min()
    }

    /// Up to which moment it has all there will ever be, as it could promise now without giving a new promise: t_safe.
    pub fn safe_us(&self) -> i64 {
        self.pending_us().map_or(self.kept.floor_us, |pending_us| (pending_us - 1).min(self.kept.floor_us))
    }

    /// Somebody reads without locks.
    pub(super) fn on_look(&mut self, client: NodeId, txn: Txn, at_us: Option<i64>, effects: &mut Effects<'_>) {
        let (me, key) = (effects.me(), self.key);
        // What a client asks again it has asked already.
        if self.looks.iter().any(|look| look.txn == Some(txn)) {
            effects.routine("look again");
            effects.note(|| t!("{client} asks {node} again for {key}", client = client, node = me, key = key.name()));
            return;
        }
        let pending_us = self.pending_us();
        let at_us = match at_us {
            Some(at_us) => at_us,
            // LastTS(): the read comes right after the last write.
            None if pending_us.is_none() => {
                effects.rule("last_ts");
                self.kept.newest().map_or(0, |version| version.stamp_us)
            }
            None => match self.daemon.now(effects) {
                Some(now) => now.latest_us,
                None => {
                    effects.note(|| {
                        t!("{node} does not know the time, and cannot answer {client}", node = me, client = client)
                    });
                    return;
                }
            },
        };
        self.looks.push(Look { from: client, txn: Some(txn), at_us });
        effects.rule("safe_time");
        match pending_us.filter(|pending_us| *pending_us <= at_us) {
            None => effects.note(|| {
                t!(
                    "{node} answers {client} with {key} as of {at}",
                    node = me,
                    client = client,
                    key = key.name(),
                    at = stamp(at_us)
                )
            }),
            Some(pending_us) => {
                effects.note(|| {
                    t!(
                        "{node} lets {client} wait: a commit may come at {pending} or later, and {client} reads as of {at}",
                        node = me,
                        client = client,
                        pending = stamp(pending_us),
                        at = stamp(at_us)
                    )
                });
                effects.note(|| t!("A read takes no lock, but it waits for what is prepared before its moment"));
            }
        }
        self.answer_looks(effects);
    }

    /// A replica needs a promise.
    pub(super) fn on_need(&mut self, replica: NodeId, at_us: i64, effects: &mut Effects<'_>) {
        let me = effects.me();
        effects.rule("min_next_ts");
        self.looks.retain(|look| look.from != replica || look.at_us > at_us);
        self.looks.push(Look { from: replica, txn: None, at_us });
        let is_pending = self.pending_us().is_some_and(|pending_us| pending_us <= at_us);
        effects.note(|| match is_pending {
            false => t!(
                "{node} promises {replica}: no new commit up to {at}",
                node = me,
                replica = replica,
                at = stamp(at_us)
            ),
            true => t!("{node} cannot promise that yet: a commit may come before {at}", node = me, at = stamp(at_us)),
        });
        self.answer_looks(effects);
    }

    /// Answers what can be answered. Who has answered as of a moment gives no timestamp up to then any more, crash or not: that is on
    /// disk before the answer leaves.
    pub(super) fn answer_looks(&mut self, effects: &mut Effects<'_>) {
        let pending_us = self.pending_us();
        let can = |look: &Look| pending_us.is_none_or(|pending_us| look.at_us < pending_us);
        let (now, later) = std::mem::take(&mut self.looks).into_iter().partition(can);
        self.looks = later;
        let now: Vec<Look> = now;
        let Some(highest_us) = now.iter().map(|look| look.at_us).max() else { return };
        self.kept.floor_us = self.kept.floor_us.max(highest_us);
        if self.kept.floor_us > self.floor_on_disk_us {
            self.persist(effects);
        }
        for look in now {
            match look.txn {
                Some(txn) => {
                    let found = self.kept.as_of(look.at_us).map(|version| version.cloned());
                    effects.send(look.from, Message::Seen { txn, key: self.key, at_us: look.at_us, found });
                }
                None => self.send_entries_to(look.from, effects),
            }
        }
    }

    /// Sends all replicas what they have not said that they have, and a promise.
    pub(super) fn send_entries(&mut self, effects: &mut Effects<'_>) {
        for replica in self.have.iter().map(|(replica, _)| *replica).collect::<Vec<_>>() {
            self.send_entries_to(replica, effects);
        }
    }

    fn send_entries_to(&mut self, replica: NodeId, effects: &mut Effects<'_>) {
        let Some((_, after)) = self.have.iter().find(|(other, _)| *other == replica) else { return };
        let after = *after;
        let mut versions: Vec<_> =
            self.kept.versions.iter().filter(|version| version.number > after).cloned().collect();
        versions.sort_unstable_by_key(|version| version.number);
        if self.kept.floor_us > self.floor_on_disk_us {
            self.persist(effects);
        }
        let entries = Entries { after, versions, count: self.kept.count, safe_us: self.safe_us() };
        effects.send(replica, Message::Entries(entries));
    }

    pub(super) fn on_have(&mut self, replica: NodeId, count: u64, effects: &mut Effects<'_>) {
        let me = effects.me();
        effects.routine("have");
        effects.note(|| t!("{replica} tells {node} how far it is", replica = replica, node = me));
        for known in self.have.iter_mut().filter(|(other, _)| *other == replica) {
            known.1 = count;
        }
    }

    /// An idle leader promises that nothing new comes before now (section 4.2.4).
    pub(super) fn promise_again(&mut self, effects: &mut Effects<'_>) {
        let (me, safe_us) = (effects.me(), effects.config().safe_us);
        effects.set_timer(super::Timer::Promise, safe_us);
        effects.routine("promise");
        effects.rule("min_next_ts");
        if let (None, Some(now)) = (self.pending_us(), self.daemon.now(effects)) {
            self.kept.floor_us = self.kept.floor_us.max(now.latest_us);
        }
        self.send_entries(effects);
        effects.note(|| t!("{node} promises its replicas what will not come any more", node = me));
    }
}
