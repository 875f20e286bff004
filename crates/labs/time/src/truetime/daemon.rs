//! What asks the time masters, and answers `TT.now()`: one on each leader and each client's machine (section 3).

use std::collections::VecDeque;

use parts::exchange::Times;
use serde::Serialize;
use sim::{NodeId, t, time_us};

use super::interval::{Interval, Sample, believed};
use super::settings::{Config, MASTERS};
use super::{Effects, Message, Timer};

/// Who knows no time asks again after so long.
const AGAIN_US: u64 = 200_000;

/// How long it waits for the answers of all masters before it goes by those that are there.
const COLLECT_US: u64 = 20_000;

/// How many readings are kept for the chart.
const PAST: usize = 60;

/// What a node knows of the time. All of it is lost in a crash.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Daemon {
    /// Counted on disk, so that an answer to an earlier life is known as such.
    life: u64,
    /// How many questions there were in this life.
    questions: u64,
    pub sample: Option<Sample>,
    pub question: Option<Question>,
    /// Whether the last answers have shown that it had been wrong, or it knew nothing before.
    pub was_wrong: bool,
    /// How often it has gone by the masters.
    pub polls: u64,
    /// The last interval that something was decided by, and how many there were.
    pub used: Option<Interval>,
    pub uses: u64,
    pub past: VecDeque<Reading>,
}

/// A question that is open.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Question {
    number: u64,
    /// When it left, by the quartz.
    t1_us: i64,
    /// Whether the time for answers is over: the next one is enough.
    is_late: bool,
    answers: Vec<(NodeId, Sample)>,
}

/// How large ε was at a moment, for the chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Reading {
    /// By the clock that the simulator gives the node, in microseconds.
    pub local_us: i64,
    pub epsilon_us: u64,
}

/// A question for the time, by its number in the life of who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Ask {
    pub life: u64,
    pub number: u64,
    pub t1_us: i64,
}

impl Daemon {
    /// Starts it. When the run begins it knows what it was told last; after a crash it knows nothing and asks at once.
    pub fn boot(life: u64, is_new: bool, effects: &mut Effects<'_>) -> Daemon {
        let (me, poll_us) = (effects.me(), effects.config().poll_us);
        let sample = is_new.then(|| effects.config().first_sample(me));
        let first_us = if is_new { poll_us - effects.config().asked_us(me) } else { 0 };
        effects.set_timer(Timer::Poll, first_us.max(1));
        let (question, used, past) = (None, None, VecDeque::new());
        let mut daemon =
            Daemon { life, questions: 0, sample, question, was_wrong: false, polls: 0, used, uses: 0, past };
        daemon.take_reading(effects);
        daemon
    }

    fn quartz_us(effects: &Effects<'_>) -> i64 {
        effects.config().quartz(effects.me()).shows(effects.local_now())
    }

    /// `TT.now()`, as an observer sees it.
    pub fn shows(&self, me: NodeId, local_us: i64, config: &Config) -> Option<Interval> {
        let quartz_us = config.quartz(me).shows(local_us);
        self.sample.map(|sample| sample.interval(quartz_us, config))
    }

    /// `TT.now()`, to decide something by it; none before the first answer of a master.
    pub fn now(&mut self, effects: &mut Effects<'_>) -> Option<Interval> {
        let interval = self.shows(effects.me(), effects.local_now(), effects.config())?;
        (self.used, self.uses) = (Some(interval), self.uses + 1);
        effects.rule("growing_epsilon");
        Some(interval)
    }

    fn take_reading(&mut self, effects: &Effects<'_>) {
        let local_us = effects.local_now();
        if let Some(interval) = self.shows(effects.me(), local_us, effects.config()) {
            self.past.push_back(Reading { local_us, epsilon_us: interval.epsilon_us() });
            if self.past.len() > PAST {
                self.past.pop_front();
            }
        }
    }

    /// Asks all masters.
    pub fn poll(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        self.take_reading(effects);
        let again_us = if self.sample.is_some() { effects.config().poll_us } else { AGAIN_US };
        effects.set_timer(Timer::Poll, again_us);
        effects.set_timer(Timer::Collect, COLLECT_US);
        self.questions += 1;
        let t1_us = Daemon::quartz_us(effects);
        self.question = Some(Question { number: self.questions, t1_us, is_late: false, answers: Vec::new() });
        let ask = Ask { life: self.life, number: self.questions, t1_us };
        for master in effects.config().masters() {
            effects.send(master, Message::Ask(ask));
        }
        effects.routine("poll");
        effects.note(|| t!("{node} asks the time masters what time it is", node = me));
        if self.sample.is_none() {
            effects.note(|| t!("It has forgotten the time, and decides nothing before somebody answers"));
        }
    }

    /// A master answers. Returns whether the node goes by something new.
    pub fn on_answer(
        &mut self,
        master: NodeId,
        ask: Ask,
        (told_us, error_us): (i64, u64),
        effects: &mut Effects<'_>,
    ) -> bool {
        let (me, quartz_us, life) = (effects.me(), Daemon::quartz_us(effects), self.life);
        effects.rule("one_answer");
        let is_it = |question: &&mut Question| {
            (life, question.number, question.t1_us) == (ask.life, ask.number, ask.t1_us)
                && question.answers.iter().all(|(other, _)| *other != master)
        };
        let Some(question) = self.question.as_mut().filter(is_it) else {
            effects.routine("old answer");
            effects.note(|| t!("{node} ignores an answer to an old question", node = me));
            return false;
        };
        let times = Times { t1_us: ask.t1_us, t2_us: told_us, t3_us: told_us, t4_us: quartz_us };
        let sample = Sample::new(times.offset_us(), (error_us, times.delay_us()), quartz_us, effects.config());
        question.answers.push((master, sample));
        if question.answers.len() < usize::from(MASTERS) && !question.is_late {
            effects.routine("answer");
            effects.note(|| t!("{master} has answered {node}", master = master, node = me));
            return false;
        }
        self.adopt(effects)
    }

    /// The time for answers is over. Returns whether the node goes by something new.
    pub fn collect(&mut self, effects: &mut Effects<'_>) -> bool {
        let me = effects.me();
        effects.routine("collect");
        let Some(question) = &mut self.question else {
            effects.note(|| t!("{node} has all answers", node = me));
            return false;
        };
        question.is_late = true;
        if question.answers.is_empty() {
            effects.note(|| t!("No time master has answered {node} so far", node = me));
            return false;
        }
        self.adopt(effects)
    }

    /// Goes by the answers that agree.
    fn adopt(&mut self, effects: &mut Effects<'_>) -> bool {
        let (me, quartz_us) = (effects.me(), Daemon::quartz_us(effects));
        let Some(question) = self.question.take() else { return false };
        effects.cancel_timer(Timer::Collect);
        let answers: Vec<Sample> = question.answers.iter().map(|(_, sample)| *sample).collect();
        self.take_reading(effects);
        effects.rule("liars");
        let Some(sample) = believed(&answers, self.sample, quartz_us, effects.config()) else {
            effects.routine("contradiction");
            effects.note(|| t!("The time masters contradict each other: {node} believes neither", node = me));
            return false;
        };
        let [old, new] =
            [self.sample, Some(sample)].map(|sample| sample.map(|sample| sample.interval(quartz_us, effects.config())));
        self.was_wrong = !old.zip(new).is_some_and(|(old, new)| old.overlaps(new));
        self.sample = Some(sample);
        self.polls += 1;
        self.take_reading(effects);
        let epsilon_us = sample.epsilon_us(quartz_us, effects.config());
        effects.note(|| t!("{node} knows the time again within {epsilon}", node = me, epsilon = time_us(epsilon_us)));
        let told = question.answers.iter().find(|(_, told)| *told == sample);
        if let Some((master, _)) = told {
            let master = *master;
            effects
                .note(|| t!("That is what {master} may be off, and half of the way there and back", master = master));
        }
        true
    }
}
