//! What can be set in both labs, and what nodes read of it at every step.

use std::rc::Rc;

use parts::links;
use sim::{Configuration, Delay, NodeId, NodeSetup, Setting, Settings, Setup, Troubles, t};

use super::stamp::{Kind, MOST_NODES};
use super::{Clocks, Timekeeping};

/// The names of nodes, in the order of their numbers.
pub const LETTERS: [&str; 6] = ["A", "B", "C", "D", "E", "F"];

/// What all nodes know. Read anew at every step, because a rule can be switched during a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Which kind of time the nodes keep.
    pub kind: Kind,
    /// From one event that a node has by itself to the next, on average, in microseconds; 0 when only people make
    /// events.
    pub workload_us: u64,
    /// Which rules are followed.
    pub rules: Rules,
}

/// The rules that can be switched off; on means that the rule is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    pub receive_maximum: bool,
    pub every_event_ticks: bool,
    pub keep_clock: bool,
}

impl Config {
    /// Reads the settings.
    pub fn new(kind: Kind, settings: &Settings) -> Config {
        Config {
            kind,
            workload_us: settings.integer("workload_ms").unsigned_abs() * 1_000,
            rules: Rules {
                receive_maximum: settings.is_on("receive_maximum"),
                every_event_ticks: settings.is_on("every_event_ticks"),
                keep_clock: settings.is_on("keep_clock"),
            },
        }
    }
}

/// How many nodes there are.
fn nodes(settings: &Settings) -> u16 {
    settings.integer("nodes").clamp(2, MOST_NODES as i64) as u16
}

/// The delay of the links.
fn delay(settings: &Settings) -> Delay {
    let us = |name: &str| settings.integer(name).unsigned_abs() * 1_000;
    let (least_us, most_us) = (us("delay_least_ms"), us("delay_most_ms"));
    links::spread(settings, least_us, most_us)
}

impl<K: Timekeeping> Configuration for Clocks<K> {
    /// All settings but the rules.
    fn settings() -> Vec<Setting> {
        vec![
            Setting::integer("nodes", t!("nodes"), (2, MOST_NODES as i64), "", 3).structural(),
            Setting::integer(
                "workload_ms",
                t!("each node has an event of its own every (0: only by hand)"),
                (0, 60_000),
                "ms",
                400,
            )
            .structural(),
            links::distribution(),
            Setting::integer("delay_least_ms", t!("least link delay"), (0, 10_000), "ms", 30),
            Setting::integer("delay_most_ms", t!("most link delay"), (1, 10_000), "ms", 300),
        ]
    }

    fn configure(settings: &Settings) -> Config {
        Config::new(K::KIND, settings)
    }

    fn setup(settings: &Settings) -> Setup<Self::Protocol> {
        let nodes = nodes(settings);
        let node = |number: u16| NodeSetup {
            label: LETTERS[usize::from(number)].to_string(),
            rank: 0,
            disk: Rc::default(),
            is_off: false,
        };
        let pairs = (0..nodes).flat_map(|a| (a + 1..nodes).map(move |b| (NodeId(a), NodeId(b))));
        Setup {
            nodes: (0..nodes).map(node).collect(),
            links: pairs.collect(),
            delay: delay(settings),
            troubles: Troubles::default(),
            own_lines: Vec::new(),
        }
    }
}
