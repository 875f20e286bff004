//! A service: it does its part under locks, promises to go through with it, and then waits for the outcome (Bernstein, Hadzilacos
//! and Goodman 1987, sections 7.3 and 7.4).

use parts::shop::{Change, Desk, OrderId};
use serde::Serialize;
use sim::{NodeId, t};

use super::journal::{Age, Disk, Journal, Record, What};
use super::ledger::Ledger;
use super::message::{Message, Vote, Why};
use super::portion::{Part, Promise, Stage};
use super::settings::TM;
use super::{Effects, Timer};

/// The state of a service.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Service {
    pub desk: Desk,
    pub journal: Journal,
    pub ledger: Ledger,
    /// The orders that have a part here now, in the order of their coming.
    pub parts: Vec<Part>,
    /// Whether the next vote is no, because somebody wants it so.
    pub refuses_next: bool,
    /// How many votes, and how many acknowledgements and questions, it has sent.
    pub sent: u64,
    /// How often it learnt an outcome from another service, and how often a person had decided otherwise.
    pub rescued: u64,
    pub mixed: u64,
}

impl Service {
    /// Starts, with what is on disk (7.4, recovery): it has promised some orders, and takes their locks again.
    pub(super) fn boot(desk: Desk, disk: &Disk, effects: &mut Effects<'_>) -> Service {
        let (me, since_us) = (effects.me(), effects.monotonic_now());
        let journal = Journal::open(disk, effects);
        let ledger = disk.ledger.clone();
        let again = |prepared: &super::ledger::Prepared| Part {
            order: prepared.order,
            age: prepared.age,
            change: prepared.change,
            seen: prepared.before,
            stage: Stage::Prepared(Promise { has_crashed: true, ..Promise::new(prepared.others.clone(), since_us) }),
        };
        let parts: Vec<Part> = ledger.prepared.iter().map(again).collect();
        for part in &parts {
            let order = part.order;
            effects.rule("recover");
            effects
                .note(|| t!("{node} finds on its disk that it has promised {order}", node = me, order = order.text()));
            effects.note(|| t!("It takes the lock again, and asks what the outcome was"));
        }
        let service = Service { desk, journal, ledger, parts, refuses_next: false, sent: 0, rescued: 0, mixed: 0 };
        let orders: Vec<OrderId> = service.parts.iter().map(|part| part.order).collect();
        orders.into_iter().for_each(|order| service.wait(order, effects));
        service
    }

    pub fn part(&self, order: OrderId) -> Option<&Part> {
        self.parts.iter().find(|part| part.order == order)
    }

    pub(super) fn part_mut(&mut self, order: OrderId) -> Option<&mut Part> {
        self.parts.iter_mut().find(|part| part.order == order)
    }

    pub(super) fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        match message {
            Message::Work { order, age, change } => self.on_work(order, age, change, effects),
            Message::Prepare { order, life, others } => self.on_prepare(order, life, others, effects),
            Message::Outcome { order, commit } => self.on_outcome(from, order, commit, effects),
            Message::Ask { order } => self.on_ask(from, order, effects),
            Message::PreCommit { order } => self.on_precommit(from, order, effects),
            Message::Ready { order } => self.on_ready(from, order, effects),
            Message::Poll { order } => self.on_poll(from, order, effects),
            Message::State { order, is_ready } => self.on_state(from, order, is_ready, effects),
            Message::Unsure { order, .. } => {
                if from == TM {
                    self.leave_it_to(from, order, effects);
                }
                let me = effects.me();
                effects.note(|| {
                    t!(
                        "{node} hears that {other} does not know of {order} either",
                        node = me,
                        other = from,
                        order = order.text()
                    )
                });
                effects.routine("unsure");
            }
            _ => {
                effects.routine("stray");
                effects.note(|| t!("A message that is not for a service changes nothing"));
            }
        }
    }

    pub(super) fn on_timer(&mut self, timer: Timer, effects: &mut Effects<'_>) {
        match timer {
            Timer::Disk => self.on_disk(effects),
            Timer::Patience(order) => self.lose_patience(order, effects),
            Timer::Ask(order) if self.may_lead(order, effects) => self.lead(order, effects),
            Timer::Ask(order) => self.ask(order, effects),
            Timer::Lead(order) => self.on_lead_timer(order, effects),
            _ => {}
        }
    }

    /// Its part comes (phase 0).
    fn on_work(&mut self, order: OrderId, age: Age, change: Change, effects: &mut Effects<'_>) {
        let me = effects.me();
        if self.ledger.outcome(order).is_some() || self.ledger.is_forgotten(order) || self.part(order).is_some() {
            effects.routine("work again");
            effects.note(|| t!("{node} has had its part of {order} before", node = me, order = order.text()));
            return;
        }
        self.give_up_before(order, effects);
        self.parts.push(Part { order, age, change, seen: None, stage: Stage::Waiting });
        effects.set_timer(Timer::Patience(order), effects.config().patience_us);
        self.grant(effects);
        if self.part(order).is_some_and(|part| part.stage == Stage::Waiting) {
            effects.rule("wound_wait");
            effects.note(|| {
                t!(
                    "{node} lets {order} wait for {what}: it is locked",
                    node = me,
                    order = order.text(),
                    what = change.text()
                )
            });
            let holder = self.holder(order).map(|part| (part.order, part.is_prepared()));
            if let Some((holder, is_prepared)) = holder {
                effects.note(|| match is_prepared {
                    true => t!("{order} has been promised, and its outcome is not known here", order = holder.text()),
                    false => t!("{order} is older, and has it", order = holder.text()),
                });
            }
        }
    }

    /// A customer orders one thing after the other: what it ordered before and is not promised here was given up elsewhere.
    fn give_up_before(&mut self, order: OrderId, effects: &mut Effects<'_>) {
        let is_over = |part: &&Part| {
            let is_before = part.order.customer == order.customer && part.order.number < order.number;
            is_before && matches!(part.stage, Stage::Waiting | Stage::Working)
        };
        let over: Vec<OrderId> = self.parts.iter().filter(is_over).map(|part| part.order).collect();
        for order in over {
            self.abort_alone(order, Why::Unknown(effects.me()), effects);
        }
    }

    /// Who has what this order waits for.
    fn holder(&self, order: OrderId) -> Option<&Part> {
        let hold_locks = true;
        let part = self.part(order)?;
        self.parts.iter().find(|other| part.conflicts_with(other) && other.has_lock(hold_locks))
    }

    /// Gives locks to those that wait, the oldest first.
    pub(super) fn grant(&mut self, effects: &mut Effects<'_>) {
        let mut waiting: Vec<(Age, OrderId)> = Vec::new();
        for part in self.parts.iter().filter(|part| part.stage == Stage::Waiting) {
            let place = waiting.partition_point(|(age, _)| *age < part.age);
            waiting.insert(place, (part.age, part.order));
        }
        for (_, order) in waiting {
            // It may have been given up meanwhile.
            if self.part(order).is_some() && self.makes_way(order, effects) {
                self.work(order, effects);
            }
        }
    }

    /// Whether an order can have its lock now: younger orders that have promised nothing are aborted for it (wound-wait).
    fn makes_way(&mut self, order: OrderId, effects: &mut Effects<'_>) -> bool {
        let (me, rules) = (effects.me(), effects.config().rules);
        loop {
            let Some(part) = self.part(order) else { return false };
            let mut in_the_way = self.parts.iter().filter(|other| {
                let waits_longer = other.stage == Stage::Waiting && other.age < part.age;
                part.conflicts_with(other) && (waits_longer || other.has_lock(rules.hold_locks))
            });
            let Some(other) = in_the_way.next() else { return true };
            let is_younger = other.age > part.age;
            let victim = other.order;
            match other.stage {
                Stage::Working if is_younger => {
                    effects.rule("wound_wait");
                    effects.note(|| {
                        t!(
                            "{node} gives up {younger} for {older}, which is older and needs the same",
                            node = me,
                            younger = victim.text(),
                            older = order.text()
                        )
                    });
                    effects.note(|| {
                        t!("{younger} has promised nothing yet, so it can be undone", younger = victim.text())
                    });
                    self.abort_alone(victim, Why::Wounded(me), effects);
                }
                Stage::Prepared(_) if is_younger && !rules.spare_prepared => {
                    effects.note(|| {
                        t!(
                            "{node} breaks its promise to {younger}, since {older} is older and needs the same",
                            node = me,
                            younger = victim.text(),
                            older = order.text()
                        )
                    });
                    effects.rule("spare_prepared");
                    self.journal.append(self.abort_record(victim));
                    self.take_last();
                    self.drop_part(victim, effects);
                }
                Stage::Prepared(_) => {
                    effects.rule("spare_prepared");
                    return false;
                }
                _ => return false,
            }
        }
    }

    /// It has its lock, and looks whether it can do its part.
    fn work(&mut self, order: OrderId, effects: &mut Effects<'_>) {
        let (me, life) = (effects.me(), self.journal.life());
        let Some(part) = self.parts.iter_mut().find(|part| part.order == order) else { return };
        let change = part.change;
        if !self.ledger.shelves.has_enough(change) {
            effects.rule("abort_alone");
            effects.note(|| {
                t!("{node} refuses {order}: it has no {what}", node = me, order = order.text(), what = change.text())
            });
            return self.abort_alone(order, Why::TooLittle(me), effects);
        }
        part.stage = Stage::Working;
        part.seen = self.ledger.shelves.get(change.good).last;
        let seen = part.seen;
        effects.send(TM, Message::Done { order, life, seen });
        effects.rule("lock");
        effects.note(|| match change.writes() {
            true => t!("{node} locks {what} for {order}", node = me, what = change.text(), order = order.text()),
            false => t!("{node} locks what {order} looks at", node = me, order = order.text()),
        });
    }

    /// Gives up an order that it has not promised, and says so.
    fn abort_alone(&mut self, order: OrderId, why: Why, effects: &mut Effects<'_>) {
        if self.part(order).is_some_and(|part| part.change.writes()) {
            self.journal.append(self.abort_record(order));
            self.take_last();
        }
        effects.send(TM, Message::Refused { order, why });
        self.drop_part(order, effects);
    }

    fn abort_record(&self, order: OrderId) -> Record {
        Record { order, what: What::Abort { by_hand: false, tell: Vec::new() } }
    }

    /// What was just appended counts in memory.
    pub(super) fn take_last(&mut self) {
        if let Some(record) = self.journal.waiting.back() {
            self.ledger.take(record);
        }
    }

    fn drop_part(&mut self, order: OrderId, effects: &mut Effects<'_>) {
        self.parts.retain(|part| part.order != order);
        effects.cancel_timer(Timer::Patience(order));
        effects.cancel_timer(Timer::Ask(order));
        effects.cancel_timer(Timer::Lead(order));
    }

    /// Will it do its part, whatever comes (phase 1)?
    fn on_prepare(&mut self, order: OrderId, life: u64, others: Vec<NodeId>, effects: &mut Effects<'_>) {
        let (me, my_life) = (effects.me(), self.journal.life());
        let known = self.part(order).map(|part| (part.stage.clone(), part.change, part.age));
        match known {
            Some((Stage::Working, change, _)) if life == my_life && !change.writes() => {
                effects.rule("read_only");
                effects.note(|| {
                    t!("{node} has only looked for {order}, and is out of it", node = me, order = order.text())
                });
                effects.note(|| t!("It writes nothing, lets its lock go, and needs not hear the outcome"));
                self.vote(order, Vote::ReadOnly, effects);
                self.drop_part(order, effects);
                self.grant(effects);
            }
            Some((Stage::Working, change, age)) if life == my_life => {
                if std::mem::take(&mut self.refuses_next) || effects.choose(100) < effects.config().refuse_percent {
                    effects.rule("abort_alone");
                    effects.note(|| {
                        t!("{node} votes no on {order}, and undoes its part", node = me, order = order.text())
                    });
                    effects.because(&["all_votes"], || t!("Without all votes nobody may do it: its no decides"));
                    return self.vote_no(order, Why::Broken(me), effects);
                }
                self.prepare(order, age, change, others, effects);
            }
            Some((Stage::Prepared(_), ..)) => {
                effects.routine("vote again");
                effects.note(|| t!("{node} votes yes on {order} once more", node = me, order = order.text()));
                self.vote(order, Vote::Yes, effects);
            }
            Some((Stage::Waiting | Stage::Working, ..)) => {
                effects.rule("abort_alone");
                effects.note(|| {
                    t!(
                        "{node} votes no on {order}: it has crashed since it did its part",
                        node = me,
                        order = order.text()
                    )
                });
                self.vote_no(order, Why::Unknown(me), effects);
            }
            Some((Stage::Preparing { .. } | Stage::Ending { .. }, ..)) => {
                effects.routine("prepare again");
                effects.note(|| t!("{node} is writing what it says to {order}", node = me, order = order.text()));
            }
            None if self.ledger.outcome(order).is_some_and(|ended| ended.commit) => {
                effects.routine("prepare again");
                effects.note(|| t!("{node} has done {order} already", node = me, order = order.text()));
            }
            None => {
                effects.rule("abort_alone");
                effects.note(|| {
                    t!("{node} votes no on {order}: it does not have it, or no more", node = me, order = order.text())
                });
                self.vote(order, Vote::No(Why::Unknown(me)), effects);
            }
        }
    }

    fn vote(&mut self, order: OrderId, vote: Vote, effects: &mut Effects<'_>) {
        self.sent += 1;
        effects.send(TM, Message::Vote { order, vote });
    }

    fn vote_no(&mut self, order: OrderId, why: Why, effects: &mut Effects<'_>) {
        self.vote(order, Vote::No(why), effects);
        if self.part(order).is_some_and(|part| part.change.writes()) {
            self.journal.append(self.abort_record(order));
            self.take_last();
        }
        self.drop_part(order, effects);
        self.grant(effects);
    }

    /// It promises.
    fn prepare(&mut self, order: OrderId, age: Age, change: Change, others: Vec<NodeId>, effects: &mut Effects<'_>) {
        let (me, since_us, rules) = (effects.me(), effects.monotonic_now(), effects.config().rules);
        let what = What::Prepared { age, change, others: others.clone() };
        let upto = self.journal.append(Record { order, what });
        self.take_last();
        effects.cancel_timer(Timer::Patience(order));
        effects.rule("force_prepared");
        if rules.force_prepared {
            if let Some(part) = self.part_mut(order) {
                part.stage = Stage::Preparing { upto, others };
            }
            self.journal.force(effects);
            effects.note(|| {
                t!("{node} can do its part of {order}, and writes that to disk", node = me, order = order.text())
            });
            effects.note(|| t!("It votes yes only when the disk has it: a crash must not make it forget"));
        } else {
            if let Some(part) = self.part_mut(order) {
                part.stage = Stage::Prepared(Promise::new(others, since_us));
            }
            effects.note(|| t!("{node} votes yes on {order}", node = me, order = order.text()));
            effects.because(&["force_prepared"], || t!("The disk has it first"));
            self.vote(order, Vote::Yes, effects);
            self.wait(order, effects);
        }
        if !rules.hold_locks {
            effects.rule("hold_locks");
            self.grant(effects);
        }
    }

    /// It has promised: only the outcome sets it free.
    fn wait(&self, order: OrderId, effects: &mut Effects<'_>) {
        if effects.config().rules.ask {
            // Whoever may lead in the place of the coordinator first gives it the time to do so.
            let config = effects.config();
            let wait_us = if self.may_lead(order, effects) { config.patience_us } else { config.ask_us };
            effects.set_timer(Timer::Ask(order), wait_us);
        } else {
            effects.rule("ask");
        }
        if !effects.config().rules.wait_in_doubt {
            effects.set_timer(Timer::Patience(order), effects.config().patience_us);
        }
    }

    /// The disk has written.
    fn on_disk(&mut self, effects: &mut Effects<'_>) {
        let (me, now_us) = (effects.me(), effects.monotonic_now());
        self.journal.on_disk_timer(effects);
        let written = self.journal.written();
        let is_written = |part: &Part| match part.stage {
            Stage::Preparing { upto, .. } | Stage::Ending { upto, .. } => upto <= written,
            _ => false,
        };
        let ready: Vec<OrderId> = self.parts.iter().filter(|part| is_written(part)).map(|part| part.order).collect();
        if ready.is_empty() {
            effects.routine("written");
            effects.note(|| t!("{node} has written its log to disk", node = me));
        }
        for order in ready {
            let Some(part) = self.part_mut(order) else { continue };
            match std::mem::replace(&mut part.stage, Stage::Waiting) {
                Stage::Preparing { others, .. } => {
                    part.stage = Stage::Prepared(Promise::new(others, now_us));
                    effects.rule("prepare");
                    effects.note(|| t!("{node} votes yes on {order}", node = me, order = order.text()));
                    effects.because(&["wait_in_doubt", "spare_prepared"], || {
                        t!("From now on it may neither do nor undo its part: it waits for the outcome, with its lock")
                    });
                    self.vote(order, Vote::Yes, effects);
                    self.wait(order, effects);
                }
                Stage::Ending { commit, tell, .. } => self.finish(order, commit, &tell, effects),
                stage => part.stage = stage,
            }
        }
    }

    /// It has the outcome on disk, lets the lock go, and says so.
    fn finish(&mut self, order: OrderId, commit: bool, tell: &[NodeId], effects: &mut Effects<'_>) {
        let me = effects.me();
        self.drop_part(order, effects);
        for to in tell {
            self.sent += 1;
            match *to {
                TM => effects.send(TM, Message::Ack { order, mixed: false }),
                other => effects.send(other, Message::Outcome { order, commit }),
            }
        }
        effects.rule("lock");
        effects.note(|| match commit {
            true => t!("{node} has done {order}, lets its lock go, and says so", node = me, order = order.text()),
            false => t!("{node} has undone {order} for good, and says so", node = me, order = order.text()),
        });
        self.grant(effects);
    }

    /// The outcome comes (phase 2), from the coordinator or from another service.
    fn on_outcome(&mut self, from: NodeId, order: OrderId, commit: bool, effects: &mut Effects<'_>) {
        let me = effects.me();
        let acks = effects.config().presumption.needs_acks(commit);
        let Some(part) = self.part(order) else { return self.on_late_outcome(order, commit, acks, effects) };
        let was_prepared = matches!(part.stage, Stage::Prepared(_) | Stage::Preparing { .. });
        let writes = part.change.writes();
        if matches!(part.stage, Stage::Ending { .. }) {
            effects.routine("outcome again");
            effects.note(|| t!("{node} is writing the outcome of {order}", node = me, order = order.text()));
            return;
        }
        if from != TM && was_prepared {
            self.rescued += 1;
            effects.rule("cooperative");
            effects.note(|| {
                t!("{node} learns the outcome of {order} from {other}", node = me, order = order.text(), other = from)
            });
        }
        let effective = commit && was_prepared;
        if writes || was_prepared {
            let what = match effective {
                true => What::Commit { by_hand: false, tell: Vec::new(), seen: Vec::new() },
                false => What::Abort { by_hand: false, tell: Vec::new() },
            };
            let upto = self.journal.append(Record { order, what });
            self.take_last();
            effects.cancel_timer(Timer::Ask(order));
            effects.cancel_timer(Timer::Patience(order));
            if acks {
                let tell = vec![TM];
                effects.rule("force_decision");
                if effects.config().rules.force_decision {
                    if let Some(part) = self.part_mut(order) {
                        part.stage = Stage::Ending { commit: effective, upto, tell };
                    }
                    self.journal.force(effects);
                    effects.note(|| match effective {
                        true => {
                            t!("{node} is told to do {order}, and writes that to disk", node = me, order = order.text())
                        }
                        false => t!(
                            "{node} is told to undo {order}, and writes that to disk",
                            node = me,
                            order = order.text()
                        ),
                    });
                    return;
                }
                effects.note(|| t!("{node} hears the outcome of {order}", node = me, order = order.text()));
                effects.because(&["force_decision"], || t!("The disk has it first"));
                return self.finish(order, effective, &tell, effects);
            }
        }
        self.drop_part(order, effects);
        effects.rule("presume");
        if effective {
            effects
                .note(|| t!("{node} does its part of {order}, and lets its lock go", node = me, order = order.text()));
            effects.note(|| t!("It need not be sure to remember: what nobody has a record of counts as committed"));
        } else {
            effects.note(|| t!("{node} undoes {order}, and lets its lock go", node = me, order = order.text()));
            effects.note(|| t!("It need not be sure to remember: what nobody has a record of counts as aborted"));
        }
        self.grant(effects);
    }

    /// The outcome of an order that has no part here any more.
    fn on_late_outcome(&mut self, order: OrderId, commit: bool, acks: bool, effects: &mut Effects<'_>) {
        let me = effects.me();
        let ended = self.ledger.outcome(order);
        let is_mixed = ended.is_some_and(|ended| ended.by_hand && ended.commit != commit);
        if is_mixed {
            self.mixed += 1;
            effects.note(|| {
                t!(
                    "{node} hears that {order} had another outcome than a person decided here",
                    node = me,
                    order = order.text()
                )
            });
            effects.note(|| t!("What is done is done: it reports that the order is mixed"));
        } else if commit && ended.is_none() && !self.ledger.is_forgotten(order) {
            // Without a rule that is missing this does not happen.
            self.journal.append(self.abort_record(order));
            self.take_last();
            effects.rule("force_prepared");
            effects
                .note(|| t!("{node} is told to do {order}, and has no record of it", node = me, order = order.text()));
        } else {
            effects.routine("outcome again");
            effects.note(|| t!("{node} knows the outcome of {order}", node = me, order = order.text()));
        }
        if acks || is_mixed {
            self.sent += 1;
            effects.send(TM, Message::Ack { order, mixed: is_mixed });
        }
    }

    /// It waits before its vote for too long; or after it, where nobody forbids to give up then.
    fn lose_patience(&mut self, order: OrderId, effects: &mut Effects<'_>) {
        let me = effects.me();
        let Some(part) = self.part(order) else { return };
        match part.stage {
            Stage::Waiting | Stage::Working => {
                effects.rule("abort_alone");
                effects.note(|| t!("{node} gives up {order}: it has waited too long", node = me, order = order.text()));
                effects.note(|| t!("It has promised nothing, so it may"));
                self.abort_alone(order, Why::Unknown(me), effects);
                self.grant(effects);
            }
            Stage::Prepared(_) => {
                effects.rule("wait_in_doubt");
                effects.note(|| {
                    t!(
                        "{node} gives up {order}, which it had promised: it has waited too long",
                        node = me,
                        order = order.text()
                    )
                });
                self.journal.append(self.abort_record(order));
                self.take_last();
                self.drop_part(order, effects);
                self.grant(effects);
            }
            Stage::Preparing { .. } | Stage::Ending { .. } => {}
        }
    }

    /// It has promised and heard nothing: it asks (7.4, termination protocol).
    fn ask(&mut self, order: OrderId, effects: &mut Effects<'_>) {
        let (me, cooperative) = (effects.me(), effects.config().cooperative);
        let Some(part) = self.part_mut(order) else { return };
        let Stage::Prepared(promise) = &mut part.stage else { return };
        let is_first = !std::mem::replace(&mut promise.asked, true);
        let others = promise.others.clone();
        self.sent += 1;
        effects.send(TM, Message::Ask { order });
        for other in others.iter().filter(|other| cooperative && **other != me) {
            self.sent += 1;
            effects.send(*other, Message::Ask { order });
        }
        effects.set_timer(Timer::Ask(order), effects.config().ask_us);
        effects.rule("ask");
        effects.note(|| match cooperative {
            true => t!(
                "{node} is in doubt about {order}, and asks {tm} and the other services",
                node = me,
                order = order.text(),
                tm = TM
            ),
            false => t!("{node} is in doubt about {order}, and asks {tm}", node = me, order = order.text(), tm = TM),
        });
        if is_first {
            effects.note(|| t!("It has promised, so it cannot give up; and it does not know, so it cannot go on"));
        } else {
            effects.routine("ask");
        }
    }

    /// Another service asks what has become of an order.
    pub(super) fn on_ask(&mut self, from: NodeId, order: OrderId, effects: &mut Effects<'_>) {
        let me = effects.me();
        effects.rule("cooperative");
        if let Some(ended) = self.ledger.outcome(order).filter(|ended| !ended.by_hand)
            && self.part(order).is_none()
        {
            effects.send(from, Message::Outcome { order, commit: ended.commit });
            effects.note(|| {
                t!(
                    "{node} knows the outcome of {order}, and tells {other}",
                    node = me,
                    order = order.text(),
                    other = from
                )
            });
            return;
        }
        let may_abort = match self.part(order).map(|part| &part.stage) {
            Some(Stage::Waiting | Stage::Working) => true,
            Some(_) => false,
            None => self.ledger.outcome(order).is_none() && !self.ledger.is_forgotten(order),
        };
        if !may_abort {
            let promise = self.part(order).and_then(Part::promise);
            let has_crashed = promise.is_some_and(|promise| promise.has_crashed);
            effects.send(from, Message::Unsure { order, has_crashed });
            effects.routine("me too");
            effects.note(|| t!("{node} does not know of {order} either", node = me, order = order.text()));
            return;
        }
        // It has not voted yes, so nobody can have decided to commit: it sees to it that it never will.
        let upto = self.journal.append(self.abort_record(order));
        self.take_last();
        let stage = Stage::Ending { commit: false, upto, tell: vec![from] };
        match self.part_mut(order) {
            Some(part) => part.stage = stage,
            None => {
                let change = Change { good: parts::shop::Good::Bills, by: 0 };
                let age = Age { life: 0, number: 0 };
                self.parts.push(Part { order, age, change, seen: None, stage });
            }
        }
        effects.cancel_timer(Timer::Patience(order));
        self.journal.force(effects);
        effects.note(|| {
            t!(
                "{node} has not voted for {order}: it writes that it never will, and tells {other} then",
                node = me,
                order = order.text(),
                other = from
            )
        });
    }

    /// A person decides what nobody knows (X/Open XA: heuristic completion).
    pub(super) fn decide(&mut self, commit: bool, effects: &mut Effects<'_>) {
        let me = effects.me();
        let in_doubt = self.parts.iter().filter(|part| part.is_prepared()).map(|part| part.order);
        let in_doubt: Vec<OrderId> = in_doubt.collect();
        if in_doubt.is_empty() {
            effects.note(|| t!("There is nothing at {node} that it has promised and does not know", node = me));
        }
        for order in in_doubt {
            let what = match commit {
                true => What::Commit { by_hand: true, tell: Vec::new(), seen: Vec::new() },
                false => What::Abort { by_hand: true, tell: Vec::new() },
            };
            self.journal.append(Record { order, what });
            self.take_last();
            self.drop_part(order, effects);
            effects.rule("by_hand");
            effects.note(|| match commit {
                true => t!("A person decides at {node}: {order} is done", node = me, order = order.text()),
                false => t!("A person decides at {node}: {order} is undone", node = me, order = order.text()),
            });
            effects.note(|| t!("The lock is free. Whether the others end it so too, nobody here knows"));
        }
        self.journal.force(effects);
        self.grant(effects);
    }
}
