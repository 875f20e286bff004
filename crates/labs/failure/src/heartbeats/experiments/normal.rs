//! Phi where its assumption holds: delays, and with them the intervals between heartbeats, are normally distributed.

use parts::values::{number, word};
use sim::experiment::{Experiment, Report};
use sim::rng::Rng;
use sim::{Director, Input, MessageId, NodeId, Setting, Settings, Text, t};

use super::super::Heartbeats;
use super::super::phi::Estimate;
use super::super::settings::{Detector, ONE_PHI};
use super::{ONE, US, trusts};

pub(super) fn experiment() -> Experiment {
    Experiment {
        name: "normal-delays",
        title: t!("Phi with normally distributed delays"),
        source: "Hayashibara et al. 2004, section 4.2: phi is -log10 of the chance that a heartbeat comes later still, so a threshold of P is wrong once in 10^P heartbeats. With delays of deviation s intervals have s √2; a crash is noticed after the silence at which phi of these reaches P, and a delay, less half an interval",
        settings: vec![
            Setting::integer("interval_ms", t!("heartbeat every"), (1, 60_000), "ms", 100),
            Setting::integer("threshold_tenths", t!("threshold for phi, in tenths"), (1, 60), "", 20),
            Setting::integer("window", t!("intervals in the window"), (2, 1_000), "", 1_000),
            Setting::integer("delay_us", t!("mean delay"), (0, 1_000_000), "µs", 50_000),
            Setting::integer("deviation_us", t!("deviation of the delays"), (1, 1_000_000), "µs", 5_000),
            Setting::integer("heartbeats", t!("heartbeats in each run"), (1, 1_000_000), "", 2_000),
        ],
        runs: 50,
        measure: normal_delays,
    }
}

fn normal_delays(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let get = |name: &str| settings.integer(name);
    let (interval_us, delay_us, deviation_us) = (get("interval_ms") * 1_000, get("delay_us"), get("deviation_us"));
    if interval_us < 10 * deviation_us || delay_us < 6 * deviation_us {
        return Err(t!(
            "heartbeats would overtake each other, or come before they are sent: give an interval of ten deviations, and a delay of six"
        ));
    }
    let (mut mistakes, mut detections) = (0, Vec::new());
    for run in 0..u64::from(runs) {
        let mut line = Line::new(settings, seed.wrapping_add(run))?;
        line.wait(get("window") + 2);
        mistakes += line.wait(get("heartbeats"));
        detections.extend(line.crash().map(|us| us as i64 * US));
    }
    let beats = get("heartbeats") * i64::from(runs);
    let between = Estimate {
        mean_us: interval_us as u64,
        deviation_us: (2 * deviation_us.unsigned_abs().pow(2)).isqrt(),
        pause_us: 0,
    };
    let threshold = get("threshold_tenths").unsigned_abs() * ONE_PHI / 10;
    let silence_us = between.silence_us(threshold, Detector::Phi) as i64;
    let mut report = Report::default();
    let share = mistakes * ONE / beats.max(1);
    report.push("heartbeats suspected", "of 1", share, Some(ten_to_minus(get("threshold_tenths"))));
    report.push_distribution("ms", detections, &[("mean", (silence_us + delay_us - interval_us / 2) * US)]);
    Ok(report)
}

/// 10 to the power of minus so many tenths, in millionths.
fn ten_to_minus(tenths: i64) -> i64 {
    const TENTHS: [i64; 10] = [ONE, 794_328, 630_957, 501_187, 398_107, 316_228, 251_189, 199_526, 158_489, 125_893];
    (0..tenths / 10).fold(TENTHS[(tenths % 10) as usize], |power, _| power / 10)
}

/// A watched node, its watcher, and a link whose delays are drawn here: no message comes before it is delivered by hand.
struct Line {
    director: Director<Heartbeats>,
    rng: Rng,
    delay_us: u64,
    deviation_us: u64,
    /// What is under way, and when it is to come.
    under_way: Vec<(u64, MessageId)>,
}

impl Line {
    fn new(settings: &Settings, seed: u64) -> Result<Line, Text> {
        const FOR_EVER_US: i64 = 5_000_000;
        let mut lab = Settings::default()
            .with("watchers", number(1))
            .with("detector", word("phi"))
            .with("least_deviation_ms", number(0))
            .with("delay", word("constant"))
            .with("delay_most_us", number(FOR_EVER_US));
        for name in ["interval_ms", "threshold_tenths", "window"] {
            lab = lab.with(name, number(settings.integer(name)));
        }
        Ok(Line {
            director: Director::new(lab, seed)?.unwatched(),
            rng: Rng::stream(seed, 3 << 32),
            delay_us: settings.integer("delay_us").unsigned_abs(),
            deviation_us: settings.integer("deviation_us").unsigned_abs(),
            under_way: Vec::new(),
        })
    }

    /// Waits for so many heartbeats. Returns how many of them were given up before they came.
    fn wait(&mut self, beats: i64) -> i64 {
        let (mut came, mut suspected) = (0, 0);
        while came < beats {
            let (trusted, coming) = (trusts(&self.director), self.under_way.len());
            if !self.advance() {
                break;
            }
            came += i64::from(self.under_way.len() < coming);
            suspected += i64::from(trusted && !trusts(&self.director));
        }
        suspected
    }

    /// Crashes the watched node at a random moment. Returns how long it took until that was noticed, in microseconds; nothing
    /// if it was suspected already.
    fn crash(&mut self) -> Option<u64> {
        let interval_us = self.director.world().config().interval_us;
        let crash_us = self.director.now_us() + self.rng.below(interval_us);
        while self.next_us().is_some_and(|next_us| next_us <= crash_us) {
            self.advance();
        }
        self.director.run_until_us(crash_us);
        self.director.act(Input::Crash(NodeId(0)));
        if !trusts(&self.director) {
            return None;
        }
        // A heartbeat that is still under way may end a suspicion: the last one counts.
        let mut noticed_us = None;
        while self.advance() {
            let began = noticed_us.unwrap_or(self.director.now_us());
            noticed_us = (!trusts(&self.director)).then_some(began);
        }
        noticed_us.map(|us| us - crash_us)
    }

    /// When the next thing happens; none if nothing does.
    fn next_us(&self) -> Option<u64> {
        let due_us = self.under_way.iter().map(|(due_us, _)| *due_us).min();
        self.director.world().next_at_us().into_iter().chain(due_us).min()
    }

    /// Lets the next thing happen: a heartbeat comes, or a timer runs out. False if there is nothing more.
    fn advance(&mut self) -> bool {
        let Some(next_us) = self.next_us() else { return false };
        if self.director.world().next_at_us() != Some(next_us)
            && let Some(place) = self.under_way.iter().position(|(due_us, _)| *due_us == next_us)
        {
            self.director.run_until_us(next_us);
            self.director.act(Input::Deliver(self.under_way.swap_remove(place).1));
            return true;
        }
        self.director.step();
        let known = |message: &MessageId| self.under_way.iter().any(|(_, other)| other == message);
        let new: Vec<MessageId> = self.director.messages(|_, _, _| true).into_iter().filter(|id| !known(id)).collect();
        for message in new {
            let due_us = self.director.now_us() + self.draw_us();
            self.under_way.push((due_us, message));
        }
        true
    }

    /// A normally distributed delay: how many of 1,024 random bits are ones has a mean of 512 and a deviation of 16 (de Moivre
    /// and Laplace); what lies between two such numbers is evenly spread.
    fn draw_us(&mut self) -> u64 {
        const PART: i64 = 1 << 20;
        let ones: u32 = (0..16).map(|_| self.rng.bits().count_ones()).sum();
        let sixteenths = (i64::from(ones) - 512) * PART + self.rng.below(PART as u64) as i64 - PART / 2;
        let off_us = sixteenths * self.deviation_us as i64 / (16 * PART);
        (self.delay_us as i64 + off_us).max(0) as u64
    }
}
