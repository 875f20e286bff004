//! What can be set in this lab.

use std::rc::Rc;

use parts::links;
use sim::world::MOST_NODES;
use sim::{Configuration, NodeId, NodeSetup, Setting, Settings, Setup, t};

use super::{Disk, Member, Swim, label};

/// Up to this size of a group all links are drawn; beyond, none.
const MOST_WITH_LINKS: u16 = 10;

/// What all nodes know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// From probe to probe, in microseconds of the member's own clock.
    pub period_us: u64,
    /// How long a member waits for an ack before it asks others, in microseconds; at most half of a period.
    pub timeout_us: u64,
    /// How many others it asks to ping for it.
    pub k: usize,
    /// How long a suspected member can refute, in microseconds.
    pub suspicion_us: u64,
    /// The most updates on one message.
    pub piggyback: usize,
    /// News is passed on λ · ⌈ln(n + 1)⌉ times.
    pub lambda: u32,
    /// Once in so many periods a member looks whether one that was declared faulty is back.
    pub reconnect_periods: u64,
    /// The nodes that everybody can ask for the list of members: the first ones.
    pub seeds: usize,
    /// Whether all members probe at the same moments.
    pub is_in_step: bool,
    pub rules: Rules,
}

/// The rules that can be switched off; on means that the rule is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    pub ping_request: bool,
    pub round_robin: bool,
    pub suspicion: bool,
    pub refutation: bool,
    pub precedence: bool,
    pub new_life: bool,
    pub reconnect: bool,
}

impl Config {
    /// Reads the settings.
    pub fn new(settings: &Settings) -> Config {
        let number = |name: &str| settings.integer(name).unsigned_abs();
        let period_us = number("period_ms") * 1_000;
        Config {
            period_us,
            timeout_us: (number("timeout_ms") * 1_000).min(period_us / 2),
            k: number("k") as usize,
            suspicion_us: number("suspicion_periods") * period_us,
            piggyback: number("piggyback") as usize,
            lambda: number("lambda") as u32,
            reconnect_periods: number("reconnect_periods").max(1),
            seeds: number("seeds") as usize,
            is_in_step: settings.word("phase") == "together",
            rules: Rules {
                ping_request: settings.is_on("ping_request"),
                round_robin: settings.is_on("round_robin"),
                suspicion: settings.is_on("suspicion"),
                refutation: settings.is_on("refutation"),
                precedence: settings.is_on("precedence"),
                new_life: settings.is_on("new_life"),
                reconnect: settings.is_on("reconnect"),
            },
        }
    }
}

impl Configuration for Swim {
    /// All settings but the rules.
    fn settings() -> Vec<Setting> {
        let [delay, delay_least, delay_most] = links::settings(20_000, 80_000);
        let starts = vec![
            ("settled", t!("everybody knows everybody")),
            ("joining", t!("all but the first node have to join by a seed")),
        ];
        let phases = vec![("spread", t!("at different moments")), ("together", t!("all at the same moment"))];
        vec![
            Setting::integer("nodes", t!("nodes"), (3, 200), "", 5).structural(),
            Setting::choice("start", t!("at the start"), starts).structural(),
            Setting::integer("seeds", t!("nodes that can be asked for the list of members"), (1, 10), "", 2),
            Setting::integer("period_ms", t!("protocol period"), (10, 60_000), "ms", 1_000),
            Setting::choice("phase", t!("members probe"), phases).structural(),
            Setting::integer("timeout_ms", t!("wait for an ack, at most half a period"), (1, 30_000), "ms", 300),
            Setting::integer("k", t!("others asked to ping (k)"), (0, 20), "", 2),
            Setting::integer("suspicion_periods", t!("time to refute a suspicion, in periods"), (1, 200), "", 3),
            Setting::integer("piggyback", t!("updates on a message, at most"), (1, 100), "", 6),
            Setting::integer("lambda", t!("news is passed on λ · ⌈ln(n + 1)⌉ times, λ"), (1, 20), "", 3),
            Setting::integer(
                "reconnect_periods",
                t!("periods between two looks after a dead member"),
                (1, 1_000),
                "",
                4,
            ),
            delay,
            delay_least,
            delay_most,
            Setting::integer("loss_percent", t!("messages lost"), (0, 90), "%", 0),
        ]
    }

    fn configure(settings: &Settings) -> Config {
        Config::new(settings)
    }

    fn setup(settings: &Settings) -> Setup<Member> {
        let nodes = settings.integer("nodes").clamp(3, MOST_NODES as i64) as u16;
        let is_settled = settings.word("start") != "joining";
        let node = |number: u16| NodeSetup {
            label: label(NodeId(number)),
            rank: 0,
            disk: Rc::new(Disk { lives: 0, is_founder: is_settled }),
            is_off: false,
        };
        let drawn = if nodes <= MOST_WITH_LINKS { nodes } else { 0 };
        Setup {
            nodes: (0..nodes).map(node).collect(),
            links: (0..drawn).flat_map(|a| (a + 1..drawn).map(move |b| (NodeId(a), NodeId(b)))).collect(),
            delay: links::delay(settings),
            troubles: links::troubles(settings),
            own_lines: Vec::new(),
        }
    }
}
