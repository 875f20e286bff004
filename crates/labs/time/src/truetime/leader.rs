//! The leader of a group: it keeps a key with its versions, and has a part in transactions as a participant or as their coordinator
//! (section 4.2.1). The group's own Paxos is not played: to log something takes a while, and is on disk then.

use serde::Serialize;
use sim::{NodeId, t, time_us};

use super::daemon::Daemon;
use super::kept::{Decision, Disk};
use super::locks::{Lock, Stage, Trans};
use super::reads::Look;
use super::transaction::{Key, Request, Txn, Version};
use super::words::stamp;
use super::{Effects, Message, Timer};

/// How often a leader says again what may not have come.
const TEND_US: u64 = 200_000;

/// Whose client is silent for so long is dropped, unless it is prepared.
const SILENCE_US: u64 = 500_000;

/// How many votes are kept for transactions whose commit has not come yet.
const EARLY: usize = 8;

/// The state of a leader.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Leader {
    pub key: Key,
    pub daemon: Daemon,
    /// What it keeps through a crash, as it stands now.
    pub kept: Disk,
    /// The floor that is on disk.
    pub(super) floor_on_disk_us: i64,
    /// The transactions that have a part here.
    pub trans: Vec<Trans>,
    /// Reads without locks that wait.
    pub looks: Vec<Look>,
    /// Votes that have come before the commit.
    early: Vec<(Txn, NodeId, i64)>,
    /// How many versions each replica has, as far as it has said so.
    pub have: Vec<(NodeId, u64)>,
    /// The last commit that it has told as a coordinator, and how many there were in this life.
    pub told: Option<Told>,
    pub tells: u64,
    /// How many of them had to wait although all was logged.
    pub waits: u64,
    is_tending: bool,
}

/// A commit that a coordinator has told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Told {
    pub txn: Txn,
    pub stamp_us: i64,
    /// By the clock of the simulator, in microseconds: when the timestamp was chosen.
    pub chosen_us: i64,
}

impl Leader {
    pub(super) fn boot(key: Key, disk: &Disk, effects: &mut Effects<'_>) -> Leader {
        let (me, is_new) = (effects.me(), disk.is_new);
        let kept = Disk { is_new: false, lives: disk.lives + 1, ..disk.clone() };
        let now_us = effects.monotonic_now();
        let prepared = kept.prepared.iter().map(|(request, at_us)| Trans {
            stage: Stage::Prepared { at_us: *at_us },
            ..Trans::of(request.clone(), now_us)
        });
        let undecided = kept.decisions.iter().filter(|decision| !decision.is_told).map(|decision| {
            let stage = Stage::Deciding {
                at_us: decision.stamp_us,
                chosen_us: effects.local_now(),
                is_logged: true,
                waits: true,
            };
            Trans { stage, ..Trans::of(decision.request.clone(), now_us) }
        });
        let trans: Vec<Trans> = prepared.chain(undecided).collect();
        let have = effects.config().replicas(key).map(|replica| (replica, 0)).collect();
        let daemon = Daemon::boot(kept.lives, is_new, effects);
        let mut leader = Leader {
            key,
            daemon,
            floor_on_disk_us: kept.floor_us,
            kept,
            trans,
            looks: Vec::new(),
            early: Vec::new(),
            have,
            told: None,
            tells: 0,
            waits: 0,
            is_tending: false,
        };
        leader.persist(effects);
        if !is_new {
            effects.rule("boots");
            let locked = leader.trans.len();
            effects.note(|| t!("{node} starts again, and does not know the time", node = me));
            if locked > 0 {
                effects.note(|| t!("What was prepared or decided has its locks again. All other locks are gone"));
            }
        }
        let decided = leader.trans.iter().filter(|trans| matches!(trans.stage, Stage::Deciding { .. }));
        for txn in decided.map(|trans| trans.txn).collect::<Vec<_>>() {
            effects.set_timer(Timer::Wait(txn), 1);
        }
        leader.tend_later(effects);
        if leader.has_replicas() {
            let safe_us = effects.config().safe_us;
            effects.set_timer(Timer::Promise, safe_us);
        }
        leader
    }

    pub(super) fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        match message {
            Message::Tell { ask, told_us, error_us } => {
                let is_new = self.daemon.on_answer(from, ask, (told_us, error_us), effects);
                self.on_time(is_new, effects);
            }
            Message::Read { txn, age } => self.on_read(from, txn, age, effects),
            Message::Alive { txn } => self.on_alive(from, txn, effects),
            Message::Release { txn } => self.on_release(txn, effects),
            Message::Commit(request) => self.on_commit(*request, effects),
            Message::Prepared { txn, at_us, asks, is_in_the_way } => {
                self.on_prepared(from, txn, at_us, (asks, is_in_the_way), effects);
            }
            Message::Refused { txn } => self.on_refused(from, txn, effects),
            Message::Outcome { txn, stamp_us } => self.on_outcome(from, txn, stamp_us, effects),
            Message::Known { txn } => self.on_known(from, txn, effects),
            Message::Look { txn, at_us } => self.on_look(from, txn, at_us, effects),
            Message::NeedSafe { at_us } => self.on_need(from, at_us, effects),
            Message::Have { count } => self.on_have(from, count, effects),
            _ => {}
        }
        self.tend_later(effects);
    }

    pub(super) fn on_timer(&mut self, timer: Timer, effects: &mut Effects<'_>) {
        match timer {
            Timer::Poll => self.daemon.poll(effects),
            Timer::Collect => {
                let is_new = self.daemon.collect(effects);
                self.on_time(is_new, effects);
            }
            Timer::Logged(txn) => self.on_logged(txn, effects),
            Timer::Wait(txn) => self.finish(txn, effects),
            Timer::Tend => self.tend(effects),
            Timer::Promise => self.promise_again(effects),
            Timer::Retry | Timer::Workload => {}
        }
        self.tend_later(effects);
    }

    pub(super) fn persist(&mut self, effects: &mut Effects<'_>) {
        self.floor_on_disk_us = self.kept.floor_us;
        effects.persist(self.kept.clone());
    }

    pub(super) fn has_replicas(&self) -> bool {
        !self.have.is_empty()
    }

    /// Sets the timer as long as something is open.
    fn tend_later(&mut self, effects: &mut Effects<'_>) {
        let is_unknown = self.kept.decisions.iter().any(|decision| decision.is_told);
        let is_behind = self.have.iter().any(|(_, count)| *count < self.kept.count);
        let is_open = !self.trans.is_empty() || is_unknown || is_behind;
        if is_open && !self.is_tending {
            effects.set_timer(Timer::Tend, TEND_US);
        } else if !is_open && self.is_tending {
            effects.cancel_timer(Timer::Tend);
        }
        self.is_tending = is_open;
    }

    pub(super) fn of(&self, txn: Txn) -> Option<&Trans> {
        self.trans.iter().find(|trans| trans.txn == txn)
    }

    pub(super) fn of_mut(&mut self, txn: Txn) -> Option<&mut Trans> {
        self.trans.iter_mut().find(|trans| trans.txn == txn)
    }

    /// Takes a transaction out, with its locks and timers.
    pub(super) fn remove(&mut self, txn: Txn, effects: &mut Effects<'_>) -> Option<Trans> {
        let place = self.trans.iter().position(|trans| trans.txn == txn)?;
        effects.cancel_timer(Timer::Logged(txn));
        effects.cancel_timer(Timer::Wait(txn));
        Some(self.trans.remove(place))
    }

    /// The node knows the time better than before: what waits for it goes on.
    fn on_time(&mut self, is_new: bool, effects: &mut Effects<'_>) {
        if !is_new {
            return;
        }
        let before = self.tells;
        for txn in self.trans.iter().map(|trans| trans.txn).collect::<Vec<_>>() {
            self.finish(txn, effects);
        }
        if self.tells == before && !self.daemon.was_wrong {
            effects.routine("adopted");
        }
    }

    /// The client wants to commit.
    fn on_commit(&mut self, request: Request, effects: &mut Effects<'_>) {
        let (me, txn, client, now_us) = (effects.me(), request.txn, request.txn.client, effects.monotonic_now());
        let is_coordinator = request.coordinator == me;
        if let Some(trans) = self.of_mut(txn).filter(|trans| trans.request.is_some()) {
            trans.heard_us = now_us;
            if let Stage::Prepared { at_us } = trans.stage {
                let vote = Message::Prepared { txn, at_us, asks: false, is_in_the_way: false };
                effects.send(request.coordinator, vote);
            }
            effects.routine("known");
            effects.note(|| t!("{node} is at it: {client} has asked before", node = me, client = client));
            return;
        }
        if self.kept.is_over(txn) {
            let stamp_us = self.kept.stamp_of(txn);
            let is_last = self.kept.over.get(&client).is_some_and(|(last, _)| *last == txn);
            if is_coordinator && (stamp_us.is_some() || is_last) {
                effects.send(client, Message::Done { txn, stamp_us });
            }
            effects.routine("over");
            effects.rule("once");
            effects
                .note(|| t!("{node} has been through with this commit of {client} before", node = me, client = client));
            return;
        }
        let Some(now) = self.daemon.now(effects) else {
            if let Some(trans) = self.of_mut(txn) {
                trans.heard_us = now_us;
            }
            effects.note(|| {
                t!("{node} can take no commit of {client}: it does not know the time", node = me, client = client)
            });
            effects.note(|| t!("The client will ask again"));
            return;
        };
        effects.rule("boots");
        let has_lock = self.of(txn).is_some_and(|trans| trans.read == Lock::Held);
        if let Some(life) = request.read_in
            && !(life == self.kept.lives && has_lock)
        {
            effects.note(|| {
                t!("{node} refuses to commit for {client}: the lock of its read is gone", node = me, client = client)
            });
            effects.note(|| t!("What was read may have changed meanwhile"));
            self.refuse(request, effects);
            self.settle(effects);
            return;
        }
        if self.of(txn).is_none() {
            self.trans.push(Trans::new(txn, request.age, now_us));
        }
        let start_us = if effects.config().rules.start_latest { now.latest_us } else { now.middle_us() };
        let others = request.participants.len();
        if let Some(trans) = self.of_mut(txn) {
            trans.heard_us = now_us;
            trans.start_us = Some(start_us).filter(|_| is_coordinator);
            trans.request = Some(request);
            trans.stage = Stage::Asking;
        }
        // If it has its lock at once, that is what there is to tell.
        self.settle(effects);
        effects.note(|| match is_coordinator {
            true => t!(
                "{node} is to commit for {client}: TT.now() ends at {latest}",
                node = me,
                client = client,
                latest = stamp(now.latest_us)
            ),
            false => t!("{node} has a part in a commit of {client}", node = me, client = client),
        });
        if is_coordinator && others > 0 {
            effects.note(|| t!("It coordinates, and waits until the others are prepared"));
        }
    }

    /// It has the lock of a commit.
    pub(super) fn go_on(&mut self, txn: Txn, effects: &mut Effects<'_>) {
        let me = effects.me();
        let Some(request) = self.of(txn).and_then(|trans| trans.request.clone()) else { return };
        if request.coordinator != me {
            self.prepare(txn, effects);
            return;
        }
        let (early, rest) = std::mem::take(&mut self.early).into_iter().partition(|(other, ..)| *other == txn);
        self.early = rest;
        let early: Vec<(Txn, NodeId, i64)> = early;
        let votes = early.into_iter().map(|(_, node, at_us)| (node, at_us)).collect();
        if let Some(trans) = self.of_mut(txn) {
            trans.stage = Stage::Collecting { votes };
        }
        self.try_to_decide(txn, effects);
    }

    /// A participant: a timestamp above all that it has given, logged.
    fn prepare(&mut self, txn: Txn, effects: &mut Effects<'_>) {
        let (me, replicate_us) = (effects.me(), effects.config().replicate_us);
        let Some(now) = self.daemon.now(effects) else { return };
        let at_us = (self.kept.floor_us + 1).max(now.earliest_us);
        self.kept.floor_us = at_us;
        effects.rule("prepare");
        if let Some(trans) = self.of_mut(txn) {
            trans.stage = Stage::Preparing { at_us };
        }
        effects.set_timer(Timer::Logged(txn), replicate_us);
        effects.rule("locks_to_the_end");
        effects.note(|| {
            t!(
                "{node} locks {key}, prepares at {at}, and logs that",
                node = me,
                key = self.key.name(),
                at = stamp(at_us)
            )
        });
        effects.because(&["locks_to_the_end"], || {
            t!("Nobody else gets {key} until the outcome is here", key = self.key.name())
        });
    }

    /// A coordinator chooses the timestamp, once it has its lock and all are prepared.
    fn try_to_decide(&mut self, txn: Txn, effects: &mut Effects<'_>) {
        let (me, replicate_us, rules) = (effects.me(), effects.config().replicate_us, effects.config().rules);
        let floor_us = self.kept.floor_us;
        let Some(trans) = self.of_mut(txn) else { return };
        let (Stage::Collecting { votes }, Some(request), Some(start_us)) =
            (&trans.stage, &trans.request, trans.start_us)
        else {
            return;
        };
        if !request.participants.iter().all(|node| votes.iter().any(|(voter, _)| voter == node)) {
            return;
        }
        let prepared_us = votes.iter().map(|(_, at_us)| *at_us).max();
        effects.rule("start_latest");
        if prepared_us.is_some() {
            effects.rule("prepare_floor");
        }
        let least_us = prepared_us.filter(|_| rules.prepare_floor).unwrap_or(i64::MIN);
        let at_us = (start_us + 1).max(floor_us + 1).max(least_us);
        trans.stage = Stage::Deciding { at_us, chosen_us: effects.local_now(), is_logged: false, waits: false };
        self.kept.floor_us = at_us;
        effects.set_timer(Timer::Logged(txn), replicate_us);
        effects.rule("locks_to_the_end");
        self.wait(txn, at_us, effects);
        effects.note(|| {
            t!(
                "{node} gives the commit of {client} the timestamp {at}, and logs it",
                node = me,
                client = txn.client,
                at = stamp(at_us)
            )
        });
        let promised: &[&'static str] =
            if prepared_us.is_some() { &["start_latest", "prepare_floor"] } else { &["start_latest"] };
        effects.because(promised, || {
            t!("That is later than the latest that it may have been when the commit was asked for")
        });
    }

    /// Looks again when the timestamp should have passed.
    fn wait(&mut self, txn: Txn, at_us: i64, effects: &mut Effects<'_>) {
        if let (Some(now), true) = (self.daemon.now(effects), effects.config().rules.commit_wait) {
            let wait_us = (at_us - now.earliest_us + 1).max(1) as u64;
            // Meanwhile the interval grows, and the quartz may be slow.
            let bound_ppm = effects.config().drift_bound_ppm;
            let more_us = (u128::from(wait_us) * 2 * u128::from(bound_ppm) / 1_000_000) as u64 + 2;
            effects.set_timer(Timer::Wait(txn), wait_us + more_us);
        }
    }

    /// Something is logged.
    fn on_logged(&mut self, txn: Txn, effects: &mut Effects<'_>) {
        let me = effects.me();
        let Some(trans) = self.of_mut(txn) else { return };
        let Some(request) = trans.request.clone() else { return };
        match &mut trans.stage {
            Stage::Preparing { at_us } => {
                let (at_us, coordinator) = (*at_us, request.coordinator);
                trans.stage = Stage::Prepared { at_us };
                self.kept.prepared.push((request, at_us));
                self.persist(effects);
                effects.send(coordinator, Message::Prepared { txn, at_us, asks: false, is_in_the_way: false });
                effects.rule("prepare");
                effects.note(|| {
                    t!(
                        "{node} is prepared at {at}, and tells {coordinator}",
                        node = me,
                        at = stamp(at_us),
                        coordinator = coordinator
                    )
                });
                effects.note(|| t!("From now on only the coordinator knows what becomes of it"));
            }
            Stage::Deciding { at_us, is_logged, .. } => {
                *is_logged = true;
                let unknowing = request.participants.clone();
                let stamp_us = *at_us;
                self.kept.decisions.push(Decision { request, stamp_us, is_told: false, unknowing });
                self.persist(effects);
                self.finish(txn, effects);
            }
            Stage::Applying { stamp_us, .. } => {
                let (stamp_us, coordinator) = (*stamp_us, request.coordinator);
                self.kept.prepared.retain(|(other, _)| other.txn != txn);
                effects.note(|| t!("{node} applies the commit at {at}", node = me, at = stamp(stamp_us)));
                self.apply(&request, stamp_us, effects);
                effects.send(coordinator, Message::Known { txn });
                self.settle(effects);
                self.answer_looks(effects);
            }
            _ => {}
        }
    }

    /// The version is there for all to read, and the locks are free.
    fn apply(&mut self, request: &Request, stamp_us: i64, effects: &mut Effects<'_>) {
        let txn = request.txn;
        self.remove(txn, effects);
        self.kept.floor_us = self.kept.floor_us.max(stamp_us);
        if let Some(value) = &request.write {
            let number = self.kept.count + 1;
            self.kept.put(Version { number, stamp_us, value: value.clone(), txn });
        }
        self.kept.end(txn, Some(stamp_us));
        self.persist(effects);
        self.send_entries(effects);
    }

    /// A coordinator tells everybody, once the commit is logged and its timestamp has certainly passed.
    pub(super) fn finish(&mut self, txn: Txn, effects: &mut Effects<'_>) {
        let me = effects.me();
        let Some(trans) = self.of(txn) else { return };
        let (Stage::Deciding { at_us, is_logged, chosen_us, waits }, Some(request)) =
            (&trans.stage, trans.request.clone())
        else {
            return;
        };
        let (at_us, is_logged, chosen_us, has_waited) = (*at_us, *is_logged, *chosen_us, *waits);
        let now = self.daemon.now(effects);
        let is_past = now.is_some_and(|now| now.is_after(at_us));
        if !is_logged {
            if is_past {
                effects.note(|| t!("The timestamp of {node} has passed, but it is not logged yet", node = me));
            } else {
                self.wait(txn, at_us, effects);
                effects.note(|| t!("{node} logs its commit still", node = me));
            }
            return;
        }
        effects.rule("commit_wait");
        if !is_past && effects.config().rules.commit_wait {
            if let Some(trans) = self.of_mut(txn)
                && let Stage::Deciding { waits, .. } = &mut trans.stage
            {
                *waits = true;
            }
            self.wait(txn, at_us, effects);
            effects.note(|| match now {
                Some(now) => t!(
                    "All is logged, and {node} waits {wait} more: {at} may still be to come",
                    node = me,
                    wait = time_us((at_us - now.earliest_us).max(0) as u64 + 1),
                    at = stamp(at_us)
                ),
                None => t!(
                    "{node} does not know the time, and cannot say whether {at} has passed",
                    node = me,
                    at = stamp(at_us)
                ),
            });
            if let Some(now) = now {
                effects.note(|| {
                    t!(
                        "It is between {earliest} and {latest}. Nobody may hear of the commit before its time",
                        earliest = stamp(now.earliest_us),
                        latest = stamp(now.latest_us)
                    )
                });
            }
            return;
        }
        let client = txn.client;
        effects.note(|| t!("{node} tells {client}: committed at {at}", node = me, client = client, at = stamp(at_us)));
        effects.because(&["commit_wait"], || t!("By its interval, it cannot be earlier than that any more"));
        for decision in self.kept.decisions.iter_mut().filter(|decision| decision.request.txn == txn) {
            decision.is_told = true;
        }
        self.kept.decisions.retain(|decision| !decision.is_told || !decision.unknowing.is_empty());
        self.apply(&request, at_us, effects);
        self.told = Some(Told { txn, stamp_us: at_us, chosen_us });
        self.tells += 1;
        self.waits += u64::from(has_waited);
        effects.send(client, Message::Done { txn, stamp_us: Some(at_us) });
        for participant in &request.participants {
            effects.send(*participant, Message::Outcome { txn, stamp_us: Some(at_us) });
        }
        self.settle(effects);
        self.answer_looks(effects);
    }

    /// A participant is prepared, or asks for the outcome.
    fn on_prepared(
        &mut self,
        from: NodeId,
        txn: Txn,
        at_us: i64,
        (asks, is_in_the_way): (bool, bool),
        effects: &mut Effects<'_>,
    ) {
        let me = effects.me();
        if let Some(stamp_us) = self.kept.stamp_of(txn) {
            effects.send(from, Message::Outcome { txn, stamp_us: Some(stamp_us) });
            effects.routine("told again");
            effects.note(|| {
                t!("{node} tells {from} again: committed at {at}", node = me, from = from, at = stamp(stamp_us))
            });
            return;
        }
        let is_over = self.kept.is_over(txn);
        match self.of_mut(txn).map(|trans| &mut trans.stage) {
            Some(Stage::Reading | Stage::Asking | Stage::Collecting { .. }) if is_in_the_way => {
                effects.rule("wound_wait");
                effects.note(|| {
                    t!(
                        "{node} aborts {txn}: at {from} somebody older waits for its lock",
                        node = me,
                        txn = txn.text(),
                        from = from
                    )
                });
                self.abort(txn, effects);
                self.settle(effects);
                self.answer_looks(effects);
            }
            Some(Stage::Collecting { votes }) => {
                if votes.iter().all(|(voter, _)| *voter != from) {
                    votes.push((from, at_us));
                }
                self.try_to_decide(txn, effects);
                effects.note(|| t!("{node} hears that {from} is prepared", node = me, from = from));
            }
            Some(Stage::Reading | Stage::Asking) => {
                self.keep_early(txn, from, at_us);
                effects.note(|| {
                    t!("{node} hears that {from} is prepared, and is not so far itself", node = me, from = from)
                });
            }
            Some(_) => {
                effects.routine("undecided");
                effects.note(|| t!("{node} cannot tell {from} yet", node = me, from = from));
            }
            None if is_over || asks => {
                effects.rule("presumed_abort");
                effects.send(from, Message::Outcome { txn, stamp_us: None });
                if !is_over {
                    self.kept.end(txn, None);
                    self.persist(effects);
                }
                effects.note(|| {
                    t!(
                        "{node} knows nothing of {txn}: aborted, it tells {from}",
                        node = me,
                        txn = txn.text(),
                        from = from
                    )
                });
                effects.note(|| t!("It has written that down first, so that no late request can begin it again"));
            }
            None => {
                self.keep_early(txn, from, at_us);
                effects
                    .note(|| t!("{from} is prepared before {node} has been asked to commit", node = me, from = from));
            }
        }
    }

    fn keep_early(&mut self, txn: Txn, from: NodeId, at_us: i64) {
        if !self.early.contains(&(txn, from, at_us)) {
            self.early.push((txn, from, at_us));
        }
        if self.early.len() > EARLY {
            self.early.remove(0);
        }
    }

    /// A participant cannot.
    fn on_refused(&mut self, from: NodeId, txn: Txn, effects: &mut Effects<'_>) {
        let me = effects.me();
        let is_decided = matches!(self.of(txn).map(|trans| &trans.stage), Some(Stage::Deciding { .. }));
        if is_decided || self.kept.is_over(txn) {
            effects.routine("late refusal");
            effects.note(|| t!("{node} has decided already", node = me));
            return;
        }
        effects.note(|| t!("{node} aborts {txn}: {from} refuses", node = me, txn = txn.text(), from = from));
        self.abort(txn, effects);
        self.settle(effects);
        self.answer_looks(effects);
    }

    /// A coordinator gives a transaction up, and says so.
    pub(super) fn abort(&mut self, txn: Txn, effects: &mut Effects<'_>) {
        let request = self.remove(txn, effects).and_then(|trans| trans.request);
        self.early.retain(|(other, ..)| *other != txn);
        self.kept.end(txn, None);
        self.persist(effects);
        effects.send(txn.client, Message::Done { txn, stamp_us: None });
        for participant in request.iter().flat_map(|request| &request.participants) {
            effects.send(*participant, Message::Outcome { txn, stamp_us: None });
        }
    }

    /// It cannot commit: the coordinator aborts.
    pub(super) fn refuse(&mut self, request: Request, effects: &mut Effects<'_>) {
        let (me, txn, coordinator) = (effects.me(), request.txn, request.coordinator);
        if coordinator == me {
            match self.of_mut(txn) {
                Some(trans) => trans.request = Some(request),
                None => self.trans.push(Trans::of(request, 0)),
            }
            self.abort(txn, effects);
        } else {
            self.remove(txn, effects);
            effects.send(coordinator, Message::Refused { txn });
        }
    }

    /// The coordinator tells the outcome.
    fn on_outcome(&mut self, from: NodeId, txn: Txn, stamp_us: Option<i64>, effects: &mut Effects<'_>) {
        let (me, replicate_us) = (effects.me(), effects.config().replicate_us);
        let is_prepared = |trans: &&mut Trans| matches!(trans.stage, Stage::Prepared { .. });
        match (stamp_us, self.of_mut(txn).filter(is_prepared)) {
            (Some(stamp_us), Some(trans)) => {
                let Stage::Prepared { at_us } = trans.stage else { return };
                trans.stage = Stage::Applying { at_us, stamp_us };
                effects.set_timer(Timer::Logged(txn), replicate_us);
                effects.note(|| {
                    t!(
                        "{node} learns that {from} has committed at {at}, and logs that",
                        node = me,
                        from = from,
                        at = stamp(stamp_us)
                    )
                });
            }
            (Some(_), None) => {
                if self.of(txn).is_none() {
                    effects.send(from, Message::Known { txn });
                }
                effects.routine("outcome known");
                effects.note(|| t!("{node} knows the outcome already", node = me));
            }
            (None, _) => {
                let is_known = self.of(txn).is_none();
                if !is_known && !matches!(self.of(txn).map(|trans| &trans.stage), Some(Stage::Applying { .. })) {
                    self.remove(txn, effects);
                    self.kept.prepared.retain(|(other, _)| other.txn != txn);
                    self.kept.end(txn, None);
                    self.persist(effects);
                } else {
                    effects.routine("outcome known");
                }
                effects.note(|| {
                    t!("{node} learns that {txn} is aborted: its locks are free", node = me, txn = txn.text())
                });
                self.settle(effects);
                self.answer_looks(effects);
            }
        }
    }

    fn on_known(&mut self, from: NodeId, txn: Txn, effects: &mut Effects<'_>) {
        let me = effects.me();
        for decision in self.kept.decisions.iter_mut().filter(|decision| decision.request.txn == txn) {
            decision.unknowing.retain(|node| *node != from);
        }
        self.kept.decisions.retain(|decision| !decision.is_told || !decision.unknowing.is_empty());
        self.persist(effects);
        effects.routine("known outcome");
        effects.note(|| t!("{node} hears that {from} has applied the commit", node = me, from = from));
    }

    /// Says again what may not have come, and drops what nobody needs.
    fn tend(&mut self, effects: &mut Effects<'_>) {
        let (me, now_us) = (effects.me(), effects.monotonic_now());
        self.is_tending = false;
        effects.rule("alive");
        let is_silent = |trans: &&Trans| trans.is_free() && now_us.saturating_sub(trans.heard_us) > SILENCE_US;
        let silent: Vec<Txn> = self.trans.iter().filter(is_silent).map(|trans| trans.txn).collect();
        for txn in &silent {
            let txn = *txn;
            effects.note(|| {
                t!("{node} drops {txn}: its client has been silent for too long", node = me, txn = txn.text())
            });
            self.wound(txn, effects);
        }
        let mut asked = 0;
        for trans in &self.trans {
            if let (Stage::Prepared { at_us }, Some(request)) = (&trans.stage, &trans.request) {
                let is_in_the_way = self.trans.iter().any(|other| other.wants() && other.age < trans.age);
                let ask = Message::Prepared { txn: trans.txn, at_us: *at_us, asks: true, is_in_the_way };
                effects.send(request.coordinator, ask);
                asked += 1;
            }
        }
        for decision in self.kept.decisions.iter().filter(|decision| decision.is_told) {
            for node in &decision.unknowing {
                let (txn, stamp_us) = (decision.request.txn, Some(decision.stamp_us));
                effects.send(*node, Message::Outcome { txn, stamp_us });
                asked += 1;
            }
        }
        if self.have.iter().any(|(_, count)| *count < self.kept.count) {
            self.send_entries(effects);
            asked += 1;
        }
        if silent.is_empty() {
            effects.routine("tend");
        }
        if asked > 0 {
            effects.note(|| t!("{node} says again what may not have come", node = me));
        } else {
            effects.note(|| t!("{node} looks after what is open", node = me));
        }
        self.settle(effects);
        self.answer_looks(effects);
    }
}
