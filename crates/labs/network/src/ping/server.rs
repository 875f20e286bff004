//! A server: it pings all others, answers theirs, and keeps books.

use std::collections::VecDeque;

use parts::exchange::Times;
use parts::words::{exact, time_of_day};
use serde::Serialize;
use sim::map::Map;
use sim::{NodeId, t, time_us};

use super::line::Line;
use super::pair::{Fate, Pair};
use super::schedule::{Plan, Schedule};
use super::statistics::Statistics;
use super::{Disk, Effects, Message, Timer};

/// How many lines of its log a server keeps.
const KEPT_LINES: usize = 120;

/// A timer that runs out so many microseconds before its time is on time: clocks count whole microseconds.
const SLACK_US: u64 = 10;

/// A round trip of so many times the median is worth a word.
const SLOW: i64 = 3;

/// The state of a server.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Server {
    /// How many times it has started.
    pub life: u64,
    /// Its books, one for each other server.
    pub pairs: Map<NodeId, Pair>,
    /// The last answered pings, oldest first.
    pub log: VecDeque<Line>,
    /// Of the round trips to all others together.
    pub all: Statistics,
    /// The answers that it is at work on.
    pub work: Map<u64, Work>,
    /// How many pings have come to it.
    pub jobs: u64,
    /// The answer that left last, and how many have left.
    pub last_answer: Option<(u64, Work)>,
    /// How many times as long as usual it takes for an answer.
    pub slowness: u64,
    /// When the time service last looked at its clock, by the clock that nobody sets.
    adjusted_at_us: u64,
}

/// An answer that is being made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Work {
    pub to: NodeId,
    pub life: u64,
    pub number: u64,
    t1_us: i64,
    t2_us: i64,
}

impl Server {
    /// Starts it, with empty books: each start is a life of its own.
    pub(super) fn boot(disk: &Disk, effects: &mut Effects<'_>) -> Server {
        let life = disk.lives + 1;
        effects.persist(Disk { lives: life });
        let (me, now_us) = (effects.me(), effects.monotonic_now());
        let mut server = Server {
            life,
            pairs: Map::default(),
            log: VecDeque::new(),
            all: Statistics::default(),
            work: Map::default(),
            jobs: 0,
            last_answer: None,
            slowness: 1,
            adjusted_at_us: now_us,
        };
        for peer in (0..effects.node_count()).map(NodeId::at).filter(|peer| *peer != me) {
            let plan = plan(0, effects);
            // Pairs do not ping in step.
            let first_us = effects.choose(plan.interval_us);
            server.pairs.insert(peer, Pair::new(plan, now_us + first_us));
            effects.set_timer(Timer::Ping(peer), first_us);
        }
        let adjust_us = effects.config().adjust_us;
        if adjust_us > 0 {
            let first_us = 1 + effects.choose(adjust_us);
            effects.set_timer(Timer::Adjust, first_us);
        }
        effects.note(|| t!("{node} starts", node = me));
        effects.note(|| t!("This is its life number {life}: its books are empty, and answers to pings of an earlier life count for nothing", life = life));
        server
    }

    /// It is time for a ping, if the clock says so.
    pub(super) fn on_turn(&mut self, peer: NodeId, effects: &mut Effects<'_>) {
        let (me, now_us) = (effects.me(), effects.monotonic_now());
        let Some(pair) = self.pairs.get_mut(&peer) else { return };
        if now_us + SLACK_US < pair.due_us {
            effects.set_timer(Timer::Ping(peer), pair.due_us - now_us);
            effects.routine("early");
            effects.note(|| {
                t!("{node} looks at its clock: the next ping to {peer} is not due yet", node = me, peer = peer)
            });
            return;
        }
        if waits_for_answers(effects) && pair.is_last_waiting() {
            pair.is_held_up = true;
            effects.rule("open_loop");
            effects.routine("wait");
            let number = pair.sent;
            effects.note(|| {
                t!(
                    "{node} does not ping {peer}: its ping {number} has no answer yet",
                    node = me,
                    peer = peer,
                    number = number
                )
            });
            return;
        }
        self.leave_in_turn(peer, effects);
    }

    /// A ping leaves in its turn, and the next one is planned.
    fn leave_in_turn(&mut self, peer: NodeId, effects: &mut Effects<'_>) {
        let now_us = effects.monotonic_now();
        let waits = waits_for_answers(effects);
        let Some(pair) = self.pairs.get_mut(&peer) else { return };
        let wished = plan(pair.sent + pair.skipped, effects);
        if (wished.schedule, wished.interval_us) != (pair.plan.schedule, pair.plan.interval_us) {
            (pair.plan, pair.due_us) = (wished, now_us);
        }
        pair.is_held_up = false;
        let number = pair.leave(effects.local_now(), now_us);
        let mut skipped = 0;
        if waits {
            pair.due_us = now_us + pair.plan.interval_us;
        } else {
            pair.due_us += pair.plan.gap_us(draw(pair.plan, effects));
            while pair.due_us <= now_us {
                pair.due_us += pair.plan.gap_us(draw(pair.plan, effects));
                skipped += 1;
            }
            pair.skipped += skipped;
        }
        effects.set_timer(Timer::Ping(peer), pair.due_us - now_us);
        if pair.plan.schedule == Schedule::Open {
            effects.rule("open_loop");
        }
        effects.rule(if pair.plan.schedule == Schedule::Poisson { "random" } else { "number" });
        self.send(peer, number, skipped, effects);
    }

    /// Pings a server now, out of turn.
    pub(super) fn ping(&mut self, peer: NodeId, effects: &mut Effects<'_>) {
        let (t1_us, now_us) = (effects.local_now(), effects.monotonic_now());
        let Some(pair) = self.pairs.get_mut(&peer) else { return };
        let number = pair.leave(t1_us, now_us);
        self.send(peer, number, 0, effects);
    }

    /// A ping leaves.
    fn send(&mut self, peer: NodeId, number: u64, skipped: u64, effects: &mut Effects<'_>) {
        let (me, t1_us, life) = (effects.me(), effects.local_now(), self.life);
        effects.send(peer, Message::Ping { life, number, t1_us });
        self.watch(peer, effects);
        effects.rule("threshold");
        if skipped == 0 {
            effects.routine("ping");
        }
        effects.note(|| {
            t!(
                "{node} sends ping {number} to {peer}: its clock shows {time}",
                node = me,
                number = number,
                peer = peer,
                time = time_of_day(t1_us)
            )
        });
        match skipped {
            0 => {}
            1 => effects
                .note(|| t!("One more fell due while nothing could leave: it is skipped, and counted as skipped")),
            _ => effects.note(|| {
                t!(
                    "{count} more fell due while nothing could leave: they are skipped, and counted as skipped",
                    count = skipped
                )
            }),
        }
    }

    /// Waits until the oldest ping has to be answered.
    fn watch(&self, peer: NodeId, effects: &mut Effects<'_>) {
        if !effects.config().rules.threshold {
            return;
        }
        let oldest = self.pairs.get(&peer).and_then(|pair| pair.waiting.front());
        let (now_us, timeout_us) = (effects.monotonic_now(), effects.config().timeout_us);
        match oldest {
            Some(sent) => effects.set_timer(Timer::Lost(peer), (sent.at_us + timeout_us).saturating_sub(now_us).max(1)),
            None => effects.cancel_timer(Timer::Lost(peer)),
        }
    }

    /// A ping comes, and its answer is begun.
    pub(super) fn on_ping(&mut self, from: NodeId, (life, number): (u64, u64), t1_us: i64, effects: &mut Effects<'_>) {
        let (me, t2_us) = (effects.me(), effects.local_now());
        self.jobs += 1;
        self.work.insert(self.jobs, Work { to: from, life, number, t1_us, t2_us });
        let config = effects.config();
        let (per_mille, hiccup_us) = (config.hiccups_per_mille, config.hiccup_us);
        let mut takes_us = config.service_us.saturating_mul(self.slowness);
        let is_slow = per_mille > 0 && effects.choose(1_000) < per_mille;
        if is_slow {
            takes_us += hiccup_us;
        } else {
            effects.routine("come");
        }
        effects.set_timer(Timer::Answer(self.jobs), takes_us);
        effects.note(|| {
            t!(
                "Ping {number} of {from} comes to {node}, whose clock shows {time}",
                number = number,
                from = from,
                node = me,
                time = time_of_day(t2_us)
            )
        });
        if is_slow {
            effects.note(|| {
                t!("This answer takes {node} {time} longer than others", node = me, time = time_us(hiccup_us))
            });
        }
    }

    /// An answer is ready.
    pub(super) fn answer(&mut self, job: u64, effects: &mut Effects<'_>) {
        let Some(work) = self.work.remove(&job) else { return };
        let Work { to, life, number, t1_us, t2_us } = work;
        self.last_answer = Some((self.last_answer.map_or(1, |(count, _)| count + 1), work));
        let (me, t3_us) = (effects.me(), effects.local_now());
        effects.send(to, Message::Pong { life, number, t1_us, t2_us, t3_us });
        effects.routine("answer");
        effects.note(|| {
            t!(
                "{node} answers ping {number} of {to}: its clock shows {time}",
                node = me,
                number = number,
                to = to,
                time = time_of_day(t3_us)
            )
        });
    }

    /// An answer comes.
    pub(super) fn on_pong(
        &mut self,
        from: NodeId,
        (life, carried): (u64, u64),
        [t1_us, t2_us, t3_us]: [i64; 3],
        effects: &mut Effects<'_>,
    ) {
        let (me, t4_us, now_us) = (effects.me(), effects.local_now(), effects.monotonic_now());
        let (rules, my_life) = (effects.config().rules, self.life);
        let Some(pair) = self.pairs.get_mut(&from) else { return };
        if life != my_life {
            pair.stale += 1;
            effects.rule("lives");
            effects.note(|| {
                t!(
                    "An answer of {from} is to a ping of an earlier life of {node}, and counts for nothing",
                    from = from,
                    node = me
                )
            });
            return;
        }
        effects.rule("numbered");
        let number = if rules.numbered { carried } else { pair.sent };
        let Some(sent) = pair.find(number) else {
            pair.late += 1;
            effects.note(|| {
                t!(
                    "{node} does not remember ping {number} any more: its answer counts for nothing",
                    node = me,
                    number = number
                )
            });
            return;
        };
        if sent.fate == Fate::Lost {
            pair.book_late(number);
            effects.rule("threshold");
            let after_us = now_us - sent.at_us;
            effects.note(|| {
                t!(
                    "{node} has the answer to ping {number} after {time}: too late",
                    number = number,
                    node = me,
                    time = time_us(after_us)
                )
            });
            effects.note(|| t!("{node} has counted it as lost, and lost it stays", node = me));
            return;
        }
        let is_again = sent.fate != Fate::Waiting;
        if is_again {
            pair.duplicates += 1;
            effects.rule("count_once");
            effects.note(|| {
                t!("{from} answers ping {number} of {node} once more", from = from, number = number, node = me)
            });
            if rules.count_once {
                effects.note(|| {
                    t!("The first answer counts, and this one does not: nothing was lost, and nothing is won")
                });
                return;
            }
        }
        let round_us = if rules.monotonic { now_us as i64 - sent.at_us as i64 } else { t4_us - sent.t1_us };
        let line = Line { peer: from, number, times: Times { t1_us, t2_us, t3_us, t4_us }, round_us, at_us: now_us };
        let median_us = pair.statistics.percentile_us(50);
        let is_overtaken = pair.reordered;
        pair.book_answer(number, carried, round_us, line.forth_us());
        let is_overtaken = pair.reordered > is_overtaken;
        let last = pair.sent;
        self.all.add(round_us, line.forth_us());
        let before = self.log.iter().rev().find(|before| before.peer == from).copied();
        self.log.push_back(line);
        while self.log.len() > KEPT_LINES {
            self.log.pop_front();
        }
        self.watch(from, effects);
        effects.rule("monotonic");
        let signs = |line: Line| (line.forth_us() < 0, line.back_us() < 0, line.round_us < 0);
        let is_slow = median_us.is_some_and(|median_us| round_us > SLOW * median_us as i64);
        let is_new = before.is_none_or(|before| signs(before) != signs(line));
        if !is_again && !is_new && !is_slow && !is_overtaken && carried == number {
            effects.routine("back");
        }
        if is_again {
            effects.note(|| t!("It is counted as one more answer, of {time}", time = exact(round_us)));
        } else if carried != number {
            effects.note(|| {
                t!(
                    "{node} takes the answer to ping {carried} for one to ping {last}, which left last: {time}",
                    node = me,
                    carried = carried,
                    last = last,
                    time = exact(round_us)
                )
            });
        } else {
            tell(me, line, effects);
            if is_overtaken {
                effects.note(|| t!("A later ping was answered before: they have overtaken each other"));
            } else {
                explain(line, effects);
            }
        }
        self.after_decision(from, effects);
    }

    /// No answer has come in time.
    pub(super) fn on_timeout(&mut self, peer: NodeId, effects: &mut Effects<'_>) {
        let (me, now_us, timeout_us) = (effects.me(), effects.monotonic_now(), effects.config().timeout_us);
        let Some(pair) = self.pairs.get_mut(&peer) else { return };
        let left_by_us = (now_us + SLACK_US).checked_sub(timeout_us);
        let (count, first) = left_by_us.map_or((0, 0), |left_by_us| pair.give_up(left_by_us));
        effects.rule("threshold");
        self.watch(peer, effects);
        if count == 0 {
            effects.routine("early");
            effects.note(|| {
                t!(
                    "{node} looks at its clock: its ping to {peer} may still be answered in time",
                    node = me,
                    peer = peer
                )
            });
            return;
        }
        let time = time_us(timeout_us);
        effects.note(|| match count {
            1 => t!(
                "{node} gives up ping {number} to {peer}: no answer in {time}",
                node = me,
                number = first,
                peer = peer,
                time = time
            ),
            _ => t!(
                "{node} gives up {count} pings to {peer}, from number {number} on: no answer in {time}",
                node = me,
                count = count,
                peer = peer,
                number = first,
                time = time
            ),
        });
        effects.note(|| {
            t!(
                "The ping, its answer, or {peer} itself may be lost, or all of it is only slow: from here that looks the same",
                peer = peer
            )
        });
        self.after_decision(peer, effects);
    }

    /// A ping was answered or given up: the next one may have waited for that.
    fn after_decision(&mut self, peer: NodeId, effects: &mut Effects<'_>) {
        let is_free = self.pairs.get(&peer).is_some_and(|pair| pair.is_held_up && !pair.is_last_waiting());
        if is_free {
            let Some(pair) = self.pairs.get_mut(&peer) else { return };
            pair.is_held_up = false;
            pair.due_us = effects.monotonic_now();
            // As an event of its own, so that what is decided and what leaves are told apart.
            effects.set_timer(Timer::Ping(peer), 0);
        }
    }

    /// The time service takes back what the clock has drifted since it last looked.
    pub(super) fn adjust(&mut self, effects: &mut Effects<'_>) {
        let (me, now_us, config) = (effects.me(), effects.monotonic_now(), effects.config());
        let (drift_ppm, adjust_us) = (config.drift_ppm(me), config.adjust_us);
        let passed_us = now_us - self.adjusted_at_us;
        // The clock has counted so much, of which this share is drift.
        let drifted_us = (i128::from(passed_us) * i128::from(drift_ppm) / i128::from(1_000_000 + drift_ppm)) as i64;
        self.adjusted_at_us = now_us;
        effects.step_clock(-drifted_us);
        effects.set_timer(Timer::Adjust, adjust_us.max(1));
        effects.rule("service");
        effects.routine("adjust");
        let by = time_us(drifted_us.unsigned_abs());
        effects.note(|| match drifted_us {
            0 => t!("The time service looks at the clock of {node}, and leaves it as it is", node = me),
            1.. => t!(
                "The time service sets the clock of {node} back by {time}, which it had gained",
                node = me,
                time = by
            ),
            _ => t!(
                "The time service sets the clock of {node} forward by {time}, which it had lost",
                node = me,
                time = by
            ),
        });
    }

    /// Somebody sets the clock.
    pub(super) fn step(by_us: i64, effects: &mut Effects<'_>) {
        let me = effects.me();
        effects.step_clock(by_us);
        let by = time_us(by_us.unsigned_abs());
        effects.note(|| match by_us {
            ..0 => t!("The clock of {node} is set back by {time}", node = me, time = by),
            _ => t!("The clock of {node} is set forward by {time}", node = me, time = by),
        });
        effects.because(&["monotonic"], || {
            t!(
                "Only the clock on the wall: the one that {node} measures with goes on, since nobody can set it",
                node = me
            )
        });
    }

    /// Somebody gives it other things to do.
    pub(super) fn slow_down(&mut self, times: u64, effects: &mut Effects<'_>) {
        self.slowness = times.max(1);
        let (me, takes_us) = (effects.me(), effects.config().service_us.saturating_mul(self.slowness));
        effects.note(|| t!("{node} now takes {time} for an answer", node = me, time = time_us(takes_us)));
    }
}

/// What is asked of the pings of this server from now on.
fn plan(before: u64, effects: &Effects<'_>) -> Plan {
    let config = effects.config();
    Plan {
        schedule: config.schedule(effects.me()),
        interval_us: config.interval_us,
        since_us: effects.monotonic_now(),
        before,
    }
}

/// Whether the next ping waits until the last one is decided.
fn waits_for_answers(effects: &Effects<'_>) -> bool {
    effects.config().schedule(effects.me()) == Schedule::Closed || !effects.config().rules.open_loop
}

/// A number at random, where the schedule needs one.
fn draw(plan: Plan, effects: &mut Effects<'_>) -> u64 {
    if plan.schedule == Schedule::Poisson { effects.choose(u64::MAX) } else { 0 }
}

/// Says what a line of the log says.
fn tell(me: NodeId, line: Line, effects: &mut Effects<'_>) {
    let Line { peer, number, round_us, .. } = line;
    effects.note(|| {
        if round_us < 0 {
            t!(
                "{node} measures {time} for its ping {number} to {peer}: less than nothing",
                node = me,
                time = exact(round_us),
                number = number,
                peer = peer
            )
        } else if line.forth_us() < 0 {
            t!(
                "By the clocks, ping {number} of {node} came to {peer} {time} before it was sent",
                number = number,
                node = me,
                peer = peer,
                time = exact(line.forth_us().abs())
            )
        } else if line.back_us() < 0 {
            t!(
                "By the clocks, the answer to ping {number} came to {node} {time} before {peer} sent it",
                number = number,
                node = me,
                time = exact(line.back_us().abs()),
                peer = peer
            )
        } else {
            t!(
                "{peer} has answered ping {number} of {node}: there and back in {time}",
                peer = peer,
                number = number,
                node = me,
                time = exact(round_us)
            )
        }
    });
}

/// Says what of it is sure.
fn explain(line: Line, effects: &mut Effects<'_>) {
    effects.because(&["monotonic", "numbered"], || {
        if line.forth_us() < 0 || line.back_us() < 0 {
            t!(
                "Two clocks are mixed there. There and back took {round} by one clock, and that is true",
                round = exact(line.round_us)
            )
        } else {
            t!(
                "That is by one clock, and true. Forth {forth} and back {back} are mixed of two clocks",
                forth = exact(line.forth_us()),
                back = exact(line.back_us())
            )
        }
    });
}
