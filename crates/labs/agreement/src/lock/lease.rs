//! A lock service with leases: a queue of sessions on disk, each with a time to live, and a token with each grant (Gray and Cheriton
//! 1989; Burrows 2006, sections 2.4, 2.8 and 2.9; the `concurrency` package of etcd).

use parts::shop::OrderId;
use serde::Serialize;
use sim::{Map, NodeId, t};

use super::message::Message;
use super::{Disk, Effects, Timer, name, token_text};

/// What is on disk: the queue, and what keeps numbers from coming back.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Sessions {
    /// The last token.
    pub token: u64,
    /// Who has the lock, and the token that it got.
    pub holder: Option<Holder>,
    /// Who waits, the first one first.
    pub queue: Vec<OrderId>,
    /// The last session of each customer that has ended.
    pub(super) ended: Map<NodeId, u64>,
    /// Whether the lock ran out, and stays shut for a while.
    pub is_shut: bool,
}

/// Who has the lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Holder {
    pub attempt: OrderId,
    pub token: u64,
}

/// The last lock that a release has freed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Freed {
    /// How many there were.
    pub count: u64,
    pub holder: OrderId,
    /// Who has sent the release.
    pub by: OrderId,
}

impl Freed {
    /// One more than the one before.
    pub fn new(before: Option<Freed>, holder: OrderId, by: OrderId) -> Freed {
        Freed { count: before.map_or(0, |freed| freed.count) + 1, holder, by }
    }
}

/// The lock service.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Lease {
    life: u64,
    pub sessions: Sessions,
    /// When each session ends, and what the customer's clock showed when it last renewed it.
    pub(super) ends: Map<OrderId, End>,
    /// When the lock is open again, if it is shut.
    open_us: u64,
    pub freed: Option<Freed>,
    /// How many sessions have run out.
    pub expired: u64,
}

/// The end of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) struct End {
    pub(super) at_us: u64,
    sent_us: u64,
}

impl Lease {
    /// Starts with what is on disk. Each session gets its whole time again: nobody knows how long the service was away.
    pub(super) fn boot(disk: &Disk, effects: &mut Effects<'_>) -> Lease {
        let me = effects.me();
        let sessions = match effects.config().rules.lock_on_disk || disk.life == 0 {
            true => disk.lease.clone(),
            false => Sessions::default(),
        };
        let known = sessions.known();
        let mut lease =
            Lease { life: disk.life + 1, sessions, ends: Map::default(), open_us: 0, freed: None, expired: 0 };
        if disk.life > 0 {
            effects.rule("lock_on_disk");
            effects.note(|| match known.len() {
                0 => t!("{node} restarts, and knows of no session", node = me),
                count => t!("{node} restarts, and finds the sessions on its disk: {count}", node = me, count = count),
            });
        }
        known.into_iter().for_each(|attempt| lease.renew(attempt, 0, effects));
        if lease.sessions.is_shut {
            lease.shut(effects);
        }
        lease.keep(effects);
        lease
    }

    fn keep(&self, effects: &mut Effects<'_>) {
        effects.persist(Disk { life: self.life, lease: self.sessions.clone(), ..Disk::default() });
    }

    fn renew(&mut self, attempt: OrderId, sent_us: u64, effects: &mut Effects<'_>) {
        let ttl_us = effects.config().ttl_us;
        let sent_us = sent_us.max(self.ends.get(&attempt).map_or(0, |end| end.sent_us));
        self.ends.insert(attempt, End { at_us: effects.monotonic_now() + ttl_us, sent_us });
        effects.set_timer(Timer::Expiry(attempt), ttl_us);
    }

    fn shut(&mut self, effects: &mut Effects<'_>) {
        let delay_us = effects.config().lock_delay_us;
        self.sessions.is_shut = true;
        self.open_us = effects.monotonic_now() + delay_us;
        effects.set_timer(Timer::Delay, delay_us);
    }

    /// The token of an attempt, if it has the lock.
    fn token_of(&self, attempt: OrderId) -> Option<u64> {
        self.sessions.holder.filter(|holder| holder.attempt == attempt).map(|holder| holder.token)
    }

    pub(super) fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        let me = effects.me();
        let attempt = message.attempt();
        let is_known = self.ends.get(&attempt).is_some();
        match message {
            Message::Acquire { sent_us, .. } => {
                if !is_known && self.sessions.has_ended(attempt) {
                    return self.tell_over(from, attempt, effects);
                }
                self.renew(attempt, sent_us, effects);
                if is_known {
                    effects.routine("asks again");
                    effects.note(|| t!("{node} has {attempt} on its list", node = me, attempt = name(attempt)));
                    return match self.token_of(attempt) {
                        Some(token) => effects.send(from, Message::Granted { attempt, token: Some(token), sent_us }),
                        None => effects.send(from, Message::Queued { attempt, sent_us }),
                    };
                }
                self.sessions.queue.push(attempt);
                self.grant(effects);
                self.keep(effects);
                if self.token_of(attempt).is_none() {
                    effects.send(from, Message::Queued { attempt, sent_us });
                    effects.rule("queue");
                    effects.note(|| t!("{node} puts {attempt} into the queue", node = me, attempt = name(attempt)));
                }
            }
            Message::KeepAlive { sent_us, .. } if is_known => {
                self.renew(attempt, sent_us, effects);
                effects.send(from, Message::Alive { attempt, token: self.token_of(attempt), sent_us });
                effects.routine("renewed");
                effects.rule("renew");
                effects.note(|| t!("{node} renews the session of {attempt}", node = me, attempt = name(attempt)));
            }
            Message::KeepAlive { .. } => self.tell_over(from, attempt, effects),
            Message::Release { .. } => self.on_release(attempt, effects),
            _ => {}
        }
    }

    fn tell_over(&self, to: NodeId, attempt: OrderId, effects: &mut Effects<'_>) {
        let me = effects.me();
        effects.send(to, Message::Over { attempt });
        effects.rule("renew");
        effects.note(|| t!("{node} tells {attempt} that its session is over", node = me, attempt = name(attempt)));
    }

    fn on_release(&mut self, attempt: OrderId, effects: &mut Effects<'_>) {
        let (me, rules) = (effects.me(), effects.config().rules);
        let holder = self.sessions.holder.map(|holder| holder.attempt);
        let is_known = self.ends.get(&attempt).is_some();
        self.end(attempt, effects);
        match holder {
            Some(holder) if holder == attempt || !rules.owner_only => {
                self.end(holder, effects);
                self.freed = Some(Freed::new(self.freed, holder, attempt));
                effects.note(|| match holder == attempt {
                    true => t!("{attempt} releases the lock", attempt = name(attempt)),
                    false => t!("{attempt} frees the lock of {holder}", attempt = name(attempt), holder = name(holder)),
                });
                if holder != attempt {
                    effects.rule("owner_only");
                }
            }
            Some(holder) => {
                effects.rule("owner_only");
                effects.note(|| {
                    t!(
                        "{node} keeps the lock: it is {holder}’s, not {attempt}’s",
                        node = me,
                        holder = name(holder),
                        attempt = name(attempt)
                    )
                });
            }
            None if is_known => {
                effects.note(|| t!("{attempt} leaves the queue", attempt = name(attempt)));
            }
            None => {
                effects.routine("nothing to release");
                effects
                    .note(|| t!("{node} has no lock that {attempt} could release", node = me, attempt = name(attempt)));
            }
        }
        self.grant(effects);
        self.keep(effects);
    }

    /// Ends a session, and takes the lock from it if it has it.
    fn end(&mut self, attempt: OrderId, effects: &mut Effects<'_>) {
        self.ends.remove(&attempt);
        effects.cancel_timer(Timer::Expiry(attempt));
        let sessions = &mut self.sessions;
        sessions.queue.retain(|waiting| *waiting != attempt);
        if sessions.holder.is_some_and(|holder| holder.attempt == attempt) {
            sessions.holder = None;
        }
        let ended = sessions.ended.get_or_insert_with(attempt.customer, || 0);
        *ended = attempt.number.max(*ended);
    }

    /// Gives the lock to the first who waits, with a new token.
    fn grant(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        let sessions = &mut self.sessions;
        if sessions.holder.is_some() || sessions.is_shut || sessions.queue.is_empty() {
            return;
        }
        let attempt = sessions.queue.remove(0);
        sessions.token += 1;
        let token = sessions.token;
        sessions.holder = Some(Holder { attempt, token });
        let sent_us = self.ends.get(&attempt).map_or(0, |end| end.sent_us);
        effects.send(attempt.customer, Message::Granted { attempt, token: Some(token), sent_us });
        effects.rule("tokens");
        if self.life > 1 {
            effects.rule("lock_on_disk");
        }
        effects.note(|| {
            t!(
                "{node} gives the lock to {attempt}, with the token {token}",
                node = me,
                attempt = name(attempt),
                token = token_text(token)
            )
        });
    }

    pub(super) fn on_timer(&mut self, timer: Timer, effects: &mut Effects<'_>) {
        match timer {
            Timer::Expiry(attempt) => self.expire(attempt, effects),
            Timer::Delay => self.open(effects),
            _ => {}
        }
    }

    /// A session ends, unless its time is not over by the service's clock.
    fn expire(&mut self, attempt: OrderId, effects: &mut Effects<'_>) {
        let (me, now_us, config) = (effects.me(), effects.monotonic_now(), effects.config());
        let (has_expiry, lock_delay_us) = (config.rules.expiry, config.lock_delay_us);
        let Some(end) = self.ends.get(&attempt).copied() else { return };
        if now_us < end.at_us {
            effects.set_timer(Timer::Expiry(attempt), end.at_us - now_us);
            effects.routine("early");
            return effects.note(|| {
                t!("By its clock {node} sees that {attempt} has time left", node = me, attempt = name(attempt))
            });
        }
        effects.rule("expiry");
        if !has_expiry {
            return effects.note(|| {
                t!(
                    "The time of {attempt} is over, and {node} does nothing about it",
                    attempt = name(attempt),
                    node = me
                )
            });
        }
        let had_lock = self.token_of(attempt).is_some();
        self.expired += 1;
        self.end(attempt, effects);
        effects.note(|| match had_lock {
            true => {
                t!("The time of {attempt} is over: {node} takes the lock from it", attempt = name(attempt), node = me)
            }
            false => t!("The time of {attempt} is over: it leaves the queue", attempt = name(attempt)),
        });
        if had_lock && lock_delay_us > 0 {
            self.shut(effects);
            effects.rule("lock_delay");
            effects.note(|| t!("Nobody released it, so it stays shut for a while"));
        }
        self.grant(effects);
        self.keep(effects);
    }

    /// The lock that nobody released may be given away.
    fn open(&mut self, effects: &mut Effects<'_>) {
        let (me, now_us) = (effects.me(), effects.monotonic_now());
        if now_us < self.open_us {
            effects.set_timer(Timer::Delay, self.open_us - now_us);
            effects.routine("shut");
            return effects.note(|| t!("{node} keeps the lock shut for longer", node = me));
        }
        self.sessions.is_shut = false;
        effects.rule("lock_delay");
        effects.note(|| t!("{node} opens the lock again", node = me));
        self.grant(effects);
        self.keep(effects);
    }
}

impl Sessions {
    /// All sessions.
    fn known(&self) -> Vec<OrderId> {
        self.holder.iter().map(|holder| holder.attempt).chain(self.queue.iter().copied()).collect()
    }

    fn has_ended(&self, attempt: OrderId) -> bool {
        self.ended.get(&attempt.customer).is_some_and(|ended| attempt.number <= *ended)
    }
}
