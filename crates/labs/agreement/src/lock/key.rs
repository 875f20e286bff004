//! A key with a time to live, in the memory of one server: set if absent, deleted by whoever has set it (Redis documentation,
//! "Distributed Locks with Redis").

use parts::shop::OrderId;
use serde::Serialize;
use sim::{NodeId, t};

use super::lease::Freed;
use super::message::Message;
use super::settings::Scheme;
use super::{Disk, Effects, name};

/// A server with the key.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Key {
    pub value: Option<Value>,
    /// How long it says nothing after a restart, by the clock of its machine.
    pub silent_until_us: u64,
    pub freed: Option<Freed>,
}

/// What the key is set to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Value {
    pub owner: OrderId,
    /// Until then it is there, by the clock that the server shows, which can be set.
    pub until_us: i64,
}

impl Key {
    /// Starts with nothing. After a restart it may keep silent for so long that all that it knew has run out.
    pub(super) fn boot(disk: &Disk, effects: &mut Effects<'_>) -> Key {
        let (me, config) = (effects.me(), effects.config());
        let silence_us = match (config.scheme, disk.life) {
            (Scheme::Redlock, 1..) => config.silence_us,
            _ => 0,
        };
        let silent_until_us = effects.monotonic_now() + silence_us;
        effects.persist(Disk { life: disk.life + 1, ..Disk::default() });
        if disk.life > 0 {
            effects.rule("memory");
            effects.note(|| t!("{node} restarts, and knows of no lock: it keeps them in memory", node = me));
        }
        if silence_us > 0 {
            effects.rule("silence");
            effects.note(|| t!("It says nothing until all locks that it knew of have run out"));
        }
        Key { value: None, silent_until_us, freed: None }
    }

    /// Who has set the key, if it is still there at this time of the server.
    pub fn owner(&self, now_us: i64, expiry: bool) -> Option<OrderId> {
        self.value.filter(|value| !expiry || now_us < value.until_us).map(|value| value.owner)
    }

    pub(super) fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        let me = effects.me();
        if effects.monotonic_now() < self.silent_until_us {
            effects.routine("silent");
            effects.rule("silence");
            effects.note(|| t!("{node} has restarted, and does not answer yet", node = me));
            return;
        }
        let (now_us, rules, ttl_us) = (effects.local_now(), effects.config().rules, effects.config().ttl_us);
        let owner = self.owner(now_us, rules.expiry);
        match message {
            Message::Acquire { attempt, sent_us } => {
                effects.rule("set_if_absent");
                if let Some(owner) = owner.filter(|owner| *owner != attempt) {
                    effects.send(from, Message::Taken { attempt });
                    return effects.note(|| {
                        t!(
                            "{node} tells {attempt} that {owner} has it",
                            node = me,
                            attempt = name(attempt),
                            owner = name(owner)
                        )
                    });
                }
                let before = self.value.filter(|value| value.owner != attempt).map(|value| value.owner);
                if owner.is_none() {
                    self.value = Some(Value { owner: attempt, until_us: now_us + ttl_us as i64 });
                }
                effects.send(from, Message::Granted { attempt, token: None, sent_us });
                effects.note(|| t!("{node} gives the lock to {attempt}", node = me, attempt = name(attempt)));
                if let Some(before) = before {
                    effects.rule("expiry");
                    effects.note(|| t!("The time of {before} has run out, by its clock", before = name(before)));
                }
            }
            Message::KeepAlive { attempt, sent_us } if owner == Some(attempt) => {
                self.value = Some(Value { owner: attempt, until_us: now_us + ttl_us as i64 });
                effects.send(from, Message::Alive { attempt, token: None, sent_us });
                effects.routine("renewed");
                effects.rule("renew");
                effects.note(|| t!("{node} renews the lock of {attempt}", node = me, attempt = name(attempt)));
            }
            Message::KeepAlive { attempt, .. } => {
                effects.send(from, Message::Over { attempt });
                effects.rule("renew");
                effects.note(|| t!("{node} tells {attempt} that its time is over", node = me, attempt = name(attempt)));
            }
            Message::Release { attempt } => self.on_release(attempt, owner, effects),
            _ => {}
        }
    }

    fn on_release(&mut self, attempt: OrderId, owner: Option<OrderId>, effects: &mut Effects<'_>) {
        let (me, rules) = (effects.me(), effects.config().rules);
        match owner {
            Some(owner) if owner == attempt || !rules.owner_only => {
                self.value = None;
                self.freed = Some(Freed::new(self.freed, owner, attempt));
                effects.note(|| match owner == attempt {
                    true => t!("{attempt} releases the lock at {node}", attempt = name(attempt), node = me),
                    false => t!("{attempt} deletes the lock of {owner}", attempt = name(attempt), owner = name(owner)),
                });
                if owner != attempt {
                    effects.rule("owner_only");
                }
            }
            Some(owner) => {
                effects.rule("owner_only");
                effects.note(|| {
                    t!(
                        "{node} keeps the lock: it is {owner}’s, not {attempt}’s",
                        node = me,
                        owner = name(owner),
                        attempt = name(attempt)
                    )
                });
            }
            None => {
                effects.routine("nothing to release");
                effects
                    .note(|| t!("{node} has no lock that {attempt} could release", node = me, attempt = name(attempt)));
            }
        }
    }
}
