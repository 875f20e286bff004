//! A watcher: it hears heartbeats, and decides when a silence is too long.

use std::collections::VecDeque;

use serde::Serialize;
use sim::{NodeId, Text, t, time_us};

use super::phi::Estimate;
use super::settings::{Config, Detector, ONE_PHI};
use super::{Beat, Effects, Timer};

/// How many past silences a watcher keeps for the chart.
const PAST: usize = 12;

/// The state of a watcher. It never knows whether the other node is dead, only how long it has been silent.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Watcher {
    pub opinion: Opinion,
    /// The newest heartbeat that came.
    pub newest: Option<Beat>,
    /// When the last heartbeat that counts came (at first: when the watcher started), on its own clock in microseconds.
    pub heard_at_us: i64,
    /// The last intervals between heartbeats, in microseconds, the oldest first.
    pub window: VecDeque<u64>,
    /// What it expects after these intervals.
    pub estimate: Estimate,
    /// How long a silence it bears, in microseconds of its own clock.
    pub wait_us: u64,
    /// How many heartbeats have counted.
    pub counted: u64,
    /// The last silences, for the chart; the last one is going on.
    pub past: VecDeque<Silence>,
}

/// What a watcher thinks of the other node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Opinion {
    Trusts,
    /// It still trusts, but half of what it bears is reached.
    Doubts,
    Suspects,
}

/// A silence, which lasts until the next one begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Silence {
    /// On the watcher's clock, in microseconds.
    pub from_us: i64,
    pub estimate: Estimate,
}

const WATCHED: NodeId = NodeId(0);

impl Watcher {
    /// Starts a watcher: it trusts at first, and waits for a first heartbeat as long as for any other.
    pub(super) fn boot(effects: &mut Effects<'_>) -> Watcher {
        let config = effects.config();
        // As Akka does before it knows any interval: one a quarter shorter than expected, and one a quarter longer.
        let quarter_us = config.interval_us / 4;
        let window = VecDeque::from([config.interval_us - quarter_us, config.interval_us + quarter_us]);
        let mut watcher = Watcher {
            opinion: Opinion::Trusts,
            newest: None,
            heard_at_us: effects.local_now(),
            estimate: Estimate::of(&window, config),
            window,
            wait_us: 0,
            counted: 0,
            past: VecDeque::new(),
        };
        watcher.wait(effects);
        watcher
    }

    /// A heartbeat comes.
    pub(super) fn on_beat(&mut self, beat: Beat, effects: &mut Effects<'_>) {
        let (me, rules, detector) = (effects.me(), effects.config().rules, effects.config().detector);
        let silence_us = self.silence_us(effects.local_now());
        let is_new = self.newest.is_none_or(|newest| beat > newest);
        if !is_new {
            effects.rule("numbered");
        }
        if let (false, true, Some(newest)) = (is_new, rules.numbered, self.newest) {
            effects.note(|| {
                t!(
                    "{node} ignores heartbeat {number}: it has had heartbeat {newest}",
                    node = me,
                    number = beat.number,
                    newest = newest.number
                )
            });
            return;
        }
        self.headline(beat, silence_us, effects);
        let had_suspected = self.opinion == Opinion::Suspects;
        let stays = match self.opinion {
            Opinion::Trusts => true,
            Opinion::Doubts => self.often_doubts(effects.config()),
            Opinion::Suspects => !rules.trust_again,
        };
        if stays {
            effects.routine("hear");
        }
        let config = effects.config();
        // Leaving out every silence that ended in a suspicion would be too much: after a burst of late heartbeats the
        // window holds next to nothing, each silence ends in a suspicion, and the watcher would never learn better.
        let is_outage = had_suspected && silence_us > 2 * config.interval_us;
        if self.counted > 0 && !is_outage {
            self.window.push_back(silence_us);
        }
        while self.window.len() > config.window {
            self.window.pop_front();
        }
        self.estimate = Estimate::of(&self.window, config);
        self.counted += 1;
        self.newest = self.newest.max(Some(beat));
        self.heard_at_us = effects.local_now();
        if had_suspected && !rules.trust_again {
            return;
        }
        self.opinion = Opinion::Trusts;
        effects.rule("restart_timer");
        if rules.restart_timer || had_suspected {
            self.wait(effects);
        } else {
            self.begin_silence(effects.local_now());
        }
        let (estimate, wait_us) = (self.estimate, self.wait_us);
        effects.note(|| match detector {
            Detector::Timeout => t!("{node} now waits for {wait}", node = me, wait = time_us(wait_us)),
            _ => t!(
                "Heartbeats come every {mean} ± {deviation}: {node} now waits for {wait}",
                mean = time_us(estimate.mean_us),
                deviation = time_us(estimate.deviation_us),
                node = me,
                wait = time_us(wait_us)
            ),
        });
    }

    /// Says what a heartbeat that counts means.
    fn headline(&self, beat: Beat, silence_us: u64, effects: &mut Effects<'_>) {
        let (me, number, silence) = (effects.me(), beat.number, time_us(silence_us));
        let keeps = !effects.config().rules.trust_again;
        if self.opinion != Opinion::Suspects {
            let (level, detector) = (self.level(silence_us, effects.config()), effects.config().detector);
            effects.rule("window");
            effects.note(|| match (self.counted, detector) {
                (0, _) => t!("{node} hears heartbeat {number}, the first one", node = me, number = number),
                (_, Detector::Timeout) => {
                    t!("{node} hears heartbeat {number} after {silence}", node = me, number = number, silence = silence)
                }
                _ => t!(
                    "{node} hears heartbeat {number} after {silence}: {level}",
                    node = me,
                    number = number,
                    silence = silence,
                    level = level
                ),
            });
        } else if keeps {
            effects.rule("trust_again");
            effects.note(|| {
                t!(
                    "{node} hears heartbeat {number} after {silence}, and suspects {watched} all the same",
                    node = me,
                    number = number,
                    silence = silence,
                    watched = WATCHED
                )
            });
        } else {
            effects.rule("trust_again");
            effects.rule("outage_left_out");
            effects.note(|| {
                t!(
                    "{node} trusts {watched} again: heartbeat {number} came after {silence}",
                    node = me,
                    watched = WATCHED,
                    number = number,
                    silence = silence
                )
            });
        }
    }

    /// Half of what it bears is reached.
    pub(super) fn doubt(&mut self, effects: &mut Effects<'_>) {
        if self.opinion == Opinion::Suspects {
            return;
        }
        self.opinion = Opinion::Doubts;
        let (me, silence_us) = (effects.me(), self.silence_us(effects.local_now()));
        let level = self.level(silence_us, effects.config());
        if self.often_doubts(effects.config()) {
            effects.routine("doubt");
        }
        effects.note(|| {
            t!(
                "{node} has heard nothing for {silence}: {level}",
                node = me,
                silence = time_us(silence_us),
                level = level
            )
        });
        effects.note(|| {
            t!(
                "Is {watched} dead, or just slow? {node} cannot tell: both look the same from here",
                watched = WATCHED,
                node = me
            )
        });
    }

    /// The silence is too long.
    pub(super) fn suspect(&mut self, effects: &mut Effects<'_>) {
        self.opinion = Opinion::Suspects;
        effects.cancel_timer(Timer::Doubt);
        let (me, silence_us) = (effects.me(), self.silence_us(effects.local_now()));
        let (level, detector) = (self.level(silence_us, effects.config()), effects.config().detector);
        effects.rule(if detector == Detector::Timeout { "suspect" } else { "phi" });
        effects.note(|| {
            t!(
                "{node} suspects {watched}: nothing heard for {silence}",
                node = me,
                watched = WATCHED,
                silence = time_us(silence_us)
            )
        });
        effects.note(|| match detector {
            Detector::Timeout => {
                t!("That is its whole timeout: {watched} may be dead, or just slow", watched = WATCHED)
            }
            _ => t!("For {node}, {level}", node = me, level = level),
        });
    }

    /// Starts to wait for the next heartbeat.
    fn wait(&mut self, effects: &mut Effects<'_>) {
        let config = effects.config();
        let wait_us = match config.detector {
            Detector::Timeout => config.timeout_us,
            detector => self.estimate.silence_us(config.threshold, detector),
        };
        let half_us = self.half_us(config);
        self.wait_us = wait_us;
        effects.set_timer(Timer::Doubt, half_us);
        effects.set_timer(Timer::Suspect, wait_us);
        self.begin_silence(effects.local_now());
    }

    /// After how long a silence it begins to doubt.
    fn half_us(&self, config: &Config) -> u64 {
        match config.detector {
            Detector::Timeout => config.timeout_us / 2,
            detector => self.estimate.silence_us(config.threshold / 2, detector),
        }
    }

    /// Whether it bears so little that it doubts between heartbeats that come when they should.
    fn often_doubts(&self, config: &Config) -> bool {
        self.half_us(config) <= self.estimate.mean_us + self.estimate.deviation_us
    }

    fn begin_silence(&mut self, now_us: i64) {
        self.past.push_back(Silence { from_us: now_us, estimate: self.estimate });
        while self.past.len() > PAST {
            self.past.pop_front();
        }
    }

    /// How long it has heard nothing, in microseconds of its own clock; 0 where the clock was set back.
    pub fn silence_us(&self, local_now_us: i64) -> u64 {
        u64::try_from(local_now_us - self.heard_at_us).unwrap_or(0)
    }

    /// Whether it trusts, with doubts or without.
    pub fn trusts(&self) -> bool {
        self.opinion != Opinion::Suspects
    }

    /// How near a silence is to being too long, in words.
    pub(super) fn level(&self, silence_us: u64, config: &Config) -> Text {
        match config.detector {
            Detector::Timeout => t!("the timeout is {timeout}", timeout = time_us(config.timeout_us)),
            detector => t!(
                "phi is {phi}, the threshold is {threshold}",
                phi = decimal(self.estimate.phi(silence_us, detector)),
                threshold = decimal(config.threshold)
            ),
        }
    }
}

/// Millionths as a number with one decimal place: 3.1, and 8 without one where it is whole.
pub(super) fn decimal(millionths: u64) -> String {
    let tenths = (millionths + ONE_PHI / 20) / (ONE_PHI / 10);
    if tenths.is_multiple_of(10) { (tenths / 10).to_string() } else { format!("{}.{}", tenths / 10, tenths % 10) }
}
