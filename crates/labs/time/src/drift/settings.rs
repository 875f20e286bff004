//! What can be set in this lab.

use std::rc::Rc;

use parts::links;
use parts::quartz::Quartz;
use sim::{Configuration, NodeId, NodeSetup, Setting, Settings, Setup, t};

use super::{ClockDrift, DriftNode};

/// What all nodes know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The nodes after the server, which keep the register and ask for the time.
    pub replicas: u16,
    /// How wrong the clocks are at the start: the first one is ahead by this, the third one behind, the second one right.
    pub offset_us: i64,
    /// How wrong they run, in parts per million: the first one too fast by this, the second one too slow.
    pub drift_ppm: i64,
    pub method: Method,
    /// From question to question, in microseconds of the asking node's clock.
    pub poll_us: u64,
    /// How many samples the clock filter of NTP keeps.
    pub samples: usize,
    /// The least delay of one way that Cristian's algorithm counts on, in microseconds.
    pub min_us: u64,
    /// How long the server takes to answer, in microseconds.
    pub service_us: u64,
    /// The most that a clock is believed to drift, in parts per million: PHI of RFC 5905.
    pub drift_bound_ppm: u64,
    /// An offset of more than this is stepped, a smaller one is slewed: STEPT of RFC 5905.
    pub step_threshold_us: u64,
    /// How fast a clock is slewed, in parts per million.
    pub slew_ppm: u64,
    pub timestamps: Timestamps,
    /// From write to write of one node, on average, in microseconds; 0 for none.
    pub write_us: u64,
    /// How near the true time all clocks have to come in the end, in microseconds.
    pub near_us: u64,
    pub rules: Rules,
}

/// How a node finds out the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// It does not ask.
    None,
    /// Half of the round trip (Cristian 1989, reading a remote clock).
    Cristian,
    /// Four timestamps (RFC 5905, section 8).
    Ntp,
}

/// What writes are ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timestamps {
    /// A hybrid logical clock (Kulkarni et al. 2014, Figure 5).
    Hybrid,
    /// What the writing node's clock shows.
    Wall,
}

/// The rules that can be switched off; on means that the rule is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    pub half_round_trip: bool,
    pub dispersion: bool,
    pub hlc_receive: bool,
    pub hlc_counter: bool,
    pub hlc_separate: bool,
}

impl Config {
    /// Reads the settings.
    pub fn new(settings: &Settings) -> Config {
        let us = |name: &str| settings.integer(name).unsigned_abs();
        let ms = |name: &str| us(name) * 1_000;
        Config {
            replicas: settings.integer("replicas").clamp(2, 6) as u16,
            offset_us: settings.integer("offset_ms") * 1_000,
            drift_ppm: settings.integer("drift_ppm"),
            method: match settings.word("protocol") {
                "cristian" => Method::Cristian,
                "none" => Method::None,
                _ => Method::Ntp,
            },
            poll_us: ms("poll_ms"),
            samples: settings.integer("samples").clamp(1, 8) as usize,
            min_us: us("min_us"),
            service_us: us("service_us"),
            drift_bound_ppm: us("drift_bound_ppm"),
            step_threshold_us: ms("step_threshold_ms"),
            slew_ppm: us("slew_ppm"),
            timestamps: match settings.word("timestamps") {
                "wall" => Timestamps::Wall,
                _ => Timestamps::Hybrid,
            },
            write_us: ms("write_ms"),
            near_us: us("delay_most_us") + us("service_us") + 1_000,
            rules: Rules {
                half_round_trip: settings.is_on("half_round_trip"),
                dispersion: settings.is_on("dispersion"),
                hlc_receive: settings.is_on("hlc_receive"),
                hlc_counter: settings.is_on("hlc_counter"),
                hlc_separate: settings.is_on("hlc_separate"),
            },
        }
    }

    /// The clock that a replica was built with.
    pub fn quartz(&self, replica: NodeId) -> Quartz {
        /// Percent of the offset and of the drift that is set, for each replica.
        const SHARES: [(i64, i64); 6] = [(100, 100), (0, -100), (-100, 50), (50, -50), (-50, 75), (25, -75)];
        let (offset, drift) = SHARES[(replica.index() + 5) % 6];
        Quartz { offset_us: self.offset_us * offset / 100, drift_ppm: self.drift_ppm * drift / 100 }
    }
}

impl Configuration for ClockDrift {
    /// All settings but the rules.
    fn settings() -> Vec<Setting> {
        let [delay, delay_least, delay_most] = links::settings(5_000, 25_000);
        let protocols = vec![
            ("ntp", t!("NTP: four timestamps")),
            ("cristian", t!("Cristian's algorithm: half of the round trip")),
            ("none", t!("not at all")),
        ];
        let timestamps = vec![("hybrid", t!("a hybrid logical clock")), ("wall", t!("the node's own clock"))];
        vec![
            Setting::integer("replicas", t!("nodes that ask for the time"), (2, 6), "", 3).structural(),
            Setting::integer("offset_ms", t!("clocks wrong at the start by up to"), (0, 3_600_000), "ms", 200)
                .structural(),
            Setting::integer("drift_ppm", t!("clocks drift by up to"), (0, 100_000), "ppm", 200).structural(),
            Setting::choice("protocol", t!("nodes find out the time by"), protocols),
            Setting::integer("poll_ms", t!("a question every"), (10, 3_600_000), "ms", 1_000),
            Setting::integer("samples", t!("samples in NTP's clock filter"), (1, 8), "", 8),
            Setting::integer("min_us", t!("least delay that Cristian's algorithm counts on"), (0, 5_000_000), "µs", 0),
            Setting::integer("service_us", t!("the server takes to answer"), (0, 5_000_000), "µs", 4_000),
            Setting::integer("drift_bound_ppm", t!("drift that a node allows for"), (0, 200_000), "ppm", 500),
            Setting::integer("step_threshold_ms", t!("offsets are stepped beyond"), (0, 3_600_000), "ms", 128),
            Setting::integer("slew_ppm", t!("smaller ones are slewed at"), (1, 500_000), "ppm", 20_000),
            Setting::choice("timestamps", t!("writes are ordered by"), timestamps).structural(),
            Setting::integer("write_ms", t!("a node writes every (0: never)"), (0, 600_000), "ms", 2_000),
            delay,
            delay_least,
            delay_most,
            Setting::integer("loss_percent", t!("messages lost"), (0, 90), "%", 0),
        ]
    }

    fn configure(settings: &Settings) -> Config {
        Config::new(settings)
    }

    fn setup(settings: &Settings) -> Setup<DriftNode> {
        let replicas = Config::new(settings).replicas;
        let label = |number: u16| if number == 0 { "T".to_string() } else { format!("N{number}") };
        let node = |number: u16| NodeSetup { label: label(number), rank: 0, disk: Rc::default(), is_off: false };
        let pairs = |one: u16| (one + 1..=replicas).map(move |other| (NodeId(one), NodeId(other)));
        Setup {
            nodes: (0..=replicas).map(node).collect(),
            links: (0..replicas).flat_map(pairs).collect(),
            delay: links::delay(settings),
            troubles: links::troubles(settings),
            own_lines: Vec::new(),
        }
    }
}
