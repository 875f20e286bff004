//! What can be set in this lab.

use std::rc::Rc;

use parts::links;
use sim::{Configuration, NodeId, NodeSetup, Setting, Settings, Setup, t};

use super::{HeartbeatNode, Heartbeats};

/// One of phi in millionths.
pub const ONE_PHI: u64 = 1_000_000;

/// What all nodes know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The nodes after the first that watch it.
    pub watchers: u16,
    /// From heartbeat to heartbeat, in microseconds of the watched node's clock.
    pub interval_us: u64,
    pub detector: Detector,
    /// How long a silence may be for a fixed timeout, in microseconds of the watcher's clock.
    pub timeout_us: u64,
    /// At which phi a watcher suspects, in millionths.
    pub threshold: u64,
    /// How many intervals a watcher keeps.
    pub window: usize,
    /// The least standard deviation, in microseconds (as in Akka).
    pub least_deviation_us: u64,
    /// How much silence more than the mean is not counted, in microseconds (as in Akka).
    pub pause_us: u64,
    pub rules: Rules,
}

/// How a watcher decides that a silence is too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detector {
    /// After a fixed time.
    Timeout,
    /// By phi, with a normal distribution (Hayashibara et al. 2004, section 4).
    Phi,
    /// By phi, with an exponential distribution (Cassandra).
    Exponential,
}

/// The rules that can be switched off; on means that the rule is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    pub numbered: bool,
    pub trust_again: bool,
    pub restart_timer: bool,
}

impl Config {
    /// Reads the settings.
    pub fn new(settings: &Settings) -> Config {
        let ms = |name: &str| settings.integer(name).unsigned_abs() * 1_000;
        Config {
            watchers: settings.integer("watchers").clamp(1, 4) as u16,
            interval_us: ms("interval_ms"),
            detector: match settings.word("detector") {
                "phi" => Detector::Phi,
                "exponential" => Detector::Exponential,
                _ => Detector::Timeout,
            },
            timeout_us: ms("timeout_ms"),
            threshold: settings.integer("threshold_tenths").clamp(1, 160) as u64 * ONE_PHI / 10,
            window: settings.integer("window").clamp(2, 1_000) as usize,
            least_deviation_us: ms("least_deviation_ms"),
            pause_us: ms("pause_ms"),
            rules: Rules {
                numbered: settings.is_on("numbered"),
                trust_again: settings.is_on("trust_again"),
                restart_timer: settings.is_on("restart_timer"),
            },
        }
    }
}

impl Configuration for Heartbeats {
    /// All settings but the rules.
    fn settings() -> Vec<Setting> {
        let [delay, delay_least, delay_most] = links::settings(5_000, 25_000);
        let detectors = vec![
            ("timeout", t!("a fixed timeout")),
            ("phi", t!("phi, by a normal distribution (the paper, Akka)")),
            ("exponential", t!("phi, by an exponential distribution (Cassandra)")),
        ];
        vec![
            Setting::integer("watchers", t!("watchers"), (1, 4), "", 2).structural(),
            Setting::integer("interval_ms", t!("heartbeat every"), (1, 60_000), "ms", 100),
            Setting::choice("detector", t!("a watcher suspects by"), detectors),
            Setting::integer("timeout_ms", t!("fixed timeout"), (1, 600_000), "ms", 300),
            Setting::integer("threshold_tenths", t!("threshold for phi, in tenths"), (1, 160), "", 80),
            Setting::integer("window", t!("intervals in the window"), (2, 1_000), "", 50),
            Setting::integer("least_deviation_ms", t!("least deviation"), (0, 10_000), "ms", 5),
            Setting::integer("pause_ms", t!("acceptable pause"), (0, 60_000), "ms", 0),
            delay,
            delay_least,
            delay_most,
            Setting::integer("loss_percent", t!("messages lost"), (0, 90), "%", 0),
        ]
    }

    fn configure(settings: &Settings) -> Config {
        Config::new(settings)
    }

    fn setup(settings: &Settings) -> Setup<HeartbeatNode> {
        let watchers = Config::new(settings).watchers;
        let node = |number: u16| NodeSetup {
            label: char::from(b'A' + number as u8).to_string(),
            rank: u8::from(number > 0),
            disk: Rc::default(),
            is_off: false,
        };
        Setup {
            nodes: (0..=watchers).map(node).collect(),
            links: (1..=watchers).map(|watcher| (NodeId(0), NodeId(watcher))).collect(),
            delay: links::delay(settings),
            troubles: links::troubles(settings),
            own_lines: Vec::new(),
        }
    }
}
