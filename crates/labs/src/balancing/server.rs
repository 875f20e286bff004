//! A server: workers, and a queue for what they cannot take at once.

use std::collections::VecDeque;

use serde::Serialize;
use sim::{NodeId, t};

use super::settings::Config;
use super::{Answer, Disk, Effects, Message, RequestId, Timer, draw};

/// Over how much time a server says how busy it is, in microseconds.
const BUSY_WINDOW_US: i64 = 1_000_000;
/// Workers of one server at most.
const MOST_WORKERS: u8 = 64;

/// The state of a server.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Server {
    pub machine: Machine,
    /// When it was started, on its own clock in microseconds; none if it was warm from the start.
    pub cold_since_us: Option<i64>,
    /// What each worker works on.
    pub workers: Vec<Option<Job>>,
    /// What waits, the first to come at the front.
    pub queue: VecDeque<Job>,
    /// How many were allowed to wait when the last one came.
    pub bound: usize,
    pub served: u64,
    pub refused: u64,
    /// How many requests have left the queue for a worker, or met a free one.
    pub begun: u64,
    /// How long the last of them waited, in microseconds.
    pub waited_us: u64,
    busy: Busy,
}

/// What a person made of the machine: it stays so through a crash.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Machine {
    /// How many times as long it takes for everything, less 1.
    pub slower_by: u32,
    /// When that was said, on its own clock in microseconds.
    pub slowed_at_us: Option<i64>,
    /// Workers that a person added.
    pub added_workers: u8,
}

/// A request at a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Job {
    pub request: RequestId,
    pub ticket: u64,
    /// When it came, on the server's clock in microseconds.
    pub came_us: i64,
}

/// How much of their time the workers have been busy: in the last whole window, and in the one that goes on.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
struct Busy {
    began_us: i64,
    /// Worker-microseconds.
    worked_us: i64,
    last_us: Option<i64>,
    counted_to_us: i64,
}

impl Busy {
    /// Counts the time since the last look, in which so many workers were busy.
    fn pass(&mut self, now_us: i64, workers: i64) {
        if now_us < self.began_us {
            // The clock was set back.
            *self = Busy { began_us: now_us, counted_to_us: now_us, ..Busy::default() };
        }
        let windows = (now_us - self.began_us) / BUSY_WINDOW_US;
        if windows > 0 {
            let end_us = self.began_us + BUSY_WINDOW_US;
            let rest_us = self.worked_us + workers * (end_us - self.counted_to_us);
            self.last_us = Some(if windows == 1 { rest_us } else { workers * BUSY_WINDOW_US });
            self.began_us += windows * BUSY_WINDOW_US;
            (self.worked_us, self.counted_to_us) = (0, self.began_us);
        }
        self.worked_us += workers * (now_us - self.counted_to_us);
        self.counted_to_us = now_us;
    }
}

impl Server {
    /// Starts a server. One that has run before has lost its caches.
    pub(super) fn boot(disk: &Disk, effects: &mut Effects<'_>) -> Server {
        let now_us = effects.local_now();
        let count = effects.config().workers.saturating_add(disk.machine.added_workers).min(MOST_WORKERS);
        Server {
            machine: disk.machine.clone(),
            cold_since_us: (disk.lives > 1 && effects.config().cold.times > 1).then_some(now_us),
            workers: vec![None; count.into()],
            queue: VecDeque::new(),
            bound: effects.config().queue,
            served: 0,
            refused: 0,
            begun: 0,
            waited_us: 0,
            busy: Busy { began_us: now_us, counted_to_us: now_us, ..Busy::default() },
        }
    }

    /// How many workers work.
    pub fn at_work(&self) -> usize {
        self.workers.iter().flatten().count()
    }

    /// How many times as long as usual it takes, in millionths: because a person slowed it down, or because it is cold.
    pub fn times_ppm(&self, now_us: i64, config: &Config) -> u64 {
        let slow = u64::from(self.machine.slower_by + 1) * 1_000_000;
        let warm_up_us = config.cold.warm_up_us.max(1);
        let left_us = self
            .cold_since_us
            .map_or(0, |since_us| warm_up_us.saturating_sub(u64::try_from(now_us - since_us).unwrap_or(0)));
        let cold = 1_000_000 + u64::from(config.cold.times - 1) * 1_000_000 * left_us / warm_up_us;
        slow / 1_000 * (cold / 1_000)
    }

    /// How busy its workers have been lately, in parts of a thousand.
    pub fn busy_permille(&self, now_us: i64) -> u16 {
        let mut busy = self.busy.clone();
        busy.pass(now_us, self.at_work() as i64);
        let length_us = now_us - busy.began_us + if busy.last_us.is_some() { BUSY_WINDOW_US } else { 0 };
        let worked_us = busy.worked_us + busy.last_us.unwrap_or(0);
        (worked_us * 1_000 / (length_us * self.workers.len() as i64).max(1)).clamp(0, 1_000) as u16
    }

    pub(super) fn on_message(&mut self, message: Message, effects: &mut Effects<'_>) {
        let me = effects.me();
        match message {
            Message::Forward { request, ticket } => {
                self.pass(effects);
                self.take(Job { request, ticket, came_us: effects.local_now() }, effects);
            }
            Message::Probe { round } => {
                let balancer = effects.config().balancer();
                effects.send(balancer, Message::Well { round });
                effects.rule("active_checks");
                effects.note(|| t!("{node} says that it is well", node = me));
            }
            _ => {}
        }
    }

    /// A request comes: a free worker takes it, else it waits, else it is refused.
    fn take(&mut self, job: Job, effects: &mut Effects<'_>) {
        let (me, client, number) = (effects.me(), job.request.client, job.request.number);
        self.bound = effects.config().queue;
        if let Some(worker) = self.workers.iter().position(Option::is_none) {
            self.begin(worker, job, effects);
            effects.rule("fifo");
            effects.note(|| {
                t!("{node} begins with request {number} of {client}", node = me, number = number, client = client)
            });
        } else if self.queue.len() < effects.config().queue || !effects.config().rules.bounded {
            self.queue.push_back(job);
            let waiting = self.queue.len();
            effects.rule("fifo");
            if waiting > effects.config().queue {
                effects.rule("bounded");
            }
            effects.note(|| {
                t!("Request {number} of {client} has to wait at {node}", number = number, client = client, node = me)
            });
            effects
                .note(|| t!("All workers of {node} are busy, and {waiting} wait now.", node = me, waiting = waiting));
        } else {
            self.refused += 1;
            let balancer = effects.config().balancer();
            effects.send(balancer, Message::Done { ticket: job.ticket, answer: Answer::Refused });
            effects.rule("bounded");
            effects.note(|| {
                t!("{node} refuses request {number} of {client}", node = me, number = number, client = client)
            });
            effects.note(|| {
                t!("Its queue is full. A longer queue would only let more requests wait until they are too old.")
            });
        }
    }

    fn begin(&mut self, worker: usize, job: Job, effects: &mut Effects<'_>) {
        let (now_us, config) = (effects.local_now(), effects.config());
        let (service, times_ppm) = (config.service, self.times_ppm(now_us, config));
        self.begun += 1;
        self.waited_us = u64::try_from(now_us - job.came_us).unwrap_or(0);
        self.workers[worker] = Some(job);
        let is_hiccup = service.hiccup_ppm > 0 && effects.choose(1_000_000) < u64::from(service.hiccup_ppm);
        let us = if is_hiccup { service.hiccup_us } else { draw(service.time, effects) };
        let us = u128::from(us) * u128::from(times_ppm) / 1_000_000;
        effects.set_timer(Timer::Work(worker as u8), us as u64);
    }

    pub(super) fn on_timer(&mut self, timer: Timer, effects: &mut Effects<'_>) {
        let Timer::Work(worker) = timer else { return };
        let (me, balancer) = (effects.me(), effects.config().balancer());
        self.pass(effects);
        let Some(job) = self.workers.get_mut(usize::from(worker)).and_then(Option::take) else { return };
        self.served += 1;
        effects.send(balancer, Message::Done { ticket: job.ticket, answer: Answer::Served });
        let (client, number) = (job.request.client, job.request.number);
        effects.note(|| {
            t!("{node} is done with request {number} of {client}", node = me, number = number, client = client)
        });
        if let Some(next) = self.queue.pop_front() {
            self.begin(worker.into(), next, effects);
            let (client, number): (NodeId, u32) = (next.request.client, next.request.number);
            let waited = sim::time_us(self.waited_us);
            effects.rule("fifo");
            effects.note(|| {
                t!(
                    "It goes on with request {number} of {client}, which has waited for {waited}",
                    number = number,
                    client = client,
                    waited = waited
                )
            });
        }
    }

    /// A person slows it down, or lets it be as fast as ever.
    pub(super) fn slow_down(&mut self, times: u32, effects: &mut Effects<'_>) {
        let me = effects.me();
        self.machine.slower_by = times.max(1) - 1;
        self.machine.slowed_at_us = (times > 1).then(|| effects.local_now());
        self.save(effects);
        effects.note(|| match times {
            1 => t!("{node} is as fast as ever", node = me),
            _ => t!("{node} now takes {times} times as long for each request", node = me, times = times),
        });
    }

    /// A person adds a worker.
    pub(super) fn add_worker(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        if self.workers.len() >= MOST_WORKERS.into() {
            effects.note(|| {
                t!("{node} has as many workers as it can have: {most}", node = me, most = u64::from(MOST_WORKERS))
            });
            return;
        }
        self.pass(effects);
        self.machine.added_workers += 1;
        self.save(effects);
        self.workers.push(None);
        let count = self.workers.len();
        if let Some(job) = self.queue.pop_front() {
            self.begin(count - 1, job, effects);
        }
        effects.note(|| t!("{node} has {count} workers now", node = me, count = count));
    }

    fn save(&self, effects: &mut Effects<'_>) {
        // It has run: when it starts again it is cold.
        effects.persist(Disk { lives: 1, machine: self.machine.clone() });
    }

    /// Counts how long the workers have been busy since the last look.
    fn pass(&mut self, effects: &Effects<'_>) {
        self.busy.pass(effects.local_now(), self.at_work() as i64);
    }
}
