//! A client: its user wants one thing after the other, by calls or by HTTP, and is told how it came out.

use std::collections::VecDeque;

use serde::Serialize;
use sim::{Map, NodeId, t, time_us};

use super::call::{Answer, Ask, Deed, OrderId, Origin};
use super::http::{Method, Path, Request};
use super::line::{Asker, Come};
use super::printing::Job;
use super::settings::{Strategy, Style};
use super::store::Book;
use super::stub::{Stub, names_lives};
use super::view::name;
use super::wish::{Told, Verdict, Wish};
use super::{Disk, Effects, Message, Timer};

/// How much a client remembers of each kind.
const REMEMBERED: usize = 6;

/// How many versions it has in front of it at the most.
const MOST_KNOWN: usize = 16;

/// How many wishes wait for the one that is open.
const MOST_WISHES: usize = 4;

/// The order that all clients with REST share.
const SHARED: OrderId = 7;

/// How much longer a long call takes.
pub(super) const LONG_US: u64 = 5_000_000;

/// The state of a client.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Client {
    disk: Disk,
    pub stub: Stub,
    line: Asker,
    pub open: Option<Open>,
    /// What its user wants after that.
    pub wishes: VecDeque<Wish>,
    /// How the last wishes came out.
    pub told: VecDeque<Told>,
    /// The versions that its user has in front of him.
    pub known: Map<OrderId, u32>,
    /// The orders of the last page that it has seen.
    pub page: Vec<OrderId>,
    /// The orders that it has made and not cancelled, the oldest first.
    pub own: VecDeque<OrderId>,
    prefers_twin: bool,
    /// When it has finished a purchase, or started, on its clock that nobody sets.
    pub bought_us: u64,
    /// Exchanges so far.
    asked: u64,
    /// The last change of its own of which it knows that it is done.
    pub last_ack: Option<Seen>,
    /// The last order that it was shown.
    pub last_shown: Option<Seen>,
    /// Answers that said that a version had moved.
    pub refused_versions: u32,
    /// What it has printed last.
    pub print: Option<Print>,
}

/// What a client has on its disk.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Written {
    /// How many wishes its user has had.
    pub made: u32,
    /// The one that is open.
    pub open: Option<(u32, Wish)>,
    /// How many numbers it has chosen.
    chosen: u32,
}

/// A wish that waits for its end.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Open {
    pub number: u32,
    pub wish: Wish,
    pub step: Step,
    pub since_us: u64,
    /// When the last call or request of it began.
    pub asked_us: u64,
    /// The version that a change is made to.
    pub base: u32,
    /// The number of the exchange, over HTTP.
    pub exchange: u64,
}

/// How far a wish is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Step {
    /// It does what it is for.
    Act,
    /// It looks first which version there is.
    Look,
    /// The version had moved: was that its own first try?
    Compare,
    /// It reads this line.
    Line(u16),
}

/// A version of an order, and the how-manieth one of this kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Seen {
    pub count: u32,
    pub order: OrderId,
    pub version: u32,
}

/// A text that was to be printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Print {
    pub job: Job,
    /// Whether the completion message has come.
    pub came: bool,
    /// What was decided when the server was back.
    pub decided: Option<bool>,
}

impl Client {
    /// Starts a client. What was open before a crash, nobody can say.
    pub(super) fn boot(mut disk: Disk, effects: &mut Effects<'_>) -> Client {
        let (me, life, now_us) = (effects.me(), disk.lives, effects.monotonic_now());
        let open = disk.client.open.take();
        effects.persist(disk.clone());
        let mut client = Client {
            disk,
            stub: Stub::new(life),
            line: Asker::new(life),
            open: None,
            wishes: VecDeque::new(),
            told: VecDeque::new(),
            known: Map::default(),
            page: Vec::new(),
            own: VecDeque::new(),
            prefers_twin: false,
            bought_us: now_us,
            asked: 0,
            last_ack: None,
            last_shown: None,
            refused_versions: 0,
            print: None,
        };
        if let Some((number, wish)) = open {
            let origin = Origin { client: me, number };
            effects.note(|| {
                t!("{node} starts again, and cannot say what became of {call}", node = me, call = name(origin))
            });
            client.told.push_back(Told { number, wish, verdict: Verdict::Unknown, took_us: None });
        }
        if effects.config().style(me) == Style::Rpc && names_lives(effects.config()) {
            let fronts: Vec<NodeId> = effects.config().fronts().collect();
            fronts.into_iter().for_each(|front| client.stub.bind(front, effects));
        }
        client.rest(effects);
        client
    }

    /// What its disk holds of it.
    pub fn written(&self) -> &Written {
        &self.disk.client
    }

    /// Its user wants nothing for a while.
    fn rest(&mut self, effects: &mut Effects<'_>) {
        let workload_us = effects.config().workload_us;
        if workload_us > 0 {
            let spread_us = effects.choose(workload_us / 2 + 1);
            effects.set_timer(Timer::Next, workload_us * 3 / 4 + spread_us);
        }
    }

    /// The user wants the next thing by turns.
    pub(super) fn on_turn(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        if self.open.is_some() || !self.wishes.is_empty() {
            effects.routine("waits");
            effects.note(|| t!("The user of {node} waits for what is open", node = me));
            return;
        }
        let turn = self.disk.client.made;
        let wish = match effects.config().style(me) {
            Style::Rpc => self.next_call(turn),
            Style::Rest => self.next_request(turn, me.0 % 2 == 1),
        };
        effects.routine("wish");
        self.begin(wish, effects);
    }

    fn next_call(&self, turn: u32) -> Wish {
        match (turn % 4, self.own.back()) {
            (1, Some(order)) => Wish::Read { order: *order },
            (2, Some(order)) => Wish::Change { order: *order, with_patch: false },
            (3, Some(order)) => Wish::Cancel { order: *order },
            _ => Wish::Create { with_put: false },
        }
    }

    fn next_request(&self, turn: u32, is_odd: bool) -> Wish {
        let is_gone = !self.page.is_empty() && !self.page.contains(&SHARED);
        let shared = self.page.first().copied().filter(|_| is_gone).unwrap_or(SHARED);
        match (turn % 5, self.own.front()) {
            (0, _) => Wish::Change { order: shared, with_patch: !is_odd },
            (1, _) => Wish::Read { order: shared },
            (2, _) => Wish::Create { with_put: !is_odd },
            (4, Some(order)) => Wish::Cancel { order: *order },
            _ => Wish::List,
        }
    }

    /// A person wants something.
    pub(super) fn want(&mut self, wish: Wish, effects: &mut Effects<'_>) {
        let me = effects.me();
        if wish == Wish::Print && effects.config().printer().is_none() {
            effects.note(|| t!("There is no printer here"));
        } else if self.open.is_none() {
            self.begin(wish, effects);
        } else if self.wishes.len() < MOST_WISHES {
            self.wishes.push_back(wish);
            effects.note(|| t!("{node} asks for one thing at a time: this one waits", node = me));
        } else {
            effects.note(|| t!("The user of {node} wants too much at once, and is not heard", node = me));
        }
    }

    /// A new wish.
    fn begin(&mut self, wish: Wish, effects: &mut Effects<'_>) {
        let (me, now_us) = (effects.me(), effects.monotonic_now());
        let style = effects.config().style(me);
        let written = &mut self.disk.client;
        written.made += 1;
        let number = written.made;
        written.open = Some((number, wish));
        let chooses = style == Style::Rest && matches!(wish, Wish::Create { with_put: true });
        written.chosen += u32::from(chooses);
        effects.persist(self.disk.clone());
        let step = match wish {
            Wish::Change { order, .. } if self.known.get(&order).is_none() => Step::Look,
            Wish::Read { .. } if style == Style::Rpc && effects.config().is_chatty => Step::Line(1),
            _ => Step::Act,
        };
        let base = if let Wish::Change { order, .. } = wish { self.known.get(&order).copied().unwrap_or(0) } else { 0 };
        self.open = Some(Open { number, wish, step, since_us: now_us, asked_us: now_us, base, exchange: 0 });
        let origin = Origin { client: me, number };
        effects
            .note(|| t!("The user of {node} wants {call}: {what}", node = me, call = name(origin), what = wish.word()));
        self.ask(effects);
    }

    /// Asks for what the open wish needs next.
    fn ask(&mut self, effects: &mut Effects<'_>) {
        let (me, now_us) = (effects.me(), effects.monotonic_now());
        let Some(open) = &mut self.open else { return };
        open.asked_us = now_us;
        if open.wish == Wish::Print {
            let job = Job { origin: Origin { client: me, number: open.number }, again: false };
            self.print = Some(Print { job, came: false, decided: None });
            self.asked += 1;
            open.exchange = self.asked;
            effects.send(effects.config().front(), Message::Print(job));
            effects.set_timer(Timer::Patience(open.exchange), effects.config().longest_us());
            return;
        }
        match effects.config().style(me) {
            Style::Rpc => {
                let ask = ask_of(open, me);
                let (to, left_us) = (effects.config().either(self.prefers_twin), effects.config().deadline_us);
                self.stub.call(to, ask, left_us, effects);
            }
            Style::Rest => {
                let request = request_of(open, me, self.disk.client.chosen, effects);
                self.asked += 1;
                open.exchange = self.asked;
                let Some(proxy) = effects.config().proxy() else { return };
                self.line.ask(proxy, self.asked, request, effects);
                effects.set_timer(Timer::Patience(self.asked), effects.config().longest_us());
            }
        }
    }

    pub(super) fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        let me = effects.me();
        match message {
            Message::Bound { life, now } => {
                let is_news = self.stub.on_bound(from, life, now, effects);
                effects.routine("bound");
                effects.note(|| match is_news {
                    true => t!("{node} knows the life of {other} now: {life}", node = me, other = from, life = now),
                    false => t!("{node} hears once more in which life {other} is", node = me, other = from),
                });
            }
            Message::Reply { life, number, answer } => match self.stub.on_reply(from, life, number, answer, effects) {
                Some(answer) => {
                    self.say_answer(&answer, effects);
                    self.on_answer(answer, effects);
                }
                None => self.say_late(from, effects),
            },
            Message::Refused { life, number, now } => {
                if self.stub.on_refused(from, life, number, now, effects) {
                    effects.rule("server_life");
                    effects.note(|| {
                        t!("{other} has crashed since, and refuses the call of {node}", other = from, node = me)
                    });
                    effects.note(|| t!("Not now; before the crash, nobody knows. So the user is told: unknown."));
                    self.on_answer(Answer::Unknown, effects);
                } else {
                    self.say_late(from, effects);
                }
            }
            Message::Http(segment) => match self.line.on_segment(from, segment, effects) {
                Come::Nothing => self.say_late(from, effects),
                Come::Opened => {
                    effects.routine("connection");
                    effects.note(|| t!("{node} has a connection with {other}", node = me, other = from));
                }
                Come::Answer(exchange, response) => {
                    if self.open.as_ref().is_some_and(|open| open.exchange == exchange) {
                        effects.cancel_timer(Timer::Patience(exchange));
                        self.say_answer(&response.answer, effects);
                        self.on_answer(response.answer, effects);
                    } else {
                        self.say_late(from, effects);
                    }
                }
                Come::Broken(exchanges) => {
                    effects.note(|| t!("The connection of {node} with {other} is broken", node = me, other = from));
                    self.on_broken(&exchanges, effects);
                }
            },
            Message::Printed(job) => self.on_printed(job, effects),
            Message::Back { .. } => self.on_back(from, effects),
            _ => {}
        }
    }

    fn say_answer(&self, answer: &Answer, effects: &mut Effects<'_>) {
        let me = effects.me();
        let number = self.open.as_ref().map_or(0, |open| open.number);
        let (origin, said) = (Origin { client: me, number }, answer.word());
        effects.note(|| t!("{node} gets an answer to {call}: {answer}", node = me, call = name(origin), answer = said));
    }

    fn say_late(&self, from: NodeId, effects: &mut Effects<'_>) {
        let me = effects.me();
        effects.routine("late answer");
        effects.note(|| t!("{node} gets something of {other} for which it does not wait", node = me, other = from));
    }

    pub(super) fn on_repeat(&mut self, effects: &mut Effects<'_>) {
        self.stub.on_repeat(effects);
    }

    /// The deadline of its call.
    pub(super) fn on_give_up(&mut self, effects: &mut Effects<'_>) {
        let to = self.stub.open.as_ref().map(|open| open.to);
        if let Some(answer) = self.stub.on_give_up(effects) {
            let me = effects.me();
            // Who is silent is not asked for what is new.
            if to == Some(effects.config().either(self.prefers_twin)) && effects.config().twin().is_some() {
                self.prefers_twin = !self.prefers_twin;
            }
            let took_us = self.open.as_ref().map_or(0, |open| effects.monotonic_now().saturating_sub(open.asked_us));
            effects.note(|| match answer {
                Answer::Unknown => {
                    t!(
                        "{node} has no answer after {time}, and tells its user: unknown",
                        node = me,
                        time = time_us(took_us)
                    )
                }
                _ => t!(
                    "{node} has not even sent its call in {time}, and tells its user: refused",
                    node = me,
                    time = time_us(took_us)
                ),
            });
            if answer == Answer::Unknown {
                effects.note(|| t!("It may have happened, it may not, and it may be happening now."));
            }
            self.on_answer(answer, effects);
        }
    }

    /// It has waited for an answer over HTTP, or for a completion message, for long enough.
    pub(super) fn on_patience(&mut self, exchange: u64, effects: &mut Effects<'_>) {
        let (me, now_us, longest_us) = (effects.me(), effects.monotonic_now(), effects.config().longest_us());
        let Some(open) = self.open.as_ref().filter(|open| open.exchange == exchange) else { return };
        let left_us = (open.asked_us + longest_us).saturating_sub(now_us);
        if left_us > 0 {
            effects.set_timer(Timer::Patience(exchange), left_us);
            effects.note(|| t!("{node} looks at its clock: it has {time} left", node = me, time = time_us(left_us)));
            return;
        }
        effects.note(|| {
            t!("{node} has no answer after {time}, and tells its user: unknown", node = me, time = time_us(longest_us))
        });
        effects.note(|| t!("It may have happened, it may not, and it may be happening now."));
        self.line.break_off();
        self.on_answer(Answer::Unknown, effects);
    }

    fn on_broken(&mut self, exchanges: &[u64], effects: &mut Effects<'_>) {
        if let Some(open) = self.open.as_ref().filter(|open| exchanges.contains(&open.exchange)) {
            effects.cancel_timer(Timer::Patience(open.exchange));
            self.on_answer(Answer::Unknown, effects);
        }
    }

    /// An answer, by a call or over HTTP; or there is none.
    fn on_answer(&mut self, answer: Answer, effects: &mut Effects<'_>) {
        let me = effects.me();
        let Some(open) = self.open.clone() else { return };
        let origin = Origin { client: me, number: open.number };
        let is_patch = matches!(open.wish, Wish::Change { with_patch: true, .. });
        // Whether somebody may have carried it out before, so that an error of the last try says nothing of the first.
        let may_be_second = effects.config().style(me) == Style::Rest && !is_patch;
        let verdict = match (open.wish, open.step, answer) {
            (_, _, Answer::Unknown) => Verdict::Unknown,
            (_, _, Answer::Expired | Answer::NoSession) => Verdict::Refused,
            (Wish::Create { .. } | Wish::Long, _, Answer::Made { order }) => {
                self.know(order, 1);
                self.own.push_back(order);
                self.bought_us = effects.monotonic_now();
                if self.own.len() > REMEMBERED {
                    self.own.pop_front();
                }
                effects.routine("done");
                Verdict::Done
            }
            (Wish::Create { .. }, _, Answer::Exists { order }) => {
                self.own.push_back(order);
                self.bought_us = effects.monotonic_now();
                effects.note(|| t!("Nobody else chooses this number: it was its own first try that made the order."));
                Verdict::Done
            }
            (Wish::Read { order }, Step::Line(line), Answer::Line { .. }) if line < effects.config().items => {
                return self.go_on(Step::Line(line + 1), order, effects);
            }
            (Wish::Read { .. } | Wish::List, Step::Act | Step::Line(_), answer) => {
                let is_missing = matches!(answer, Answer::NoOrder { .. });
                self.look_at(&answer, true);
                effects.routine("shown");
                if is_missing { Verdict::Refused } else { Verdict::Done }
            }
            (Wish::Change { order, .. }, Step::Look, Answer::Order { version, .. }) => {
                self.know(order, version);
                return self.go_on(Step::Act, order, effects);
            }
            (Wish::Change { order, .. }, Step::Act, Answer::Changed { version, .. }) => {
                self.acknowledge(order, version);
                effects.routine("done");
                Verdict::Done
            }
            (Wish::Change { order, .. }, Step::Act, Answer::Conflict { .. }) => {
                self.refused_versions += 1;
                self.known.remove(&order);
                if may_be_second {
                    effects.rule("if_match");
                    effects.note(|| {
                        t!(
                            "The version has moved. Perhaps by its own first try, so {node} looks who has written it.",
                            node = me
                        )
                    });
                    return self.go_on(Step::Compare, order, effects);
                }
                effects.rule("if_match");
                effects.note(|| t!("Somebody else has changed it since its user looked. Nothing is written over."));
                Verdict::Refused
            }
            (Wish::Change { order, .. }, Step::Compare, Answer::Order { version, by, .. }) => {
                self.know(order, version);
                if by == Some(origin) {
                    self.acknowledge(order, version);
                    Verdict::Done
                } else if version == open.base + 1 {
                    Verdict::Refused
                } else {
                    Verdict::Unknown
                }
            }
            (Wish::Change { order, .. }, step, _) => {
                self.known.remove(&order);
                let is_sure = step == Step::Look || (step == Step::Act && !may_be_second);
                if is_sure { Verdict::Refused } else { Verdict::Unknown }
            }
            (Wish::Cancel { order }, ..) => {
                self.own.retain(|own| *own != order);
                self.known.remove(&order);
                effects.routine("done");
                Verdict::Done
            }
            _ => Verdict::Unknown,
        };
        self.tell(verdict, effects);
    }

    /// The next request of the same wish.
    fn go_on(&mut self, step: Step, order: OrderId, effects: &mut Effects<'_>) {
        if !matches!(step, Step::Compare) {
            effects.routine("goes on");
        }
        if let Some(open) = &mut self.open {
            open.step = step;
            if step == Step::Act {
                open.base = self.known.get(&order).copied().unwrap_or(0);
            }
        }
        self.ask(effects);
    }

    fn look_at(&mut self, answer: &Answer, is_shown: bool) {
        match answer {
            Answer::Order { order, version, .. } => {
                self.know(*order, *version);
                let count = self.last_shown.map_or(1, |last| last.count + 1);
                if is_shown {
                    self.last_shown = Some(Seen { count, order: *order, version: *version });
                }
            }
            Answer::Page(orders) => self.page = orders.clone(),
            _ => {}
        }
    }

    fn know(&mut self, order: OrderId, version: u32) {
        self.known.insert(order, version);
        if self.known.values().count() > MOST_KNOWN {
            let first = self.known.iter().next().map(|(order, _)| *order);
            if let Some(first) = first {
                self.known.remove(&first);
            }
        }
    }

    fn acknowledge(&mut self, order: OrderId, version: u32) {
        self.know(order, version);
        let count = self.last_ack.map_or(1, |last| last.count + 1);
        self.last_ack = Some(Seen { count, order, version });
    }

    /// The completion message.
    fn on_printed(&mut self, job: Job, effects: &mut Effects<'_>) {
        let me = effects.me();
        let is_own = self.print.as_mut().filter(|print| print.job.origin == job.origin);
        if let Some(print) = is_own {
            print.came = true;
        }
        effects.note(|| t!("{node} gets the completion message for {call}", node = me, call = name(job.origin)));
        if let Some(open) =
            self.open.as_ref().filter(|open| open.wish == Wish::Print && open.number == job.origin.number)
        {
            effects.cancel_timer(Timer::Patience(open.exchange));
            self.tell(Verdict::Done, effects);
        }
    }

    /// The server has crashed, and is back: print again?
    fn on_back(&mut self, from: NodeId, effects: &mut Effects<'_>) {
        let (me, strategy) = (effects.me(), effects.config().strategy);
        let Some(print) = self.print.as_mut().filter(|print| print.decided.is_none()) else {
            effects.routine("back");
            effects.note(|| t!("{node} hears that {other} is back after a crash", node = me, other = from));
            return;
        };
        let again = match strategy {
            Strategy::Always => true,
            Strategy::Never => false,
            Strategy::IfCame => print.came,
            Strategy::IfNot => !print.came,
        };
        print.decided = Some(again);
        let (came, origin) = (print.came, print.job.origin);
        if again {
            let job = Job { again: true, ..print.job };
            effects.send(from, Message::Print(job));
        }
        effects.note(|| match again {
            true => t!(
                "{node} hears that {other} is back after a crash, and prints {call} again",
                node = me,
                other = from,
                call = name(origin)
            ),
            false => t!(
                "{node} hears that {other} is back after a crash, and does not print {call} again",
                node = me,
                other = from,
                call = name(origin)
            ),
        });
        effects.note(|| match came {
            true => t!("The completion message had come. Whether there is a paper, it does not say for sure."),
            false => {
                t!("The completion message had not come. Whether there is a paper, {node} does not know.", node = me)
            }
        });
    }

    /// Tells the user, and goes on to what he wants next.
    fn tell(&mut self, verdict: Verdict, effects: &mut Effects<'_>) {
        let Some(open) = self.open.take() else { return };
        let took_us = Some(effects.monotonic_now().saturating_sub(open.since_us));
        self.told.push_back(Told { number: open.number, wish: open.wish, verdict, took_us });
        if self.told.len() > REMEMBERED {
            self.told.pop_front();
        }
        self.disk.client.open = None;
        effects.persist(self.disk.clone());
        match self.wishes.pop_front() {
            Some(wish) => self.begin(wish, effects),
            None => self.rest(effects),
        }
    }

    /// Whether it has turned to the twin.
    pub fn prefers_twin(&self) -> bool {
        self.prefers_twin
    }
}

/// What an open wish asks a server for, by a call.
fn ask_of(open: &Open, me: NodeId) -> Ask {
    let deed = match (open.wish, open.step) {
        (Wish::Read { order }, Step::Line(line)) => Deed::Line { order, line },
        (Wish::Change { order, .. }, Step::Act) => Deed::Change { order, if_version: Some(open.base) },
        (Wish::Read { order } | Wish::Change { order, .. }, _) => Deed::Get { order },
        (Wish::Cancel { order }, _) => Deed::Cancel { order },
        (Wish::List, _) => Deed::List,
        _ => Deed::Create { chosen: None },
    };
    let long_us = if open.wish == Wish::Long { LONG_US } else { 0 };
    Ask { deed, origin: Origin { client: me, number: open.number }, base: open.base, is_get: false, long_us }
}

/// The same over HTTP.
fn request_of(open: &Open, me: NodeId, chosen: u32, effects: &Effects<'_>) -> Request {
    let origin = Origin { client: me, number: open.number };
    let rules = effects.config().rules;
    let request = |method, path| Request::new(method, path, origin);
    match (open.wish, open.step) {
        (Wish::Change { order, with_patch }, Step::Act) => {
            let method = if with_patch { Method::Patch } else { Method::Put };
            let if_match = rules.if_match.then_some(open.base);
            Request { if_match, base: open.base, ..request(method, Path::Order(order)) }
        }
        (Wish::Change { order, .. }, _) => Request { no_cache: true, ..request(Method::Get, Path::Order(order)) },
        (Wish::Read { order }, _) => request(Method::Get, Path::Order(order)),
        (Wish::Cancel { order }, _) if rules.safe_get => request(Method::Delete, Path::Order(order)),
        (Wish::Cancel { order }, _) => request(Method::Get, Path::Cancel(order)),
        (Wish::Create { with_put: true }, _) => {
            let order = Book::chosen_by(me, chosen);
            Request { if_none_match: true, ..request(Method::Put, Path::Order(order)) }
        }
        (Wish::Long, _) => Request { long_us: LONG_US, ..request(Method::Post, Path::Orders) },
        (Wish::List, _) => request(Method::Get, Path::Orders),
        _ => request(Method::Post, Path::Orders),
    }
}
