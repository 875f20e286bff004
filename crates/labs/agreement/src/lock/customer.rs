//! A customer: it gets the lock, reads what is left, thinks, writes, and releases the lock. What it knows of the lock is what it was
//! told last.

use parts::shop::OrderId;
use serde::Serialize;
use sim::history::{Call, OperationId, Outcome, Value as Data};
use sim::{NodeId, t};

use super::message::Message;
use super::settings::Scheme;
use super::{Disk, Effects, Operation, Timer, name, token_text};

/// The state of a customer. But for the number of the attempt all of it is in memory.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Customer {
    life: u64,
    /// The number of its last attempt.
    number: u64,
    pub step: Step,
    /// The lock that it takes itself to hold.
    pub hold: Option<Hold>,
    /// Until when its attempt lasts, by its own clock, as far as it was told.
    pub until_us: Option<u64>,
    /// Whether it wants the lock alone, and no piece.
    is_alone: bool,
    /// The last piece that it was told is its own, and how many there were.
    pub piece: Option<u64>,
    pub bought: u64,
    pub last: Option<Ending>,
    acquiring: Option<OperationId>,
}

/// What it does.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Step {
    Idle,
    /// It waits for the lock; by server, whether it was granted there.
    Asking {
        answers: Vec<Option<bool>>,
        began_us: u64,
        is_queued: bool,
    },
    /// Somebody else had it: it tries again soon.
    Backing,
    /// It has the lock, and wants nothing else.
    Keeping,
    Reading,
    Thinking {
        piece: u64,
    },
    Writing {
        piece: u64,
    },
}

/// A lock that a customer takes itself to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Hold {
    pub token: Option<u64>,
    /// Whether it has heard or seen that its time is over, and goes on.
    pub is_over: bool,
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Ending {
    Bought,
    SoldOut,
    Refused,
    GaveUp,
    Released,
}

impl Customer {
    pub(super) fn boot(disk: &Disk, effects: &mut Effects<'_>) -> Customer {
        let (me, life) = (effects.me(), disk.life + 1);
        let customer = Customer {
            life,
            number: disk.number,
            step: Step::Idle,
            hold: None,
            until_us: None,
            is_alone: false,
            piece: None,
            bought: 0,
            last: None,
            acquiring: None,
        };
        if disk.life > 0 {
            effects.rule("restart");
            effects.note(|| t!("{node} restarts, and does not know what it was at", node = me));
        }
        customer.keep(effects);
        customer.wait_for_work(effects);
        customer
    }

    fn keep(&self, effects: &mut Effects<'_>) {
        effects.persist(Disk { life: self.life, number: self.number, ..Disk::default() });
    }

    fn wait_for_work(&self, effects: &mut Effects<'_>) {
        let workload_us = effects.config().workload_us;
        if workload_us > 0 {
            let after_us = workload_us / 2 + effects.choose(workload_us + 1);
            effects.set_timer(Timer::Workload, after_us);
        }
    }

    /// The attempt that it is at, or was at last.
    pub fn attempt(&self, me: NodeId) -> OrderId {
        OrderId { customer: me, number: self.number }
    }

    /// Whether it is at work with what the lock is for.
    pub fn is_at_work(&self) -> bool {
        matches!(self.step, Step::Reading | Step::Thinking { .. } | Step::Writing { .. })
    }

    /// Whether it waits for the lock.
    pub fn is_waiting(&self) -> bool {
        matches!(self.step, Step::Asking { .. } | Step::Backing)
    }

    pub(super) fn on_operation(&mut self, operation: Operation, effects: &mut Effects<'_>) {
        let me = effects.me();
        match operation {
            Operation::Buy | Operation::Acquire if self.step != Step::Idle => {
                effects.note(|| t!("{node} is busy already", node = me));
            }
            Operation::Buy => self.begin(false, effects),
            Operation::Acquire => self.begin(true, effects),
            Operation::Release if self.hold.is_some() => {
                effects.note(|| t!("{node} releases the lock, since somebody says so", node = me));
                self.end(Ending::Released, effects);
            }
            Operation::Release => effects.note(|| t!("{node} has no lock to release", node = me)),
            Operation::Steal => {
                // A number that nobody has: it owns nothing.
                self.number += u64::from(self.step == Step::Idle);
                self.keep(effects);
                let attempt = OrderId { customer: me, number: self.number + u64::from(self.step != Step::Idle) };
                effects.config().locks().for_each(|lock| effects.send(lock, Message::Release { attempt }));
                effects.note(|| t!("{node} releases a lock that is not its own", node = me));
            }
            Operation::Restock => {}
        }
    }

    /// Begins to buy, or to get the lock alone.
    fn begin(&mut self, is_alone: bool, effects: &mut Effects<'_>) {
        let (me, scheme) = (effects.me(), effects.config().scheme);
        self.is_alone = is_alone;
        self.number += 1;
        self.keep(effects);
        let attempt = self.attempt(me);
        if scheme == Scheme::None {
            effects.rule("no_lock");
            effects.note(|| {
                t!("{node} wants to buy, and asks nobody for a lock: {attempt}", node = me, attempt = name(attempt))
            });
            return match is_alone {
                true => self.step = Step::Idle,
                false => self.read(effects),
            };
        }
        self.acquiring = Some(effects.invoke(Data::text("lock"), Call::Acquire));
        effects.note(|| match is_alone {
            true => t!("{node} asks for the lock: {attempt}", node = me, attempt = name(attempt)),
            false => t!("{node} wants to buy, and asks for the lock: {attempt}", node = me, attempt = name(attempt)),
        });
        self.ask(effects);
    }

    /// Asks for the lock, at all servers at once.
    fn ask(&mut self, effects: &mut Effects<'_>) {
        let (attempt, now_us) = (self.attempt(effects.me()), effects.monotonic_now());
        let (answer_us, keepalive_us) = (effects.config().answer_us, effects.config().keepalive_us);
        let locks = effects.config().locks();
        let answers = vec![None; usize::from(effects.config().locks)];
        self.step = Step::Asking { answers, began_us: now_us, is_queued: false };
        self.until_us = None;
        locks.for_each(|lock| effects.send(lock, Message::Acquire { attempt, sent_us: now_us }));
        effects.set_timer(Timer::Answer, answer_us);
        if effects.config().scheme == Scheme::Lease && keepalive_us > 0 {
            effects.set_timer(Timer::KeepAlive, keepalive_us);
        }
    }

    /// Asks again under a new number.
    fn ask_anew(&mut self, effects: &mut Effects<'_>) {
        self.number += 1;
        self.keep(effects);
        self.stop(effects);
        self.ask(effects);
    }

    /// It waits for nothing any more that belongs to the lock.
    fn stop(&mut self, effects: &mut Effects<'_>) {
        for timer in [Timer::Answer, Timer::Retry, Timer::KeepAlive, Timer::Over, Timer::Work] {
            effects.cancel_timer(timer);
        }
        self.until_us = None;
    }

    pub(super) fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        let me = effects.me();
        let attempt = message.attempt();
        if attempt != self.attempt(me) || (self.step == Step::Idle) {
            return self.on_stray(from, &message, effects);
        }
        match message {
            Message::Granted { token, sent_us, .. } => self.on_granted(from, token, sent_us, effects),
            Message::Alive { token, sent_us, .. } => self.on_alive(from, token, sent_us, effects),
            Message::Queued { sent_us, .. } => self.on_queued(sent_us, effects),
            Message::Taken { .. } => self.on_taken(from, effects),
            Message::Over { .. } => self.on_over(from, effects),
            Message::Left { piece, .. } => self.on_left(piece, effects),
            Message::Written { .. } => self.on_written(effects),
            Message::Refused { seen, .. } => self.on_refused(from, seen, effects),
            _ => self.on_stray(from, &message, effects),
        }
    }

    /// Something of an attempt that is over.
    fn on_stray(&mut self, from: NodeId, message: &Message, effects: &mut Effects<'_>) {
        let (me, attempt) = (effects.me(), message.attempt());
        effects.routine("stray");
        effects.note(|| t!("{node} gets an answer that it no longer waits for", node = me));
        if matches!(message, Message::Granted { .. }) {
            effects.send(from, Message::Release { attempt });
            effects.note(|| t!("It gives the lock back at once"));
        }
    }

    /// Its time lasts so long from the moment at which it sent what was answered now.
    fn lasts_from(&mut self, sent_us: u64, effects: &mut Effects<'_>) {
        let config = effects.config();
        let until_us = sent_us + config.ttl_us.saturating_sub(config.margin_us());
        let until_us = until_us.max(self.until_us.unwrap_or_default());
        self.until_us = Some(until_us);
        effects.set_timer(Timer::Over, until_us.saturating_sub(effects.monotonic_now()));
        effects.rule("own_clock");
    }

    fn on_granted(&mut self, from: NodeId, token: Option<u64>, sent_us: u64, effects: &mut Effects<'_>) {
        let (me, scheme) = (effects.me(), effects.config().scheme);
        let place = effects.config().place(from).unwrap_or_default();
        let Step::Asking { answers, .. } = &mut self.step else {
            effects.routine("granted again");
            return effects.note(|| t!("{node} knows that it has the lock", node = me));
        };
        answers[place] = Some(true);
        if scheme != Scheme::Redlock {
            self.lasts_from(sent_us, effects);
            return self.hold(token, effects);
        }
        let got = answers.iter().filter(|answer| **answer == Some(true)).count();
        let all = answers.len();
        effects.note(|| t!("{node} was given the lock by {got} of {all}", node = me, got = got, all = all));
        self.count(false, effects);
    }

    fn on_taken(&mut self, from: NodeId, effects: &mut Effects<'_>) {
        let me = effects.me();
        let place = effects.config().place(from).unwrap_or_default();
        let Step::Asking { answers, .. } = &mut self.step else {
            effects.routine("stray");
            return effects.note(|| t!("{node} gets an answer that it no longer waits for", node = me));
        };
        answers[place] = Some(false);
        effects.note(|| t!("{node} hears that {server} has given the lock to somebody else", node = me, server = from));
        self.count(false, effects);
    }

    /// Whether it has the lock, once all servers have answered or had time enough (Redis documentation, the five steps).
    fn count(&mut self, is_late: bool, effects: &mut Effects<'_>) {
        let (me, now_us) = (effects.me(), effects.monotonic_now());
        let Step::Asking { answers, began_us, .. } = &self.step else { return };
        let config = effects.config();
        let (needed, all) = (config.majority(), answers.len());
        let got = answers.iter().filter(|answer| **answer == Some(true)).count();
        let missing = answers.iter().filter(|answer| answer.is_none()).count();
        if got < needed && missing > 0 && !is_late {
            return;
        }
        let (began_us, ttl_us, margin_us) = (*began_us, config.ttl_us, config.margin_us());
        if config.scheme == Scheme::Redlock {
            effects.rule("majority");
        }
        if got >= needed && now_us - began_us + margin_us < ttl_us {
            self.lasts_from(began_us, effects);
            return self.hold(None, effects);
        }
        effects.note(|| match all {
            1 => t!("{node} tries again later", node = me),
            _ => t!(
                "{node} has {got} of {all} servers: it gives them back, and tries again",
                node = me,
                got = got,
                all = all
            ),
        });
        // A single server that has said no has nothing to give back.
        if all > 1 || missing > 0 {
            self.release(effects);
        }
        self.stop(effects);
        self.step = Step::Backing;
        let after_us = 1 + effects.choose(effects.config().retry_us);
        effects.set_timer(Timer::Retry, after_us);
    }

    /// It has the lock, as far as it knows.
    fn hold(&mut self, token: Option<u64>, effects: &mut Effects<'_>) {
        let (me, config) = (effects.me(), effects.config());
        let (scheme, keepalive_us) = (config.scheme, config.keepalive_us);
        self.hold = Some(Hold { token, is_over: false });
        effects.cancel_timer(Timer::Answer);
        if let Some(acquiring) = self.acquiring.take() {
            effects.complete(acquiring, Outcome::Ok(Data::Bool(true)));
        }
        if scheme == Scheme::Single && keepalive_us > 0 {
            effects.set_timer(Timer::KeepAlive, keepalive_us);
        }
        effects.note(|| match token {
            Some(token) => t!("{node} has the lock, and the token {token}", node = me, token = token_text(token)),
            None => t!("{node} has the lock", node = me),
        });
        match self.is_alone {
            true => self.step = Step::Keeping,
            false => self.read(effects),
        }
    }

    fn read(&mut self, effects: &mut Effects<'_>) {
        let attempt = self.attempt(effects.me());
        self.step = Step::Reading;
        let token = self.hold.and_then(|hold| hold.token);
        effects.send(effects.config().stock(), Message::Read { attempt, token });
        effects.set_timer(Timer::Answer, 2 * effects.config().answer_us);
    }

    fn on_queued(&mut self, sent_us: u64, effects: &mut Effects<'_>) {
        let (me, ttl_us, keepalive_us) = (effects.me(), effects.config().ttl_us, effects.config().keepalive_us);
        let Step::Asking { is_queued, .. } = &mut self.step else {
            effects.routine("stray");
            return effects.note(|| t!("{node} gets an answer that it no longer waits for", node = me));
        };
        *is_queued = true;
        self.lasts_from(sent_us, effects);
        // Whoever says nothing is forgotten: without keep-alives it asks again.
        match keepalive_us {
            0 => effects.set_timer(Timer::Answer, ttl_us / 2),
            _ => effects.cancel_timer(Timer::Answer),
        }
        effects.routine("queued");
        effects.rule("queue");
        effects.note(|| t!("{node} waits in the queue", node = me));
    }

    fn on_alive(&mut self, from: NodeId, token: Option<u64>, sent_us: u64, effects: &mut Effects<'_>) {
        let me = effects.me();
        if token.is_some() && matches!(self.step, Step::Asking { .. }) {
            return self.on_granted(from, token, sent_us, effects);
        }
        self.lasts_from(sent_us, effects);
        if let Some(hold) = &mut self.hold {
            hold.is_over = false;
        }
        effects.routine("renewed");
        effects.rule("renew");
        effects.note(|| t!("{node} hears that its time begins anew", node = me));
    }

    /// The lock service says that its time is over.
    fn on_over(&mut self, from: NodeId, effects: &mut Effects<'_>) {
        let me = effects.me();
        effects.cancel_timer(Timer::KeepAlive);
        if self.hold.is_none() {
            effects.note(|| t!("{node} hears that its time is over, and asks anew", node = me));
            return self.ask_anew(effects);
        }
        effects.note(|| t!("{node} hears from {server} that it no longer has the lock", node = me, server = from));
        self.is_over(effects);
    }

    /// Its time is over, and it knows that.
    fn is_over(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        if let Some(hold) = &mut self.hold {
            hold.is_over = true;
        }
        match (&self.step, effects.config().check_lease) {
            (Step::Writing { .. }, _) => effects.note(|| t!("Its write is under way: nobody can take that back")),
            (_, false) => effects.note(|| t!("It does not look at that before it writes, and goes on")),
            (_, true) => {
                effects.note(|| t!("{node} gives up what it was at", node = me));
                self.end(Ending::GaveUp, effects);
            }
        }
    }

    fn on_left(&mut self, piece: Option<u64>, effects: &mut Effects<'_>) {
        let (me, work_us) = (effects.me(), effects.config().work_us);
        if self.step != Step::Reading {
            effects.routine("read again");
            return effects.note(|| t!("{node} has read that before", node = me));
        }
        effects.cancel_timer(Timer::Answer);
        match piece {
            Some(piece) => {
                self.step = Step::Thinking { piece };
                effects.set_timer(Timer::Work, work_us);
                effects.note(|| t!("{node} reads that piece {piece} is left, and thinks", node = me, piece = piece));
            }
            None => {
                effects.note(|| t!("{node} reads that it is sold out", node = me));
                self.end(Ending::SoldOut, effects);
            }
        }
    }

    fn write(&mut self, piece: u64, effects: &mut Effects<'_>) {
        let attempt = self.attempt(effects.me());
        let token = self.hold.and_then(|hold| hold.token);
        effects.send(effects.config().stock(), Message::Write { attempt, token, piece });
        effects.set_timer(Timer::Answer, 2 * effects.config().answer_us);
    }

    fn on_written(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        let Step::Writing { piece } = self.step else {
            effects.routine("written again");
            return effects.note(|| t!("{node} knows that already", node = me));
        };
        self.piece = Some(piece);
        self.bought += 1;
        effects.note(|| t!("{node} hears that piece {piece} is its own", node = me, piece = piece));
        if self.hold.is_some_and(|hold| hold.token.is_some()) {
            effects.because(&["fencing", "token_on_read"], || t!("Nobody else can be told that of the same piece"));
        }
        self.end(Ending::Bought, effects);
    }

    fn on_refused(&mut self, from: NodeId, seen: u64, effects: &mut Effects<'_>) {
        let me = effects.me();
        if !self.is_at_work() {
            effects.routine("stray");
            return effects.note(|| t!("{node} gets an answer that it no longer waits for", node = me));
        }
        effects.rule("fencing");
        effects.note(|| {
            t!(
                "{node} hears that {stock} has seen {token}: it has lost the lock",
                node = me,
                stock = from,
                token = token_text(seen)
            )
        });
        self.end(Ending::Refused, effects);
    }

    /// Ends the attempt, and gives the lock back.
    fn end(&mut self, ending: Ending, effects: &mut Effects<'_>) {
        if self.hold.take().is_some() {
            self.release(effects);
            let releasing = effects.invoke(Data::text("lock"), Call::Release);
            effects.complete(releasing, Outcome::Ok(Data::Nil));
        }
        self.stop(effects);
        self.step = Step::Idle;
        self.last = Some(ending);
    }

    /// Tells all servers that it needs the lock no longer, also those that seem not to have granted it.
    fn release(&self, effects: &mut Effects<'_>) {
        let attempt = self.attempt(effects.me());
        effects.config().locks().for_each(|lock| effects.send(lock, Message::Release { attempt }));
    }

    pub(super) fn on_timer(&mut self, timer: Timer, effects: &mut Effects<'_>) {
        match timer {
            Timer::Workload => self.on_workload(effects),
            Timer::Answer => self.on_no_answer(effects),
            Timer::Retry if self.step == Step::Backing => {
                let me = effects.me();
                effects.routine("retry");
                effects.rule("set_if_absent");
                effects.note(|| t!("{node} asks for the lock again", node = me));
                self.ask_anew(effects);
            }
            Timer::KeepAlive => self.on_keepalive(effects),
            Timer::Over => self.on_time_over(effects),
            Timer::Work => self.on_work(effects),
            _ => {}
        }
    }

    fn on_workload(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        self.wait_for_work(effects);
        match self.step {
            Step::Idle => self.begin(false, effects),
            _ => {
                effects.routine("busy");
                effects.note(|| t!("{node} is busy already", node = me));
            }
        }
    }

    /// An answer should be there.
    fn on_no_answer(&mut self, effects: &mut Effects<'_>) {
        let (me, answer_us, scheme) = (effects.me(), effects.config().answer_us, effects.config().scheme);
        let attempt = self.attempt(me);
        match self.step {
            Step::Asking { .. } if scheme != Scheme::Lease => {
                effects.note(|| t!("{node} has waited long enough for answers", node = me));
                return self.count(true, effects);
            }
            Step::Asking { .. } => {
                let sent_us = effects.monotonic_now();
                effects.config().locks().for_each(|lock| effects.send(lock, Message::Acquire { attempt, sent_us }));
                effects.set_timer(Timer::Answer, answer_us);
            }
            Step::Reading => self.read(effects),
            Step::Writing { piece } => self.write(piece, effects),
            Step::Idle | Step::Backing | Step::Keeping | Step::Thinking { .. } => return,
        }
        effects.routine("again");
        effects.note(|| t!("{node} has no answer, and asks again", node = me));
    }

    fn on_keepalive(&mut self, effects: &mut Effects<'_>) {
        let (me, keepalive_us, now_us) = (effects.me(), effects.config().keepalive_us, effects.monotonic_now());
        let attempt = self.attempt(me);
        let is_meant = self.hold.is_some() || matches!(self.step, Step::Asking { .. });
        if keepalive_us == 0 || !is_meant {
            return;
        }
        effects.config().locks().for_each(|lock| effects.send(lock, Message::KeepAlive { attempt, sent_us: now_us }));
        effects.set_timer(Timer::KeepAlive, keepalive_us);
        effects.routine("keep-alive");
        effects.rule("renew");
        effects.note(|| t!("{node} says that it is still there", node = me));
    }

    /// By its own clock its time is over.
    fn on_time_over(&mut self, effects: &mut Effects<'_>) {
        let (me, now_us) = (effects.me(), effects.monotonic_now());
        let Some(until_us) = self.until_us else { return };
        if now_us < until_us {
            effects.set_timer(Timer::Over, until_us - now_us);
            effects.routine("early");
            return effects.note(|| t!("{node} has time left, by its clock", node = me));
        }
        effects.rule("own_clock");
        if self.hold.is_none() {
            if matches!(self.step, Step::Asking { .. }) {
                effects.note(|| t!("{node} has heard nothing for too long, and asks anew", node = me));
                self.ask_anew(effects);
            }
            return;
        }
        effects.note(|| t!("By the clock of {node} its time is over", node = me));
        self.is_over(effects);
    }

    /// It has thought, and writes.
    fn on_work(&mut self, effects: &mut Effects<'_>) {
        let (me, now_us, check_lease) = (effects.me(), effects.monotonic_now(), effects.config().check_lease);
        let Step::Thinking { piece } = self.step else { return };
        let is_over = self.until_us.is_some_and(|until_us| until_us <= now_us);
        if check_lease && is_over && self.hold.is_some() {
            effects.rule("own_clock");
            effects.note(|| t!("{node} looks at its clock: its time is over", node = me));
            effects.note(|| t!("{node} gives up what it was at", node = me));
            return self.end(Ending::GaveUp, effects);
        }
        self.step = Step::Writing { piece };
        let token = self.hold.and_then(|hold| hold.token);
        effects.note(|| match token {
            Some(token) => t!(
                "{node} writes that piece {piece} is its own, with {token}",
                node = me,
                piece = piece,
                token = token_text(token)
            ),
            None => t!("{node} writes that piece {piece} is its own", node = me, piece = piece),
        });
        self.write(piece, effects);
    }
}
