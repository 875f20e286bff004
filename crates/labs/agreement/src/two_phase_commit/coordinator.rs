//! The coordinator: it hands out the work, asks for votes, decides, and tells (Bernstein, Hadzilacos and Goodman 1987, section 7.4;
//! Mohan, Lindsay and Obermarck 1986 for what it may forget).

use parts::shop::{OrderId, Wish};
use serde::Serialize;
use sim::{Map, NodeId, t};

use super::decisions::Decisions;
use super::journal::{Age, Disk, Journal, Record, What};
use super::message::{Message, Vote, Why};
use super::settings::Presumption;
use super::{Effects, Timer};

/// The state of the coordinator.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Coordinator {
    pub journal: Journal,
    pub decisions: Decisions,
    pub cases: Vec<Case>,
    /// How many orders it has begun in this life.
    pub begun: u64,
    /// The last number of each customer in this life.
    pub(super) last: Map<NodeId, u64>,
    /// How many prepares and outcomes it has sent.
    pub sent: u64,
}

/// An order that it has not forgotten.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Case {
    pub order: OrderId,
    /// By service: the life in which it did its part, and who had changed the same last.
    pub done: Vec<Option<(u64, Option<OrderId>)>>,
    pub votes: Vec<Option<Vote>>,
    pub writers: Vec<bool>,
    pub stage: Stage,
}

/// How far it is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Stage {
    /// Services do their parts.
    Working,
    /// Whom it asks for votes is being written, up to this record.
    Collecting { upto: u64 },
    /// Services vote.
    Voting,
    /// Three phases: these have not said yet that they know that all said yes.
    Precommitting { missing: Vec<NodeId> },
    /// The decision is being written, up to this record.
    Writing { commit: bool, upto: u64, why: Option<Why> },
    /// These have not acknowledged the outcome.
    Telling { commit: bool, missing: Vec<NodeId> },
    /// Three phases: it has crashed since it asked these for votes, and asks them what became of the order. Those that have crashed
    /// since as well do not know.
    Asking { whom: Vec<NodeId>, crashed: Vec<NodeId> },
}

impl Case {
    pub fn yes(&self) -> usize {
        self.votes.iter().filter(|vote| matches!(vote, Some(Vote::Yes | Vote::ReadOnly))).count()
    }

    /// The services that change something.
    pub fn writers(&self) -> Vec<NodeId> {
        let writers = self.writers.iter().enumerate().filter(|(_, writes)| **writes);
        writers.map(|(place, _)| NodeId::at(place + 1)).collect()
    }

    /// Whether it asks the services what became of the order.
    fn is_asking(&self) -> bool {
        matches!(self.stage, Stage::Asking { .. })
    }

    /// Who has to hear the outcome: who voted yes, and of an abort also who has not voted.
    pub(super) fn audience(&self, commit: bool) -> Vec<NodeId> {
        let hears = |vote: &Option<Vote>| match vote {
            Some(Vote::Yes) => true,
            None => !commit,
            Some(Vote::No(_) | Vote::ReadOnly) => false,
        };
        self.votes.iter().enumerate().filter(|(_, vote)| hears(vote)).map(|(place, _)| NodeId::at(place + 1)).collect()
    }

    pub(super) fn seen(&self) -> Vec<Option<OrderId>> {
        self.done.iter().map(|done| done.and_then(|(_, seen)| seen)).collect()
    }
}

impl Coordinator {
    /// Starts, with what is on disk (7.4, recovery): what was decided is told again; all else was never decided.
    pub(super) fn boot(disk: &Disk, effects: &mut Effects<'_>) -> Coordinator {
        let journal = Journal::open(disk, effects);
        let decisions = disk.decisions.clone();
        let mut coordinator =
            Coordinator { journal, decisions, cases: Vec::new(), begun: 0, last: Map::default(), sent: 0 };
        let open = coordinator.decisions.open.clone();
        for decision in &open {
            let services = usize::from(effects.config().services);
            let stage = Stage::Telling { commit: decision.commit, missing: decision.tell.clone() };
            let order = decision.order;
            coordinator.cases.push(Case {
                order,
                done: vec![None; services],
                votes: vec![None; services],
                writers: vec![true; services],
                stage,
            });
            let me = effects.me();
            effects.rule("recover");
            effects.note(|| match decision.commit {
                true => t!(
                    "{node} finds on its disk that {order} is committed, and tells it again",
                    node = me,
                    order = order.text()
                ),
                false => t!(
                    "{node} finds on its disk that {order} is aborted, and tells it again",
                    node = me,
                    order = order.text()
                ),
            });
            coordinator.tell(order, effects);
        }
        let asked = coordinator.decisions.asked.clone();
        for asked in &asked {
            coordinator.take_up(asked, effects);
        }
        if open.is_empty() && asked.is_empty() && disk.life > 0 {
            let me = effects.me();
            effects.rule("recover");
            effects.note(|| t!("{node} finds no decision on its disk that somebody waits for", node = me));
            effects.note(|| t!("What it had begun and not decided is aborted: it has no record of it"));
        }
        coordinator
    }

    pub fn case(&self, order: OrderId) -> Option<&Case> {
        self.cases.iter().find(|case| case.order == order)
    }

    pub(super) fn case_mut(&mut self, order: OrderId) -> Option<&mut Case> {
        self.cases.iter_mut().find(|case| case.order == order)
    }

    pub(super) fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        match message {
            Message::Order { order, wish, life } => self.on_order(order, wish, life, effects),
            Message::Done { order, life, seen } => self.on_done(from, order, life, seen, effects),
            Message::Refused { order, why } => self.on_vote(from, order, Vote::No(why), effects),
            Message::Vote { order, vote } => self.on_vote(from, order, vote, effects),
            Message::Ack { order, mixed } => self.on_ack(from, order, mixed, effects),
            Message::Ask { order } => self.on_ask(from, order, effects),
            Message::Ready { order } => self.on_ready(from, order, effects),
            Message::Poll { order } => self.on_poll(from, order, effects),
            Message::Outcome { order, commit } => self.on_outcome(from, order, commit, effects),
            Message::Unsure { order, has_crashed } => self.on_unsure(from, order, has_crashed, effects),
            _ => {
                effects.routine("stray");
                effects.note(|| t!("A message that is not for {node} changes nothing", node = from));
            }
        }
    }

    pub(super) fn on_timer(&mut self, timer: Timer, effects: &mut Effects<'_>) {
        match timer {
            Timer::Disk => self.on_disk(effects),
            Timer::Votes(order) => self.on_deadline(order, effects),
            Timer::Again(order) if self.case(order).is_some_and(Case::is_asking) => self.inquire(order, effects),
            Timer::Again(order) => {
                let me = effects.me();
                effects.rule("ask");
                effects.routine("tell again");
                effects.note(|| t!("{node} tells the outcome of {order} again", node = me, order = order.text()));
                self.tell(order, effects);
            }
            _ => {}
        }
    }

    /// A customer orders, or asks again.
    fn on_order(&mut self, order: OrderId, wish: Wish, life: u64, effects: &mut Effects<'_>) {
        let (me, my_life) = (effects.me(), self.journal.life());
        if let Some(seen) = self.decisions.receipt(order)
            && self.case(order).is_none_or(|case| matches!(case.stage, Stage::Telling { .. }))
        {
            let done = Ok(seen.to_vec());
            effects.send(order.customer, Message::Told { order, done, life: my_life });
            effects.routine("told again");
            effects.note(|| t!("{node} has a receipt for {order}: it is done", node = me, order = order.text()));
            return;
        }
        if self.case(order).is_some() {
            effects.routine("still at it");
            effects.note(|| t!("{node} is still at {order}", node = me, order = order.text()));
            return;
        }
        let last = self.last.get(&order.customer).copied().unwrap_or(0);
        if life != my_life || order.number <= last {
            // A copy of it that comes later must not begin it.
            self.last.insert(order.customer, last.max(order.number));
            effects.send(order.customer, Message::Told { order, done: Err(Why::NoRecord), life: my_life });
            effects.rule("presume");
            effects.note(|| t!("{node} has no record of {order}: it is not done", node = me, order = order.text()));
            effects.note(|| {
                t!("It was begun before {node} started, or aborted since, and will not be begun again", node = me)
            });
            return;
        }
        self.last.insert(order.customer, order.number);
        self.begun += 1;
        let age = Age { life: my_life, number: self.begun };
        let services: Vec<NodeId> = effects.config().services().collect();
        let changes: Vec<_> = effects.config().desks().map(|desk| wish.change(desk, order.customer)).collect();
        for (service, change) in services.iter().zip(&changes) {
            effects.send(*service, Message::Work { order, age, change: *change });
        }
        let (done, votes) = (vec![None; services.len()], vec![None; services.len()]);
        let writers = changes.iter().map(|change| change.writes()).collect();
        self.cases.push(Case { order, done, votes, writers, stage: Stage::Working });
        effects.set_timer(Timer::Votes(order), effects.config().vote_us);
        effects.rule("work");
        effects.note(|| t!("{node} gives each service its part of {order}", node = me, order = order.text()));
    }

    /// A service has done its part, and could undo it.
    fn on_done(&mut self, from: NodeId, order: OrderId, life: u64, seen: Option<OrderId>, effects: &mut Effects<'_>) {
        let me = effects.me();
        let place = effects.config().place(from);
        let case = self.cases.iter_mut().find(|case| case.order == order && case.stage == Stage::Working);
        let (Some(case), Some(place)) = (case, place) else {
            effects.routine("late");
            effects.note(|| t!("{node} needs this of {other} no more", node = me, other = from));
            return;
        };
        case.done[place] = Some((life, seen));
        let missing = case.done.iter().filter(|done| done.is_none()).count();
        if missing > 0 {
            effects.note(|| {
                t!(
                    "{other} has done its part of {order}; others have not yet: {missing}",
                    other = from,
                    order = order.text(),
                    missing = missing
                )
            });
            return;
        }
        if effects.config().collects() {
            return self.collect(order, effects);
        }
        self.ask_for_votes(order, effects);
        effects.note(|| {
            t!("All have done their parts of {order}: {node} asks them to promise", node = me, order = order.text())
        });
    }

    /// Asks all services to promise their parts (phase 1).
    pub(super) fn ask_for_votes(&mut self, order: OrderId, effects: &mut Effects<'_>) {
        let Some(case) = self.cases.iter_mut().find(|case| case.order == order) else { return };
        case.stage = Stage::Voting;
        let lives: Vec<u64> = case.done.iter().flatten().map(|(life, _)| *life).collect();
        let others = case.writers();
        for (place, life) in lives.into_iter().enumerate() {
            self.sent += 1;
            effects.send(NodeId::at(place + 1), Message::Prepare { order, life, others: others.clone() });
        }
        effects.set_timer(Timer::Votes(order), effects.config().vote_us);
        effects.rule("prepare");
    }

    /// A vote comes, or a refusal before it.
    fn on_vote(&mut self, from: NodeId, order: OrderId, vote: Vote, effects: &mut Effects<'_>) {
        let (me, rules) = (effects.me(), effects.config().rules);
        let place = effects.config().place(from);
        let is_open = |case: &&mut Case| {
            let may_refuse = matches!(case.stage, Stage::Working | Stage::Collecting { .. });
            let is_asked = case.stage == Stage::Voting || matches!(vote, Vote::No(_)) && may_refuse;
            case.order == order && is_asked
        };
        let case = self.cases.iter_mut().find(is_open);
        let (Some(case), Some(place)) = (case, place) else {
            effects.routine("late");
            effects.note(|| {
                t!(
                    "{node} has decided {order}, and needs the vote of {other} no more",
                    node = me,
                    order = order.text(),
                    other = from
                )
            });
            return;
        };
        case.votes[place].get_or_insert(vote);
        let (yes, all) = (case.yes(), case.votes.len());
        let missing = case.votes.iter().filter(|vote| vote.is_none()).count();
        let is_enough = if rules.all_votes { yes == all } else { 2 * yes > all };
        match vote {
            _ if is_enough => {
                if yes < all {
                    effects.rule("all_votes");
                }
                match effects.config().three_phases {
                    true => self.precommit(order, effects),
                    false => self.commit(order, effects),
                }
            }
            Vote::No(why) if rules.all_votes || missing == 0 || case.stage != Stage::Voting => {
                self.abort(order, why, effects);
            }
            Vote::No(_) => {
                effects.rule("all_votes");
                effects.note(|| t!("{other} votes no on {order}", other = from, order = order.text()));
            }
            Vote::Yes | Vote::ReadOnly => {
                effects.note(|| {
                    t!(
                        "{node} has the vote of {other} for {order}; votes that are missing: {missing}",
                        node = me,
                        other = from,
                        order = order.text(),
                        missing = missing
                    )
                });
            }
        }
    }

    pub(super) fn commit(&mut self, order: OrderId, effects: &mut Effects<'_>) {
        let (me, rules, presumption) = (effects.me(), effects.config().rules, effects.config().presumption);
        let Some(case) = self.cases.iter_mut().find(|case| case.order == order) else { return };
        effects.cancel_timer(Timer::Votes(order));
        let tell = if presumption.needs_acks(true) { case.audience(true) } else { Vec::new() };
        let seen = case.seen();
        let record = Record { order, what: What::Commit { by_hand: false, tell, seen } };
        self.decisions.take(&record);
        let upto = self.journal.append(record);
        case.stage = Stage::Writing { commit: true, upto, why: None };
        effects.rule("force_decision");
        if rules.force_decision {
            self.journal.force(effects);
            effects.note(|| {
                t!(
                    "{node} has all votes for {order}, decides to commit, and writes that to disk",
                    node = me,
                    order = order.text()
                )
            });
            effects.note(|| t!("It tells nobody before the disk has it: a crash must not change what was told"));
        } else {
            effects.note(|| {
                t!("{node} has the votes for {order}, and decides to commit", node = me, order = order.text())
            });
            effects.because(&["force_decision"], || t!("The disk has it before anybody is told"));
            self.announce(order, effects);
        }
    }

    pub(super) fn abort(&mut self, order: OrderId, why: Why, effects: &mut Effects<'_>) {
        let (me, presumption) = (effects.me(), effects.config().presumption);
        let Some(case) = self.cases.iter_mut().find(|case| case.order == order) else { return };
        effects.cancel_timer(Timer::Votes(order));
        let is_forced = presumption == Presumption::Nothing;
        let tell = if presumption.needs_acks(false) { case.audience(false) } else { Vec::new() };
        let record = Record { order, what: What::Abort { by_hand: false, tell } };
        self.decisions.take(&record);
        let upto = self.journal.append(record);
        case.stage = Stage::Writing { commit: false, upto, why: Some(why) };
        effects.rule("all_votes");
        effects
            .note(|| t!("{node} decides to abort {order}: {why}", node = me, order = order.text(), why = why.text()));
        if is_forced {
            self.journal.force(effects);
            effects.note(|| t!("It presumes nothing, so it writes that to disk before it tells"));
        } else {
            effects.rule("presume");
            effects.note(|| match presumption {
                Presumption::Commit => {
                    t!("It need not be sure to remember: its disk has no decision about {order}", order = order.text())
                }
                _ => t!("It need not be sure to remember: an order without a record counts as aborted"),
            });
            self.announce(order, effects);
        }
    }

    /// The decision may be told.
    fn announce(&mut self, order: OrderId, effects: &mut Effects<'_>) {
        let life = self.journal.life();
        let Some(case) = self.case_mut(order) else { return };
        let Stage::Writing { commit, why, .. } = case.stage else { return };
        let missing = case.audience(commit);
        let done = why.map_or_else(|| Ok(case.seen()), Err);
        case.stage = Stage::Telling { commit, missing };
        // A service asks about what has no record: its customer may have been told of a commit long ago.
        if done != Err(Why::NoRecord) {
            effects.send(order.customer, Message::Told { order, done, life });
        }
        self.tell(order, effects);
    }

    /// Tells the outcome to those that have not acknowledged it.
    pub(super) fn tell(&mut self, order: OrderId, effects: &mut Effects<'_>) {
        let Some(case) = self.case(order) else { return };
        let Stage::Telling { commit, missing } = case.stage.clone() else { return };
        for service in &missing {
            self.sent += 1;
            effects.send(*service, Message::Outcome { order, commit });
        }
        if !effects.config().presumption.needs_acks(commit) {
            return self.forget(order);
        }
        if missing.is_empty() {
            return self.end(order);
        }
        if !effects.config().rules.forget_after_acks {
            effects.rule("forget_after_acks");
            effects.because(&["forget_after_acks"], || t!("It remembers the order until all have acknowledged"));
            return self.end(order);
        }
        if effects.config().rules.ask {
            effects.set_timer(Timer::Again(order), effects.config().ask_us);
        } else {
            effects.rule("ask");
        }
    }

    /// All know it who have to: the record that says so need not be forced.
    fn end(&mut self, order: OrderId) {
        let record = Record { order, what: What::End };
        self.decisions.take(&record);
        self.journal.append(record);
        self.forget(order);
    }

    fn forget(&mut self, order: OrderId) {
        self.cases.retain(|case| case.order != order);
    }

    /// The disk has written.
    fn on_disk(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        self.journal.on_disk_timer(effects);
        let written = self.journal.written();
        let ready = |case: &Case| match case.stage {
            Stage::Writing { upto, commit, .. } if upto <= written => Some((case.order, Some(commit))),
            Stage::Collecting { upto } if upto <= written => Some((case.order, None)),
            _ => None,
        };
        let ready: Vec<(OrderId, Option<bool>)> = self.cases.iter().filter_map(ready).collect();
        if ready.is_empty() {
            effects.routine("written");
            effects.note(|| t!("{node} has written its log to disk", node = me));
        }
        for (order, commit) in ready {
            let Some(commit) = commit else {
                self.ask_for_votes(order, effects);
                effects.note(|| {
                    t!(
                        "{node} has on disk whom it asks about {order}: do they promise?",
                        node = me,
                        order = order.text()
                    )
                });
                continue;
            };
            effects.rule("tell");
            effects.note(|| match commit {
                true => t!("The commit of {order} is on disk: {node} tells everybody", node = me, order = order.text()),
                false => t!("The abort of {order} is on disk: {node} tells everybody", node = me, order = order.text()),
            });
            if commit {
                effects.because(&["force_prepared", "all_votes"], || {
                    t!("This is the moment at which the order is done: all have promised their parts")
                });
            }
            self.announce(order, effects);
        }
    }

    /// Not all answers came in time.
    fn on_deadline(&mut self, order: OrderId, effects: &mut Effects<'_>) {
        match self.case(order).map(|case| &case.stage) {
            Some(Stage::Working | Stage::Collecting { .. } | Stage::Voting) => self.abort(order, Why::Late, effects),
            Some(Stage::Precommitting { .. }) => self.go_on_without(order, effects),
            _ => {
                let me = effects.me();
                effects.routine("deadline");
                effects.note(|| t!("{node} has decided {order} already", node = me, order = order.text()));
            }
        }
    }

    fn on_ack(&mut self, from: NodeId, order: OrderId, mixed: bool, effects: &mut Effects<'_>) {
        let me = effects.me();
        if mixed {
            effects.note(|| {
                t!(
                    "{other} reports to {node} that a person ended {order} in another way",
                    node = me,
                    other = from,
                    order = order.text()
                )
            });
        }
        let Some(Stage::Telling { missing, .. }) = self.case_mut(order).map(|case| &mut case.stage) else {
            effects.routine("ack again");
            effects.note(|| t!("{node} has forgotten {order} already", node = me, order = order.text()));
            return;
        };
        missing.retain(|node| *node != from);
        if missing.is_empty() {
            effects.cancel_timer(Timer::Again(order));
            self.end(order);
            effects.rule("forget_after_acks");
            effects.note(|| t!("All have acknowledged {order}: {node} may forget it", node = me, order = order.text()));
        } else {
            effects.note(|| {
                t!(
                    "{node} hears that {other} knows the outcome of {order}",
                    node = me,
                    other = from,
                    order = order.text()
                )
            });
        }
    }

    /// A service in doubt asks.
    pub(super) fn on_ask(&mut self, from: NodeId, order: OrderId, effects: &mut Effects<'_>) {
        let me = effects.me();
        match self.case(order).map(|case| case.stage.clone()) {
            Some(Stage::Telling { commit, .. }) => {
                self.sent += 1;
                effects.send(from, Message::Outcome { order, commit });
                effects.note(|| {
                    t!("{node} tells {other} the outcome of {order}", node = me, other = from, order = order.text())
                });
            }
            Some(Stage::Asking { .. }) => {
                effects.routine("not decided");
                effects.note(|| {
                    t!("{node} has crashed since, and does not know of {order} itself", node = me, order = order.text())
                });
            }
            Some(_) => {
                effects.routine("not decided");
                effects.note(|| t!("{node} has not decided {order} yet", node = me, order = order.text()));
            }
            None if effects.config().presumption == Presumption::Nothing => {
                let services = usize::from(effects.config().services);
                let tell: Vec<NodeId> = effects.config().services().collect();
                let record = Record { order, what: What::Abort { by_hand: false, tell } };
                self.decisions.take(&record);
                let upto = self.journal.append(record);
                let stage = Stage::Writing { commit: false, upto, why: Some(Why::NoRecord) };
                let (done, votes, writers) = (vec![None; services], vec![None; services], vec![true; services]);
                self.cases.push(Case { order, done, votes, writers, stage });
                self.journal.force(effects);
                effects.rule("recover");
                effects.note(|| {
                    t!(
                        "{node} has no record of {order}: it writes an abort to disk, to tell all",
                        node = me,
                        order = order.text()
                    )
                });
            }
            None => {
                let commit = effects.config().presumption == Presumption::Commit;
                self.sent += 1;
                effects.send(from, Message::Outcome { order, commit });
                effects.rule("presume");
                effects.note(|| match commit {
                    true => t!(
                        "{node} has no record of {order}, and tells {other}: committed",
                        node = me,
                        other = from,
                        order = order.text()
                    ),
                    false => t!(
                        "{node} has no record of {order}, and tells {other}: aborted",
                        node = me,
                        other = from,
                        order = order.text()
                    ),
                });
                effects.because(&["force_decision", "forget_after_acks"], || match commit {
                    true => t!("An abort would be in its memory or on its disk until all have acknowledged it"),
                    false => t!("A commit would be on its disk until all have acknowledged it"),
                });
            }
        }
    }
}
