//! The checks: what a server's books owe to what has really happened.
//!
//! The monitor knows the true time. What is measured with the clock that nobody sets is judged whoever sets the other one.

use parts::values::number;
use parts::words::exact;
use serde::Serialize;
use sim::map::Map;
use sim::{Check, CheckKind, Checks, NodeId, Observation, Verdicts, t, time_us};

use super::pair::Pair;
use super::schedule::Schedule;
use super::server::Work;
use super::{DistributedPing, Server};

const BOOKS_BALANCE: usize = 0;
const ROUND_TRIP_TRUE: usize = 1;
const SCHEDULE_KEPT: usize = 2;
const ALL_DECIDED: usize = 3;
const ALL_REACHABLE: usize = 4;
const NEGATIVE_ONE_WAY: usize = 5;
const ASYMMETRIC: usize = 6;
const DUPLICATE: usize = 7;
const REORDERED: usize = 8;
const TAIL: usize = 9;

/// How far a round trip may be off besides what the clock drifts: clocks count whole microseconds.
const TOLERANCE_US: u64 = 100;

/// How much older than the timeout a ping may be that is not decided yet: its timer is about to run out.
const SLACK_US: u64 = 1_000;

/// The ways of this many pings of a pair are remembered.
const REMEMBERED: u64 = 64;

/// The slowest round trips are so many times the median, where there is a tail.
const TAIL_TIMES: u64 = 5;

/// So many round trips are needed before anything is said of a tail.
const TAIL_SAMPLES: u64 = 20;

impl Checks for DistributedPing {
    type Monitor = Monitor;

    /// The checks, in the order of the numbers above.
    fn checks() -> Vec<Check> {
        let check = Check::new;
        vec![
            check(
                "books-balance",
                t!("each ping is answered, lost or waiting"),
                CheckKind::Always,
                t!("A server has sent as many pings as were answered, were lost, or still wait: none is counted twice, and none is forgotten."),
            ),
            check(
                "round-trip-true",
                t!("round trips are as long as they took"),
                CheckKind::Always,
                t!("What a server writes down as a round trip is the true time from the ping's leaving to its answer's coming, but for the drift of its clock."),
            ),
            check(
                "schedule-kept",
                t!("pings leave when they are due"),
                CheckKind::Always,
                t!("A server that is to ping every interval does so whatever comes back. What could not leave is counted as skipped."),
            ),
            check(
                "all-decided",
                t!("no ping waits for longer than its time"),
                CheckKind::Eventually,
                t!("Once the faults are over, each ping is answered or counted as lost within the time that is set for that."),
            ),
            check(
                "all-reachable",
                t!("each server hears from each other"),
                CheckKind::Eventually,
                t!("Once the faults are over, at least one of the last three pings of each server to each other was answered."),
            )
            .promised_under(vec![("loss_percent", number(0))]),
            check(
                "negative-one-way",
                t!("a message came before it was sent, by the clocks"),
                CheckKind::Sometimes,
                t!("The clocks of two servers differ by more than a message takes, so that the difference of their times is less than nothing."),
            ),
            check(
                "asymmetric",
                t!("one way took twice as long as the other"),
                CheckKind::Sometimes,
                t!("A ping and its answer were not under way equally long. No server can see that: it would need a clock that is right."),
            ),
            check(
                "duplicate",
                t!("one ping was answered twice"),
                CheckKind::Sometimes,
                t!("The network has delivered a ping or its answer more than once."),
            ),
            check(
                "reordered",
                t!("a later ping was answered before an earlier one"),
                CheckKind::Sometimes,
                t!("Messages have overtaken each other, or an answer took longer than the one after it."),
            ),
            check(
                "tail",
                t!("the slowest round trips are far from the median"),
                CheckKind::Sometimes,
                t!("One round trip in a hundred takes more than five times as long as the one in the middle."),
            ),
        ]
    }
}

/// Watches a run.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Monitor {
    /// The pings of each server's present life to each other one.
    watched: Map<(NodeId, NodeId), Watched>,
    /// What each server had done in its present life.
    served: Map<NodeId, Served>,
    /// How fast or slow each clock has run at the most.
    drift_ppm: Vec<u64>,
}

/// What the monitor knows of the pings of one server to another.
#[derive(Clone, Debug, Default, Serialize)]
struct Watched {
    life: u64,
    sent: u64,
    due_us: u64,
    samples: u64,
    duplicates: u64,
    reordered: u64,
    trips: Map<u64, Trip>,
}

/// How many pings have come to a server in this life, and how many answers have left.
#[derive(Clone, Copy, Debug, Default, Serialize)]
struct Served {
    life: u64,
    came: u64,
    left: u64,
}

/// The true times of a ping, in microseconds.
#[derive(Clone, Copy, Debug, Default, Serialize)]
struct Trip {
    left_us: u64,
    came_us: Option<u64>,
    answered_us: Option<u64>,
}

impl sim::Monitor<Server> for Monitor {
    fn observe(&mut self, seen: &Observation<'_, Server>, verdicts: &mut Verdicts) {
        self.drift_ppm.resize(seen.nodes.len(), 0);
        for node in seen.nodes.ids() {
            let drift_ppm = &mut self.drift_ppm[node.index()];
            *drift_ppm = (*drift_ppm).max(seen.nodes.clock(node).drift_ppm().unsigned_abs());
        }
        if let Some((me, server)) = seen.node.and_then(|node| Some((node, seen.nodes.state(node)?))) {
            for (peer, pair) in server.pairs.iter() {
                self.look(me, server, *peer, pair, seen, verdicts);
            }
            self.follow_work(me, server, seen.at_us);
        }
        judge_the_end(seen, verdicts);
    }
}

impl Monitor {
    /// Looks at one page of a server's books.
    fn look(
        &mut self,
        me: NodeId,
        server: &Server,
        peer: NodeId,
        pair: &Pair,
        seen: &Observation<'_, Server>,
        verdicts: &mut Verdicts,
    ) {
        let watched = self.watched.get_or_insert_with((me, peer), Watched::default);
        if watched.life != server.life {
            *watched = Watched { life: server.life, ..Watched::default() };
        }
        let (answered, lost, waiting) = (pair.answered, pair.lost, pair.waiting.len() as u64);
        if pair.sent != answered + lost + waiting {
            verdicts.broken(BOOKS_BALANCE, &[me, peer], || {
                t!(
                    "{node} has sent {sent} to {peer}, and counts {answered} answered, {lost} lost and {waiting} waiting",
                    node = me,
                    sent = pair.sent,
                    peer = peer,
                    answered = answered,
                    lost = lost,
                    waiting = waiting
                )
            });
        }
        if pair.sent > watched.sent {
            watched.trips.insert(pair.sent, Trip { left_us: seen.at_us, ..Trip::default() });
            let forgotten = pair.sent.saturating_sub(REMEMBERED);
            let oldest = pair.waiting.front().map_or(u64::MAX, |oldest| oldest.number);
            watched.trips.retain(|number, _| *number > forgotten || *number >= oldest);
            if pair.due_us != watched.due_us && pair.plan.schedule == Schedule::Open {
                judge_schedule(me, peer, pair, seen, verdicts);
            }
        }
        if pair.statistics.count > watched.samples {
            judge_sample((me, peer), pair, watched, self.drift_ppm[me.index()], seen.at_us, verdicts);
            judge_line(me, server, verdicts);
        }
        if pair.duplicates > watched.duplicates {
            verdicts.seen(DUPLICATE, &[me, peer], || {
                t!("{peer} has answered a ping of {node} twice", peer = peer, node = me)
            });
        }
        if pair.reordered > watched.reordered {
            verdicts.seen(REORDERED, &[me, peer], || {
                t!("{peer} has answered a ping of {node} after a later one", peer = peer, node = me)
            });
        }
        (watched.sent, watched.due_us) = (pair.sent, pair.due_us);
        (watched.samples, watched.duplicates, watched.reordered) =
            (pair.statistics.count, pair.duplicates, pair.reordered);
    }

    /// Writes down when a ping came to a server, and when its answer left.
    fn follow_work(&mut self, me: NodeId, server: &Server, at_us: u64) {
        let served = self.served.get_or_insert_with(me, Served::default);
        if served.life != server.life {
            *served = Served { life: server.life, ..Served::default() };
        }
        let came = (server.jobs > served.came).then(|| server.work.get(&server.jobs)).flatten();
        let left = server.last_answer.filter(|(count, _)| *count > served.left);
        served.came = server.jobs;
        served.left = left.map_or(served.left, |(count, _)| count);
        if let Some(trip) = came.and_then(|work| self.trip(me, work)) {
            trip.came_us.get_or_insert(at_us);
        }
        if let Some(trip) = left.and_then(|(_, work)| self.trip(me, &work)) {
            trip.answered_us.get_or_insert(at_us);
        }
    }

    fn trip(&mut self, me: NodeId, work: &Work) -> Option<&mut Trip> {
        let watched = self.watched.get_mut(&(work.to, me)).filter(|watched| watched.life == work.life)?;
        watched.trips.get_mut(&work.number)
    }
}

/// Judges a ping that has just left in its turn.
fn judge_schedule(me: NodeId, peer: NodeId, pair: &Pair, seen: &Observation<'_, Server>, verdicts: &mut Verdicts) {
    let due = pair.plan.due(seen.nodes.clock(me).counts(seen.at_us));
    let done = (pair.sent + pair.skipped).saturating_sub(pair.plan.before);
    if done < due {
        verdicts.broken(SCHEDULE_KEPT, &[me, peer], || {
            t!(
                "{due} pings of {node} to {peer} have fallen due, and only {done} have left or are counted as skipped",
                due = due,
                node = me,
                peer = peer,
                done = done
            )
        });
    }
}

/// Judges a round trip that has just been counted.
fn judge_sample(
    (me, peer): (NodeId, NodeId),
    pair: &Pair,
    watched: &mut Watched,
    drift_ppm: u64,
    at_us: u64,
    verdicts: &mut Verdicts,
) {
    let Some((number, round_us)) = pair.last_sample else { return };
    if let Some(trip) = watched.trips.remove(&number) {
        let true_us = at_us - trip.left_us;
        let allowed_us = TOLERANCE_US + true_us * drift_ppm / 1_000_000;
        if round_us.abs_diff(true_us as i64) > allowed_us {
            verdicts.broken(ROUND_TRIP_TRUE, &[me, peer], || {
                t!(
                    "{node} counts {round} as the round trip to {peer} and back; in truth it took {truth}",
                    node = me,
                    round = exact(round_us),
                    peer = peer,
                    truth = exact(true_us as i64)
                )
            });
        }
        if let (Some(came_us), Some(answered_us)) = (trip.came_us, trip.answered_us) {
            let (forth_us, back_us) = (came_us - trip.left_us, at_us.saturating_sub(answered_us));
            if forth_us.max(back_us) >= 2 * forth_us.min(back_us).max(1) {
                verdicts.seen(ASYMMETRIC, &[me, peer], || {
                    t!(
                        "Ping {number} of {node} took {forth} to {peer}, and its answer {back}",
                        number = number,
                        node = me,
                        forth = time_us(forth_us),
                        peer = peer,
                        back = time_us(back_us)
                    )
                });
            }
        }
    }
    let (p50_us, p99_us) = (pair.statistics.percentile_us(50), pair.statistics.percentile_us(99));
    if let (true, Some(p50_us), Some(p99_us)) = (pair.statistics.count >= TAIL_SAMPLES, p50_us, p99_us)
        && p99_us > TAIL_TIMES * p50_us
    {
        verdicts.seen(TAIL, &[me, peer], || {
            t!(
                "Half of the round trips from {node} to {peer} take {median} at most, and one in a hundred takes {tail} or more",
                node = me,
                peer = peer,
                median = time_us(p50_us),
                tail = time_us(p99_us)
            )
        });
    }
}

/// Judges the line that a server has just written.
fn judge_line(me: NodeId, server: &Server, verdicts: &mut Verdicts) {
    let Some(line) = server.log.back() else { return };
    let less_us = line.forth_us().min(line.back_us());
    if less_us < 0 {
        verdicts.seen(NEGATIVE_ONE_WAY, &[me, line.peer], || {
            t!(
                "By the clocks of {node} and {peer} a message took {time}",
                node = me,
                peer = line.peer,
                time = exact(less_us)
            )
        });
    }
}

/// Judges what has to be so in the end.
fn judge_the_end(seen: &Observation<'_, Server>, verdicts: &mut Verdicts) {
    let (mut are_decided, mut are_reachable) = (true, true);
    for node in seen.nodes.ids() {
        let Some(server) = seen.nodes.state(node) else {
            are_reachable = false;
            continue;
        };
        let now_us = seen.nodes.clock(node).counts(seen.at_us);
        for pair in server.pairs.values() {
            let oldest = pair.waiting.front();
            are_decided &= oldest.is_none_or(|sent| now_us <= sent.at_us + seen.config.timeout_us + SLACK_US);
            are_reachable &= pair.is_reachable();
        }
    }
    verdicts.reached(ALL_DECIDED, are_decided);
    verdicts.reached(ALL_REACHABLE, are_reachable);
}
