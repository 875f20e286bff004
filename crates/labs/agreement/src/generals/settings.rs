//! What can be set in this lab.

use std::rc::Rc;

use parts::links;
use sim::rng::Rng;
use sim::{Configuration, Manner, NodeId, NodeSetup, Setting, Settings, Setup, Text, t};

use super::{General, Generals, Order};

/// The names of generals, in the order of their numbers. The first one is the commander.
pub const LETTERS: [&str; 7] = ["A", "B", "C", "D", "E", "F", "G"];

/// When the first battle begins, in microseconds.
const FIRST_US: u64 = 10_000;

/// From the end of a battle to the next one, in microseconds.
const REST_US: u64 = 40_000;

/// What all generals know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    pub generals: u16,
    /// How many traitors are borne: m.
    pub depth: usize,
    pub is_signed: bool,
    /// What the commander orders in the first battle.
    pub order: Order,
    pub battles: u32,
    pub round_us: u64,
    pub rules: Rules,
}

/// The rules that can be switched off; on means that the rule is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    pub relay: bool,
    pub majority: bool,
    pub choice: bool,
}

impl Config {
    /// Reads the settings.
    pub fn new(settings: &Settings) -> Config {
        Config {
            generals: settings.integer("generals").clamp(2, 7) as u16,
            depth: settings.integer("depth").clamp(0, 2) as usize,
            is_signed: settings.is_on("signed"),
            order: Order::named(settings.word("order")).unwrap_or_default(),
            battles: settings.integer("battles").clamp(1, 1_000_000) as u32,
            round_us: settings.integer("round_ms").unsigned_abs() * 1_000,
            rules: Rules {
                relay: settings.is_on("relay"),
                majority: settings.is_on("majority"),
                choice: settings.is_on("choice"),
            },
        }
    }

    /// All generals, the commander first.
    pub fn nodes(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..self.generals).map(NodeId)
    }

    /// How many rounds a battle has: m + 1.
    pub fn rounds(&self) -> usize {
        if self.rules.relay { self.depth + 1 } else { 1 }
    }

    /// When a battle begins by the clocks of all, in microseconds; battles are counted from 1.
    pub fn begins_us(&self, battle: u32) -> u64 {
        let takes_us = (self.depth as u64 + 1) * self.round_us + REST_US;
        FIRST_US + u64::from(battle.saturating_sub(1)) * takes_us
    }

    /// The last battle that has begun at this time; 0 before the first one.
    pub fn battle_before(&self, now_us: u64) -> u32 {
        (1..=self.battles).take_while(|battle| self.begins_us(*battle) <= now_us).last().unwrap_or(0)
    }

    /// Whether there are enough generals for as many traitors as are borne (Lamport, Shostak and Pease 1982, Theorem 1 and 2).
    pub fn is_promised(&self) -> bool {
        self.is_signed || usize::from(self.generals) > 3 * self.depth
    }
}

impl Configuration for Generals {
    /// All settings but the rules.
    fn settings() -> Vec<Setting> {
        let orders = || [Order::Attack, Order::Retreat].map(|order| (order.name(), order.text())).to_vec();
        let drawn = || ("drawn", t!("drawn by the seed"));
        let generals = LETTERS.map(|letter| (letter, Text::new(letter)));
        let manners = Manner::ALL.map(|manner| (manner.name(), manner.title()));
        let [delay, delay_least, delay_most] = links::settings(8_000, 12_000);
        vec![
            Setting::integer("generals", t!("generals"), (2, 7), "", 4).structural(),
            Setting::integer("depth", t!("traitors that are borne (m)"), (0, 2), "", 1).structural(),
            Setting::switch("signed", t!("orders are signed"), false).structural(),
            Setting::choice("order", t!("the commander orders to"), orders()).structural(),
            Setting::integer("liars", t!("traitors"), (0, 3), "", 1).structural(),
            Setting::choice("traitor", t!("the first traitor is"), [drawn()].into_iter().chain(generals).collect())
                .structural(),
            Setting::choice("manner", t!("a traitor"), [drawn()].into_iter().chain(manners).collect()).structural(),
            Setting::integer("battles", t!("battles"), (1, 1_000), "", 10).structural(),
            Setting::integer("round_ms", t!("a round lasts"), (1, 10_000), "ms", 30).structural(),
            delay,
            delay_least,
            delay_most,
            Setting::integer("loss_percent", t!("messages lost"), (0, 90), "%", 0),
        ]
    }

    fn configure(settings: &Settings) -> Config {
        Config::new(settings)
    }

    fn setup(settings: &Settings) -> Setup<General> {
        let config = Config::new(settings);
        let node = |id: NodeId| NodeSetup {
            label: LETTERS[id.index()].to_string(),
            rank: 0,
            disk: Rc::default(),
            is_off: false,
        };
        let pairs = config.nodes().flat_map(|a| config.nodes().map(move |b| (a, b)));
        Setup {
            nodes: config.nodes().map(node).collect(),
            links: pairs.filter(|(a, b)| a < b).collect(),
            delay: links::delay(settings),
            troubles: links::troubles(settings),
            own_lines: Vec::new(),
        }
    }

    fn most_liars(config: &Config) -> usize {
        config.depth
    }

    fn liars(settings: &Settings, rng: &mut Rng) -> Vec<(NodeId, Manner)> {
        let config = Config::new(settings);
        let mut rest: Vec<NodeId> = config.nodes().collect();
        let named = LETTERS.iter().position(|letter| *letter == settings.word("traitor"));
        let mut liars = Vec::new();
        for place in 0..settings.integer("liars").max(0) {
            if rest.is_empty() {
                break;
            }
            let drawn = rng.below(rest.len() as u64) as usize;
            let manner = Manner::ALL[rng.below(Manner::ALL.len() as u64) as usize];
            let node = rest.remove(named.filter(|named| place == 0 && *named < rest.len()).unwrap_or(drawn));
            liars.push((node, Manner::named(settings.word("manner")).unwrap_or(manner)));
        }
        liars
    }
}
