//! The checks: how long a watcher may trust, how soon it may suspect, and what a silence cannot tell.
//!
//! The monitor counts for each watcher, by the watcher's own rate of time, how long the newest heartbeat is ago. It does
//! not use the times that the watcher wrote down, which a rule that is switched off would falsify.

use serde::Serialize;
use sim::clock::Clock;
use sim::frame::Status;
use sim::{Check, CheckKind, Checks, NodeId, Observation, Verdicts, t, time_us};

use super::watcher::Watcher;
use super::{Beat, HeartbeatNode, Heartbeats, Timer};

const OVERDUE: usize = 0;
const EARLY: usize = 1;
const CRASH_NOTICED: usize = 2;
const LIVE_TRUSTED: usize = 3;
const FALSE_SUSPICION: usize = 4;
const CRASHED_TRUSTED: usize = 5;
const DISAGREE: usize = 6;

/// Clocks of different rates are rounded to whole microseconds at each event.
const TOLERANCE_US: u64 = 1_000;

const WATCHED: NodeId = NodeId(0);

impl Checks for Heartbeats {
    type Monitor = Monitor;

    /// The checks, in the order of the numbers above.
    fn checks() -> Vec<Check> {
        let check = Check::new;
        vec![
            check(
                "overdue",
                t!("nobody trusts beyond the wait"),
                CheckKind::Always,
                t!("Whoever has waited longer than it wanted to for a heartbeat does not go on trusting."),
            ),
            check(
                "early",
                t!("nobody suspects before the wait is over"),
                CheckKind::Always,
                t!("Whoever suspects has really waited for as long as it wanted to."),
            ),
            check(
                "crash-noticed",
                t!("a crash is noticed by all"),
                CheckKind::Eventually,
                t!("Sooner or later every watcher suspects a node that has crashed and stays down."),
            ),
            check(
                "live-trusted",
                t!("a live node is trusted by all"),
                CheckKind::Eventually,
                t!("Once the faults are over, every watcher trusts a node that is alive."),
            ),
            check(
                "false-suspicion",
                t!("a live node suspected"),
                CheckKind::Sometimes,
                t!("A watcher takes a node for dead that is only slow, or whose heartbeats were lost."),
            ),
            check(
                "crashed-trusted",
                t!("a crashed node still trusted"),
                CheckKind::Sometimes,
                t!(
                    "A node has crashed, and a watcher does not know it yet: a silence has to last before it tells anything."
                ),
            ),
            check(
                "disagree",
                t!("one watcher suspects, another trusts"),
                CheckKind::Sometimes,
                t!(
                    "Two watchers have heard different things, and so one takes the node for dead and the other for alive."
                ),
            ),
        ]
    }
}

/// Watches a run.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Monitor {
    known: Vec<Known>,
    last_us: u64,
}

/// What the monitor knows of one watcher.
#[derive(Clone, Debug, Serialize)]
struct Known {
    is_up: bool,
    is_paused: bool,
    /// When it last woke up from a pause, in microseconds of virtual time.
    woke_at_us: Option<u64>,
    trusts: bool,
    newest: Option<Beat>,
    clock: Clock,
    /// How long the newest heartbeat is ago, by the rate of its clock.
    silence_us: u64,
    /// How long it was going to wait when that came.
    bound_us: u64,
    /// When its timer is set to run out, in microseconds of virtual time.
    fires_at_us: Option<u64>,
}

impl Known {
    const DOWN: Known = Known {
        is_up: false,
        is_paused: false,
        woke_at_us: None,
        trusts: true,
        newest: None,
        clock: Clock::TRUE,
        silence_us: 0,
        bound_us: 0,
        fires_at_us: None,
    };
}

impl sim::Monitor<HeartbeatNode> for Monitor {
    fn observe(&mut self, seen: &Observation<'_, HeartbeatNode>, verdicts: &mut Verdicts) {
        let passed_us = seen.at_us - self.last_us;
        self.last_us = seen.at_us;
        if self.known.is_empty() {
            // All have started at time 0, with nobody watching.
            self.known = vec![Known::DOWN; usize::from(seen.config.watchers)];
            for (place, known) in self.known.iter_mut().enumerate() {
                if let Some(watcher) = watcher(seen, NodeId::at(place + 1)) {
                    known.is_up = true;
                    known.bound_us = watcher.wait_us;
                    known.fires_at_us = Some(watcher.wait_us);
                }
            }
        }
        for (place, known) in self.known.iter_mut().enumerate() {
            known.look(NodeId::at(place + 1), passed_us, seen, verdicts);
        }
        self.judge_the_end(seen, verdicts);
    }
}

fn watcher<'a>(seen: &Observation<'a, HeartbeatNode>, id: NodeId) -> Option<&'a Watcher> {
    seen.nodes.state(id).and_then(HeartbeatNode::watcher)
}

impl Known {
    /// Looks at one watcher after an event.
    fn look(&mut self, id: NodeId, passed_us: u64, seen: &Observation<'_, HeartbeatNode>, verdicts: &mut Verdicts) {
        let Some(watcher) = watcher(seen, id) else {
            *self = Known::DOWN;
            return;
        };
        if !self.is_up {
            *self = Known { is_up: true, bound_us: watcher.wait_us, ..Known::DOWN };
        } else {
            self.silence_us += self.clock.elapsed(passed_us);
        }
        self.clock = *seen.nodes.clock(id);
        let is_paused = seen.nodes.status(id) == Status::Paused;
        if self.is_paused && !is_paused {
            self.woke_at_us = Some(seen.at_us);
        }
        self.is_paused = is_paused;
        // One that has just woken up has not had the time to look at what came meanwhile.
        let could_act = !is_paused && self.woke_at_us.is_none_or(|woke_us| seen.at_us > woke_us);
        if self.trusts && could_act && self.silence_us > self.bound_us + TOLERANCE_US {
            let (silence_us, bound_us) = (self.silence_us, self.bound_us);
            verdicts.broken(OVERDUE, &[id, WATCHED], || {
                t!(
                    "{node} still trusts {watched} after {silence} without a new heartbeat; it wanted to wait for {bound}",
                    node = id,
                    watched = WATCHED,
                    silence = time_us(silence_us),
                    bound = time_us(bound_us)
                )
            });
        }
        if watcher.newest != self.newest {
            self.newest = watcher.newest;
            self.silence_us = 0;
            self.bound_us = watcher.wait_us;
        }
        if self.trusts && !watcher.trusts() {
            self.suspects(id, seen, verdicts);
        }
        self.trusts = watcher.trusts();
        let timer = seen.nodes.timers(id).find(|set| set.timer == Timer::Suspect);
        self.fires_at_us = timer.map(|set| set.fires_at_us);
    }

    /// It has just begun to suspect.
    fn suspects(&self, id: NodeId, seen: &Observation<'_, HeartbeatNode>, verdicts: &mut Verdicts) {
        let silence_us = self.silence_us;
        // A timer that a person lets run out early says nothing about the detector.
        let ran_out_by_itself = self.fires_at_us.is_some_and(|fires_us| seen.at_us >= fires_us);
        if ran_out_by_itself && silence_us + TOLERANCE_US < self.bound_us {
            let bound_us = self.bound_us;
            verdicts.broken(EARLY, &[id, WATCHED], || {
                t!(
                    "{node} suspects {watched} after {silence} without a new heartbeat; it wanted to wait for {bound}",
                    node = id,
                    watched = WATCHED,
                    silence = time_us(silence_us),
                    bound = time_us(bound_us)
                )
            });
        }
        if seen.nodes.status(WATCHED) != Status::Crashed {
            verdicts.seen(FALSE_SUSPICION, &[id, WATCHED], || {
                t!(
                    "{node} suspects {watched}, which is alive: {silence} without a heartbeat were too long",
                    node = id,
                    watched = WATCHED,
                    silence = time_us(silence_us)
                )
            });
        }
    }
}

impl Monitor {
    fn judge_the_end(&self, seen: &Observation<'_, HeartbeatNode>, verdicts: &mut Verdicts) {
        let is_crashed = seen.nodes.status(WATCHED) == Status::Crashed;
        let named = |trusts: bool| {
            let is_meant = move |(_, known): &(usize, &Known)| known.is_up && known.trusts == trusts;
            self.known.iter().enumerate().find(is_meant).map(|(place, _)| NodeId::at(place + 1))
        };
        let (trusting, suspecting) = (named(true), named(false));
        verdicts.reached(CRASH_NOTICED, !is_crashed || trusting.is_none());
        verdicts.reached(LIVE_TRUSTED, is_crashed || suspecting.is_none());
        if let Some(id) = trusting.filter(|_| is_crashed) {
            verdicts.seen(CRASHED_TRUSTED, &[id, WATCHED], || {
                t!(
                    "{watched} has crashed, and {node} trusts it: so far it has only been silent",
                    watched = WATCHED,
                    node = id
                )
            });
        }
        if let (Some(one), Some(other)) = (suspecting, trusting) {
            verdicts.seen(DISAGREE, &[one, other], || {
                t!("{one} suspects {watched}, {other} trusts it", one = one, watched = WATCHED, other = other)
            });
        }
    }
}
