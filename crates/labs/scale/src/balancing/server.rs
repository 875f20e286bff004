//! A server: workers, and a queue for what they cannot take at once.

use parts::station::{Station, Taken};
use serde::Serialize;
use sim::{NodeId, t};

use super::settings::Config;
use super::{Answer, Disk, Effects, Message, RequestId, Timer, draw};

/// Workers of one server at most.
const MOST_WORKERS: u8 = 64;

/// The state of a server.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Server {
    pub machine: Machine,
    /// When it was started, on its own clock in microseconds; none if it was warm from the start.
    pub cold_since_us: Option<i64>,
    pub station: Station<Task>,
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
pub struct Task {
    pub request: RequestId,
    pub ticket: u64,
}

/// A queue of so many is worth a word, and each that is twice as long as the one before.
const LONG_QUEUE: usize = 8;

impl Server {
    /// Starts a server. One that has run before has lost its caches.
    pub(super) fn boot(disk: &Disk, effects: &mut Effects<'_>) -> Server {
        let now_us = effects.local_now();
        let count = effects.config().workers.saturating_add(disk.machine.added_workers).min(MOST_WORKERS);
        Server {
            machine: disk.machine.clone(),
            cold_since_us: (disk.lives > 1 && effects.config().cold.times > 1).then_some(now_us),
            station: Station::new(count.into(), effects.config().queue, now_us),
        }
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

    pub(super) fn on_message(&mut self, message: Message, effects: &mut Effects<'_>) {
        let me = effects.me();
        match message {
            Message::Forward { request, ticket } => self.take(Task { request, ticket }, effects),
            Message::Probe { round } => {
                let balancer = effects.config().balancer();
                effects.send(balancer, Message::Well { round });
                effects.rule("active_checks");
                effects.routine("well");
                effects.note(|| t!("{node} says that it is well", node = me));
            }
            _ => {}
        }
    }

    /// A request comes: a free worker takes it, else it waits, else it is refused.
    fn take(&mut self, task: Task, effects: &mut Effects<'_>) {
        let (me, client, number) = (effects.me(), task.request.client, task.request.number);
        let (queue, is_bounded) = (effects.config().queue, effects.config().rules.bounded);
        match self.station.take(task, effects.local_now(), queue, is_bounded) {
            Taken::Begun { worker } => {
                self.work(worker, effects);
                effects.routine("begin");
                effects.rule("fifo");
                effects.note(|| {
                    t!("{node} begins with request {number} of {client}", node = me, number = number, client = client)
                });
            }
            Taken::Queued => {
                let waiting = self.station.queue.len();
                effects.rule("fifo");
                if waiting < LONG_QUEUE || !waiting.is_power_of_two() {
                    effects.routine("wait");
                }
                if waiting > effects.config().queue {
                    effects.rule("bounded");
                }
                effects.note(|| {
                    t!(
                        "Request {number} of {client} has to wait at {node}",
                        number = number,
                        client = client,
                        node = me
                    )
                });
                effects.note(|| {
                    t!("All workers of {node} are busy, and {waiting} wait now.", node = me, waiting = waiting)
                });
            }
            Taken::Refused => {
                let balancer = effects.config().balancer();
                effects.send(balancer, Message::Done { ticket: task.ticket, answer: Answer::Refused });
                effects.rule("bounded");
                effects.routine("refuse");
                effects.note(|| {
                    t!("{node} refuses request {number} of {client}", node = me, number = number, client = client)
                });
                effects.note(|| {
                    t!("Its queue is full. A longer queue would only let more requests wait until they are too old.")
                });
            }
        }
    }

    /// Sets the time that a worker takes for what it begins with.
    fn work(&self, worker: usize, effects: &mut Effects<'_>) {
        let (now_us, config) = (effects.local_now(), effects.config());
        let (service, times_ppm) = (config.service, self.times_ppm(now_us, config));
        let is_hiccup = service.hiccup_ppm > 0 && effects.choose(1_000_000) < u64::from(service.hiccup_ppm);
        let us = if is_hiccup { service.hiccup_us } else { draw(service.time, effects) };
        let us = u128::from(us) * u128::from(times_ppm) / 1_000_000;
        effects.set_timer(Timer::Work(worker as u8), us as u64);
    }

    pub(super) fn on_timer(&mut self, timer: Timer, effects: &mut Effects<'_>) {
        let Timer::Work(worker) = timer else { return };
        let (me, balancer, now_us) = (effects.me(), effects.config().balancer(), effects.local_now());
        let Some(done) = self.station.finish(worker.into(), now_us) else { return };
        effects.send(balancer, Message::Done { ticket: done.ticket, answer: Answer::Served });
        let (client, number) = (done.request.client, done.request.number);
        effects.routine("done");
        effects.note(|| {
            t!("{node} is done with request {number} of {client}", node = me, number = number, client = client)
        });
        if let Some(next) = self.station.begin_next(worker.into(), now_us) {
            self.work(worker.into(), effects);
            let (client, number): (NodeId, u32) = (next.request.client, next.request.number);
            let waited = sim::time_us(self.station.waited_us);
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
        if self.station.workers.len() >= MOST_WORKERS.into() {
            effects.note(|| {
                t!("{node} has as many workers as it can have: {most}", node = me, most = u64::from(MOST_WORKERS))
            });
            return;
        }
        self.machine.added_workers += 1;
        self.save(effects);
        let now_us = effects.local_now();
        let worker = self.station.add_worker(now_us);
        let count = self.station.workers.len();
        if self.station.begin_next(worker, now_us).is_some() {
            self.work(worker, effects);
        }
        effects.note(|| t!("{node} has {count} workers now", node = me, count = count));
    }

    fn save(&self, effects: &mut Effects<'_>) {
        // It has run: when it starts again it is cold.
        effects.persist(Disk { lives: 1, machine: self.machine.clone() });
    }
}
