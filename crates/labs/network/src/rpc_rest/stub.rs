//! The stub: what stands for the server at the place of the caller. It names the call, repeats it, and knows when to give up.
//!
//! Birrell and Nelson 1984, section 3.2: the call identifier is the calling machine with its life, and a number that goes up; the
//! caller repeats the call until it is answered. Section 3.3: a call names the life of the server that it is meant for.

use parts::retry::{Attempts, Next};
use serde::Serialize;
use sim::{Map, NodeId, t, time_us};

use super::call::{Answer, Ask, Call};
use super::settings::{LAST_WAIT_US, Semantics};
use super::view::name;
use super::{Config, Effects, Message, Timer};

/// The stub of a caller. It makes one call at a time.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Stub {
    life: u64,
    number: u32,
    /// The lives of servers, as far as it knows.
    pub lives: Map<NodeId, u64>,
    /// How many tenths of a token are spent (gRPC proposal A6, throttling).
    spent: u32,
    pub open: Option<Open>,
}

/// A call that waits for its answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Open {
    pub to: NodeId,
    pub number: u32,
    pub ask: Ask,
    pub attempts: Attempts,
    /// When the caller gives up, on its clock that nobody sets; none without a deadline, as long as it repeats.
    pub until_us: Option<u64>,
    /// Whether the call itself has left.
    pub is_sent: bool,
}

/// Whether calls name the life of the server.
pub(super) fn names_lives(config: &Config) -> bool {
    config.semantics == Semantics::AtMostOnce && config.rules.server_life
}

impl Stub {
    /// The stub of a caller in this life.
    pub fn new(life: u64) -> Stub {
        Stub { life, number: 0, lives: Map::default(), spent: 0, open: None }
    }

    /// Asks a server for its life, before there is anything to call it for.
    pub(super) fn bind(&self, to: NodeId, effects: &mut Effects<'_>) {
        effects.send(to, Message::Bind { life: self.life });
    }

    /// Begins a call.
    pub(super) fn call(&mut self, to: NodeId, ask: Ask, left_us: Option<u64>, effects: &mut Effects<'_>) {
        let now_us = effects.monotonic_now();
        self.number += 1;
        let attempts = Attempts::first(effects.config().retries(), now_us);
        let until_us = left_us.map(|left_us| now_us + left_us);
        self.open = Some(Open { to, number: self.number, ask, attempts, until_us, is_sent: false });
        match left_us {
            Some(left_us) => effects.set_timer(Timer::GiveUp, left_us),
            None => effects.cancel_timer(Timer::GiveUp),
        }
        self.send(effects);
    }

    /// Sends the open call, for the first time or again, or asks for the life of the server that it has to name.
    fn send(&mut self, effects: &mut Effects<'_>) {
        let (now_us, plan, draw) = (effects.monotonic_now(), effects.config().retries(), effects.choose(u64::MAX));
        let Some(open) = &mut self.open else { return };
        let known = self.lives.get(&open.to).copied();
        let left_us = open.until_us.map(|until_us| until_us.saturating_sub(now_us));
        match known {
            None if names_lives(effects.config()) => effects.send(open.to, Message::Bind { life: self.life }),
            _ => {
                let server_life = known.filter(|_| names_lives(effects.config())).unwrap_or(0);
                let (life, number, attempt, ask) = (self.life, open.number, open.attempts.made, open.ask);
                effects.send(open.to, Message::Call(Call { life, number, server_life, left_us, attempt, ask }));
                open.is_sent = true;
            }
        }
        match open.attempts.stay_away(plan, now_us, draw) {
            Next::StayAway { us } => effects.set_timer(Timer::Repeat, us),
            _ => {
                effects.cancel_timer(Timer::Repeat);
                if open.until_us.is_none() {
                    open.until_us = Some(now_us + LAST_WAIT_US);
                    effects.set_timer(Timer::GiveUp, LAST_WAIT_US);
                }
            }
        }
    }

    /// Time to repeat the call.
    pub(super) fn on_repeat(&mut self, effects: &mut Effects<'_>) {
        let (me, now_us, plan) = (effects.me(), effects.monotonic_now(), effects.config().retries());
        let draw = effects.choose(u64::MAX);
        let Some(open) = &mut self.open else { return effects.note(|| t!("{node} waits for nothing", node = me)) };
        let (to, origin) = (open.to, open.ask.origin);
        match open.attempts.on_timer(plan, now_us, draw) {
            Next::Wait { us } => {
                effects.set_timer(Timer::Repeat, us);
                effects.note(|| t!("{node} looks at its clock: it is too early", node = me));
            }
            Next::Try => {
                let most = effects.config().tokens * 10;
                self.spent = (self.spent + 10).min(most);
                if most > 0 && 2 * (most - self.spent) <= most {
                    let until_us = open.until_us.unwrap_or(now_us + LAST_WAIT_US);
                    open.until_us = Some(until_us);
                    effects.set_timer(Timer::GiveUp, until_us.saturating_sub(now_us));
                    effects.note(|| t!("{node} does not repeat its call: too much has failed lately", node = me));
                    effects.note(|| t!("Whoever repeats calls to a server that fails makes it worse."));
                    return;
                }
                let number = open.attempts.made;
                let is_sent = open.is_sent;
                self.send(effects);
                effects.note(|| match is_sent {
                    true => t!(
                        "{node} hears nothing from {to}, and sends {call} again: attempt {number}",
                        node = me,
                        to = to,
                        call = name(origin),
                        number = number
                    ),
                    false => t!("{node} asks {to} once more for its life", node = me, to = to),
                });
                effects.note(|| {
                    t!("Was the call lost, or the answer, or is it at work? From here all of these look the same.")
                });
            }
            _ => effects.note(|| t!("{node} goes on waiting for {to}", node = me, to = to)),
        }
    }

    /// A server says in which life it is. Returns whether that is news.
    pub(super) fn on_bound(&mut self, from: NodeId, life: u64, now: u64, effects: &mut Effects<'_>) -> bool {
        let is_news = life == self.life && self.lives.get(&from).is_none_or(|known| *known < now);
        if is_news {
            self.lives.insert(from, now);
        }
        let (plan, now_us) = (effects.config().retries(), effects.monotonic_now());
        if let Some(open) = self.open.as_mut().filter(|open| is_news && open.to == from && !open.is_sent) {
            open.attempts = Attempts::first(plan, now_us);
            self.send(effects);
        }
        is_news
    }

    /// An answer comes. Returns it if it is to the open call.
    pub(super) fn on_reply(
        &mut self,
        from: NodeId,
        life: u64,
        number: u32,
        answer: Answer,
        effects: &mut Effects<'_>,
    ) -> Option<Answer> {
        self.is_of_open(from, life, number).then_some(())?;
        let ask = self.open.as_ref()?.ask;
        self.drop_call(effects);
        self.spent = self.spent.saturating_sub(1);
        let is_error = matches!(
            answer,
            Answer::NoOrder { .. } | Answer::Conflict { .. } | Answer::Exists { .. } | Answer::Expired
        );
        // Another copy of the call may have been carried out.
        let is_sure = effects.config().semantics == Semantics::AtMostOnce;
        Some(if is_error && ask.deed.is_unsafe() && !is_sure { Answer::Unknown } else { answer })
    }

    /// A server has another life than the call has named. Returns whether that is the end of the open call.
    pub(super) fn on_refused(
        &mut self,
        from: NodeId,
        life: u64,
        number: u32,
        now: u64,
        effects: &mut Effects<'_>,
    ) -> bool {
        let is_of_open = self.is_of_open(from, life, number);
        if is_of_open {
            self.lives.insert(from, now);
            self.drop_call(effects);
        }
        is_of_open
    }

    /// The deadline. Returns how the call ends.
    pub(super) fn on_give_up(&mut self, effects: &mut Effects<'_>) -> Option<Answer> {
        let (me, now_us) = (effects.me(), effects.monotonic_now());
        let Some(open) = &self.open else {
            effects.note(|| t!("{node} waits for nothing", node = me));
            return None;
        };
        let left_us = open.until_us.map_or(0, |until_us| until_us.saturating_sub(now_us));
        if left_us > 0 {
            effects.set_timer(Timer::GiveUp, left_us);
            effects.note(|| t!("{node} looks at its clock: it has {time} left", node = me, time = time_us(left_us)));
            return None;
        }
        let answer = if open.is_sent { Answer::Unknown } else { Answer::Expired };
        self.drop_call(effects);
        Some(answer)
    }

    /// Nobody waits for the open call any more.
    pub(super) fn drop_call(&mut self, effects: &mut Effects<'_>) {
        self.open = None;
        effects.cancel_timer(Timer::Repeat);
        effects.cancel_timer(Timer::GiveUp);
    }

    fn is_of_open(&self, from: NodeId, life: u64, number: u32) -> bool {
        life == self.life && self.open.as_ref().is_some_and(|open| (open.to, open.number) == (from, number))
    }
}
