//! What can be set in this lab.

use std::rc::Rc;

use parts::links;
use sim::{Configuration, NodeSetup, Setting, Settings, Setup, Troubles, t};

use super::NewLab;
use super::{A, B, Node};

/// What all nodes know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// From ping to ping, in microseconds of the sender's clock.
    pub interval_us: u64,
    pub rules: Rules,
}

/// The rules that can be switched off; on means that the rule is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    pub last_only: bool,
}

impl Config {
    /// Reads the settings.
    pub fn new(settings: &Settings) -> Config {
        Config {
            interval_us: settings.integer("interval_ms").unsigned_abs() * 1_000,
            rules: Rules { last_only: settings.is_on("last_only") },
        }
    }
}

impl Configuration for NewLab {
    /// All settings but the rules.
    fn settings() -> Vec<Setting> {
        let [delay, delay_least, delay_most] = links::settings(10_000, 40_000);
        vec![Setting::integer("interval_ms", t!("ping every"), (1, 60_000), "ms", 200), delay, delay_least, delay_most]
    }

    fn configure(settings: &Settings) -> Config {
        Config::new(settings)
    }

    fn setup(settings: &Settings) -> Setup<Node> {
        let node = |(label, rank): (&str, u8)| NodeSetup {
            label: label.to_string(),
            rank,
            disk: Rc::default(),
            is_off: false,
        };
        Setup {
            nodes: [("A", 0), ("B", 1)].map(node).to_vec(),
            links: vec![(A, B)],
            delay: links::delay(settings),
            troubles: Troubles::default(),
            own_lines: Vec::new(),
        }
    }
}
