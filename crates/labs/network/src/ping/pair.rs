//! What a server knows of its pings to another one: its books.

use std::collections::VecDeque;

use serde::Serialize;

use super::schedule::Plan;
use super::statistics::Statistics;

/// How many decided pings are remembered, so that an answer that comes again is known again.
const REMEMBERED: usize = 64;

/// The last decided pings by which a server counts as reachable.
pub const RECENT: usize = 3;

/// The pings of one server to one other, in this life.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Pair {
    pub plan: Plan,
    /// When the next ping is due, by the clock that nobody sets.
    pub due_us: u64,
    /// Whether a ping that is due waits until the last one is decided.
    pub is_held_up: bool,
    /// How many have left: the number of the last one.
    pub sent: u64,
    /// How many fell due and did not leave.
    pub skipped: u64,
    pub answered: u64,
    pub lost: u64,
    /// Answers to pings that had been answered.
    pub duplicates: u64,
    /// Answers to pings that had been given up.
    pub late: u64,
    /// Answers to pings of an earlier life.
    pub stale: u64,
    /// Answers that came after that of a later ping.
    pub reordered: u64,
    /// The highest number that was answered.
    highest: u64,
    /// The pings that have no answer yet and are not given up, oldest first.
    pub waiting: VecDeque<Sent>,
    /// The last ones that were decided, in that order.
    pub decided: VecDeque<Sent>,
    /// Whether the last decided pings were answered.
    pub recent: VecDeque<bool>,
    pub statistics: Statistics,
    /// The answer that was counted last: the number that it carried, and the round trip.
    pub last_sample: Option<(u64, i64)>,
}

/// A ping that has left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Sent {
    pub number: u64,
    /// When, by the clock on the wall.
    pub t1_us: i64,
    /// When, by the clock that nobody sets.
    pub at_us: u64,
    pub fate: Fate,
}

/// What has become of a ping.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Fate {
    Waiting,
    Answered,
    /// No answer came in time.
    Lost,
    /// It was given up, and then an answer came.
    Late,
}

impl Pair {
    /// Nothing has left yet.
    pub fn new(plan: Plan, due_us: u64) -> Pair {
        Pair {
            plan,
            due_us,
            is_held_up: false,
            sent: 0,
            skipped: 0,
            answered: 0,
            lost: 0,
            duplicates: 0,
            late: 0,
            stale: 0,
            reordered: 0,
            highest: 0,
            waiting: VecDeque::new(),
            decided: VecDeque::new(),
            recent: VecDeque::new(),
            statistics: Statistics::default(),
            last_sample: None,
        }
    }

    /// Whether the last ping has no answer yet and is not given up.
    pub fn is_last_waiting(&self) -> bool {
        self.waiting.back().is_some_and(|last| last.number == self.sent)
    }

    /// Whether one of the last decided pings was answered.
    pub fn is_reachable(&self) -> bool {
        self.recent.contains(&true)
    }

    /// Lost pings in parts per million of those that are decided; none before any is.
    pub fn loss_ppm(&self) -> Option<u64> {
        let decided = self.answered + self.lost;
        (decided > 0).then(|| self.lost * 1_000_000 / decided)
    }

    /// A ping leaves. Returns its number.
    pub fn leave(&mut self, t1_us: i64, at_us: u64) -> u64 {
        self.sent += 1;
        self.waiting.push_back(Sent { number: self.sent, t1_us, at_us, fate: Fate::Waiting });
        self.sent
    }

    /// The ping of this number, if it is remembered.
    pub fn find(&self, number: u64) -> Option<Sent> {
        self.waiting.iter().chain(self.decided.iter().rev()).find(|sent| sent.number == number).copied()
    }

    /// Books an answer that counts. `round_us` and `transit_us` are what is counted, `carried` is the number that the answer brought.
    pub fn book_answer(&mut self, number: u64, carried: u64, round_us: i64, transit_us: i64) {
        if let Some(place) = self.waiting.iter().position(|sent| sent.number == number) {
            self.waiting.remove(place).into_iter().for_each(|sent| self.remember(sent, Fate::Answered));
        }
        self.answered += 1;
        self.reordered += u64::from(number < self.highest);
        self.highest = self.highest.max(number);
        self.statistics.add(round_us, transit_us);
        self.last_sample = Some((carried, round_us));
        self.decide(true);
    }

    /// Books the answer to a ping that was given up.
    pub fn book_late(&mut self, number: u64) {
        self.late += 1;
        self.decided.iter_mut().filter(|sent| sent.number == number).for_each(|sent| sent.fate = Fate::Late);
    }

    /// Gives up all pings that left so long ago. Returns how many these are, and the first one's number.
    pub fn give_up(&mut self, left_by_us: u64) -> (u64, u64) {
        let first = self.waiting.front().map_or(0, |sent| sent.number);
        let mut count = 0;
        while self.waiting.front().is_some_and(|sent| sent.at_us <= left_by_us) {
            let Some(sent) = self.waiting.pop_front() else { break };
            self.remember(sent, Fate::Lost);
            self.decide(false);
            count += 1;
        }
        self.lost += count;
        (count, first)
    }

    fn remember(&mut self, sent: Sent, fate: Fate) {
        self.decided.push_back(Sent { fate, ..sent });
        while self.decided.len() > REMEMBERED {
            self.decided.pop_front();
        }
    }

    fn decide(&mut self, answered: bool) {
        self.recent.push_back(answered);
        while self.recent.len() > RECENT {
            self.recent.pop_front();
        }
    }
}
