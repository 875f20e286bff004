//! A replica: it has the versions of its leader a little later, and answers reads of the past.

use serde::Serialize;
use sim::{NodeId, t};

use super::kept::Disk;
use super::transaction::{Key, Txn, Version};
use super::words::stamp;
use super::{Effects, Message};

/// The state of a replica.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Replica {
    pub key: Key,
    pub kept: Disk,
    /// Reads that wait until it is known that nothing more will come before their moment.
    pub looks: Vec<(NodeId, Txn, i64)>,
}

/// What a leader sends its replicas.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Entries {
    /// The versions after this number.
    pub after: u64,
    pub versions: Vec<Version>,
    /// With these a replica has all up to this number …
    pub count: u64,
    /// … and, the leader promises, all up to this moment.
    pub safe_us: i64,
}

impl Replica {
    pub(super) fn boot(key: Key, disk: &Disk, effects: &mut Effects<'_>) -> Replica {
        let kept = Disk { is_new: false, lives: disk.lives + 1, ..disk.clone() };
        effects.persist(kept.clone());
        Replica { key, kept, looks: Vec::new() }
    }

    /// The leader sends versions, a promise, or both.
    pub(super) fn on_entries(&mut self, leader: NodeId, entries: Entries, effects: &mut Effects<'_>) {
        let (me, before) = (effects.me(), self.kept.count);
        if entries.after <= before {
            // The leader has forgotten what is in between: what is known of the past begins anew.
            if entries.versions.first().is_some_and(|first| first.number > before + 1) {
                self.kept.versions.clear();
            }
            for version in entries.versions.iter().filter(|version| version.number > before) {
                self.kept.put(version.clone());
            }
            self.kept.count = before.max(entries.count);
        }
        let floor_us = self.kept.floor_us;
        if self.kept.count >= entries.count {
            self.kept.floor_us = floor_us.max(entries.safe_us);
        }
        let (count, new) = (self.kept.count, self.kept.count - before);
        if new > 0 || self.kept.floor_us > floor_us {
            effects.persist(self.kept.clone());
        }
        effects.send(leader, Message::Have { count });
        effects.rule("min_next_ts");
        let safe_us = self.kept.floor_us;
        match (new, entries.count > count) {
            (0, true) => {
                effects
                    .note(|| t!("{node} lacks what was before, and says so to {leader}", node = me, leader = leader));
            }
            (0, false) => {
                effects.routine("promise");
                effects.note(|| {
                    t!(
                        "{leader} promises {node}: nothing more up to {safe}",
                        leader = leader,
                        node = me,
                        safe = stamp(safe_us)
                    )
                });
            }
            _ => {
                let value = self.kept.newest().map(|version| version.value.clone()).unwrap_or_default();
                let key = self.key.name();
                effects.note(|| t!("{node} has {key} = {value} now too", node = me, key = key, value = value));
            }
        }
        self.answer_looks(effects);
    }

    /// Somebody reads as of a moment.
    pub(super) fn look(&mut self, client: NodeId, txn: Txn, at_us: i64, effects: &mut Effects<'_>) {
        let (me, key, leader) = (effects.me(), self.key, effects.config().leader(self.key));
        self.looks.retain(|(_, other, _)| *other != txn);
        effects.rule("safe_time");
        if !effects.config().rules.safe_time || at_us <= self.kept.floor_us {
            self.answer(client, txn, at_us, effects);
            effects.note(|| {
                t!(
                    "{node} answers {client} with {key} as of {at}",
                    node = me,
                    client = client,
                    key = key.name(),
                    at = stamp(at_us)
                )
            });
            effects.because(&["safe_time"], || t!("Its leader has promised that nothing more comes up to then"));
            return;
        }
        self.looks.push((client, txn, at_us));
        effects.send(leader, Message::NeedSafe { at_us });
        effects.note(|| {
            t!(
                "{node} cannot say yet what {key} is as of {at}, and asks {leader}",
                node = me,
                key = key.name(),
                at = stamp(at_us),
                leader = leader
            )
        });
        effects.note(|| t!("A commit with an earlier timestamp may still be under way"));
    }

    fn answer_looks(&mut self, effects: &mut Effects<'_>) {
        let floor_us = self.kept.floor_us;
        let (now, later) = std::mem::take(&mut self.looks).into_iter().partition(|(_, _, at_us)| *at_us <= floor_us);
        self.looks = later;
        let now: Vec<(NodeId, Txn, i64)> = now;
        for (client, txn, at_us) in now {
            self.answer(client, txn, at_us, effects);
        }
    }

    fn answer(&self, client: NodeId, txn: Txn, at_us: i64, effects: &mut Effects<'_>) {
        let found = self.kept.as_of(at_us).map(|version| version.cloned());
        effects.send(client, Message::Seen { txn, key: self.key, at_us, found });
    }
}
