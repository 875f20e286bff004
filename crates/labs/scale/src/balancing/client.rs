//! A client: it sends requests at its own pace, whether or not earlier ones have been answered.

use std::collections::VecDeque;

use serde::Serialize;
use sim::t;

use super::{Answer, Effects, Message, RequestId, Timer, draw};

/// The state of a client. It knows the balancer only.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Client {
    life: u32,
    /// How many requests it has sent, each counted once however often it tried.
    pub sent: u32,
    pub served: u32,
    /// Refused or timed out for good, in the balancer's words or by its own clock.
    pub failed: u32,
    /// How often it has tried again.
    pub retried: u32,
    /// What it waits for, the one that gets too old first at the front.
    pub open: VecDeque<Open>,
    /// The last request that was served: its number, and how long that took in microseconds.
    pub last: Option<(u32, u64)>,
}

/// A request that waits for its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Open {
    pub number: u32,
    /// Counted from 1.
    pub attempt: u8,
    /// When the first attempt left, on the client's clock in microseconds.
    pub began_us: i64,
    /// When this attempt gets too old, on the same clock.
    pub deadline_us: i64,
}

impl Client {
    /// Starts a client, with its first request soon to come.
    pub(super) fn boot(life: u32, effects: &mut Effects<'_>) -> Client {
        set_next(effects);
        Client { life, sent: 0, served: 0, failed: 0, retried: 0, open: VecDeque::new(), last: None }
    }

    /// Sends a new request.
    pub(super) fn ask(&mut self, effects: &mut Effects<'_>) {
        self.sent += 1;
        let (me, number, now_us) = (effects.me(), self.sent, effects.local_now());
        self.attempt(Open { number, attempt: 1, began_us: now_us, deadline_us: now_us }, effects);
        effects.rule("open_loop");
        effects.note(|| t!("{node} sends request {number}", node = me, number = number));
        effects.routine("request");
    }

    /// Sends a request, for the first time or again.
    fn attempt(&mut self, open: Open, effects: &mut Effects<'_>) {
        let (balancer, timeout_us) = (effects.config().balancer(), effects.config().timeout_us);
        let request = RequestId { client: effects.me(), life: self.life, number: open.number };
        effects.send(balancer, Message::Ask { request, attempt: open.attempt });
        self.open.push_back(Open { deadline_us: effects.local_now() + timeout_us as i64, ..open });
        if self.open.len() == 1 {
            self.watch(effects);
        }
    }

    pub(super) fn on_timer(&mut self, timer: Timer, effects: &mut Effects<'_>) {
        match timer {
            Timer::Next => {
                set_next(effects);
                self.ask(effects);
            }
            Timer::Deadline => self.give_up(effects),
            Timer::Probe | Timer::Work(_) => {}
        }
    }

    /// An answer comes.
    pub(super) fn on_reply(&mut self, request: RequestId, answer: Answer, effects: &mut Effects<'_>) {
        let (me, number) = (effects.me(), request.number);
        let place = self.open.iter().position(|open| open.number == number && request.life == self.life);
        let Some(open) = place.and_then(|place| self.open.remove(place)) else {
            effects.rule("first_answer");
            effects.routine("old answer");
            if effects.config().rules.first_answer {
                effects.note(|| {
                    t!("{node} does not wait for an answer to request {number} any more", node = me, number = number)
                });
            } else {
                self.count(answer);
                effects.note(|| t!("{node} counts one more answer to request {number}", node = me, number = number));
            }
            return;
        };
        if place == Some(0) {
            self.watch(effects);
        }
        let took_us = u64::try_from(effects.local_now() - open.began_us).unwrap_or(0);
        if answer != Answer::Served && open.attempt <= effects.config().retries {
            self.retry(open, effects);
            return;
        }
        self.count(answer);
        if answer == Answer::Served {
            self.last = Some((number, took_us));
        }
        let time = sim::time_us(took_us);
        effects.routine(match answer {
            Answer::Served => "served",
            Answer::Refused => "refused",
            Answer::NoServer => "no server",
            Answer::TimedOut => "timed out",
        });
        effects.note(|| match answer {
            Answer::Served => {
                t!("{node} has its answer to request {number} after {time}", node = me, number = number, time = time)
            }
            Answer::Refused => t!("Request {number} of {node} was refused", number = number, node = me),
            Answer::NoServer => t!("Request {number} of {node} found no server", number = number, node = me),
            Answer::TimedOut => {
                t!("Request {number} of {node} got no answer from its server", number = number, node = me)
            }
        });
    }

    fn count(&mut self, answer: Answer) {
        match answer {
            Answer::Served => self.served += 1,
            Answer::Refused | Answer::NoServer | Answer::TimedOut => self.failed += 1,
        }
    }

    /// The oldest attempts have waited too long.
    fn give_up(&mut self, effects: &mut Effects<'_>) {
        if !effects.config().rules.give_up {
            effects.rule("give_up");
            return;
        }
        let (me, now_us) = (effects.me(), effects.local_now());
        // A person may let the timer run out early: the oldest one has then waited long enough, too.
        let mut is_first = true;
        let mut is_due = |open: &Open| std::mem::take(&mut is_first) || open.deadline_us <= now_us;
        while self.open.front().is_some_and(&mut is_due)
            && let Some(open) = self.open.pop_front()
        {
            if open.attempt <= effects.config().retries {
                self.retry(open, effects);
            } else {
                self.failed += 1;
                effects.rule("give_up");
                effects.routine("give up");
                effects.note(|| t!("{node} gives request {number} up", node = me, number = open.number));
                effects.note(|| t!("Nothing came in time. The request may have been served all the same."));
            }
        }
        self.watch(effects);
    }

    fn retry(&mut self, open: Open, effects: &mut Effects<'_>) {
        let me = effects.me();
        self.retried += 1;
        self.attempt(Open { attempt: open.attempt + 1, ..open }, effects);
        effects.rule("retry");
        effects.routine("retry");
        effects.note(|| t!("{node} sends request {number} once more", node = me, number = open.number));
        effects.note(|| {
            t!("A retry is one more request to serve: it helps where one server fails, not where all are busy.")
        });
    }

    /// Waits for the deadline of the oldest attempt.
    fn watch(&self, effects: &mut Effects<'_>) {
        match self.open.front() {
            Some(open) => {
                let after_us = u64::try_from(open.deadline_us - effects.local_now()).unwrap_or(0);
                effects.set_timer(Timer::Deadline, after_us);
            }
            None => effects.cancel_timer(Timer::Deadline),
        }
    }
}

fn set_next(effects: &mut Effects<'_>) {
    let gap = effects.config().gap();
    let after_us = draw(gap, effects);
    effects.set_timer(Timer::Next, after_us);
}
