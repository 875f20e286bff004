//! The front end F, and its twin F2: they take calls and HTTP requests, work on them, and call the store by the same rules.

use super::connection::Segment;
use serde::Serialize;
use sim::rng::Rng;
use sim::{NodeId, t};

use super::call::{Answer, Ask, Call};
use super::desk::{Desk, From, Job};
use super::door::{Admission, Door};
use super::http::{Letter, Request, Response};
use super::line::{Knocked, Listener, Ticket};
use super::printing::Press;
use super::settings::Semantics;
use super::stub::Stub;
use super::view::name;
use super::{Effects, Message};

/// The state of a front end. It keeps nothing but its life through a crash.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Front {
    pub life: u64,
    pub door: Door,
    pub desk: Desk,
    /// For calls to the store.
    pub stub: Stub,
    /// Its end of the connection with the proxy.
    listener: Listener,
    /// Whether it has the sessions of clients in its memory, where it is not stateless.
    pub has_sessions: bool,
    pub press: Press,
}

impl Front {
    /// Starts a front end.
    pub(super) fn boot(life: u64, effects: &mut Effects<'_>) -> Front {
        let (me, config) = (effects.me(), effects.config());
        let has_sessions = life == 1 && me == config.front();
        let is_back = life > 1 && me == config.front() && config.printer().is_some();
        let clients: Vec<NodeId> = config.clients().filter(|_| is_back).collect();
        if is_back {
            effects.note(|| t!("{node} tells clients that it has crashed, and is back", node = me));
        }
        clients.into_iter().for_each(|client| effects.send(client, Message::Back { life }));
        let front = Front {
            life,
            door: Door::default(),
            desk: Desk::new(effects.monotonic_now()),
            stub: Stub::new(life),
            listener: Listener::default(),
            has_sessions,
            press: Press::default(),
        };
        if super::stub::names_lives(effects.config()) {
            front.stub.bind(effects.config().store(), effects);
        }
        front
    }

    pub(super) fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        let me = effects.me();
        match message {
            Message::Bind { life } => {
                self.hear(from, life, effects);
                say_life(from, life, self.life, effects);
            }
            Message::Call(call) => self.on_call(from, call, effects),
            Message::Bound { life, now } => {
                let is_news = self.stub.on_bound(from, life, now, effects);
                effects.routine("bound");
                effects.note(|| match is_news {
                    true => t!("{node} knows the life of {other} now: {life}", node = me, other = from, life = now),
                    false => t!("{node} hears once more in which life {other} is", node = me, other = from),
                });
            }
            Message::Reply { life, number, answer } => match self.stub.on_reply(from, life, number, answer, effects) {
                Some(answer) => self.on_answer(answer, effects),
                None => {
                    effects.routine("late answer");
                    effects.note(|| {
                        t!("{node} gets an answer of {other} for which it does not wait", node = me, other = from)
                    });
                }
            },
            Message::Refused { life, number, now } => {
                if self.stub.on_refused(from, life, number, now, effects) {
                    effects.note(|| {
                        t!("{other} has crashed since, and refuses the call of {node}", other = from, node = me)
                    });
                    effects.rule("server_life");
                    effects.note(|| {
                        t!("Not now; before the crash, nobody knows. So {node} says that it is unknown.", node = me)
                    });
                    self.on_answer(Answer::Unknown, effects);
                } else {
                    effects.routine("late answer");
                    effects.note(|| {
                        t!("{node} gets an answer of {other} for which it does not wait", node = me, other = from)
                    });
                }
            }
            Message::Http(segment) => self.on_segment(from, segment, effects),
            Message::Print(job) => self.press.on_print(job, effects),
            _ => {}
        }
    }

    /// A caller in this life: work for earlier ones is over.
    fn hear(&mut self, from: NodeId, life: u64, effects: &mut Effects<'_>) {
        if self.door.hear(from, life) {
            effects.rule("reincarnation");
            if effects.config().rules.reincarnation {
                let (ended, is_worked_on) = self.desk.end_orphans(from, life, effects);
                if is_worked_on {
                    self.stub.drop_call(effects);
                }
                say_orphans(from, ended, effects);
                self.go_on(effects);
            }
        }
    }

    fn on_call(&mut self, from: NodeId, call: Call, effects: &mut Effects<'_>) {
        self.hear(from, call.life, effects);
        let is_known = self.door.knows(from, &call);
        let admission = self.door.admit(from, &call, self.life, effects.config());
        name_what_is_missing(&call, &admission, is_known, self.life, effects);
        if is_to_be_done(from, &call, admission, self.life, effects) {
            let from = From::Call { caller: from, life: call.life, number: call.number };
            self.take(from, call.ask, call.left_us, effects);
        }
    }

    fn on_segment(&mut self, from: NodeId, segment: Segment<Letter>, effects: &mut Effects<'_>) {
        match self.listener.on_segment(self.life, from, segment, effects) {
            Knocked::Request(ticket, request) => self.on_request(from, ticket, &request, effects),
            other => other.say(from, effects),
        }
    }

    fn on_request(&mut self, from: NodeId, ticket: Ticket, request: &Request, effects: &mut Effects<'_>) {
        let me = effects.me();
        if !effects.config().rules.stateless {
            effects.rule("stateless");
            if !self.has_sessions {
                let (client, word) = (request.origin.client, request.word());
                effects.note(|| {
                    t!(
                        "{node} has no session of {client}, and refuses {request}",
                        node = me,
                        client = client,
                        request = word
                    )
                });
                effects.note(|| t!("The session was in the memory of the server that has crashed, and nowhere else."));
                self.listener.answer(from, ticket, Response::new(Answer::NoSession), effects);
                return;
            }
        }
        self.take(From::Http { proxy: from, ticket }, request.ask(), None, effects);
    }

    fn take(&mut self, from: From, ask: Ask, left_us: Option<u64>, effects: &mut Effects<'_>) {
        let job = Job { from, ask, left_us, arrived_us: effects.monotonic_now() };
        let begun = self.desk.take(job, effects);
        say_taken(&ask, begun.is_some(), effects);
        self.start(begun, effects);
    }

    /// The worker begins with this, or with the next one that somebody still waits for.
    fn start(&mut self, first: Option<u64>, effects: &mut Effects<'_>) {
        let mut next = first;
        while let Some(number) = next {
            let work_us = work_us(effects);
            let long_us = self.desk.jobs.get(&number).map_or(0, |job| job.ask.long_us);
            if self.desk.begin(number, work_us + long_us, effects) {
                return;
            }
            if let Some(job) = self.desk.finish(effects) {
                Desk::say_late(&job, effects);
                self.answer(&job, Answer::Expired, effects);
            }
            next = self.desk.next(effects);
        }
    }

    fn go_on(&mut self, effects: &mut Effects<'_>) {
        let next = self.desk.next(effects);
        self.start(next, effects);
    }

    /// Its own work is done, or the time for it is over.
    pub(super) fn on_work(&mut self, number: u64, effects: &mut Effects<'_>) {
        let (me, now_us, config) = (effects.me(), effects.monotonic_now(), effects.config());
        let (looks, store, usual_us) = (config.rules.time_left, config.store(), config.deadline_us);
        let Some((_, job)) = self.desk.at_work().filter(|(at_work, _)| *at_work == number) else { return };
        let ask = job.ask;
        if job.is_late(now_us) && looks {
            effects.rule("time_left");
            if let Some(job) = self.desk.finish(effects) {
                say_over(&job, effects);
                self.answer(&job, Answer::Expired, effects);
            }
            return self.go_on(effects);
        }
        // What it has used is taken off, and the rest is passed on.
        let left_us = job.rest_us(now_us).filter(|_| looks).or(usual_us);
        if job.rest_us(now_us).is_some() && looks {
            effects.rule("time_left");
        }
        let origin = ask.origin;
        effects.routine("calls the store");
        effects.note(|| {
            t!("{node} has worked on {call}, and calls {store}", node = me, call = name(origin), store = store)
        });
        self.stub.call(store, ask, left_us, effects);
    }

    pub(super) fn on_repeat(&mut self, effects: &mut Effects<'_>) {
        self.stub.on_repeat(effects);
    }

    pub(super) fn on_give_up(&mut self, effects: &mut Effects<'_>) {
        let (me, store) = (effects.me(), effects.config().store());
        if let Some(answer) = self.stub.on_give_up(effects) {
            effects.note(|| t!("{node} has no answer of {store}, and no time left", node = me, store = store));
            self.on_answer(answer, effects);
        }
    }

    /// The store has answered, or will not.
    fn on_answer(&mut self, answer: Answer, effects: &mut Effects<'_>) {
        let me = effects.me();
        if let Some(job) = self.desk.finish(effects) {
            let (origin, word) = (job.ask.origin, answer.word());
            if !matches!(answer, Answer::Unknown | Answer::Expired | Answer::Conflict { .. } | Answer::Exists { .. }) {
                effects.routine("answers");
            }
            effects.note(|| t!("{node} answers {call}: {answer}", node = me, call = name(origin), answer = word));
            self.answer(&job, answer, effects);
        }
        self.go_on(effects);
    }

    fn answer(&mut self, job: &Job, answer: Answer, effects: &mut Effects<'_>) {
        match job.from {
            From::Call { caller, life, number } => {
                self.door.keep(caller, life, number, &answer);
                effects.send(caller, Message::Reply { life, number, answer });
            }
            From::Http { proxy, ticket } => {
                self.listener.answer(proxy, ticket, Response::new(answer), effects);
            }
        }
    }

    pub(super) fn on_step(&mut self, effects: &mut Effects<'_>) {
        self.press.on_step(self.life, effects);
    }
}

/// How long a front end works on something.
pub(super) fn work_us(effects: &mut Effects<'_>) -> u64 {
    let work = effects.config().work;
    match work {
        sim::Delay::Constant { us } => us,
        work => work.draw(&mut Rng::stream(effects.choose(u64::MAX), 0)),
    }
}

/// A server tells a caller in which life it is.
pub(super) fn say_life(to: NodeId, life: u64, now: u64, effects: &mut Effects<'_>) {
    let me = effects.me();
    effects.routine("bind");
    effects.rule("server_life");
    effects.note(|| t!("{node} tells {other} in which life it is: {life}", node = me, other = to, life = now));
    effects.send(to, Message::Bound { life, now });
}

/// A server has ended work for earlier lives of a caller.
pub(super) fn say_orphans(of: NodeId, ended: usize, effects: &mut Effects<'_>) {
    let me = effects.me();
    if ended > 0 {
        effects.note(|| {
            t!("{node} hears that {other} has crashed since, and ends its work for it", node = me, other = of)
        });
        effects.because(&["reincarnation"], || t!("Nobody waits for that any more: it was an orphan."));
    }
}

/// Names the rules without which a server takes a call for a new one.
pub(super) fn name_what_is_missing(
    call: &Call,
    admission: &Admission,
    is_known: bool,
    life: u64,
    effects: &mut Effects<'_>,
) {
    let rules = effects.config().rules;
    if *admission != Admission::New || effects.config().semantics != Semantics::AtMostOnce {
        return;
    }
    if is_known && !rules.call_table {
        effects.rule("call_table");
    }
    if call.attempt > 1 && life > 1 && !rules.server_life {
        effects.rule("server_life");
    }
}

/// Whether a server has to work on a call; if not, it has said why, and answered it where that is due.
pub(super) fn is_to_be_done(
    from: NodeId,
    call: &Call,
    admission: Admission,
    life: u64,
    effects: &mut Effects<'_>,
) -> bool {
    let (me, origin, number) = (effects.me(), call.ask.origin, call.number);
    match admission {
        Admission::New => return true,
        Admission::Old => {
            effects.routine("old copy");
            effects.note(|| t!("{node} gets an old copy of {call}, and ignores it", node = me, call = name(origin)));
            effects.because(&["call_table"], || {
                t!("{other} has made another call since: it waits for this one no more.", other = from)
            });
        }
        Admission::AtWork => {
            effects.rule("call_table");
            effects.note(|| {
                t!("{node} is at work on {call} already, and ignores the copy", node = me, call = name(origin))
            });
            effects.because(&["call_table"], || {
                t!("The call table has its number: it is the same call, and not another one.")
            });
        }
        Admission::Answered(answer) => {
            effects.rule("call_table");
            let word = answer.word();
            effects.note(|| {
                t!(
                    "{node} has carried out {call} already, and repeats its answer: {answer}",
                    node = me,
                    call = name(origin),
                    answer = word
                )
            });
            effects.because(&["call_table"], || t!("It is not carried out once more."));
            effects.send(from, Message::Reply { life: call.life, number, answer });
        }
        Admission::OtherLife => {
            effects.rule("server_life");
            effects.note(|| {
                t!(
                    "{node} refuses {call}: it is for an earlier life of {node}, and the call table of that is gone",
                    node = me,
                    call = name(origin)
                )
            });
            effects.because(&["server_life"], || t!("It may have been carried out before the crash. It is not now."));
            effects.send(from, Message::Refused { life: call.life, number, now: life });
        }
    }
    false
}

/// A server takes something to its desk.
pub(super) fn say_taken(ask: &Ask, is_begun: bool, effects: &mut Effects<'_>) {
    let (me, origin, word) = (effects.me(), ask.origin, ask.deed.word());
    effects.routine("taken");
    effects.note(|| match is_begun {
        true => t!("{node} begins with {call}: {what}", node = me, call = name(origin), what = word),
        false => t!("{node} is busy: {call} waits", node = me, call = name(origin)),
    });
}

/// The time of what a server works on is over.
pub(super) fn say_over(job: &Job, effects: &mut Effects<'_>) {
    let (me, origin) = (effects.me(), job.ask.origin);
    effects.note(|| t!("{node} ends its work on {call}: the time left has run out", node = me, call = name(origin)));
    effects
        .because(&["time_left"], || t!("Whoever asked has given up. Nothing was done, and nobody works for nobody."));
}
