//! The desk of a server: one worker, and a queue before it.

use parts::station::{Station, Taken};
use serde::Serialize;
use sim::{Map, NodeId, t, time_us};

use super::call::Ask;
use super::line::Ticket;
use super::view::name;
use super::{Effects, Timer};

/// A queue that takes all: a number that is the same natively and as WebAssembly, since it is part of the state.
const NO_BOUND: usize = u32::MAX as usize;

/// Where the work of a server lies. It is lost in a crash.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Desk {
    pub station: Station<u64>,
    pub jobs: Map<u64, Job>,
    taken: u64,
    /// What was begun last.
    pub begun: Option<Begun>,
}

/// A piece of work. Times are on the server's clock that nobody sets, in microseconds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Job {
    pub from: From,
    pub ask: Ask,
    /// How much time whoever asked had left when it came.
    pub left_us: Option<u64>,
    pub arrived_us: u64,
}

/// Who waits for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum From {
    Call { caller: NodeId, life: u64, number: u32 },
    Http { proxy: NodeId, ticket: Ticket },
}

/// Work that was begun: the how-manieth, whose, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Begun {
    pub job: u64,
    pub is_call: bool,
    pub left_us: Option<u64>,
    pub arrived_us: u64,
    pub at_us: u64,
}

impl Job {
    /// How much time whoever asked has left, if somebody passes that on.
    pub fn rest_us(&self, now_us: u64) -> Option<u64> {
        self.left_us.map(|left_us| left_us.saturating_sub(now_us.saturating_sub(self.arrived_us)))
    }

    /// Whether nobody waits for it any more.
    pub fn is_late(&self, now_us: u64) -> bool {
        self.rest_us(now_us) == Some(0)
    }
}

impl Desk {
    /// An empty desk.
    pub fn new(now_us: u64) -> Desk {
        Desk { station: Station::new(1, NO_BOUND, now_us as i64), jobs: Map::default(), taken: 0, begun: None }
    }

    /// Work comes. Returns its number if the worker is free for it.
    pub(super) fn take(&mut self, job: Job, effects: &Effects<'_>) -> Option<u64> {
        self.taken += 1;
        self.jobs.insert(self.taken, job);
        let taken = self.station.take(self.taken, effects.monotonic_now() as i64, NO_BOUND, true);
        matches!(taken, Taken::Begun { .. }).then_some(self.taken)
    }

    /// The worker begins with it, for so long. Returns whether: it does not where nobody waits for that any more.
    pub(super) fn begin(&mut self, number: u64, work_us: u64, effects: &mut Effects<'_>) -> bool {
        let now_us = effects.monotonic_now();
        let Some(job) = self.jobs.get(&number) else { return false };
        let looks = effects.config().rules.time_left;
        if job.is_late(now_us) {
            effects.rule("time_left");
            if looks {
                return false;
            }
            let (me, origin) = (effects.me(), job.ask.origin);
            let late_us = now_us.saturating_sub(job.arrived_us).saturating_sub(job.left_us.unwrap_or(0));
            effects.note(|| {
                t!(
                    "{node} begins with {call}, whose time ran out {late} ago: nobody waits for it",
                    node = me,
                    call = name(origin),
                    late = time_us(late_us)
                )
            });
        }
        let rest_us = job.rest_us(now_us).filter(|_| looks).unwrap_or(u64::MAX);
        effects.set_timer(Timer::Work(number), work_us.min(rest_us));
        let is_call = matches!(job.from, From::Call { .. });
        self.begun =
            Some(Begun { job: number, is_call, left_us: job.left_us, arrived_us: job.arrived_us, at_us: now_us });
        true
    }

    /// What the worker works on.
    pub fn at_work(&self) -> Option<(u64, &Job)> {
        let number = self.station.workers.first()?.as_ref()?.task;
        Some((number, self.jobs.get(&number)?))
    }

    /// The worker is done with what it works on.
    pub(super) fn finish(&mut self, effects: &mut Effects<'_>) -> Option<Job> {
        let number = self.station.finish(0, effects.monotonic_now() as i64)?;
        effects.cancel_timer(Timer::Work(number));
        self.jobs.remove(&number)
    }

    /// What has waited longest, if the worker is free.
    pub(super) fn next(&mut self, effects: &Effects<'_>) -> Option<u64> {
        self.station.workers[0].is_none().then(|| self.station.begin_next(0, effects.monotonic_now() as i64)).flatten()
    }

    /// Ends the work for earlier lives of a caller. Returns how much there was, and whether the worker had it.
    pub(super) fn end_orphans(&mut self, caller: NodeId, life: u64, effects: &mut Effects<'_>) -> (usize, bool) {
        let is_orphan = |job: &Job| match job.from {
            From::Call { caller: other, life: old, .. } => other == caller && old < life,
            From::Http { .. } => false,
        };
        let before = self.jobs.values().count();
        let is_worked_on = self.at_work().is_some_and(|(_, job)| is_orphan(job));
        if is_worked_on {
            self.finish(effects);
        }
        self.jobs.retain(|_, job| !is_orphan(job));
        let jobs = &self.jobs;
        self.station.queue.retain(|job| jobs.get(&job.task).is_some());
        (before - self.jobs.values().count(), is_worked_on)
    }

    /// Says that nobody begins with this.
    pub(super) fn say_late(job: &Job, effects: &mut Effects<'_>) {
        let (me, origin) = (effects.me(), job.ask.origin);
        effects.note(|| t!("{node} does not begin with {call}: its time has run out", node = me, call = name(origin)));
        effects.because(&["time_left"], || {
            t!("Whoever asked has given up by now. The time left travels with each call, and is looked at before work begins.")
        });
    }
}
