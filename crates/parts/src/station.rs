//! A station: workers, and one queue for what they cannot take at once. First come, first served (Kleinrock 1975, section 3.5:
//! the queue with m servers; section 3.6: with finite storage).

use std::collections::VecDeque;

use serde::Serialize;

/// Over how much time a station says how busy it is, in microseconds.
const BUSY_WINDOW_US: i64 = 1_000_000;

/// Workers and their queue. Times are on the station's own clock, in microseconds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Station<T> {
    /// What each worker works on.
    pub workers: Vec<Option<Job<T>>>,
    /// What waits, the first to come at the front.
    pub queue: VecDeque<Job<T>>,
    /// How many were allowed to wait when the last one came.
    pub bound: usize,
    pub served: u64,
    pub refused: u64,
    /// How many jobs have left the queue for a worker, or met a free one.
    pub begun: u64,
    /// How long the last of them waited, in microseconds.
    pub waited_us: u64,
    busy: Busy,
}

/// A task at a station.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Job<T> {
    pub task: T,
    /// When it came.
    pub came_us: i64,
}

/// What becomes of a task that comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// This worker begins with it.
    Begun { worker: usize },
    /// It waits.
    Queued,
    /// It is turned away.
    Refused,
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

impl<T: Copy> Station<T> {
    /// So many free workers, with an empty queue for `bound` tasks.
    pub fn new(workers: usize, bound: usize, now_us: i64) -> Station<T> {
        Station {
            workers: vec![None; workers],
            queue: VecDeque::new(),
            bound,
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

    /// How busy its workers have been lately, in parts of a thousand.
    pub fn busy_permille(&self, now_us: i64) -> u16 {
        let mut busy = self.busy.clone();
        busy.pass(now_us, self.at_work() as i64);
        let length_us = now_us - busy.began_us + if busy.last_us.is_some() { BUSY_WINDOW_US } else { 0 };
        let worked_us = busy.worked_us + busy.last_us.unwrap_or(0);
        (worked_us * 1_000 / (length_us * self.workers.len() as i64).max(1)).clamp(0, 1_000) as u16
    }

    /// A task comes: a free worker takes it, else it waits, else it is refused: as many as `bound` wait, or any number where
    /// the bound is not kept.
    pub fn take(&mut self, task: T, now_us: i64, bound: usize, is_kept: bool) -> Taken {
        self.pass(now_us);
        self.bound = bound;
        let job = Job { task, came_us: now_us };
        if let Some(worker) = self.workers.iter().position(Option::is_none) {
            self.begin(worker, job, now_us);
            Taken::Begun { worker }
        } else if self.queue.len() < bound || !is_kept {
            self.queue.push_back(job);
            Taken::Queued
        } else {
            self.refused += 1;
            Taken::Refused
        }
    }

    /// A worker is done with its task; none where it had none. It goes on with [`Station::begin_next`].
    pub fn finish(&mut self, worker: usize, now_us: i64) -> Option<T> {
        self.pass(now_us);
        let job = self.workers.get_mut(worker).and_then(Option::take)?;
        self.served += 1;
        Some(job.task)
    }

    /// A free worker begins with what has waited longest; none where nothing waits.
    pub fn begin_next(&mut self, worker: usize, now_us: i64) -> Option<T> {
        let job = self.queue.pop_front()?;
        self.begin(worker, job, now_us);
        Some(job.task)
    }

    /// One more worker, which has nothing to do yet; returns its number.
    pub fn add_worker(&mut self, now_us: i64) -> usize {
        self.pass(now_us);
        self.workers.push(None);
        self.workers.len() - 1
    }

    fn begin(&mut self, worker: usize, job: Job<T>, now_us: i64) {
        self.begun += 1;
        self.waited_us = u64::try_from(now_us - job.came_us).unwrap_or(0);
        self.workers[worker] = Some(job);
    }

    /// Counts how long the workers have been busy since the last look.
    fn pass(&mut self, now_us: i64) {
        self.busy.pass(now_us, self.at_work() as i64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Kleinrock 1975, section 3.6: what finds the system full is turned away; the others are served as they came.
    #[test]
    fn a_full_station_refuses_and_the_others_keep_their_order() {
        let mut station = Station::new(1, 2, 0);
        let taken = [1, 2, 3, 4].map(|task| station.take(task, task, 2, true));
        assert_eq!(taken, [Taken::Begun { worker: 0 }, Taken::Queued, Taken::Queued, Taken::Refused]);
        assert_eq!((station.finish(0, 50), station.begin_next(0, 50)), (Some(1), Some(2)));
        assert_eq!((station.served, station.refused, station.begun, station.waited_us), (1, 1, 2, 48));
        let worker = station.add_worker(60);
        assert_eq!((worker, station.begin_next(worker, 60), station.at_work()), (1, Some(3), 2));
        assert_eq!((station.finish(0, 70), station.begin_next(0, 70), station.finish(0, 80)), (Some(2), None, None));
    }

    /// The share of the last second or two in which its workers worked.
    #[test]
    fn a_station_says_how_busy_it_is() {
        let mut station = Station::new(2, 0, 0);
        station.take((), 0, 0, true);
        station.finish(0, 500_000);
        let busy = [500_000, 1_000_000, 1_250_000, 2_000_000].map(|now_us| station.busy_permille(now_us));
        assert_eq!(busy, [500, 250, 200, 0]);
    }
}
