//! A client: it asks for one thing at a time, and tries until there is an answer or its patience ends.

use std::collections::VecDeque;

use parts::retry::{Attempts, Next, Phase, Plan};
use serde::Serialize;
use sim::{NodeId, Text, t, time_us};

use super::view::{in_words, key_word};
use super::wire::{Answer, Ask, Deed, Packet, Record, Request, Seen, Status};
use super::{Disk, Effects, Message, Semantics, Timer};

/// How many requests a client remembers that have ended.
const REMEMBERED: usize = 6;

/// How many wishes wait for the one that is open.
const MOST_WISHES: usize = 4;

/// The limits that users set, in turn.
const LIMITS: [u32; 4] = [500, 256, 800, 300];

/// The state of a client.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Client {
    disk: Disk,
    /// What it waits for.
    pub open: Option<Open>,
    /// What its user wants after that.
    pub wishes: VecDeque<Ask>,
    /// Two answers to one key that are not equal: the number of the request, the first one, and the other one.
    pub contradiction: Option<(u32, Answer, Answer)>,
    pub seen: Seen,
}

/// What a client has on its disk.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Written {
    /// How many requests it has made.
    pub made: u32,
    /// The one that is open: its number, its key if that was written, and what it asks for.
    pub open: Option<(u32, Option<u32>, Ask)>,
    /// How the last ones have ended.
    pub told: VecDeque<Told>,
}

/// A request that waits for its answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Open {
    pub number: u32,
    /// 0 for none.
    pub key: u32,
    pub ask: Ask,
    pub attempts: Attempts,
}

/// What a user was told of a request.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Told {
    pub number: u32,
    pub key: u32,
    pub ask: Ask,
    pub attempts: u32,
    pub verdict: Verdict,
    /// The answer that decided it, or the first one that came afterwards.
    pub answer: Option<Answer>,
}

/// What a user is told in the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Verdict {
    Done,
    Failed,
    /// Nobody can say.
    Unknown,
}

impl Verdict {
    /// The verdict in a word.
    pub fn word(self) -> Text {
        match self {
            Verdict::Done => t!("done"),
            Verdict::Failed => t!("failed"),
            Verdict::Unknown => t!("unknown"),
        }
    }
}

impl Client {
    /// Starts a client, with what its disk says is still open.
    pub(super) fn boot(disk: Disk, effects: &mut Effects<'_>) -> Client {
        let open = disk.client.open;
        let mut client =
            Client { disk, open: None, wishes: VecDeque::new(), contradiction: None, seen: Seen::default() };
        effects.persist(client.disk.clone());
        match open {
            Some((number, key, ask)) => client.go_on(number, key, ask, effects),
            None => client.rest(effects),
        }
        client
    }

    /// What its disk holds of it.
    pub fn written(&self) -> &Written {
        &self.disk.client
    }

    /// After a crash.
    fn go_on(&mut self, number: u32, key: Option<u32>, ask: Ask, effects: &mut Effects<'_>) {
        let me = effects.me();
        if effects.config().semantics == Semantics::Maybe {
            effects.note(|| t!("{node} starts again, and cannot say what became of its request", node = me));
            let attempts = Attempts::first(plan(effects), effects.monotonic_now());
            self.open = Some(Open { number, key: key.unwrap_or(0), ask, attempts });
            self.tell(Verdict::Unknown, None, effects);
            return;
        }
        if effects.config().semantics == Semantics::Exactly {
            effects.rule("key_first");
        }
        let kept = key.is_some();
        let key = key.unwrap_or_else(|| draw_key(effects));
        let attempts = Attempts::first(plan(effects), effects.monotonic_now());
        self.open = Some(Open { number, key, ask, attempts });
        effects.note(|| match (key, kept) {
            (0, _) => t!("{node} starts again, and asks once more for what was open on its disk", node = me),
            (_, true) => t!(
                "{node} starts again, and asks once more for what was open on its disk, under key {key}",
                node = me,
                key = key_word(key)
            ),
            (_, false) => t!(
                "{node} starts again, finds no key on its disk, and asks once more under a new one, {key}",
                node = me,
                key = key_word(key)
            ),
        });
        self.send(effects);
    }

    /// Its user has what he wanted, or not, and wants nothing for a while.
    fn rest(&mut self, effects: &mut Effects<'_>) {
        let workload_us = effects.config().workload_us;
        if workload_us > 0 {
            let spread_us = effects.choose(workload_us / 4 + 1);
            effects.set_timer(Timer::Next, workload_us * 3 / 4 + spread_us);
        }
    }

    /// The user wants the next thing by turns.
    pub(super) fn on_turn(&mut self, effects: &mut Effects<'_>) {
        if self.open.is_some() || !self.wishes.is_empty() {
            effects.routine("waits");
            let me = effects.me();
            effects.note(|| t!("The user of {node} waits for what is open", node = me));
            return;
        }
        let turn = self.disk.client.made;
        let account = ((u32::from(effects.me().0) + turn / 2) % 2) as u8;
        let ask = match turn % 2 {
            0 => Ask { deed: Deed::Charge, account, amount: 100 },
            _ => Ask { deed: Deed::Set, account, amount: LIMITS[(turn / 2) as usize % LIMITS.len()] },
        };
        effects.routine("request");
        self.begin(ask, effects);
    }

    /// A person asks for something.
    pub(super) fn want(&mut self, ask: Ask, effects: &mut Effects<'_>) {
        if self.open.is_none() {
            self.begin(ask, effects);
            return;
        }
        let me = effects.me();
        if self.wishes.len() < MOST_WISHES {
            self.wishes.push_back(ask);
            effects.note(|| t!("{node} asks for one thing at a time: this one waits", node = me));
        } else {
            effects.note(|| t!("The user of {node} wants too much at once, and is not heard", node = me));
        }
    }

    /// A person does not wait and asks for the same once more.
    pub(super) fn press_again(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        let last = self.open.as_ref().map(|open| open.ask).or_else(|| Some(self.disk.client.told.back()?.ask));
        let Some(ask) = last else {
            effects.note(|| t!("{node} has asked for nothing yet", node = me));
            return;
        };
        effects.note(|| t!("The user of {node} presses the button again", node = me));
        effects.note(|| {
            t!("For everybody else this is another request, which happens to ask for the same: no rule can tell that it is not.")
        });
        if self.open.is_some() {
            self.end(Verdict::Unknown, None, effects);
        }
        self.begin(ask, effects);
    }

    /// A new request.
    fn begin(&mut self, ask: Ask, effects: &mut Effects<'_>) {
        let me = effects.me();
        let has_key = effects.config().semantics == Semantics::Exactly;
        let key = if has_key { draw_key(effects) } else { 0 };
        let number = self.disk.client.made + 1;
        let is_written = effects.config().rules.key_first;
        self.disk.client.made = number;
        self.disk.client.open = Some((number, (is_written || !has_key).then_some(key), ask));
        let attempts = Attempts::first(plan(effects), effects.monotonic_now());
        self.open = Some(Open { number, key, ask, attempts });
        if has_key {
            effects.rule("key_first");
        }
        effects.note(|| match key {
            0 => t!("{node} asks: {what}", node = me, what = in_words(ask)),
            _ => t!("{node} asks under key {key}: {what}", node = me, key = key_word(key), what = in_words(ask)),
        });
        effects.persist(self.disk.clone());
        self.send(effects);
    }

    /// Sends the open request, for the first time or again.
    fn send(&mut self, effects: &mut Effects<'_>) {
        let Some(open) = &self.open else { return };
        let attempt = open.attempts.made.min(255) as u8;
        let request =
            Request { client: number_of(effects.me()), number: open.number, key: open.key, attempt, ask: open.ask };
        let kind = effects.config().hop_check;
        let gateway = effects.config().gateway();
        effects.send(gateway, Message::Packet(Packet::new(request.bytes(), kind)));
        let wait_us = open.attempts.until_us.saturating_sub(effects.monotonic_now());
        effects.set_timer(Timer::Attempt, wait_us);
    }

    /// It has waited long enough.
    pub(super) fn on_timeout(&mut self, effects: &mut Effects<'_>) {
        let (me, plan, now_us) = (effects.me(), plan(effects), effects.monotonic_now());
        let Some(open) = &mut self.open else {
            effects.note(|| t!("{node} waits for nothing", node = me));
            return;
        };
        let is_asking = open.attempts.phase == Phase::Asking;
        effects.rule("retry");
        if is_asking && !effects.config().rules.retry && now_us >= open.attempts.until_us {
            effects.set_timer(Timer::Attempt, plan.timeout_us.max(1));
            effects.routine("goes on waiting");
            effects.note(|| t!("{node} has no answer, and goes on waiting", node = me));
            return;
        }
        let draw = effects.choose(u64::MAX);
        match open.attempts.on_timer(plan, now_us, draw) {
            Next::Wait { us } => {
                effects.set_timer(Timer::Attempt, us);
                effects.note(|| t!("{node} looks at its clock: it is too early", node = me));
            }
            Next::StayAway { us } => {
                let made = open.attempts.made;
                effects.set_timer(Timer::Attempt, us);
                effects.note(|| {
                    t!(
                        "{node} has no answer to attempt {number}, and tries again in {time}",
                        node = me,
                        number = made,
                        time = time_us(us)
                    )
                });
                effects.note(|| {
                    t!("Was the request lost, or the answer, or is it slow? From here all of these look the same.")
                });
            }
            Next::Try => self.try_again(effects),
            Next::GiveUp => {
                let made = open.attempts.made;
                effects.note(|| match made {
                    1 => t!("{node} has no answer, and tells its user: unknown", node = me),
                    _ => t!(
                        "{node} has no answer after {number} attempts, and tells its user: unknown",
                        node = me,
                        number = made
                    ),
                });
                effects.note(|| t!("It may have happened, and it may not. To say “failed” would be a guess."));
                self.tell(Verdict::Unknown, None, effects);
            }
        }
    }

    fn try_again(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        let Some(open) = &mut self.open else { return };
        if open.key != 0 {
            effects.rule("same_key");
            if !effects.config().rules.same_key {
                open.key = draw_key(effects);
            }
        }
        let (made, key) = (open.attempts.made, open.key);
        effects.note(|| match key {
            0 => t!("{node} tries again: attempt {number}", node = me, number = made),
            _ => t!(
                "{node} tries again under key {key}: attempt {number}",
                node = me,
                number = made,
                key = key_word(key)
            ),
        });
        if key == 0 {
            effects.note(|| t!("Nothing says that this is the same request as before."));
        } else {
            effects.because(&["same_key"], || t!("The key says that this is the same request as before."));
        }
        self.send(effects);
    }

    /// An answer comes, or what is left of it.
    pub(super) fn on_answer(&mut self, packet: Packet, effects: &mut Effects<'_>) {
        let (me, now_us) = (effects.me(), effects.monotonic_now());
        if !self.seen.look(&packet, now_us) {
            effects.note(|| t!("{node} gets an answer that does not fit its check, and throws it away", node = me));
            return;
        }
        if !packet.is_whole() {
            effects.rule("end_to_end");
            if effects.config().rules.end_to_end {
                self.seen.throw(&packet, now_us);
                effects.note(|| {
                    t!(
                        "{node} looks at the check of the ledger, which does not fit, and throws the answer away",
                        node = me
                    )
                });
                effects
                    .note(|| t!("The check of the last hop was good: the bytes were spoilt before it was computed."));
                return;
            }
        }
        let answer = Record::read(&packet.bytes).answer().filter(|answer| answer.client == number_of(me));
        let Some(answer) = answer else {
            effects.note(|| t!("{node} gets an answer that it cannot read", node = me));
            return;
        };
        match &self.open {
            Some(open) if open.number == answer.number => self.on_own(answer, effects),
            _ => self.on_late(answer, effects),
        }
    }

    /// An answer to what is open.
    fn on_own(&mut self, answer: Answer, effects: &mut Effects<'_>) {
        let (me, plan, now_us) = (effects.me(), plan(effects), effects.monotonic_now());
        let Some(open) = &mut self.open else { return };
        let made = open.attempts.made;
        let verdict = match answer.status {
            Status::AtWork if open.attempts.phase == Phase::Away => {
                effects.note(|| t!("{node} hears that its request is at work", node = me));
                return;
            }
            Status::AtWork => {
                let draw = effects.choose(u64::MAX);
                let next = open.attempts.stay_away(plan, now_us, draw);
                if let Next::StayAway { us } = next {
                    effects.set_timer(Timer::Attempt, us);
                    effects.note(|| {
                        t!(
                            "{node} hears that its request is at work, and asks again in {time}",
                            node = me,
                            time = time_us(us)
                        )
                    });
                    effects.note(|| t!("409 says: not now. It does not say that anything has failed."));
                    return;
                }
                Verdict::Unknown
            }
            Status::Done => Verdict::Done,
            // An earlier attempt may have been carried out, for all that this one was refused.
            Status::NoKey if made > 1 => Verdict::Unknown,
            Status::NoKey | Status::OtherRequest | Status::Outdated | Status::Exists => Verdict::Failed,
        };
        if verdict == Verdict::Done && made == 1 {
            effects.routine("done");
        }
        let after = answer.after;
        effects.note(|| match (verdict, answer.ask.deed) {
            (Verdict::Done, Deed::Charge) => {
                t!("{node} tells its user: done, the balance is {amount}", node = me, amount = after)
            }
            (Verdict::Done, Deed::Set) => {
                t!("{node} tells its user: done, the limit is {amount}", node = me, amount = after)
            }
            (Verdict::Failed, _) => {
                t!("{node} tells its user: failed ({status})", node = me, status = answer.status.word())
            }
            (Verdict::Unknown, _) => t!("{node} tells its user: unknown", node = me),
        });
        // That it is at work is no answer.
        let answer = Some(answer).filter(|answer| answer.status != Status::AtWork);
        self.tell(verdict, answer, effects);
    }

    /// An answer to what is over.
    fn on_late(&mut self, answer: Answer, effects: &mut Effects<'_>) {
        let me = effects.me();
        effects.routine("late answer");
        let mut told = self.disk.client.told.iter_mut();
        let Some(told) = told.find(|told| told.number == answer.number) else {
            effects.note(|| t!("{node} gets an answer to a request that it has forgotten", node = me));
            return;
        };
        if answer.status == Status::AtWork {
            effects.note(|| {
                t!("{node} hears once more that request {number} is at work", node = me, number = answer.number)
            });
            return;
        }
        let first = *told.answer.get_or_insert(answer);
        let is_equal = answer.key == 0 || first.key != answer.key || first == answer;
        if !is_equal {
            self.contradiction = Some((answer.number, first, answer));
        }
        effects.note(|| match is_equal {
            true => t!(
                "{node} gets one more answer to request {number}, and does not need it",
                node = me,
                number = answer.number
            ),
            false => t!(
                "{node} gets another answer to request {number} than the first time",
                node = me,
                number = answer.number
            ),
        });
    }

    /// Tells the user, and goes on to what he wants next.
    fn tell(&mut self, verdict: Verdict, answer: Option<Answer>, effects: &mut Effects<'_>) {
        self.end(verdict, answer, effects);
        effects.persist(self.disk.clone());
        match self.wishes.pop_front() {
            Some(ask) => self.begin(ask, effects),
            None => self.rest(effects),
        }
    }

    fn end(&mut self, verdict: Verdict, answer: Option<Answer>, effects: &mut Effects<'_>) {
        let Some(Open { number, key, ask, attempts }) = self.open.take() else { return };
        effects.cancel_timer(Timer::Attempt);
        let written = &mut self.disk.client;
        written.open = None;
        written.told.push_back(Told { number, key, ask, attempts: attempts.made, verdict, answer });
        if written.told.len() > REMEMBERED {
            written.told.pop_front();
        }
    }
}

/// How it tries, as things stand.
pub(super) fn plan(effects: &Effects<'_>) -> Plan {
    effects.config().retries()
}

/// The number of a client in requests.
pub(super) fn number_of(client: NodeId) -> u8 {
    (client.0 + 1) as u8
}

fn draw_key(effects: &mut Effects<'_>) -> u32 {
    if effects.config().semantics != Semantics::Exactly {
        return 0;
    }
    1 + effects.choose(u64::from(u32::MAX)) as u32
}
