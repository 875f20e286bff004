//! Locks of a leader: two-phase locking, and wound-wait against deadlocks (section 4.2.1).

use serde::Serialize;
use sim::{NodeId, t};

use super::leader::Leader;
use super::settings::Rules;
use super::transaction::{Age, Request, Txn};
use super::{Effects, Message};

/// A transaction that has a part at a leader.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Trans {
    pub txn: Txn,
    pub age: Age,
    /// When its client was last heard of, by what the machine counts.
    pub heard_us: u64,
    pub read: Lock,
    /// What it wants to commit; none as long as it reads.
    pub request: Option<Request>,
    /// Of a coordinator: what its timestamp has to be later than.
    pub start_us: Option<i64>,
    pub stage: Stage,
    /// Whether the coordinator was told that somebody older waits.
    pub(super) is_in_the_way: bool,
}

/// A lock to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Lock {
    None,
    Wanted,
    Held,
}

/// How far it is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Stage {
    /// It reads, or has read.
    Reading,
    /// It wants to commit, and waits for its lock.
    Asking,
    /// A participant: this prepare timestamp is being logged.
    Preparing { at_us: i64 },
    /// A participant: only the coordinator knows what becomes of it.
    Prepared { at_us: i64 },
    /// A participant: the outcome is being logged.
    Applying { at_us: i64, stamp_us: i64 },
    /// The coordinator: it waits for participants.
    Collecting { votes: Vec<(NodeId, i64)> },
    /// The coordinator: it has its timestamp. `chosen_us` is by the clock of the simulator.
    Deciding { at_us: i64, chosen_us: i64, is_logged: bool, waits: bool },
}

impl Trans {
    pub(super) fn new(txn: Txn, age: Age, heard_us: u64) -> Trans {
        let (read, request, start_us, stage) = (Lock::None, None, None, Stage::Reading);
        Trans { txn, age, heard_us, read, request, start_us, stage, is_in_the_way: false }
    }

    pub(super) fn of(request: Request, heard_us: u64) -> Trans {
        let read = if request.read_in.is_some() { Lock::Held } else { Lock::None };
        Trans { read, request: Some(request.clone()), ..Trans::new(request.txn, request.age, heard_us) }
    }

    /// Whether nothing of it is promised to anybody: it can be aborted here.
    pub(super) fn is_free(&self) -> bool {
        matches!(self.stage, Stage::Reading | Stage::Asking | Stage::Collecting { .. })
    }

    /// The timestamp before which reads cannot be answered: it may come to be committed there, or later.
    pub fn pending_us(&self) -> Option<i64> {
        match self.stage {
            Stage::Preparing { at_us } | Stage::Prepared { at_us } => Some(at_us),
            Stage::Applying { at_us, .. } | Stage::Deciding { at_us, .. } => Some(at_us),
            Stage::Reading | Stage::Asking | Stage::Collecting { .. } => None,
        }
    }

    fn writes(&self) -> bool {
        self.request.as_ref().is_some_and(|request| request.write.is_some())
    }

    /// Whether it waits for a lock.
    pub(super) fn wants(&self) -> bool {
        self.stage == Stage::Asking || (self.stage == Stage::Reading && self.read == Lock::Wanted)
    }

    fn has_locks(&self, rules: Rules) -> bool {
        rules.locks_to_the_end || self.pending_us().is_none()
    }

    fn has_write_lock(&self, rules: Rules) -> bool {
        self.writes() && !matches!(self.stage, Stage::Reading | Stage::Asking) && self.has_locks(rules)
    }

    fn has_read_lock(&self, rules: Rules) -> bool {
        self.read == Lock::Held && self.has_locks(rules)
    }

    /// Whether this one can have its lock only without the other one.
    fn conflicts_with(&self, other: &Trans, rules: Rules) -> bool {
        let writes = self.stage == Stage::Asking && self.writes();
        self.txn != other.txn && (other.has_write_lock(rules) || (writes && other.has_read_lock(rules)))
    }
}

impl Leader {
    /// A client wants to read with a lock.
    pub(super) fn on_read(&mut self, client: NodeId, txn: Txn, age: Age, effects: &mut Effects<'_>) {
        let (me, now_us, key) = (effects.me(), effects.monotonic_now(), self.key);
        if self.kept.is_over(txn) {
            effects.routine("late read");
            effects.note(|| t!("{node} gives no lock to a transaction that is over", node = me));
            return;
        }
        match self.of_mut(txn) {
            Some(trans) => {
                trans.heard_us = now_us;
                if trans.read == Lock::Held {
                    self.send_value(txn, effects);
                }
                effects.routine("read again");
                effects
                    .note(|| t!("{client} asks {node} again for {key}", client = client, node = me, key = key.name()));
            }
            None => {
                self.trans.push(Trans { read: Lock::Wanted, ..Trans::new(txn, age, now_us) });
                let before = self.trans.len();
                self.settle(effects);
                let has_lock = self.of(txn).is_some_and(|trans| trans.read == Lock::Held);
                effects.rule("wound_wait");
                effects.note(|| match has_lock {
                    true => {
                        t!("{client} locks {key} at {node} to read it", client = client, key = key.name(), node = me)
                    }
                    false => t!(
                        "{client} waits at {node} for the lock of {key}",
                        client = client,
                        key = key.name(),
                        node = me
                    ),
                });
                if self.trans.len() < before {
                    effects.note(|| t!("Whoever held it was younger, and has to begin again"));
                } else if !has_lock {
                    effects.note(|| t!("Somebody older has it, or somebody who is prepared"));
                }
            }
        }
    }

    fn send_value(&self, txn: Txn, effects: &mut Effects<'_>) {
        let value = self.kept.newest().map(|version| version.value.clone());
        effects.send(txn.client, Message::Value { txn, key: self.key, value, life: self.kept.lives });
    }

    pub(super) fn on_alive(&mut self, client: NodeId, txn: Txn, effects: &mut Effects<'_>) {
        let (me, now_us) = (effects.me(), effects.monotonic_now());
        effects.rule("alive");
        effects.routine("alive");
        match self.of_mut(txn) {
            Some(trans) => {
                trans.heard_us = now_us;
                effects.note(|| t!("{client} is still at it, {node} hears", client = client, node = me));
            }
            None => {
                effects.send(client, Message::Gone { txn });
                effects.note(|| t!("{node} has no lock of {txn}, and says so", node = me, txn = txn.text()));
            }
        }
    }

    pub(super) fn on_release(&mut self, txn: Txn, effects: &mut Effects<'_>) {
        let me = effects.me();
        if self.of(txn).is_some_and(|trans| trans.stage == Stage::Reading) {
            self.remove(txn, effects);
            effects.note(|| t!("{node} frees the locks of {txn}, which has ended", node = me, txn = txn.text()));
            self.settle(effects);
        } else {
            effects.routine("nothing to free");
            effects.note(|| t!("{node} has no lock of {txn}", node = me, txn = txn.text()));
        }
    }

    /// Gives locks to whoever can have them, the oldest first. Who is older takes a lock away from who is younger, unless that one is
    /// prepared: then its coordinator is asked to give it up, or to hurry.
    pub(super) fn settle(&mut self, effects: &mut Effects<'_>) {
        while self.settle_one(effects) {}
    }

    fn settle_one(&mut self, effects: &mut Effects<'_>) -> bool {
        let rules = effects.config().rules;
        let mut wanting: Vec<(Age, Txn)> =
            self.trans.iter().filter(|trans| trans.wants()).map(|trans| (trans.age, trans.txn)).collect();
        wanting.sort_unstable();
        for (age, txn) in wanting {
            let Some(wanting) = self.of(txn) else { continue };
            let in_the_way = |other: &&Trans| wanting.conflicts_with(other, rules);
            let blockers: Vec<(Txn, bool)> = self
                .trans
                .iter()
                .filter(in_the_way)
                .filter(|other| other.age > age)
                .map(|other| (other.txn, other.is_free()))
                .collect();
            if !self.trans.iter().any(|other| in_the_way(&other)) {
                self.grant(txn, effects);
                return true;
            }
            if let Some((younger, _)) = blockers.iter().find(|(_, is_free)| *is_free) {
                effects.rule("wound_wait");
                self.wound(*younger, effects);
                return true;
            }
            for (younger, _) in blockers {
                self.hurry(younger, effects);
            }
        }
        false
    }

    /// It has the lock that it wants.
    fn grant(&mut self, txn: Txn, effects: &mut Effects<'_>) {
        let Some(trans) = self.of_mut(txn) else { return };
        if trans.stage == Stage::Reading {
            trans.read = Lock::Held;
            self.send_value(txn, effects);
        } else {
            self.go_on(txn, effects);
        }
    }

    /// Takes the locks of a transaction away that nothing has been promised of.
    pub(super) fn wound(&mut self, txn: Txn, effects: &mut Effects<'_>) {
        let Some(trans) = self.of(txn) else { return };
        match trans.request.clone() {
            Some(request) => self.refuse(request, effects),
            None => {
                self.remove(txn, effects);
                effects.send(txn.client, Message::Gone { txn });
            }
        }
    }

    /// Tells the coordinator of a prepared transaction that somebody older waits for it.
    fn hurry(&mut self, txn: Txn, effects: &mut Effects<'_>) {
        let Some(trans) = self.of_mut(txn) else { return };
        let (Stage::Prepared { at_us }, Some(request), false) = (&trans.stage, &trans.request, trans.is_in_the_way)
        else {
            return;
        };
        let ask = Message::Prepared { txn, at_us: *at_us, asks: true, is_in_the_way: true };
        effects.send(request.coordinator, ask);
        trans.is_in_the_way = true;
    }
}
