//! A replica: it asks for the time, and keeps a copy of the register.

use std::collections::VecDeque;

use parts::exchange::Times;
use parts::words::{exact, signed, standing};
use serde::Serialize;
use sim::history::{Call, Outcome, Value as Data};
use sim::{NodeId, Text, t, time_us};

use super::clock::{Adjustment, Sample, SoftClock};
use super::exchange::Exchange;
use super::hybrid::Hybrid;
use super::settings::{Config, Method, Timestamps};
use super::{Effects, Message, SERVER, Timer};

/// How many readings a replica keeps for the charts.
const PAST: usize = 120;

/// What a write is ordered by: the time first, then the node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Stamp {
    /// A hybrid time, or what a clock showed, with a counter of 0.
    pub time: Hybrid,
    pub node: NodeId,
}

/// A value of the register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Write {
    pub value: String,
    pub stamp: Stamp,
}

/// What a replica keeps through a crash. It does not keep the correction of its clock.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Disk {
    pub register: Option<Write>,
    pub hybrid: Hybrid,
    /// How many writes it has taken by itself.
    pub writes: u64,
}

/// What a clock showed at a moment, for the charts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Reading {
    /// By the clock that the simulator gives the node, in microseconds.
    pub local_us: i64,
    pub shown_us: i64,
    /// How far off it was believed to be, in microseconds.
    pub claim_us: Option<u64>,
}

/// A question that is not answered yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Question {
    pub t1_us: i64,
    /// What was added to the quartz then. T4 is read with the same correction, so that a step in between does no harm.
    pub correction_us: i64,
}

/// The state of a replica.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Replica {
    pub clock: SoftClock,
    pub question: Option<Question>,
    /// The last samples, the oldest first.
    pub samples: VecDeque<Sample>,
    pub last_exchange: Option<Exchange>,
    /// How many answers have been taken.
    pub exchanges: u64,
    /// What it keeps through a crash, as it stands now.
    pub kept: Disk,
    /// Its last own write since it started.
    pub own: Option<Write>,
    /// How many there were since it started.
    pub own_writes: u64,
    /// The stamp of the last write that came from others since it started.
    pub heard: Option<Stamp>,
    /// How many came since it started.
    pub heard_writes: u64,
    pub past: VecDeque<Reading>,
}

impl Stamp {
    /// The time as it is shown: a hybrid time has a counter where that is not 0.
    pub fn text(self) -> Text {
        let time = signed(self.time.l_us);
        match self.time.c {
            0 => time,
            c => t!("{time} + {count}", time = time, count = c),
        }
    }
}

impl Replica {
    /// Starts a replica from its disk. Its clock shows what the quartz shows, until it has asked.
    pub(super) fn boot(disk: &Disk, effects: &mut Effects<'_>) -> Replica {
        let mut replica = Replica {
            clock: SoftClock::default(),
            question: None,
            samples: VecDeque::new(),
            last_exchange: None,
            exchanges: 0,
            kept: disk.clone(),
            own: None,
            own_writes: 0,
            heard: None,
            heard_writes: 0,
            past: VecDeque::new(),
        };
        replica.take_reading(effects);
        let first_us = effects.choose(effects.config().poll_us);
        effects.set_timer(Timer::Poll, first_us);
        replica.wait_for_client(effects);
        replica
    }

    /// What its clock shows, in microseconds, when the simulator's clock of this node shows `local_us`.
    pub fn shows(&self, me: NodeId, local_us: i64, config: &Config) -> i64 {
        self.clock.shows(config.quartz(me).shows(local_us), config)
    }

    /// How far from true time it believes its clock to be at most, in microseconds.
    pub fn claim_us(&self, me: NodeId, local_us: i64, config: &Config) -> Option<u64> {
        self.clock.claim_us(config.quartz(me).shows(local_us), config)
    }

    fn quartz_us(effects: &Effects<'_>) -> i64 {
        effects.config().quartz(effects.me()).shows(effects.local_now())
    }

    fn wall_us(&self, effects: &Effects<'_>) -> i64 {
        self.shows(effects.me(), effects.local_now(), effects.config())
    }

    fn take_reading(&mut self, effects: &Effects<'_>) {
        let (me, local_us, config) = (effects.me(), effects.local_now(), effects.config());
        let (shown_us, claim_us) = (self.shows(me, local_us, config), self.claim_us(me, local_us, config));
        self.past.push_back(Reading { local_us, shown_us, claim_us });
        while self.past.len() > PAST {
            self.past.pop_front();
        }
    }

    /// Asks the server for the time.
    pub(super) fn poll(&mut self, effects: &mut Effects<'_>) {
        self.take_reading(effects);
        let (me, poll_us, method) = (effects.me(), effects.config().poll_us, effects.config().method);
        effects.set_timer(Timer::Poll, poll_us);
        let t1_us = self.wall_us(effects);
        if method == Method::None {
            effects.note(|| t!("{node} asks nobody: its clock shows {time}", node = me, time = signed(t1_us)));
            return;
        }
        let correction_us = self.clock.correction_us(Replica::quartz_us(effects), effects.config());
        self.question = Some(Question { t1_us, correction_us });
        effects.send(SERVER, Message::Request { t1_us });
        effects.rule("offset");
        effects
            .note(|| t!("{node} asks {server} for the time: T1 = {t1}", node = me, server = SERVER, t1 = exact(t1_us)));
    }

    /// The server answers.
    pub(super) fn on_reply(&mut self, t1_us: i64, (t2_us, t3_us): (i64, i64), effects: &mut Effects<'_>) {
        let me = effects.me();
        let Some(question) = self.question.take_if(|question| question.t1_us == t1_us) else {
            effects.rule("origin");
            effects.note(|| t!("{node} ignores an answer to an old question of its own", node = me));
            return;
        };
        self.take_reading(effects);
        let (quartz_us, config) = (Replica::quartz_us(effects), effects.config());
        let t4_us = quartz_us + question.correction_us;
        let exchange = Exchange::new(Times { t1_us, t2_us, t3_us, t4_us }, config);
        let Exchange { offset_us, delay_us, bound_us, .. } = exchange;
        self.samples.push_back(Sample {
            offset_us: offset_us + question.correction_us,
            delay_us,
            bound_us,
            at_us: quartz_us,
        });
        let window = if config.method == Method::Ntp { config.samples } else { 1 };
        while self.samples.len() > window {
            self.samples.pop_front();
        }
        self.last_exchange = Some(exchange);
        self.exchanges += 1;
        let best = self.samples.iter().rev().min_by_key(|sample| sample.delay_us).copied();
        let newer = best.filter(|best| self.clock.sample.is_none_or(|used| best.at_us != used.at_us));
        let adjustment = newer.map(|sample| self.clock.follow(sample, quartz_us, config));
        self.take_reading(effects);
        self.tell(&exchange, adjustment, effects);
    }

    /// Says what an exchange has shown, and what was done.
    fn tell(&self, exchange: &Exchange, adjustment: Option<Adjustment>, effects: &mut Effects<'_>) {
        let (me, method, rules) = (effects.me(), effects.config().method, effects.config().rules);
        effects.rule("half_round_trip");
        effects.rule("dispersion");
        effects.rule(match adjustment {
            Some(Adjustment::Step) => "step",
            Some(Adjustment::Slew) => "slew",
            None => "least_delay",
        });
        effects.note(|| {
            let done = match adjustment {
                Some(Adjustment::Step) => t!("it sets its clock at once"),
                Some(Adjustment::Slew) if exchange.offset_us == 0 => t!("there is nothing to do"),
                Some(Adjustment::Slew) => t!("it moves its clock bit by bit"),
                None => t!("it stays with an earlier answer that took less time"),
            };
            t!(
                "{node} takes itself to be {standing}, within {bound}: {done}",
                node = me,
                standing = standing(exchange.offset_us),
                bound = time_us(exchange.bound_us),
                done = done
            )
        });
        let Exchange { times: Times { t1_us, t2_us, t3_us, t4_us }, offset_us, delay_us, .. } = *exchange;
        let (offset, delay) = (exact(offset_us), exact(delay_us as i64));
        let (t1, t2, t3, t4) = (exact(t1_us), exact(t2_us), exact(t3_us), exact(t4_us));
        effects.note(|| match method {
            _ if !rules.half_round_trip => {
                t!("T3 = {t3}, T4 = {t4}: T3 − T4 = {offset}, as if the answer took no time", t3 = t3, t4 = t4, offset = offset)
            }
            Method::Cristian => t!(
                "T1 = {t1}, T3 = {t3}, T4 = {t4}: round trip T4 − T1 = {delay}; T3 + half of it − T4 = {offset}",
                t1 = t1,
                t3 = t3,
                t4 = t4,
                delay = delay,
                offset = offset
            ),
            _ => t!(
                "T1 = {t1}, T2 = {t2}, T3 = {t3}, T4 = {t4}: ((T2 − T1) + (T3 − T4)) / 2 = {offset}; (T4 − T1) − (T3 − T2) = {delay}",
                t1 = t1,
                t2 = t2,
                t3 = t3,
                t4 = t4,
                offset = offset,
                delay = delay
            ),
        });
    }

    /// The client of this node writes, and will again.
    pub(super) fn write_by_itself(&mut self, effects: &mut Effects<'_>) {
        self.kept.writes += 1;
        let value = format!("{}{}", char::from(b'a' + effects.me().0 as u8 - 1), self.kept.writes);
        self.wait_for_client(effects);
        self.write(value, effects);
    }

    fn wait_for_client(&self, effects: &mut Effects<'_>) {
        let write_us = effects.config().write_us;
        if write_us > 0 {
            let after_us = 1 + effects.choose(2 * write_us);
            effects.set_timer(Timer::Write, after_us);
        }
    }

    /// A client writes: the write gets a stamp, is acknowledged, and goes to all others.
    pub(super) fn write(&mut self, value: String, effects: &mut Effects<'_>) {
        let (me, wall_us) = (effects.me(), self.wall_us(effects));
        let (timestamps, rules) = (effects.config().timestamps, effects.config().rules);
        let time = match timestamps {
            Timestamps::Hybrid => self.kept.hybrid.local(wall_us, rules),
            Timestamps::Wall => Hybrid { l_us: wall_us, c: 0 },
        };
        if timestamps == Timestamps::Hybrid {
            self.kept.hybrid = time;
            effects.rule("hlc_counter");
            effects.rule("hlc_separate");
        }
        let write = Write { value, stamp: Stamp { time, node: me } };
        let operation = effects.invoke(register(), Call::Write(Data::text(&write.value)));
        let stays = self.keep_later(&write);
        self.own = Some(write.clone());
        self.own_writes += 1;
        effects.persist(self.kept.clone());
        for other in (1..effects.node_count()).map(NodeId::at).filter(|other| *other != me) {
            effects.send(other, Message::Write(write.clone()));
        }
        effects.complete(operation, Outcome::Ok(Data::Nil));
        effects.rule("last_write_wins");
        let (value, stamp) = (write.value, write.stamp.text());
        effects.note(|| match &stays {
            None => t!(
                "{node} writes {value} at {stamp}, and says so to its client",
                node = me,
                value = value,
                stamp = stamp
            ),
            Some(stays) => t!(
                "{node} acknowledges {value} at {stamp}, and loses it at once to {other}",
                node = me,
                value = value,
                stamp = stamp,
                other = stays.value.clone()
            ),
        });
        match (&stays, timestamps) {
            (Some(stays), _) => effects.note(|| {
                t!(
                    "The value {other} was there before, but its timestamp is {stamp}: the last write wins, and that one seems to be the last",
                    other = stays.value.clone(),
                    stamp = stays.stamp.text()
                )
            }),
            (None, Timestamps::Wall) => effects.note(|| t!("The timestamp is what its clock shows")),
            (None, Timestamps::Hybrid) => effects.because(&["hlc_receive", "hlc_counter", "hlc_separate"], || {
                t!(
                    "Its clock shows {wall}; the timestamp is that, or more than all that it has seen",
                    wall = signed(wall_us)
                )
            }),
        }
    }

    /// A write of another node arrives.
    pub(super) fn on_write(&mut self, from: NodeId, write: Write, effects: &mut Effects<'_>) {
        let (me, wall_us) = (effects.me(), self.wall_us(effects));
        let (timestamps, rules) = (effects.config().timestamps, effects.config().rules);
        if timestamps == Timestamps::Hybrid {
            self.kept.hybrid = self.kept.hybrid.receive(write.stamp.time, wall_us, rules);
            effects.rule("hlc_receive");
            effects.rule("hlc_counter");
            effects.rule("hlc_separate");
        }
        self.heard = Some(write.stamp);
        self.heard_writes += 1;
        let stays = self.keep_later(&write);
        effects.persist(self.kept.clone());
        effects.rule("last_write_wins");
        let (value, stamp, hybrid) = (write.value, write.stamp.text(), self.kept.hybrid);
        effects.note(|| match stays {
            None => {
                t!("{node} takes {value} of {stamp} from {from}", node = me, value = value, stamp = stamp, from = from)
            }
            Some(stays) => t!(
                "{node} keeps {stays} of {later}: {value} from {from} is of {stamp}",
                node = me,
                stays = stays.value,
                later = stays.stamp.text(),
                value = value,
                from = from,
                stamp = stamp
            ),
        });
        if timestamps == Timestamps::Hybrid {
            effects.because(&["hlc_receive", "hlc_counter", "hlc_separate"], || {
                t!(
                    "The clock of {node} shows {wall}; its hybrid time is now {hybrid}, after all that it has heard of",
                    node = me,
                    wall = signed(wall_us),
                    hybrid = Stamp { time: hybrid, node: me }.text()
                )
            });
        }
    }

    /// The last write wins. Returns the one that stays where it is not this one.
    fn keep_later(&mut self, write: &Write) -> Option<Write> {
        let stays = self.kept.register.clone().filter(|held| held.stamp >= write.stamp);
        if stays.is_none() {
            self.kept.register = Some(write.clone());
        }
        stays
    }

    /// A client reads.
    pub(super) fn read(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        let held = self.kept.register.as_ref().map(|write| write.value.clone());
        let operation = effects.invoke(register(), Call::Read);
        effects.complete(operation, Outcome::Ok(held.as_deref().map_or(Data::Nil, Data::text)));
        effects.note(|| match held {
            None => t!("A client reads from {node}: nothing has been written", node = me),
            Some(value) => t!("A client reads {value} from {node}", value = value, node = me),
        });
    }
}

/// The key of the register in the history.
fn register() -> Data {
    Data::text("x")
}
